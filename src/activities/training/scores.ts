import * as metrics from '../../metrics/index.js';
import type { Target } from './target.js';

/** Scores of one side by their names in metrics.json; null where a score is not defined for these rows. */
export type Scores = Readonly<Record<string, number | null>>;

/** What a side is judged by, and how its main score is named: the one that overfitting is told by. More is better. */
export interface Judged {
  readonly main: { readonly name: string; readonly value: number };
  readonly scores: Scores;
}

/** Scores as scikit-learn defines them. `predicted` holds one value per row, or one per class. */
export function judge(kind: Target['kind'], labels: ArrayLike<number>, predicted: Float64Array, about: { readonly threshold?: number; readonly noSkill?: number | undefined }): Judged {
  if (kind === 'detection') return detectionScores(labels, predicted, about.threshold ?? 0.5);
  return kind === 'multiclass' ? classScores(labels, predicted) : regressionScores(labels, predicted, about.noSkill);
}

function detectionScores(labels: ArrayLike<number>, scores: Float64Array, threshold: number): Judged {
  const counts = metrics.confusionAt(labels, scores, threshold);
  const auc = metrics.rocAuc(labels, scores);
  return {
    main: { name: 'auc', value: auc },
    scores: {
      rows: labels.length, auc, average_precision: metrics.averagePrecision(labels, scores), log_loss: metrics.logLoss(labels, scores), brier: metrics.brier(labels, scores),
      calibration_error: metrics.calibrationError(labels, scores), accuracy: metrics.accuracy(counts), balanced_accuracy: metrics.balancedAccuracy(counts),
      precision: metrics.precision(counts), recall: metrics.recall(counts), f1: metrics.f1(counts), mcc: metrics.mcc(counts),
    },
  };
}

function classScores(labels: ArrayLike<number>, probabilities: Float64Array): Judged {
  const classes = probabilities.length / labels.length;
  const { accuracy, balancedAccuracy, mcc, macro, weighted } = metrics.multiclassScores(metrics.confusionMatrix(labels, likeliest(probabilities, classes), classes));
  return {
    main: { name: 'macro_f1', value: macro.f1 },
    scores: {
      rows: labels.length, accuracy, balanced_accuracy: balancedAccuracy, mcc, macro_precision: macro.precision, macro_recall: macro.recall, macro_f1: macro.f1,
      weighted_precision: weighted.precision, weighted_recall: weighted.recall, weighted_f1: weighted.f1, log_loss: metrics.multiclassLogLoss(labels, probabilities, classes),
      // Undefined where a class has no row on this side.
      auc_ovr: defined(metrics.multiclassRocAuc(labels, probabilities, classes)), auc_ovo: defined(metrics.multiclassRocAuc(labels, probabilities, classes, { compare: 'ovo' })),
    },
  };
}

function regressionScores(values: ArrayLike<number>, predicted: Float64Array, noSkill: number | undefined): Judged {
  const r2 = metrics.r2(values, predicted);
  const mae = metrics.mae(values, predicted);
  return {
    main: { name: 'r2', value: r2 },
    scores: {
      rows: values.length, mae, rmse: metrics.rmse(values, predicted), r2, explained_variance: metrics.explainedVariance(values, predicted),
      median_absolute_error: metrics.medianAbsoluteError(values, predicted), max_error: metrics.maxError(values, predicted),
      ...(noSkill !== undefined && { no_skill_mae: noSkill, mae_of_no_skill: mae / noSkill }),
    },
  };
}

function defined(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/** The class of the highest probability; of equal ones the first. */
export function likeliest(probabilities: Float64Array, classes: number): Int32Array {
  return Int32Array.from({ length: probabilities.length / classes }, (_, row) => {
    const own = probabilities.subarray(row * classes, (row + 1) * classes);
    return own.indexOf(own.reduce((a, b) => Math.max(a, b)));
  });
}

/** Mean and standard deviation (of the sample) of each score over several trainings; what is undefined in one is left out. */
export function spreadOf(all: readonly Scores[]): Record<string, { mean: number; std: number; values: number[] }> {
  const names = Object.keys(all[0] ?? {}).filter((name) => name !== 'rows' && all.every((scores) => Number.isFinite(scores[name])));
  return Object.fromEntries(names.map((name) => {
    const values = all.map((scores) => scores[name]!);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return [name, { mean, std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0, values }];
  }));
}
