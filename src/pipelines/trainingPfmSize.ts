import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { pfmKeys, sizeKeys, trainingKeys, trainingNotHashed } from './trainingKeys.js';

export const trainingPfmSize = definePipeline({
  name: 'trainingPfmSize',
  section: 'training_pfm_size_pipeline',
  queue: 'penstock-train',
  revision: 1,
  summary: 'Trains the classes of leak size on feature rows of leaks',
  schema: z.strictObject({ ...trainingKeys, ...pfmKeys, ...sizeKeys }),
  example: { input_path: 'data/features', output_folder: 'data/training/pfm_size', size_classes: { strategy: 'quantile', count: 3 } },
  notHashed: trainingNotHashed,
});

export type TrainingPfmSizeConfig = ConfigOf<typeof trainingPfmSize>;
