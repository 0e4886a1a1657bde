import { thresholdCounts, type ThresholdCounts } from './ranking.js';

/** One point per threshold, thresholds ascending, and a last point (recall 0, precision 1) that has no threshold. */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly thresholds: Float64Array;
}

/** The precision-recall curve as scikit-learn draws it. Without positive rows recall is 1 everywhere. */
export function prCurve(labels: ArrayLike<number>, scores: ArrayLike<number>): PrecisionRecallCurve {
  const { thresholds, truePositives, predicted, positives } = thresholdCounts(labels, scores);
  const points = thresholds.length;
  const precision = new Float64Array(points + 1);
  const recall = new Float64Array(points + 1);
  for (let i = 0; i < points; i++) {
    const at = points - 1 - i;
    precision[at] = truePositives[i]! / predicted[i]!;
    recall[at] = positives === 0 ? 1 : truePositives[i]! / positives;
  }
  precision[points] = 1;
  return { precision, recall, thresholds: thresholds.slice().reverse() };
}

/** Sum of precision times the gain in recall, without interpolation. 0 without positive rows. */
export function averagePrecision(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  return averagePrecisionOf(thresholdCounts(labels, scores));
}

/** The same from counts by distinct score. */
export function averagePrecisionOf({ truePositives, predicted, positives }: ThresholdCounts): number {
  if (positives === 0) return 0;
  let sum = 0;
  let before = 0;
  for (let i = 0; i < predicted.length; i++) {
    sum += ((truePositives[i]! - before) / positives) * (truePositives[i]! / predicted[i]!);
    before = truePositives[i]!;
  }
  return sum;
}

/**
 * Area under the precision-recall curve by trapezoids, which differs from the average precision: straight lines between points
 * promise what no threshold reaches.
 */
export function prAuc(labels: ArrayLike<number>, scores: ArrayLike<number>): number {
  const { precision, recall } = prCurve(labels, scores);
  let area = 0;
  for (let i = 1; i < recall.length; i++) area += ((precision[i]! + precision[i - 1]!) / 2) * (recall[i - 1]! - recall[i]!);
  return area;
}
