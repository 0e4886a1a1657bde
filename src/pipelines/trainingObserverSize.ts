import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { observerKeys, observerNotHashed, sizeKeys, trainingKeys } from './trainingKeys.js';

export const trainingObserverSize = definePipeline({
  name: 'trainingObserverSize',
  section: 'training_observer_size_pipeline',
  queue: 'penstock-train',
  revision: 1,
  summary: 'Learns the healthy line, then the size of leaks from what it does not explain',
  schema: z.strictObject({ ...trainingKeys, ...observerKeys, ...sizeKeys }),
  example: { input_path: 'data/windows', output_folder: 'data/training/observer_size' },
  notHashed: observerNotHashed,
});

export type TrainingObserverSizeConfig = ConfigOf<typeof trainingObserverSize>;
