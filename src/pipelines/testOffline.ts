import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

export const testOffline = definePipeline({
  name: 'testOffline',
  section: 'test_offline_pipeline',
  queue: 'penstock-cpu',
  revision: 2,
  summary: 'Runs a bundle over held-out cases: events found, delays, false alarms, controls, report',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    parquet_root: path('Output folder of tpl_genkey for the held-out cases'),
    bundle_folder: path('Output folder of the training'),
    output_report_folder: path('Folder that receives the report'),
    persistence: z.int().min(1).default(2).describe('Windows in a row above the threshold before an alarm is raised'),
    hold_off_seconds: z.number().min(0).default(60).describe('Alarms closer together than this are one alarm'),
    grace_seconds: z.number().min(0).default(0).describe('An alarm so long after the end of a leak still counts as its detection'),
    shifted_label_repeats: z.int().min(1).default(20).describe('Repeats of the shifted-label control'),
    series_charts: z.int().min(0).default(200).describe('Leak-series charts at most, in the order of the cases'),
    max_workers: shared.max_workers,
    batch_size: z.int().min(1).default(10).describe('Cases per batch at most'),
    batches_per_run: shared.batches_per_run,
  }),
  example: { parquet_root: 'data/series/report', bundle_folder: 'data/training/pfm_detection', output_report_folder: 'data/report' },
  notHashed: executionKeys,
});

export type TestOfflineConfig = ConfigOf<typeof testOffline>;
