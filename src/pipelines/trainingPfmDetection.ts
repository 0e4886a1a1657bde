import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { shared } from './shared.js';

export const trainingPfmDetection = definePipeline({
  name: 'trainingPfmDetection',
  section: 'training_pfm_detection_pipeline',
  queue: 'penstock-train',
  revision: 1,
  summary: 'Trains the leak detector on feature rows and writes the bundle that runs it',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    input_path: path('Output folder of features'),
    output_folder: shared.output_folder,
    features_schema_file: path('JSON list of feature names').optional().describe('JSON list of the features to use; by default all of the dataset'),
    label_column: z.string().default('label').describe('Target column of the dataset'),
    test_size: z.number().gt(0).lt(1).default(0.25).describe('Share of the case groups held out for early stopping and for the threshold'),
    random_state: z.int().min(0).default(42).describe('Seed of the split and of LightGBM'),
    num_boost_round: z.int().min(1).default(400).describe('Most boosting iterations'),
    early_stopping_rounds: z.int().min(1).default(30).describe('Stop when the validation loss has not improved for so many iterations'),
    lgbm_params: z.record(z.string(), z.unknown()).default({ learning_rate: 0.05, num_leaves: 15, min_data_in_leaf: 50, feature_fraction: 0.5 })
      .describe('LightGBM parameters under their own names; a misspelt one is refused'),
    detection_threshold: z.number().min(0).max(1).or(z.literal('auto')).default('auto').describe('Score from which a window counts as leaking; `auto` chooses it on the validation cases'),
    threshold_strategy: z.enum(['max_f1', 'min_recall']).default('max_f1').describe('How `auto` chooses: the best F1, or the fewest false positives at `min_recall`'),
    min_recall: z.number().min(0).max(1).optional().describe('Least recall that `auto` must keep on the validation cases'),
    num_threads: z.int().min(1).default(1).describe('Threads of LightGBM; other counts may change the last digits, so it is part of the configuration'),
    memory_limit_mb: z.int().min(256).default(8192).describe('Estimated memory above which training is refused'),
  }),
  example: { input_path: 'data/features', output_folder: 'data/training/pfm_detection', test_size: 0.25, detection_threshold: 'auto', threshold_strategy: 'max_f1' },
  notHashed: ['pipeline', 'memory_limit_mb'],
});

export type TrainingPfmDetectionConfig = ConfigOf<typeof trainingPfmDetection>;
