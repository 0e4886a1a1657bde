import { createRandom } from '../numeric/index.js';

/** The difference of two detectors over the same cases, with its bootstrap interval. */
export interface PairedDifference {
  readonly difference: number;
  /** One-sided 95 % bounds. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Sum of (a - b) over cases, with one-sided 95 % bounds by drawing whole cases with replacement (percentile method): what two
 * detectors saw of one case stays together, because it is not independent.
 */
export function pairedBootstrap(a: ArrayLike<number>, b: ArrayLike<number>, { repeats = 2000, seed = 1 } = {}): PairedDifference {
  const cases = a.length;
  const random = createRandom(seed);
  const sums = new Float64Array(repeats);
  for (let r = 0; r < repeats; r++) {
    for (let n = 0; n < cases; n++) {
      const drawn = Math.floor(random.uniform() * cases);
      sums[r]! += a[drawn]! - b[drawn]!;
    }
  }
  sums.sort();
  let difference = 0;
  for (let i = 0; i < cases; i++) difference += a[i]! - b[i]!;
  const at = (share: number): number => sums[Math.min(repeats - 1, Math.max(0, Math.round(share * (repeats - 1))))] ?? 0;
  return { difference, lower: at(0.05), upper: at(0.95) };
}
