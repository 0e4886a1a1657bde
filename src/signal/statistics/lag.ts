/**
 * The shift at which two signals agree best: the k of -most .. most for which sum over i of (x[i] - mx)(y[i + k] - my), over the
 * rows both have, divided by n sx sy, is largest in magnitude; of equal ones the nearest to 0. Positive where y follows x.
 * Writes the shift and the correlation there to `out` from `at` on; NaN where either is constant or a value is missing.
 * `a` and `b` are scratch for `n` values each.
 */
export function bestLag(
  x: Float64Array, y: Float64Array, from: number, n: number, most: number, a: Float64Array, b: Float64Array, out: Float64Array, at: number,
): void {
  const sizes = Math.sqrt(centred(x, from, n, a) * centred(y, from, n, b));
  if (!(sizes > 0)) {
    out[at] = NaN;
    out[at + 1] = NaN;
    return;
  }
  let best = 0;
  let value = 0;
  for (let step = 0; step <= 2 * most; step++) {
    // 0, 1, -1, 2, -2, ...
    const k = step % 2 === 1 ? (step + 1) / 2 : 0 - step / 2;
    const first = Math.max(0, -k);
    const last = Math.min(n, n - k);
    let sum = 0, sumB = 0;
    let i = first;
    for (; i < last - 1; i += 2) {
      sum += a[i]! * b[i + k]!;
      sumB += a[i + 1]! * b[i + 1 + k]!;
    }
    if (i < last) sum += a[i]! * b[i + k]!;
    sum += sumB;
    // Rounding must not choose between shifts that are equal.
    if (Math.abs(sum) > Math.abs(value) * (1 + 1e-12)) {
      best = k;
      value = sum;
    }
  }
  out[at] = best;
  out[at + 1] = value / sizes;
}

/** Writes x minus its mean, returns the sum of squares; 0 where that is rounding. */
function centred(x: Float64Array, from: number, n: number, to: Float64Array): number {
  let sum = 0;
  for (let i = from; i < from + n; i++) sum += x[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const d = x[from + i]! - mean;
    to[i] = d;
    squares += d * d;
  }
  return squares <= n * (4 * Number.EPSILON * mean) ** 2 ? 0 : squares;
}
