import { checkBinary, checkPairs } from './ranking.js';

/** Rows by true class and prediction. */
export interface Confusion {
  readonly trueNegatives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly truePositives: number;
}

/** Counts 0/1 labels against 0/1 predictions. */
export function confusion(labels: ArrayLike<number>, predicted: ArrayLike<number>): Confusion {
  checkPairs(labels, predicted);
  checkBinary(labels);
  checkBinary(predicted);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < labels.length; i++) counts[2 * labels[i]! + predicted[i]!]!++;
  return { trueNegatives: counts[0]!, falsePositives: counts[1]!, falseNegatives: counts[2]!, truePositives: counts[3]! };
}

/** The same with scores: a row is predicted positive when its score is at least the threshold. */
export function confusionAt(labels: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): Confusion {
  checkPairs(labels, scores);
  return confusion(labels, Int8Array.from(scores, (score) => (score >= threshold ? 1 : 0)));
}

export function accuracy({ trueNegatives, falsePositives, falseNegatives, truePositives }: Confusion): number {
  return (trueNegatives + truePositives) / (trueNegatives + falsePositives + falseNegatives + truePositives);
}

/** Share of alarms that were right; `zeroDivision` (default 0) when there was none. */
export function precision({ truePositives, falsePositives }: Confusion, zeroDivision = 0): number {
  return ratio(truePositives, truePositives + falsePositives, zeroDivision);
}

/** Share of positives that were found; `zeroDivision` (default 0) when there was none. */
export function recall({ truePositives, falseNegatives }: Confusion, zeroDivision = 0): number {
  return ratio(truePositives, truePositives + falseNegatives, zeroDivision);
}

/** Harmonic mean of precision and recall; `zeroDivision` (default 0) without positives and alarms. */
export function f1({ truePositives, falsePositives, falseNegatives }: Confusion, zeroDivision = 0): number {
  return ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, zeroDivision);
}

/** Intersection over union of positives and alarms. */
export function jaccard({ truePositives, falsePositives, falseNegatives }: Confusion, zeroDivision = 0): number {
  return ratio(truePositives, truePositives + falsePositives + falseNegatives, zeroDivision);
}

/** Matthews correlation coefficient; 0 when a row or a column of the table is empty. */
export function mcc({ trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp }: Confusion): number {
  return ratio(tp * tn - fp * fn, Math.sqrt(tp + fp) * Math.sqrt(tp + fn) * Math.sqrt(tn + fp) * Math.sqrt(tn + fn), 0);
}

/** Mean of the classes' recalls; a class without rows is left out. */
export function balancedAccuracy({ trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp }: Confusion): number {
  const recalls = [tn / (tn + fp), tp / (tp + fn)].filter((value) => !Number.isNaN(value));
  return recalls.reduce((sum, value) => sum + value, 0) / recalls.length;
}

/** Cohen's kappa: agreement beyond that of chance; NaN where chance agrees always. */
export function kappa(counts: Confusion): number {
  const { trueNegatives: tn, falsePositives: fp, falseNegatives: fn, truePositives: tp } = counts;
  const rows = tn + fp + fn + tp;
  const byChance = ((tn + fp) * (tn + fn) + (tp + fn) * (tp + fp)) / (rows * rows);
  return (accuracy(counts) - byChance) / (1 - byChance);
}

function ratio(numerator: number, denominator: number, zeroDivision: number): number {
  return denominator === 0 ? zeroDivision : numerator / denominator;
}
