/**
 * Quantiles and the median absolute deviation without sorting: values are dealt into as many buckets of equal width as there
 * are values, and only the buckets that hold a wanted place are looked into. Linear for spread values, and never worse than
 * selection in one bucket for values that lie together.
 */
export interface Quantiles {
  /** Quantiles at the prepared levels, linear interpolation (NumPy's default), to `out` from `at` on; NaN where a value is missing. */
  levels(x: Float64Array, from: number, out: Float64Array, at: number): void;
  /** Median of |x - median|, given the median; NaN where a value is missing. */
  deviation(x: Float64Array, from: number, median: number): number;
}

/** Prepares quantiles (0 to 1) of windows of `n` values; owns scratch memory, so use one per thread. */
export function quantilesOf(n: number, wanted: readonly number[]): Quantiles {
  const buckets = new Int32Array(n + 1);
  const bucketOf = new Int32Array(n);
  const dealt = new Float64Array(n);
  const distance = new Float64Array(n);
  const places = wanted.map((q) => ({ low: Math.floor(q * (n - 1)), part: q * (n - 1) - Math.floor(q * (n - 1)) }));
  const middle = { low: (n - 1) >> 1, part: n % 2 === 0 ? 0.5 : 0 };

  const deal = (x: Float64Array, from: number): boolean => dealOut(x, from, n, buckets, bucketOf, dealt);

  const interpolated = (low: number, part: number): number => between(n, buckets, dealt, low, part);

  return {
    levels(x, from, out, to) {
      const complete = deal(x, from);
      for (let l = 0; l < places.length; l++) {
        const { low, part } = places[l]!;
        out[to + l] = complete ? interpolated(low, part) : NaN;
      }
    },
    deviation(x, from, median) {
      for (let i = 0; i < n; i++) distance[i] = Math.abs(x[from + i]! - median);
      return deal(distance, 0) ? interpolated(middle.low, middle.part) : NaN;
    },
  };
}

/**
 * Puts the values in order of bucket into `dealt`, bucket b ending before place `buckets[b]`; false where one is missing.
 * Arrays come as arguments, not from a closure: the compiler then keeps them in registers.
 */
function dealOut(x: Float64Array, from: number, n: number, buckets: Int32Array, bucketOf: Int32Array, dealt: Float64Array): boolean {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (let i = from; i < from + n; i++) {
    const value = x[i]!;
    sum += value;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (!Number.isFinite(sum)) return false;
  buckets.fill(0);
  // A width that is 0 or beyond range leaves one bucket for all.
  const ratio = n / (max - min);
  const scale = Number.isFinite(ratio) ? ratio : 0;
  for (let i = 0; i < n; i++) {
    const bucket = Math.min(n, (x[from + i]! - min) * scale) | 0;
    bucketOf[i] = bucket;
    buckets[bucket]!++;
  }
  let before = 0;
  for (let b = 0; b <= n; b++) {
    const count = buckets[b]!;
    buckets[b] = before;
    before += count;
  }
  for (let i = 0; i < n; i++) {
    const bucket = bucketOf[i]!;
    const place = buckets[bucket]!;
    buckets[bucket] = place + 1;
    dealt[place] = x[from + i]!;
  }
  return true;
}

/** The value `part` of the way from sorted place `low` to the next, of values that `dealOut` has dealt. */
function between(n: number, buckets: Int32Array, dealt: Float64Array, low: number, part: number): number {
  // The bucket that holds the place: the first that ends after it.
  let bucket = 0;
  for (let after = n; bucket < after; ) {
    const half = (bucket + after) >> 1;
    if (buckets[half]! > low) after = half;
    else bucket = half + 1;
  }
  const end = buckets[bucket]!;
  const below = select(dealt, bucket === 0 ? 0 : buckets[bucket - 1]!, end - 1, low);
  if (part === 0) return below;
  // The next value is the least that is left of this bucket, or of the next one that holds any.
  let stop = end;
  if (low + 1 === end) while (stop === end) stop = buckets[++bucket]!;
  let above = Infinity;
  for (let i = low + 1; i < stop; i++) above = Math.min(above, dealt[i]!);
  return part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
}

/** The value at `place` were `a[left .. right]` sorted, which it partly becomes (Hoare's selection). No NaN allowed. */
function select(a: Float64Array, left: number, right: number, place: number): number {
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
    if (place <= j) right = j;
    else if (place >= i) left = i;
    else break;
  }
  return a[place]!;
}
