export interface BandwidthOptions {
  /** No kernel narrower than the range divided by min(100, kernels + 2). */
  readonly magicClip: boolean;
  /** The bounds count as neighbours of the outermost observations. */
  readonly endpoints: boolean;
}

const narrowest = 1e-12;

/**
 * The standard deviation of each observation's kernel: the larger of the gaps to its neighbours, the bounds being the neighbours of
 * the outermost; without `endpoints` the outermost have only their inner gap. As in Optuna 5 (since its #6574 and #6746 the
 * prior is no neighbour, and joint estimates follow the same rule).
 */
export function bandwidths(positions: Float64Array, low: number, high: number, { magicClip, endpoints }: BandwidthOptions): Float64Array {
  const n = positions.length;
  const sorted = positions.slice().sort();
  const atPlace = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const left = sorted[i]! - (i === 0 ? low : sorted[i - 1]!);
    const right = (i === n - 1 ? high : sorted[i + 1]!) - sorted[i]!;
    atPlace[i] = left > right ? left : right;
  }
  if (!endpoints && n >= 2) {
    atPlace[0] = sorted[1]! - sorted[0]!;
    atPlace[n - 1] = sorted[n - 1]! - sorted[n - 2]!;
  }
  const range = high - low;
  const least = magicClip ? range / Math.min(100, n + 2) : narrowest;
  const result = new Float64Array(n);
  const taken = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    // Equal observations take the places of their value in order.
    const first = firstPlace(sorted, positions[i]!);
    const sigma = atPlace[first + taken[first]!++]!;
    result[i] = sigma < least ? least : sigma > range ? range : sigma;
  }
  return result;
}

function firstPlace(sorted: Float64Array, value: number): number {
  let from = 0, to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
