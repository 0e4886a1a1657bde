/**
 * Puts the k-th smallest of `a[0 .. n - 1]` at place k, nothing larger before it and nothing smaller after it, between the
 * bounds `left` and `right` of the part not yet ordered (Hoare's selection). `a` must hold no NaN.
 */
export function select(a: Float64Array, left: number, right: number, k: number): number {
  while (left < right) {
    const pivot = a[(left + right) >> 1]!;
    let i = left;
    let j = right;
    while (i <= j) {
      while (a[i]! < pivot) i++;
      while (pivot < a[j]!) j--;
      if (i > j) break;
      const held = a[i]!;
      a[i++] = a[j]!;
      a[j--] = held;
    }
    if (k <= j) right = j;
    else if (k >= i) left = i;
    else break;
  }
  return a[k]!;
}

/**
 * The quantile q (0 to 1) of n values of which `scratch[0 .. n - 1]` is a copy that may be reordered, with linear
 * interpolation between neighbours (NumPy's default). Values before place `ordered` must already be the smallest, so that
 * rising quantiles are cheap: pass the whole part of the previous place.
 */
export function quantile(scratch: Float64Array, n: number, q: number, ordered = 0): number {
  const place = q * (n - 1);
  const low = Math.floor(place);
  const below = select(scratch, Math.min(ordered, low), n - 1, low);
  if (low + 1 >= n) return below;
  let above = Infinity;
  for (let i = low + 1; i < n; i++) if (scratch[i]! < above) above = scratch[i]!;
  const part = place - low;
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}

/** Copies `x[from .. from + n - 1]` to the front of `scratch`; false where a value is missing or infinite. */
export function load(x: Float64Array, from: number, n: number, scratch: Float64Array): boolean {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += scratch[i] = x[from + i]!;
  return Number.isFinite(sum);
}

/** Quantiles at rising `levels`, written to `out` from `at` on; all NaN where a value is missing. `scratch` holds n values. */
export function quantiles(
  x: Float64Array, from: number, n: number, levels: readonly number[], scratch: Float64Array, out: Float64Array, at: number,
): void {
  const complete = load(x, from, n, scratch);
  let ordered = 0;
  for (let l = 0; l < levels.length; l++) {
    out[at + l] = complete ? quantile(scratch, n, levels[l]!, ordered) : NaN;
    ordered = Math.floor(levels[l]! * (n - 1));
  }
}

/** Median of |x - median|; NaN where a value is missing. `scratch` holds n values. */
export function medianAbsoluteDeviation(x: Float64Array, from: number, n: number, scratch: Float64Array): number {
  if (!load(x, from, n, scratch)) return NaN;
  const median = quantile(scratch, n, 0.5);
  for (let i = 0; i < n; i++) scratch[i] = Math.abs(x[from + i]! - median);
  return quantile(scratch, n, 0.5);
}
