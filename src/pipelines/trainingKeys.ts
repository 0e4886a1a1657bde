import { z } from 'zod';
import { path } from './definePipeline.js';
import { featureKeys } from './featureKeys.js';
import { shared } from './shared.js';

/** Keys that every training has, worded once. */
export const trainingKeys = {
  pipeline: shared.pipeline,
  output_folder: shared.output_folder,
  test_size: z.number().gt(0).lt(1).default(0.25).describe('Share of the case groups held out for early stopping and, without `threshold_path`, for the threshold'),
  random_state: z.int().min(0).default(42).describe('Seed of the split and of LightGBM'),
  num_boost_round: z.int().min(1).default(400).describe('Most boosting iterations'),
  early_stopping_rounds: z.int().min(1).default(30).describe('Stop when the validation loss has not improved for so many iterations'),
  lgbm_params: z.record(z.string(), z.unknown()).default({ learning_rate: 0.05, num_leaves: 15, min_data_in_leaf: 50, feature_fraction: 0.5 })
    .describe('LightGBM parameters under their own names; a misspelt one is refused'),
  best_params_file: path('Best parameters of a tuning').optional().describe('JSON file of a tuning, `{"params": {...}}`, laid over `lgbm_params`'),
  require_validation_file: path('Validation file').optional()
    .describe('A validation file as of `penstock validate-model`; a bundle that does not pass it is not published, and the run fails'),
  scale_features: z.enum(['standard', 'minmax', 'robust']).or(z.literal(false)).default(false)
    .describe('Scale the features by what the training rows tell; the scaler goes into the bundle. Trees do not need it'),
  robustness: z.strictObject({
    noise: z.number().min(0).default(0).describe('Standard deviation of the noise, as a share of the standard deviation of the feature'),
    bias: z.number().min(0).default(0).describe('Standard deviation of an offset that a whole copy has in common per feature, as a share of the same'),
    quantisation: z.number().min(0).default(0).describe('Step to which values are rounded, as a share of the same'),
    dropout: z.number().min(0).lt(1).default(0).describe('Share of the values that are made missing'),
    copies: z.int().min(0).default(0).describe('Disturbed copies of the training rows that are added; 0 adds none'),
  }).prefault({}).describe('Disturbances that the model should stand, laid over copies of the training rows and never over those it is judged by'),
  repeats: z.int().min(1).default(1).describe('Trainings with other seeds and splits; their metrics are given as mean and spread, and the first is published'),
  cross_validation: z.strictObject({ folds: z.int().min(0).default(0).describe('Folds by case; 0 for none') }).prefault({})
    .describe('Metrics by folds in which every case is held out once; the rounds are those of the published model'),
  overfitting_gap: z.number().min(0).default(0.1).describe('`overfitting` is true where the training score (AUC, macro F1 or R2) exceeds that of the validation by more than this'),
  shap_rows: z.int().min(0).default(500).describe('Validation rows at most whose SHAP values give the third column of the importance; 0 for none'),
  num_threads: z.int().min(1).default(1).describe('Threads of LightGBM; other counts may change the last digits, so it is part of the configuration'),
  memory_limit_mb: z.int().min(256).default(8192).describe('Estimated memory above which training is refused'),
};

/** PFM learns from the features of the measured signals. */
export const pfmKeys = {
  input_path: path('Output folder of features'),
  features_schema_file: path('JSON list of feature names').optional().describe('JSON list of the features to use; by default all of the dataset'),
  split_by_case: z.boolean().default(true).describe('Hold out whole cases, a case and its twin together; false splits by row, which flatters'),
  shuffle: z.boolean().default(true).describe('With `split_by_case: false`: rows in random order; false holds out the last ones'),
};

/** OBSERVER learns the healthy line first: every signal from the others. What it then learns from are the residuals. */
export const observerKeys = {
  input_path: path('Output folder of windows'),
  // These two are optional rather than defaulted, so that configurations that do not name them keep their hash.
  features_schema_file: path('JSON list of feature names').optional().describe('JSON list of the features of residuals to use, by their names in `importance.json`; by default all'),
  shuffle: z.boolean().optional().describe('Without effect: whole cases are held out, drawn by `random_state`'),
  observer: z.strictObject({
    lags: z.array(z.int().min(0)).min(1).default([0, 1, 2, 4, 8, 16]).describe('Rows back at which the other signals are seen; never more than a window. A signal\'s own past is never seen'),
    max_rows: z.int().min(100).default(40_000).describe('Healthy rows at most that the healthy behaviour is learnt from, drawn by `random_state`'),
    folds: z.int().min(2).default(4).describe('Folds by case: the residuals of a training case come from regressors that have not seen it'),
    num_boost_round: z.int().min(1).default(120).describe('Boosting iterations of each regressor'),
    lgbm_params: z.record(z.string(), z.unknown()).default({ learning_rate: 0.1, num_leaves: 31, min_data_in_leaf: 40, feature_fraction: 0.8 }).describe('LightGBM parameters of the regressors'),
  }).prefault({}).describe('How healthy behaviour is learnt'),
  ...featureKeys,
};

