import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { detectionKeys, observerKeys, observerNotHashed, trainingKeys } from './trainingKeys.js';

export const trainingObserverDetection = definePipeline({
  name: 'trainingObserverDetection',
  section: 'training_observer_detection_pipeline',
  queue: 'penstock-train',
  revision: 2,
  summary: 'Learns the healthy line, then detects leaks in what it does not explain',
  schema: z.strictObject({
    ...trainingKeys, ...observerKeys, ...detectionKeys,
    label_column: z.literal('label').optional().describe('The truth column, 1 where a window leaks'),
  }),
  example: { input_path: 'data/windows', output_folder: 'data/training/observer_detection', detection_threshold: 'auto' },
  notHashed: [...observerNotHashed, 'label_column'],
});

export type TrainingObserverDetectionConfig = ConfigOf<typeof trainingObserverDetection>;
