import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { detectionKeys, pfmKeys, trainingKeys, trainingNotHashed } from './trainingKeys.js';

export const trainingPfmDetection = definePipeline({
  name: 'trainingPfmDetection',
  section: 'training_pfm_detection_pipeline',
  queue: 'penstock-train',
  revision: 2,
  summary: 'Trains the leak detector on feature rows and writes the bundle that runs it',
  schema: z.strictObject({
    ...trainingKeys, ...pfmKeys, ...detectionKeys,
    label_column: z.string().default('label').describe('Target column of the dataset, 1 where a window leaks'),
  }),
  example: { input_path: 'data/features', output_folder: 'data/training/pfm_detection', test_size: 0.25, detection_threshold: 'auto', threshold_strategy: 'max_f1' },
  notHashed: trainingNotHashed,
});

export type TrainingPfmDetectionConfig = ConfigOf<typeof trainingPfmDetection>;
