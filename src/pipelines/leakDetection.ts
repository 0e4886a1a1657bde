import { z } from 'zod';
import { definePipeline, type ConfigOf } from './definePipeline.js';
import { shared } from './shared.js';

export const leakDetection = definePipeline({
  name: 'leakDetection',
  section: 'leak_detection_pipeline',
  queue: 'penstock',
  revision: 1,
  summary: 'The whole way from raw files to a tested model: runs the sections named, one after the other',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    steps: z.array(z.string()).min(1).describe('Sections to run, in this order; each may also be run alone'),
  }),
  example: {
    steps: [
      'tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline',
      'tpl_genkey_report_pipeline', 'test_offline_pipeline',
    ],
  },
  notHashed: ['pipeline'],
});

export type LeakDetectionConfig = ConfigOf<typeof leakDetection>;
