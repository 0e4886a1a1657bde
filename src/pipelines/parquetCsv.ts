import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

export const parquetCsv = definePipeline({
  name: 'parquetCsv',
  section: 'parquet_csv_pipeline',
  queue: 'penstock-cpu',
  revision: 1,
  summary: 'Parquet files of any published folder to CSV, all rows or those with, without or around a leak',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Output folder of tpl_genkey, windows or features, or any other whose metadata lists Parquet files'),
    output_folder: path('Folder that receives the CSV files, never the source folder itself'),
    include: z.array(z.string()).default(['**']).describe('Files to convert, by path below `data/` without ending, such as `series/*`; `*` stands for any text'),
    selected_columns: z.array(z.string()).default([]).describe('Columns to write, by name or, as `PT@INLET`, by variable and place; `*` stands for any text, empty writes all. They keep the order of the Parquet file'),
    // Optional rather than defaulted, so that configurations that do not name it keep their hash.
    row_groups: z.array(z.int().min(0)).optional()
      .describe('Row groups of each file to write, by number from 0, such as `[0]` for a look at the beginning of large files; those that a file does not have are passed over. By default all'),
    leak_filter: z.enum(['all', 'leak_only', 'no_leak', 'around_onset']).default('all').describe('Rows to write: all, those in which the leak column is above 0, those in which it is 0 or less, or those around each onset'),
    leak_column: z.string().min(1).default('LEAK').describe('Column that says whether a row leaks; tables of windows, which have no `LEAK`, are filtered by their `label`'),
    onset_before_seconds: z.number().min(0).default(60).describe('Seconds before each onset, for `around_onset`'),
    onset_after_seconds: z.number().min(0).default(300).describe('Seconds after each onset, for `around_onset`'),
    compression: z.enum(['none', 'gzip']).default('none').describe('Compression of the CSV files; `gzip` writes `.csv.gz`'),
    formula_safe: z.boolean().default(true).describe('Put an apostrophe before text that a spreadsheet would take for a formula (`=`, `+`, `-`, `@`, tab, line break); numbers are never touched'),
    overwrite: z.boolean().default(false).describe('Replace and remove files that lie in the output folder already; false refuses to, except for what the same configuration and inputs have made'),
    max_workers: shared.max_workers,
    batch_size: z.int().min(1).default(25).describe('Files per batch at most; a batch also ends at 32 MB of input'),
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/series/fit', output_folder: 'data/csv' },
  notHashed: [...executionKeys, 'overwrite'],
});

export type ParquetCsvConfig = ConfigOf<typeof parquetCsv>;
