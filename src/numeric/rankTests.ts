import { normalCdf } from './distributions.js';
import { sortedOrder, type Ranked } from './ranking.js';

/** What a test found, and the probability of finding as much by chance. */
export interface TestResult {
  readonly statistic: number;
  readonly p: number;
}

/**
 * Mann-Whitney's U of the rows marked 1 against the others: two-sided, normal approximation with continuity and tie
 * correction, as `scipy.stats.mannwhitneyu(..., method='asymptotic')`. p is NaN where one side is empty.
 */
export function mannWhitney({ ranks, ties }: Ranked, marked: ArrayLike<number>): TestResult {
  const n = ranks.length;
  let n1 = 0;
  let sum = 0;
  for (let row = 0; row < n; row++) {
    if (marked[row] !== 1) continue;
    n1++;
    sum += ranks[row]!;
  }
  const n2 = n - n1;
  const u = sum - (n1 * (n1 + 1)) / 2;
  if (n1 === 0 || n2 === 0) return { statistic: u, p: NaN };
  const deviation = Math.sqrt(((n1 * n2) / 12) * (n + 1 - ties / (n * (n - 1))));
  // All values are equal.
  if (!(deviation > 0)) return { statistic: u, p: 1 };
  const z = (Math.max(u, n1 * n2 - u) - (n1 * n2) / 2 - 0.5) / deviation;
  return { statistic: u, p: Math.min(1, 2 * normalCdf(-z)) };
}

/** Pairs of samples up to this size get their exact probability. */
const exactCells = 1_000_000;

/**
 * Kolmogorov and Smirnov's largest distance between the distributions of the rows marked 1 and the others, two-sided. p is exact
 * (by paths on a grid, as R's `psmirnov`) up to a product of the sizes of one million, above it the limiting distribution with
 * Stephens' correction. p is NaN where one side is empty.
 */
export function kolmogorovSmirnov({ order, ranks }: Ranked, marked: ArrayLike<number>): TestResult {
  const n = order.length;
  let n1 = 0;
  for (let row = 0; row < n; row++) if (marked[row] === 1) n1++;
  const n2 = n - n1;
  if (n1 === 0 || n2 === 0) return { statistic: NaN, p: NaN };
  let first = 0;
  let most = 0;
  for (let i = 0; i < n; i++) {
    if (marked[order[i]!] === 1) first++;
    if (i + 1 < n && ranks[order[i]!] === ranks[order[i + 1]!]) continue;
    most = Math.max(most, Math.abs(first * n2 - (i + 1 - first) * n1));
  }
  const statistic = most / n1 / n2;
  if (n1 * n2 <= exactCells) return { statistic, p: exactTail(n1, n2, most) };
  const size = Math.sqrt((n1 * n2) / n);
  return { statistic, p: kolmogorovTail((size + 0.12 + 0.11 / size) * statistic) };
}

/** The share of all orders of two samples whose distance, times both sizes, is at least `most`. */
function exactTail(n1: number, n2: number, most: number): number {
  const row = new Float64Array(n2 + 1);
  for (let i = 0; i <= n1; i++) {
    for (let j = 0; j <= n2; j++) {
      if (Math.abs(i * n2 - j * n1) >= most) row[j] = 1;
      else if (i === 0) row[j] = j === 0 ? 0 : row[j - 1]!;
      else row[j] = (i * row[j]! + (j === 0 ? 0 : j * row[j - 1]!)) / (i + j);
    }
  }
  return Math.min(1, row[n2]!);
}

/** The limit of P(sqrt(n) D > x). */
function kolmogorovTail(x: number): number {
  if (x < 0.2) return 1;
  let sum = 0;
  for (let k = 1; k <= 100; k++) {
    const term = Math.exp(-2 * k * k * x * x);
    sum += k % 2 === 1 ? term : -term;
    if (term < 1e-18) break;
  }
  return Math.min(1, Math.max(0, 2 * sum));
}

/**
 * Kendall's tau-b of two columns, in n log n, with the asymptotic two-sided p that accounts for ties
 * (`scipy.stats.kendalltau(..., method='asymptotic')`). `y` comes ranked, since one target meets many columns. Both are NaN where a column is constant.
 */
export function kendallTau(x: Float32Array | Float64Array, y: Ranked): TestResult {
  const n = x.length;
  // By x, and among equal x by y.
  const order = sortedOrder(x, y.order);
  const seen = new Int32Array(2 * n + 2);
  let discordant = 0;
  let bothTies = 0;
  const tiesOfX = tieSums();
  let runX = 0;
  let runBoth = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i]!;
    const before = i > 0 ? order[i - 1]! : row;
    const sameX = i > 0 && x[row] === x[before];
    const sameY = i > 0 && y.ranks[row] === y.ranks[before];
    if (!sameX) {
      tiesOfX.add(runX);
      runX = 0;
    }
    if (!sameX || !sameY) {
      bothTies += (runBoth * (runBoth - 1)) / 2;
      runBoth = 0;
    }
    runX++;
    runBoth++;
    // Doubled mean ranks are whole numbers. A Fenwick tree counts the rows before that have a larger y.
    const place = 2 * y.ranks[row]!;
    let smaller = 0;
    for (let at = place; at > 0; at -= at & -at) smaller += seen[at]!;
    discordant += i - smaller;
    for (let at = place; at < seen.length; at += at & -at) seen[at]!++;
  }
  tiesOfX.add(runX);
  bothTies += (runBoth * (runBoth - 1)) / 2;
  const tiesOfY = tieSums();
  for (let start = 0; start < n; ) {
    let end = start + 1;
    while (end < n && y.ranks[y.order[end]!] === y.ranks[y.order[start]!]) end++;
    tiesOfY.add(end - start);
    start = end;
  }
  const pairs = (n * (n - 1)) / 2;
  const excess = pairs - tiesOfX.pairs - tiesOfY.pairs + bothTies - 2 * discordant;
  const tau = excess / Math.sqrt(pairs - tiesOfX.pairs) / Math.sqrt(pairs - tiesOfY.pairs);
  if (!Number.isFinite(tau)) return { statistic: NaN, p: NaN };
  const ordered = n * (n - 1);
  const variance = (ordered * (2 * n + 5) - tiesOfX.linear - tiesOfY.linear) / 18
    + (2 * tiesOfX.pairs * tiesOfY.pairs) / ordered
    + (n > 2 ? (tiesOfX.cubic * tiesOfY.cubic) / (9 * ordered * (n - 2)) : 0);
  return { statistic: Math.max(-1, Math.min(1, tau)), p: Math.min(1, 2 * normalCdf(-Math.abs(excess) / Math.sqrt(variance))) };
}

interface TieSums {
  pairs: number;
  linear: number;
  cubic: number;
  add(size: number): void;
}

/** Kendall's corrections: over groups of t equal values t(t-1)/2, t(t-1)(2t+5) and t(t-1)(t-2). */
function tieSums(): TieSums {
  return {
    pairs: 0, linear: 0, cubic: 0,
    add(t) {
      this.pairs += (t * (t - 1)) / 2;
      this.linear += t * (t - 1) * (2 * t + 5);
      this.cubic += t * (t - 1) * (t - 2);
    },
  };
}
