import type { TestResult } from './rankTests.js';

/**
 * Fisher's exact test of the table [[a, b], [c, d]]: the odds ratio a d / (b c), and the two-sided p, which adds up all tables of the
 * same margins that are no more probable than this one (`scipy.stats.fisher_exact`). An empty margin gives NaN and p = 1.
 */
export function fisherExact(a: number, b: number, c: number, d: number): TestResult {
  const rowSum = a + b;
  const columnSum = a + c;
  const n = a + b + c + d;
  if (rowSum === 0 || columnSum === 0 || rowSum === n || columnSum === n) return { statistic: NaN, p: 1 };
  const least = Math.max(0, rowSum + columnSum - n);
  const largest = Math.min(rowSum, columnSum);
  const mode = Math.min(largest, Math.max(least, Math.floor(((rowSum + 1) * (columnSum + 1)) / (n + 2))));
  // Probabilities relative to the mode's: no factorials, and nothing overflows.
  const relative = new Float64Array(largest - least + 1);
  relative[mode - least] = 1;
  for (let k = mode; k < largest; k++) relative[k + 1 - least] = (relative[k - least]! * (rowSum - k) * (columnSum - k)) / ((k + 1) * (n - rowSum - columnSum + k + 1));
  for (let k = mode; k > least; k--) relative[k - 1 - least] = (relative[k - least]! * k * (n - rowSum - columnSum + k)) / ((rowSum - k + 1) * (columnSum - k + 1));
  // Equally probable tables on the other side count, although their last digits may differ.
  const limit = relative[a - least]! * (1 + 1e-7);
  let total = 0;
  let tail = 0;
  for (const probability of relative) {
    total += probability;
    if (probability <= limit) tail += probability;
  }
  return { statistic: (a * d) / (b * c), p: Math.min(1, tail / total) };
}
