import type { Random } from '../../numeric/index.js';

/** A leaf: what it predicts, and the box it covers, feature by feature. */
export interface Leaf {
  readonly value: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The leaves of a regression tree grown on a bootstrap sample until its leaves are pure (at most `maxDepth` deep): splits half way
 * between neighbouring values, by least squares, over all features, ties by chance. As scikit-learn's random forests.
 */
export function growTree(columns: readonly Float64Array[], sorted: readonly Int32Array[], y: Float64Array, box: Leaf, maxDepth: number, random: Random): Leaf[] {
  const rows = y.length;
  const weight = new Float64Array(rows);
  for (let i = 0; i < rows; i++) weight[random.integer(0, rows - 1)]!++;
  const orders = sorted.map((order) => order.filter((row) => weight[row]! > 0));
  const left = new Uint8Array(rows);
  const spare = new Int32Array(rows);
  const leaves: Leaf[] = [];
  const open = [{ from: 0, to: orders[0]!.length, depth: 0, low: box.low, high: box.high }];
  for (let node = open.pop(); node; node = open.pop()) {
    const { from, to, depth, low, high } = node;
    const split = depth < maxDepth ? bestSplit(columns, orders, y, weight, from, to, random) : undefined;
    if (!split) {
      leaves.push({ value: meanOf(orders[0]!, y, weight, from, to), low, high });
      continue;
    }
    const { feature, threshold, place } = split;
    for (let i = from; i < to; i++) left[orders[feature]![i]!] = i < place ? 1 : 0;
    for (const order of orders) partition(order, left, spare, from, to);
    open.push({ from: place, to, depth: depth + 1, low: replaced(low, feature, threshold), high });
    open.push({ from, to: place, depth: depth + 1, low, high: replaced(high, feature, threshold) });
  }
  return leaves;
}

interface Split {
  readonly feature: number;
  readonly threshold: number;
  /** Where the right part begins in the feature's order. */
  readonly place: number;
}

function bestSplit(
  columns: readonly Float64Array[], orders: readonly Int32Array[], y: Float64Array, weight: Float64Array, from: number, to: number, random: Random,
): Split | undefined {
  let total = 0, sum = 0, least = Infinity, most = -Infinity;
  for (let i = from; i < to; i++) {
    const row = orders[0]![i]!, value = y[row]!;
    total += weight[row]!;
    sum += weight[row]! * value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most > least)) return undefined;
  const mean = sum / total;
  let best: Split | undefined;
  let bestGain = 0;
  for (const feature of random.permutation(orders.length)) {
    const order = orders[feature]!, x = columns[feature]!;
    // Sums about the mean, so that their squares keep their digits; the gain is s^2 (1/w + 1/w').
    let w = 0, s = 0;
    for (let i = from; i < to - 1; i++) {
      const row = order[i]!;
      w += weight[row]!;
      s += weight[row]! * (y[row]! - mean);
      const here = x[row]!, next = x[order[i + 1]!]!;
      if (!(next > here)) continue;
      const gain = s * s * (1 / w + 1 / (total - w));
      if (gain > bestGain * (1 + 1e-12)) {
        bestGain = gain;
        best = { feature, threshold: here / 2 + next / 2, place: i + 1 };
      }
    }
  }
  return best;
}

/** Rows marked left first; both parts keep their order. */
function partition(order: Int32Array, left: Uint8Array, spare: Int32Array, from: number, to: number): void {
  let at = from, kept = 0;
  for (let i = from; i < to; i++) {
    const row = order[i]!;
    if (left[row]) order[at++] = row;
    else spare[kept++] = row;
  }
  order.set(spare.subarray(0, kept), at);
}

function meanOf(order: Int32Array, y: Float64Array, weight: Float64Array, from: number, to: number): number {
  let total = 0, sum = 0;
  for (let i = from; i < to; i++) {
    total += weight[order[i]!]!;
    sum += weight[order[i]!]! * y[order[i]!]!;
  }
  return sum / total;
}

function replaced(bounds: Float64Array, feature: number, value: number): Float64Array {
  const next = bounds.slice();
  next[feature] = value;
  return next;
}
