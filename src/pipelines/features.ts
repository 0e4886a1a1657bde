import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

const group = (what: string, on: boolean) => z.boolean().default(on).describe(what);

export const features = definePipeline({
  name: 'features',
  section: 'features_pipeline',
  queue: 'penstock-cpu',
  summary: 'Windows to one table of feature rows: wavelets and statistics of every measured signal',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    source_folder: path('Output folder of windows'),
    output_folder: shared.output_folder,
    feature_columns: z.array(z.string()).default([]).describe('Signals to compute features from, `*` stands for any text; empty takes every measured one. A truth, clock or id column is refused'),
    operational_columns: z.boolean().default(false).describe('Also take operational signals (pump speed, valve openings)'),
    label_column: z.string().default('LEAK').describe('The truth column that labels come from'),
    wavelet: z.string().default('db2').describe('Wavelet, by its PyWavelets name'),
    wavelet_level: z.int().min(1).default(3).describe('Decomposition level; at most log2(window_size / (filter length - 1))'),
    groups: z.strictObject({
      wavelet_coefficients: group('Coefficients of every band', false),
      band_statistics: group('Energy, relative energy, mean, standard deviation, maximum and entropy of every band', true),
      time_statistics: group('Statistics of the samples', true),
      oscillation: group('Sign changes of the differences, roughness', true),
      differences: group('Changes inside the window', true),
      cross: group('Flow imbalance and pressure differences between positions', true),
      temporal_context: group('Change against the windows before', true),
    }).prefault({}).describe('Groups of features, each on or off'),
    include_raw_vectorization: z.boolean().default(false).describe('Also put the samples of the window into the row'),
    parquet_row_group_size: z.int().min(1).default(25_000).describe('Rows per Parquet row group'),
    compression: shared.compression,
    max_workers: shared.max_workers,
    batch_size: shared.batch_size,
    batches_per_run: shared.batches_per_run,
  }),
  example: { source_folder: 'data/windows', output_folder: 'data/features', wavelet: 'db2', wavelet_level: 3 },
  notHashed: executionKeys,
});

export type FeaturesConfig = ConfigOf<typeof features>;
