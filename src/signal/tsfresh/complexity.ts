import { each, over, simple, type Calculator } from './calculator.js';
import type { Series } from './series.js';

/** How far the values can be told from those before. */
export const complexityCalculators: readonly Calculator[] = [
  each('lempel_ziv_complexity', '1', 'different new pieces of the row of bin numbers / n', over('bins', [2, 3, 5, 10, 100]), lempelZiv),
  {
    name: 'permutation_entropy', unit: '1', formula: 'entropy in nats of the orders of dimension consecutive rows',
    parameters: [3, 4, 5, 6, 7].map((dimension) => ({ dimension: String(dimension), tau: '1' })),
    run: ({ x }) => [3, 4, 5, 6, 7].map((dimension) => permutationEntropy(x, dimension)),
  },
];

/** Quadratic in n; not part of the efficient set. */
export const quadraticCalculators: readonly Calculator[] = [
  simple('sample_entropy', '1', '-log(A / B): pairs of three rows within 0.2 std / pairs of two', sampleEntropy),
  {
    name: 'approximate_entropy', unit: '1', formula: 'phi(m) - phi(m + 1), phi(m) the mean logarithm of the share of pieces of m rows within r std',
    parameters: [0.1, 0.3, 0.5, 0.7, 0.9].map((r) => ({ m: '2', r: String(r) })),
    run: (s) => [0.1, 0.3, 0.5, 0.7, 0.9].map((r) => (s.n <= 3 ? 0 : Math.abs(meanLogShare(s, 2, r * s.std) - meanLogShare(s, 3, r * s.std)))),
  },
];

/** The tree of pieces seen so far, as a map from (piece, next symbol) to the longer piece. */
function lempelZiv({ x, n, min, max }: Series, bins: number): number {
  const edges = Float64Array.from({ length: bins }, (_, b) => (b === bins - 1 ? max : min + ((b + 1) * (max - min)) / bins));
  const seen = new Map<number, number>();
  let pieces = 0;
  let piece = 0;
  for (let i = 0; i < n; i++) {
    let symbol = 0;
    while (symbol < bins && edges[symbol]! < x[i]!) symbol++;
    const key = piece * (bins + 1) + symbol;
    const longer = seen.get(key);
    if (longer !== undefined) piece = longer;
    else {
      seen.set(key, ++pieces);
      piece = 0;
    }
  }
  return pieces / n;
}

function permutationEntropy(x: Float64Array, dimension: number): number {
  const total = x.length - dimension + 1;
  if (total < 1) return NaN;
  const counts = new Map<number, number>();
  for (let at = 0; at < total; at++) {
    // The rank of each row among those of the piece, equal ones in their order.
    let order = 0;
    for (let i = 0; i < dimension; i++) {
      let rank = 0;
      for (let j = 0; j < dimension; j++) if (x[at + j]! < x[at + i]! || (j < i && x[at + j] === x[at + i])) rank++;
      order = order * dimension + rank;
    }
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total);
  return entropy;
}

function within(x: Float64Array, i: number, j: number, size: number, tolerance: number): boolean {
  for (let k = 0; k < size; k++) if (Math.abs(x[i + k]! - x[j + k]!) > tolerance) return false;
  return true;
}

function sampleEntropy({ x, n, std }: Series): number {
  const pairs = (size: number): number => {
    let count = 0;
    for (let i = 0; i + size <= n; i++) for (let j = i + 1; j + size <= n; j++) if (within(x, i, j, size, 0.2 * std)) count++;
    return count;
  };
  return -Math.log(pairs(3) / pairs(2));
}

function meanLogShare({ x, n }: Series, size: number, tolerance: number): number {
  const total = n - size + 1;
  let sum = 0;
  for (let i = 0; i < total; i++) {
    let count = 0;
    for (let j = 0; j < total; j++) if (within(x, i, j, size, tolerance)) count++;
    sum += Math.log(count / total);
  }
  return sum / total;
}
