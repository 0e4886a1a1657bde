import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { executionKeys, shared } from './shared.js';

const fraction = z.number().min(0).max(1);
const check = (what: string) => z.boolean().default(true).describe(what);

export const validateModel = definePipeline({
  name: 'validateModel',
  section: 'validate_model_pipeline',
  queue: 'penstock-train',
  revision: 2,
  summary: 'Gate before a model is used: artifacts, schema, roles, inference from a dataset and from recordings, thresholds',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    model: z.strictObject({
      path: path('Folder of the bundle, or output folder of the training'),
      type: z.literal('lightgbm').default('lightgbm').describe('Kind of model'),
    }).describe('The model to be judged'),
    data: z.strictObject({
      features_schema_file: path('JSON list of the feature names that the model must have, in this order').optional(),
      features_dataset_path: path('Output folder of features, or of windows (as OBSERVER needs), for cases that the model has not learned from: inference method 1, and what thresholds are judged on').optional(),
      recordings_path: path('Folder of .tpl, Parquet or CSV recordings: inference method 2').optional(),
      label_column: z.string().min(1).default('label').describe('Truth column of the dataset'),
      dataset_samples: z.int().min(1).nullable().default(null).describe('Rows of the dataset at most, drawn at random; null takes all'),
      recording_samples: z.int().min(1).default(3).describe('Recordings at most, in the order of their names'),
      sample_seed: z.int().min(0).default(1).describe('Seed of the draw of rows'),
    }).prefault({}).describe('What the model is tried on'),
    feature_vectorizer: z.strictObject({
      window_size: z.int().min(2).optional().describe('Rows per window'),
      step_size: z.int().min(1).optional().describe('Rows from window to window'),
      wavelet: z.string().optional().describe('Wavelet'),
      wavelet_level: z.int().min(1).optional().describe('Decomposition level'),
      resample_seconds: z.number().positive().optional().describe('Time step'),
    }).prefault({}).describe('Settings that the bundle must have; those left out are not compared'),
    validation_thresholds: z.strictObject({
      min_precision: fraction.optional().describe('Least precision over the windows of the dataset'),
      min_recall: fraction.optional().describe('Least recall over the windows of the dataset'),
      max_false_positives: z.int().min(0).optional().describe('Most windows without a leak that exceed the threshold'),
      prediction_threshold: z.number().nullable().default(null).describe('Score from which on a window counts as leaking; null takes the bundle\'s'),
    }).prefault({}).describe('What a detector must reach'),
    execution: z.strictObject({
      check_artifacts: check('Files, hashes, and the exported model against LightGBM\'s own'),
      check_schema: check('Features, settings and roles'),
      inference_method_1: check('Inference from the features dataset'),
      inference_method_2: check('Inference from recordings'),
      save_report: check('Write `validation_report.json`'),
    }).prefault({}).describe('Which checks run'),
    output_folder: shared.output_folder,
  }),
  example: {
    model: { path: 'data/training/pfm_detection', type: 'lightgbm' },
    data: { features_dataset_path: 'data/features', recordings_path: 'data/raw/report' },
    validation_thresholds: { min_precision: 0.8, min_recall: 0.5 },
    output_folder: 'data/validation/pfm_detection',
  },
  notHashed: executionKeys.filter((key) => key === 'pipeline'),
});

export type ValidateModelConfig = ConfigOf<typeof validateModel>;
