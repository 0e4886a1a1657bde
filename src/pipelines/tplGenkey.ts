import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { noiseKey } from './noiseKeys.js';
import { qualityKey } from './qualityKeys.js';
import { earlierKeys, executionKeys, shared } from './shared.js';

const unitsKey = z.strictObject({
  pressure: z.enum(['Pa', 'kPa', 'MPa', 'bara', 'barg', 'psia', 'psig']).optional().describe('Unit of pressures'),
  temperature: z.enum(['K', 'C', 'F']).optional().describe('Unit of temperatures'),
  mass_flow: z.enum(['kg/s', 'kg/h', 't/h', 'lb/s', 'lb/h']).optional().describe('Unit of mass flows'),
  volume_flow: z.enum(['m3/s', 'm3/h', 'm3/d', 'bbl/h', 'bbl/d']).optional().describe('Unit of volume flows; standard volumes stay standard volumes'),
  velocity: z.enum(['m/s', 'ft/s']).optional().describe('Unit of velocities'),
  density: z.enum(['kg/m3', 'g/cm3', 'lb/ft3']).optional().describe('Unit of densities'),
});

export const tplGenkey = definePipeline({
  name: 'tplGenkey',
  section: 'tpl_genkey_pipeline',
  queue: 'penstock-cpu',
  revision: 4,
  summary: 'OLGA trend (.tpl) and input (.genkey) files to one clean Parquet series per case, with units, roles and leak labels',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Folder with .tpl and .genkey files, searched with all its subfolders'),
    output_folder: shared.output_folder,
    include: z.array(z.string()).default(['**']).describe('Cases to read, by the name of the file without suffix; `*` stands for any text'),
    create_subdirectories: shared.create_subdirectories,
    short_rows: z.enum(['strict', 'skip', 'pad']).default('skip').describe('A row with too few numbers: refuse the file, leave the row out, or fill with NaN'),
    selected_columns: z.array(z.string()).default([])
      .describe('Signals to keep, by name or as `NAME@location` such as `PT@INLET`, in any case, `*` stands for any text; empty keeps all. Truth and clock columns always stay'),
    duplicates: z.enum(['keep', 'skip', 'warn']).default('warn')
      .describe('Trend files of the same bytes under different names: keep all, keep the first and quarantine the others, or keep all with a warning in the metadata'),
    twin_suffix: z.union([z.string(), z.array(z.string())]).default(['_twin', '_size?'])
      .describe('Endings of names, `?` for any digits: cases whose names differ only by one of them are one group and never stand on both sides of a split'),
    // Optional rather than defaulted, so that configurations that do not name them keep their hash.
    overlaps: z.enum(['keep', 'keep-last']).optional()
      .describe('Rows that a restart writes again: keep them all, with the number of the restart in `segment`, or keep what was written last alone. By default `keep`'),
    canonical_names: z.boolean().optional()
      .describe('Names of signals in one form, `VARIABLE@PLACE` in capitals such as `PT@INLET`, whatever way the file writes the place; `selected_columns`, `noise` and `quality_checks` of this section mean the names of the file. By default the names of the file'),
    units: unitsKey.optional()
      .describe('Units that signals are converted to, after noise and quality checks; quantities that are not named, and units that are not known, stay as in the file. Labels keep the units of their names'),
    noise: noiseKey,
    quality_checks: qualityKey,
    metadata_mode: z.enum(['run', 'per_file']).default('run').describe('`per_file` writes a JSON file per case beside the metadata of the run'),
    compression: shared.compression,
    parquet_row_group_size: shared.parquet_row_group_size.describe('Rows per Parquet row group; in files that are read piece by piece, from 64 MiB of text on, fewer where it would hold more than 600,000 numbers'),
    max_workers: shared.max_workers,
    ...earlierKeys.tplGenkey,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/raw/fit', output_folder: 'data/series/fit' },
  notHashed: [...executionKeys, ...Object.keys(earlierKeys.tplGenkey)],
});

export type TplGenkeyConfig = ConfigOf<typeof tplGenkey>;
