import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared, windowKeys } from './shared.js';

export const windows = definePipeline({
  name: 'windows',
  section: 'windows_pipeline',
  queue: 'penstock-cpu',
  revision: 2,
  summary: 'Series to a common time step and an index of fixed-length windows with labels',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Output folder of tpl_genkey'),
    output_folder: shared.output_folder,
    create_subdirectories: shared.create_subdirectories,
    ...windowKeys,
    selected_columns: z.array(z.string()).default([]).describe('Signals to keep, by name or as `NAME@location`, in any case, `*` stands for any text; empty keeps every measured and operational one'),
    label_rule: z.enum(['last', 'any', 'majority']).or(z.strictObject({ fraction: z.number().min(0).lt(1) })).default('last')
      .describe('When a window counts as leaking: by its last row, by any row, by most rows, or by more than a fraction of its rows'),
    layout: z.enum(['index', 'file_per_window']).default('index')
      .describe('`index` writes each series once, with an index of its windows, which the pipelines after it read; `file_per_window` also writes every window as a file of its own, `data/windows/CASE/000000.parquet`'),
    compression: shared.compression,
    parquet_row_group_size: shared.parquet_row_group_size,
    max_workers: shared.max_workers,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/series/fit', output_folder: 'data/windows', window_size: 40, step_size: 2, warmup_seconds: 120 },
  notHashed: executionKeys,
});

export type WindowsConfig = ConfigOf<typeof windows>;
