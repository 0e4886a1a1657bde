import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { leakflowKeys, pfmKeys, trainingKeys, trainingNotHashed } from './trainingKeys.js';

export const trainingPfmLeakflow = definePipeline({
  name: 'trainingPfmLeakflow',
  section: 'training_pfm_leakflow_pipeline',
  queue: 'penstock-train',
  revision: 1,
  summary: 'Trains the mass flow of a leak on feature rows of leaks',
  schema: z.strictObject({ ...trainingKeys, ...pfmKeys, ...leakflowKeys }),
  example: { input_path: 'data/features', output_folder: 'data/training/pfm_leakflow' },
  notHashed: trainingNotHashed,
});

export type TrainingPfmLeakflowConfig = ConfigOf<typeof trainingPfmLeakflow>;
