import {
  chooseThreshold, estimateTrainingBytes, exportOnnx, trainBooster, verifyOnnx,
  type ChosenThreshold, type Lightgbm, type Split, type TrainedModel, type Verification,
} from '../learning/index.js';
import { PenstockError } from '../errors/index.js';
import { rocAuc } from '../metrics/index.js';
import type { TrainingPfmDetectionConfig } from '../pipelines/index.js';
import { matrixAt, type TrainingRows } from './dataset.js';

export interface Detector {
  readonly model: TrainedModel;
  readonly onnx: Uint8Array;
  readonly verification: Verification;
  readonly threshold: ChosenThreshold;
  readonly trainAuc: number;
  readonly validAuc: number;
}

/** What the baselines beside the model need: found on the same rows as the model's own threshold. */
export interface Controls {
  readonly clock: { readonly onnx: Uint8Array; readonly threshold: number; readonly validAuc: number };
  /** Null where fewer than two flows are measured. */
  readonly imbalance: { readonly threshold: number; readonly validAuc: number } | null;
}

export interface TrainHooks {
  readonly signal: AbortSignal;
  onIteration(iteration: number): void;
}

/** Fits the booster, chooses the threshold on the validation cases, and exports a model that is proven equal. */
export async function trainDetector(
  library: Lightgbm, data: TrainingRows, split: Split, config: TrainingPfmDetectionConfig, hooks: TrainHooks,
): Promise<Detector> {
  const train = matrixAt(data.features, data.labels, split.train);
  const valid = matrixAt(data.features, data.labels, split.test);
  refuseTooLarge(train, valid, config);
  const model = await fit(library, { train, valid }, config, hooks);
  const trainScores = model.predict(train.values, train.rows);
  const validScores = model.predict(valid.values, valid.rows);
  const onnx = exportOnnx(model.dump, { featureCount: train.columns });
  return {
    model, onnx,
    verification: await verifyOnnx(onnx, model, { sample: valid }),
    threshold: threshold(valid.labels, validScores, config),
    trainAuc: rocAuc(train.labels, trainScores),
    validAuc: rocAuc(valid.labels, validScores),
  };
}

/**
 * Clock-only and imbalance baselines: whoever reads the report sees what the schedule alone, or a plain subtraction, would find.
 */
export async function trainControls(
  library: Lightgbm, data: TrainingRows, split: Split, config: TrainingPfmDetectionConfig, signal: AbortSignal,
): Promise<Controls> {
  const train = matrixAt(data.clock, data.labels, split.train);
  const valid = matrixAt(data.clock, data.labels, split.test);
  const model = await fit(library, { train, valid }, { ...config, lgbm_params: { learning_rate: 0.05, num_leaves: 15 } }, { signal, onIteration: () => undefined });
  try {
    const scores = model.predict(valid.values, valid.rows);
    return {
      clock: { onnx: exportOnnx(model.dump), threshold: chooseThreshold(valid.labels, scores, { strategy: 'max_f1' }).threshold, validAuc: rocAuc(valid.labels, scores) },
      imbalance: imbalanceControl(data, split),
    };
  } finally {
    model.free();
  }
}

function imbalanceControl(data: TrainingRows, split: Split): Controls['imbalance'] {
  const scores = Float64Array.from(split.test, (row) => data.imbalance[row]!);
  if (scores.some(Number.isNaN)) return null;
  const labels = Float64Array.from(split.test, (row) => data.labels[row]!);
  return { threshold: chooseThreshold(labels, scores, { strategy: 'max_f1' }).threshold, validAuc: rocAuc(labels, scores) };
}

function fit(
  library: Lightgbm, { train, valid }: { train: ReturnType<typeof matrixAt>; valid: ReturnType<typeof matrixAt> }, config: TrainingPfmDetectionConfig, hooks: TrainHooks,
): Promise<TrainedModel> {
  return trainBooster(library, {
    params: { objective: 'binary', metric: ['binary_logloss', 'auc'], ...config.lgbm_params, seed: config.random_state, num_threads: config.num_threads },
    rounds: config.num_boost_round,
    earlyStopping: { rounds: config.early_stopping_rounds, metric: 'binary_logloss' },
    train, valid: [{ name: 'valid', data: valid }],
    evaluateTraining: true, signal: hooks.signal, onIteration: hooks.onIteration,
  });
}

function threshold(labels: Float32Array, scores: Float64Array, config: TrainingPfmDetectionConfig): ChosenThreshold {
  if (config.detection_threshold !== 'auto') return chooseThreshold(labels, scores, { strategy: 'fixed', value: config.detection_threshold });
  return chooseThreshold(labels, scores, { strategy: config.threshold_strategy, ...(config.min_recall !== undefined && { minRecall: config.min_recall }) });
}

function refuseTooLarge(train: { rows: number; columns: number }, valid: { rows: number; columns: number }, config: TrainingPfmDetectionConfig): void {
  const megabytes = Math.ceil(estimateTrainingBytes(train, [valid]) / 2 ** 20);
  if (megabytes <= config.memory_limit_mb) return;
  throw new PenstockError('stage/out-of-memory',
    `training on ${train.rows} rows of ${train.columns} features needs about ${megabytes} MB; memory_limit_mb is ${config.memory_limit_mb}`, { key: 'memory_limit_mb' });
}
