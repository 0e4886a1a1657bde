import { z } from 'zod';
import { path } from './definePipeline.js';

/** Keys that several sections have in common, worded once. */
export const shared = {
  pipeline: z.string().optional().describe('The pipeline this section configures, where the section has a name of its own, such as `tpl_genkey`'),
  output_folder: path('Folder that receives the results; results of another configuration in it are replaced'),
  create_subdirectories: z.boolean().default(true).describe('Sort results into `data/` and `metadata/` below the output folder'),
  max_workers: z.int().min(1).nullable().default(null).describe('Batches in flight; null means 8. Worker hosts work on as many at a time as they have slots'),
  batch_size: z.int().min(1).default(25).describe('Cases per batch at most; a batch also ends at 32 MB of input'),
  batches_per_run: z.int().min(1).default(400).describe('Batches before the workflow continues as new, which keeps its history short'),
  compression: z.enum(['zstd', 'snappy', 'none']).default('zstd').describe('Parquet compression'),
  parquet_row_group_size: z.int().min(1).default(65_536).describe('Rows per Parquet row group'),
};

/** Worker counts and batching never change a result. */
export const executionKeys = ['pipeline', 'max_workers', 'batch_size', 'batches_per_run'] as const;

/**
 * Keys that configurations from before Penstock name, by pipeline; none of them changes a result. Optional rather than defaulted, so that
 * configurations that do not name them keep their workflow's id.
 */
export const earlierKeys = {
  tplGenkey: {
    io_workers: z.int().min(1).nullable().optional()
      .describe('Batches in flight where `max_workers` is null, in place of 8; where both are given, the smaller of this and `parse_workers`, because a batch reads and parses its cases in one go'),
    parse_workers: z.int().min(1).nullable().optional().describe('The same as `io_workers`'),
    use_prefect_progress: z.boolean().optional().describe('Without effect: progress is always reported, to the Web UI, the command line and the `progress` query'),
    prefect_logger: z.unknown().optional().describe('Without effect, as `use_prefect_progress`: progress is always reported'),
  },
  features: {
    use_parallel: z.boolean().optional().describe('`false` has one batch in flight, whatever `max_workers` says; `true` is as without this key'),
    checkpoint_frequency: z.int().min(1).optional().describe('Without effect: every batch is a checkpoint of its own, which is at least as often'),
  },
};

export const windowKeys = {
  window_size: z.int().min(2).default(40).describe('Rows per window; features, training and the offline test take it from here, so that they agree'),
  step_size: z.int().min(1).default(2).describe('Rows between the starts of consecutive windows'),
  resample_seconds: z.number().positive().or(z.enum(['median', 'off'])).default('median')
    .describe('Common time step in seconds (causal zero-order hold), applied here, while ingest keeps the recorded rows; `median` takes the median step of the campaign, `off` keeps the recorded rows'),
  warmup_seconds: z.number().min(0).default(60).describe('Seconds at the start of a case that are neither leak nor healthy: left out of training and scoring'),
  recovery_seconds: z.number().min(0).default(30).describe('Seconds after a leak that are neither leak nor healthy, beside the window length itself'),
};
