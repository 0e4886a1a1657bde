import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { locationKeys, observerKeys, observerNotHashed, trainingKeys } from './trainingKeys.js';

export const trainingObserverLocation = definePipeline({
  name: 'trainingObserverLocation',
  section: 'training_observer_location_pipeline',
  queue: 'penstock-train',
  revision: 2,
  summary: 'Learns the healthy line, then where leaks are from what it does not explain',
  schema: z.strictObject({ ...trainingKeys, ...observerKeys, ...locationKeys }),
  example: { input_path: 'data/windows', output_folder: 'data/training/observer_location' },
  notHashed: observerNotHashed,
});

export type TrainingObserverLocationConfig = ConfigOf<typeof trainingObserverLocation>;
