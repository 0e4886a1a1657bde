import { thresholdCounts, type ThresholdCounts } from './ranking.js';

/** Points of a curve from (0, 0); the first threshold is Infinity, where nothing is predicted. */
export interface RocCurve {
  readonly falsePositiveRate: Float64Array;
  readonly truePositiveRate: Float64Array;
  readonly thresholds: Float64Array;
}

/** Area under the ROC curve; equal scores count half. NaN when only one class is there. Labels are 0 or 1. */
export function rocAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return rocAucOf(thresholdCounts(labels, scores));
}

/** The same from counts by distinct score. */
export function rocAucOf({ truePositives, predicted, positives, negatives }: ThresholdCounts): number {
  if (positives === 0 || negatives === 0) return NaN;
  let twiceArea = 0;
  let hits = 0;
  let alarms = 0;
  for (let i = 0; i < predicted.length; i++) {
    const misses = predicted[i]! - truePositives[i]! - (alarms - hits);
    twiceArea += misses * (truePositives[i]! + hits);
    hits = truePositives[i]!;
    alarms = predicted[i]!;
  }
  // Whole numbers up to here, so the area is exact but for this division.
  return twiceArea / (2 * positives * negatives);
}

/**
 * The ROC curve as scikit-learn draws it. `dropCollinear` (default) leaves out points on straight lines. A rate without
 * rows of its class is NaN.
 */
export function rocCurve(labels: ArrayLike<number>, scores: ArrayLike<number>, options: { dropCollinear?: boolean } = {}): RocCurve {
  return rocCurveOf(thresholdCounts(labels, scores), options);
}

/** The same from counts by distinct score. */
export function rocCurveOf(counts: ThresholdCounts, { dropCollinear = true }: { dropCollinear?: boolean } = {}): RocCurve {
  const hits = counts.truePositives;
  const falseAlarms = counts.predicted.map((alarms, i) => alarms - hits[i]!);
  const last = hits.length - 1;
  const keep: number[] = [];
  for (let i = 0; i <= last; i++) {
    const bends = i === 0 || i === last || secondDifference(hits, i) !== 0 || secondDifference(falseAlarms, i) !== 0;
    if (!dropCollinear || bends) keep.push(i);
  }
  const rate = (values: Float64Array, total: number): Float64Array => Float64Array.from([0, ...keep.map((i) => values[i]!)], (value) => value / total);
  return {
    falsePositiveRate: rate(falseAlarms, counts.negatives),
    truePositiveRate: rate(hits, counts.positives),
    thresholds: Float64Array.from([Infinity, ...keep.map((i) => counts.thresholds[i]!)]),
  };
}

function secondDifference(values: Float64Array, i: number): number {
  return values[i + 1]! - 2 * values[i]! + values[i - 1]!;
}

/** The largest distance between the two rates (Kolmogorov-Smirnov, Youden's J) and the highest threshold that reaches it. */
export function ksStatistic(labels: ArrayLike<number>, scores: ArrayLike<number>): { value: number; threshold: number } {
  const { falsePositiveRate, truePositiveRate, thresholds } = rocCurve(labels, scores, { dropCollinear: false });
  let best = 0;
  for (let i = 1; i < thresholds.length; i++) {
    if (truePositiveRate[i]! - falsePositiveRate[i]! > truePositiveRate[best]! - falsePositiveRate[best]!) best = i;
  }
  return { value: truePositiveRate[best]! - falsePositiveRate[best]!, threshold: thresholds[best]! };
}

/** Gini coefficient, 2 AUC - 1; NaN when only one class is there. */
export function gini(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return 2 * rocAuc(labels, scores) - 1;
}
