import type { Calibration } from './calibration.js';
import { checkScores } from './checkScores.js';

/**
 * The non-decreasing curve nearest to the labels (pool adjacent violators), as scikit-learn's IsotonicRegression: equal
 * scores are one point with the mean of their labels; beyond the outermost scores the curve is constant. The scores may be
 * on any scale. Fit it on rows that the model has not learned from.
 *
 * Throws `learning/invalid-data` unless both classes are there.
 */
export function fitIsotonic(scores: ArrayLike<number>, labels: ArrayLike<number>): Extract<Calibration, { kind: 'isotonic' }> {
  checkScores(scores, labels);
  const points = distinctScores(scores, labels);
  poolViolators(points);
  return { kind: 'isotonic', ...bends(points) };
}

/** One point per distinct score, ascending: `y` mean label, `weight` rows. */
interface Points {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly weight: Float64Array;
}

function distinctScores(scores: ArrayLike<number>, labels: ArrayLike<number>): Points {
  const x = Float64Array.from(new Set(Array.from(scores))).sort();
  const at = new Map(Array.from(x, (value, i) => [value, i]));
  const positives = new Float64Array(x.length);
  const weight = new Float64Array(x.length);
  for (let i = 0; i < scores.length; i++) {
    const point = at.get(scores[i]!)!;
    positives[point]! += labels[i]!;
    weight[point]!++;
  }
  return { x, y: positives.map((sum, i) => sum / weight[i]!), weight };
}

/** Blocks of points whose means do not ascend become one block with their common mean. Changes `y` in place. */
function poolViolators({ y, weight }: Points): void {
  const sums = new Float64Array(y.length);
  const weights = new Float64Array(y.length);
  const ends = new Int32Array(y.length);
  let blocks = 0;
  for (let i = 0; i < y.length; i++) {
    sums[blocks] = y[i]! * weight[i]!;
    weights[blocks] = weight[i]!;
    ends[blocks++] = i + 1;
    while (blocks > 1 && sums[blocks - 2]! / weights[blocks - 2]! >= sums[blocks - 1]! / weights[blocks - 1]!) {
      blocks--;
      sums[blocks - 1]! += sums[blocks]!;
      weights[blocks - 1]! += weights[blocks]!;
      ends[blocks - 1] = ends[blocks]!;
    }
  }
  for (let block = 0, i = 0; block < blocks; block++) while (i < ends[block]!) y[i++] = sums[block]! / weights[block]!;
}

/** Points inside a flat stretch say nothing: only its two ends are kept. */
function bends({ x, y }: Points): { x: number[]; y: number[] } {
  const kept = Array.from(x.keys()).filter((i) => i === 0 || i === x.length - 1 || y[i] !== y[i - 1] || y[i] !== y[i + 1]);
  return { x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
}
