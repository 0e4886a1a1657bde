import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

export const tplGenkey = definePipeline({
  name: 'tplGenkey',
  section: 'tpl_genkey_pipeline',
  queue: 'penstock-cpu',
  summary: 'OLGA trend (.tpl) and input (.genkey) files to one clean Parquet series per case, with units, roles and leak labels',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Folder with .tpl and .genkey files, searched with all its subfolders'),
    output_folder: shared.output_folder,
    include: z.array(z.string()).default(['**']).describe('Cases to read, by the name of the file without suffix; `*` stands for any text'),
    create_subdirectories: shared.create_subdirectories,
    short_rows: z.enum(['strict', 'skip', 'pad']).default('skip').describe('A row with too few numbers: refuse the file, leave the row out, or fill with NaN'),
    twin_suffix: z.string().default('_twin').describe('Cases whose names differ only by this suffix are one group and never stand on both sides of a split'),
    compression: shared.compression,
    parquet_row_group_size: shared.parquet_row_group_size,
    max_workers: shared.max_workers,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/raw/fit', output_folder: 'data/series/fit' },
  notHashed: executionKeys,
});

export type TplGenkeyConfig = ConfigOf<typeof tplGenkey>;
