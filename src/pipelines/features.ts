import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { featureKeys } from './featureKeys.js';
import { earlierKeys, executionKeys, shared } from './shared.js';

export const features = definePipeline({
  name: 'features',
  section: 'features_pipeline',
  queue: 'penstock-cpu',
  revision: 3,
  summary: 'Windows to one table of feature rows: wavelets and statistics of every measured signal',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Output folder of windows'),
    output_folder: shared.output_folder,
    feature_columns: featureKeys.feature_columns,
    operational_columns: featureKeys.operational_columns,
    label_column: z.literal('LEAK').default('LEAK').describe('The truth column that labels come from; windows are labelled by it'),
    wavelet: featureKeys.wavelet,
    wavelet_level: featureKeys.wavelet_level,
    groups: featureKeys.groups,
    values: featureKeys.values,
    level_edges: z.record(z.string(), z.tuple([z.number(), z.number()])).default({})
      .describe('Upper edges of the low and of the medium level, in the unit of the signal, by column name or by quantity (pressure, flow, temperature, other)'),
    include_raw_vectorization: z.boolean().default(false).describe('Also put the samples of the window into the row'),
    parquet_row_group_size: z.int().min(1).default(25_000).describe('Rows per Parquet row group'),
    // Optional rather than defaulted, so that configurations that do not name it keep their hash.
    write_buffer_rows: z.int().min(1).optional().describe('Rows gathered for one write, which is a row group: the smaller of this and `parquet_row_group_size` holds'),
    compression: shared.compression,
    max_workers: shared.max_workers,
    ...earlierKeys.features,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/windows', output_folder: 'data/features', wavelet: 'db2', wavelet_level: 3 },
  // Batches become the row groups of the dataset, so their size changes its bytes.
  notHashed: [...executionKeys.filter((key) => key !== 'batch_size'), ...Object.keys(earlierKeys.features)],
});

export type FeaturesConfig = ConfigOf<typeof features>;
