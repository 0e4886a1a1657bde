import type { Metrics, TrainingConfig } from '../../pipelines/index.js';
import { jsonBytes, type FileToPublish } from '../files.js';
import { picturesOf } from './pictures.js';
import type { TrainedTask } from './trainTask.js';

export interface ResultFacts {
  readonly bundle: string;
  /** Put before names where a bundle has a second model. */
  readonly prefix: string;
}

/** What the run says of a model, flat: the result of the workflow. */
export function flatMetrics(task: TrainedTask, config: TrainingConfig, { bundle, prefix }: ResultFacts): Metrics {
  const { train, valid, threshold, controls, model, groups } = task;
  const { name } = valid.main;
  const gap = train.main.value - valid.main.value;
  const flat: Metrics = {
    target: task.target.name, rows: task.target.rows.length, features: task.features.length, train_groups: groups.train, valid_groups: groups.valid,
    ...(groups.calibration > 0 && { calibration_groups: groups.calibration }),
    best_iteration: model.bestIteration, [`train_${name}`]: train.main.value, [`valid_${name}`]: valid.main.value, [`${name}_gap`]: gap,
    overfitting: gap > config.overfitting_gap ? 'true' : 'false',
    ...Object.fromEntries(told[task.target.kind].filter((score) => score in valid.scores).map((score) => [`valid_${score}`, valid.scores[score]!])),
    ...(threshold && { threshold: threshold.threshold, threshold_strategy: threshold.strategy, ...(threshold.warning && { threshold_warning: threshold.warning }) }),
    ...(task.target.noSkill && { no_skill_error_m: task.target.noSkill.metres }),
    ...(controls && { clock_only_valid_auc: controls.clock.validAuc }),
    onnx_rows_verified: task.verification.rows, onnx_max_difference: task.verification.maxDifference,
    ...(task.labels.warnings.length > 0 && { warnings: task.labels.warnings.join('; ') }),
  };
  const named = prefix === '' ? flat : Object.fromEntries(Object.entries(flat).map(([key, value]) => [`${prefix}_${key}`, value]));
  return prefix === '' ? { bundle, ...named } : named;
}

const told: Readonly<Record<TrainedTask['target']['kind'], readonly string[]>> = {
  detection: ['precision', 'recall', 'f1', 'average_precision', 'log_loss', 'brier'],
  multiclass: ['accuracy', 'balanced_accuracy', 'log_loss'],
  regression: ['mae', 'rmse', 'median_absolute_error', 'mae_of_no_skill'],
};

/** All that is known of a model's quality, for metrics.json. */
export function detailedMetrics(task: TrainedTask, config: TrainingConfig): Record<string, unknown> {
  const { train, valid, threshold, controls } = task;
  const { name } = valid.main;
  return {
    target: task.target.name, kind: task.target.kind, column: task.target.column, unit: task.target.unit, ...task.labels.facts,
    ...(task.labels.classNames && { class_names: task.labels.classNames }),
    train: train.scores, validation: valid.scores,
    overfitting: train.main.value - valid.main.value > config.overfitting_gap,
    overfitting_rule: `the ${name} of the training rows exceeds that of the validation rows by more than ${config.overfitting_gap}`,
    ...(threshold && { threshold: { value: threshold.threshold, strategy: threshold.strategy, ...threshold.facts, ...(threshold.warning && { warning: threshold.warning }) } }),
    ...(task.target.noSkill && { no_skill: { rule: 'the middle of the line, always; a quarter of its length where leaks are anywhere alike', error_m: task.target.noSkill.metres, line_length_m: task.target.noSkill.lineLength, expected_error_m: task.target.noSkill.lineLength / 4 } }),
    ...(controls && { controls: { clock_only: { threshold: controls.clock.threshold, valid_auc: controls.clock.validAuc }, imbalance: controls.imbalance && { threshold: controls.imbalance.threshold, valid_auc: controls.imbalance.validAuc } } }),
    ...(task.repeats && { repeats: { count: config.repeats, published: `the first, with the seed ${config.random_state}`, ...task.repeats } }),
    ...(task.folds && { cross_validation: { folds: config.cross_validation.folds, ...task.folds } }),
    warnings: task.labels.warnings,
  };
}

/** Everything beside the bundle that belongs to one model. `folder` keeps a second model's files apart. */
export function modelFiles(task: TrainedTask, folder: string): FileToPublish[] {
  const { history } = task.model;
  return [
    { path: `${folder}history.json`, bytes: jsonBytes(history) },
    { path: `${folder}importance.json`, bytes: jsonBytes(task.importance) },
    ...picturesOf(task).map((picture) => ({ ...picture, path: `${folder}plots/${picture.path}` })),
  ];
}