/** Probabilities that mean what they say, from cases that neither the fit nor early stopping has seen. */
const calibrationKeys = {
  calibration: z.enum(['none', 'isotonic', 'platt']).default('none').describe('Makes scores probabilities, fitted on cases of their own; the bundle applies it'),
  calibration_size: z.number().gt(0).lt(1).default(0.2).describe('Share of the training case groups that `calibration` keeps for itself; not used with `threshold_path`'),
};

const classWeight = {
  class_weight: z.literal('balanced').or(z.record(z.string(), z.number().min(0))).optional()
    .describe('`balanced` gives every class the same weight; or weights by class name (`no_leak`, `leak`), 1 where none is given'),
};

export const detectionKeys = {
  ...classWeight,
  ...calibrationKeys,
  threshold_path: path('Dataset of another campaign').optional()
    .describe('Another campaign, a folder of the same kind as `input_path`, that threshold and calibration are chosen on instead of held-out cases of this one'),
  detection_threshold: z.number().min(0).max(1).or(z.literal('auto')).default('auto').describe('Score from which a window counts as leaking; `auto` chooses it by `threshold_strategy`'),
  threshold_strategy: z.enum(['max_f1', 'min_recall', 'cost', 'target_false_alarms']).default('max_f1')
    .describe('How `auto` chooses: the best F1, the fewest false positives at `min_recall`, the least cost, or the lowest within `target_false_alarms`'),
  min_recall: z.number().min(0).max(1).optional().describe('Least recall that `auto` must keep'),
  cost_miss: z.number().min(0).default(10).describe('Cost of a leaking window that is missed, for `cost`'),
  cost_false_alarm: z.number().min(0).default(1).describe('Cost of a healthy window above the threshold, for `cost`'),
  target_false_alarms: z.number().min(0).default(1).describe('False alarms per month of 30 days, counted by `alarm_rules`, for `target_false_alarms`'),
  alarm_rules: z.strictObject({
    persistence: z.int().min(1).default(2).describe('Windows in a row above the threshold before an alarm is raised'),
    hold_off_seconds: z.number().min(0).default(60).describe('Alarms closer together than this are one alarm'),
  }).prefault({}).describe('What an alarm is, for `target_false_alarms`; as the offline test counts them'),
};

export const sizeKeys = {
  ...classWeight,
  label_column: z.enum(['leak_flow_kg_s', 'leak_diameter_m']).default('leak_flow_kg_s').describe('What the size of a leak is: its mass flow, or the diameter of its hole'),
  size_measure: z.enum(['peak', 'row']).default('peak').describe('Of a leak\'s flow the highest of all its windows, so that a leak has one size; or that of each window'),
  size_classes: z.strictObject({
    strategy: z.enum(['quantile', 'uniform', 'kmeans', 'edges']).default('quantile').describe('Equally many leaks, equally wide, clusters in one dimension, or the edges given'),
    count: z.int().min(2).default(3).describe('Classes; not used with `edges`'),
    edges: z.array(z.number()).default([]).describe('Ascending edges between the classes, in the unit of the column, for `edges`'),
  }).prefault({}).describe('How sizes become classes; found on the leaks of the training cases alone'),
};

export const locationKeys = {
  ...classWeight,
  label_column: z.literal('leak_position_m').default('leak_position_m').describe('The truth column: metres from the inlet'),
  target: z.enum(['segments', 'metres', 'both']).default('both').describe('Classes by segment, regression in metres, or both; the first named is the bundle\'s own model'),
  segments: z.int().min(2).or(z.array(z.number()).min(3)).default(4).describe('So many equal parts of the line, or ascending edges in metres, both ends among them'),
  line_length_m: z.number().positive().optional().describe('Length of the line; by default the way to its last sensor'),
};

export const leakflowKeys = {
  label_column: z.literal('leak_flow_kg_s').default('leak_flow_kg_s').describe('The truth column'),
  include_healthy: z.boolean().default(false).describe('Also learn from healthy windows, as leaks of 0 kg/s'),
};

/** Where the files are and how much is used of the machine changes no result. */
export const trainingNotHashed = ['pipeline', 'memory_limit_mb'] as const;
export const observerNotHashed = [...trainingNotHashed, 'shuffle'] as const;

type Output<Keys extends z.ZodRawShape> = z.output<z.ZodObject<Keys>>;

/** What stages of training see of a section, whichever pipeline it configures. */
export type TrainingConfig = Output<typeof trainingKeys> & { readonly input_path: string; readonly label_column?: string };
export type PfmConfig = TrainingConfig & Output<typeof pfmKeys>;
export type ObserverConfig = TrainingConfig & Output<typeof observerKeys>;
export type DetectionConfig = TrainingConfig & Output<typeof detectionKeys>;
export type SizeConfig = TrainingConfig & Output<typeof sizeKeys>;
export type LocationConfig = TrainingConfig & Output<typeof locationKeys>;
export type LeakflowConfig = TrainingConfig & Output<typeof leakflowKeys>;
