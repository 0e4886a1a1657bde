import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { locationKeys, pfmKeys, trainingKeys, trainingNotHashed } from './trainingKeys.js';

export const trainingPfmLocation = definePipeline({
  name: 'trainingPfmLocation',
  section: 'training_pfm_location_pipeline',
  queue: 'penstock-train',
  revision: 2,
  summary: 'Trains where a leak is, by segment and in metres, on feature rows of leaks',
  schema: z.strictObject({ ...trainingKeys, ...pfmKeys, ...locationKeys }),
  example: { input_path: 'data/features', output_folder: 'data/training/pfm_location', target: 'both', segments: 4 },
  notHashed: trainingNotHashed,
});

export type TrainingPfmLocationConfig = ConfigOf<typeof trainingPfmLocation>;
