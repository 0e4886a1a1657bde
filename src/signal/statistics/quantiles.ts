/**
 * Quantiles and the median absolute deviation without sorting: values are counted in as many buckets of equal width as
 * there are values, and only the buckets that hold a wanted place are looked into. Linear for spread values, and never worse
 * than selection in one bucket for values that lie together.
 */
export interface Quantiles {
  /** Quantiles at the prepared levels, linear interpolation (NumPy's default), to `out` from `at` on; NaN where a value is missing. */
  levels(x: Float64Array, from: number, out: Float64Array, at: number): void;
  /** Median of |x - median|, given the median; NaN where a value is missing. */
  deviation(x: Float64Array, from: number, median: number): number;
}

/** Prepares quantiles (0 to 1) of windows of `n` values; owns scratch memory, so use one per thread. */
export function quantilesOf(n: number, wanted: readonly number[]): Quantiles {
  const distance = new Float64Array(n);
  const one = new Float64Array(1);
  const counting = scratchFor(n);
  const levels = placesOf(n, wanted);
  const middle = placesOf(n, [0.5]);
  const within = (places: Places, x: Float64Array, from: number, min: number, max: number, out: Float64Array, at: number): void => {
    pickPlaces(x, from, n, min, max, counting, places);
    for (let l = 0; l < places.count; l++) {
      const below = places.found[places.low[l]!]!;
      const part = places.part[l]!;
      const above = places.found[places.high[l]!]!;
      out[at + l] = part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
    }
  };
  const scanned = (places: Places, x: Float64Array, from: number, out: Float64Array, at: number): void => {
    let min = Infinity;
    let max = -Infinity;
    let sum = 0;
    for (let i = from; i < from + n; i++) {
      const value = x[i]!;
      sum += value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    if (Number.isFinite(sum)) within(places, x, from, min, max, out, at);
    else out.fill(NaN, at, at + places.count);
  };
  return {
    levels: (x, from, out, at) => scanned(levels, x, from, out, at),
    deviation(x, from, median) {
      for (let i = 0; i < n; i++) distance[i] = Math.abs(x[from + i]! - median);
      scanned(middle, distance, 0, one, 0);
      return one[0]!;
    },
  };
}

/** Which places of the sorted values some quantiles need. */
export interface Places {
  readonly count: number;
  /** Per level where in `found` the values below and above it lie, and how far between them it is. */
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly part: Float64Array;
  /** The places of the sorted values that are needed, rising, and after `pickPlaces` the values there. */
  readonly ranks: Int32Array;
  readonly found: Float64Array;
}

export function placesOf(n: number, wanted: readonly number[]): Places {
  const exact = wanted.map((q) => q * (n - 1));
  const ranks = [...new Set(exact.flatMap((place) => [Math.floor(place), Math.ceil(place)]))].sort((a, b) => a - b);
  return {
    count: wanted.length,
    low: Int32Array.from(exact, (place) => ranks.indexOf(Math.floor(place))),
    high: Int32Array.from(exact, (place) => ranks.indexOf(Math.ceil(place))),
    part: Float64Array.from(exact, (place) => place - Math.floor(place)),
    ranks: Int32Array.from(ranks),
    found: new Float64Array(ranks.length),
  };
}

interface Scratch {
  readonly counts: Int32Array;
  readonly bucketOf: Int32Array;
  /** 1 for buckets that hold a wanted place. */
  readonly chosen: Int32Array;
  readonly gathered: Float64Array;
}

function scratchFor(n: number): Scratch {
  return { counts: new Int32Array(n + 1), bucketOf: new Int32Array(n), chosen: new Int32Array(n + 1), gathered: new Float64Array(n + 1) };
}

/** Writes the values at the wanted places, were `x[from .. from + n - 1]` sorted, to `places.found`. */
function pickPlaces(x: Float64Array, from: number, n: number, min: number, max: number, scratch: Scratch, places: Places): void {
  const { counts, bucketOf, chosen, gathered } = scratch;
  const { ranks, found } = places;
  count(x, from, n, min, max, counts, bucketOf);
  const kept = choose(counts, chosen, ranks, found);
  gather(x, from, n, bucketOf, chosen, gathered);
  chosen.fill(0);
  if (kept <= 40) sortFew(gathered, kept);
  else for (let r = 0; r < ranks.length; r++) select(gathered, 0, kept - 1, found[r]!);
  for (let r = 0; r < ranks.length; r++) found[r] = gathered[found[r]!]!;
}

// Arrays come as arguments, not from a closure: the compiler then keeps them in registers.

function count(x: Float64Array, from: number, n: number, min: number, max: number, counts: Int32Array, bucketOf: Int32Array): void {
  counts.fill(0);
  // A width that is 0 or beyond range leaves one bucket for all; so does one so small that the ratio overflows.
  const ratio = n / (max - min);
  const scale = Number.isFinite(ratio) ? ratio : 0;
  for (let i = 0; i < n; i++) {
    const bucket = ((x[from + i]! - min) * scale) | 0;
    const inside = bucket > n ? n : bucket;
    bucketOf[i] = inside;
    counts[inside]!++;
  }
}

/**
 * Marks the buckets that hold wanted places; `found` gets where each place lies among the values of the marked buckets in
 * order. Returns how many values these are.
 */
function choose(counts: Int32Array, chosen: Int32Array, ranks: Int32Array, found: Float64Array): number {
  let before = 0;
  let kept = 0;
  let next = 0;
  for (let b = 0; next < ranks.length; b++) {
    const after = before + counts[b]!;
    if (ranks[next]! < after) {
      chosen[b] = 1;
      for (; next < ranks.length && ranks[next]! < after; next++) found[next] = kept + ranks[next]! - before;
      kept += counts[b]!;
    }
    before = after;
  }
  return kept;
}

function gather(x: Float64Array, from: number, n: number, bucketOf: Int32Array, chosen: Int32Array, gathered: Float64Array): void {
  let kept = 0;
  for (let i = 0; i < n; i++) {
    gathered[kept] = x[from + i]!;
    kept += chosen[bucketOf[i]!]!;
  }
}

function sortFew(a: Float64Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const value = a[i]!;
    let j = i;
    while (j > 0 && a[j - 1]! > value) {
      a[j] = a[j - 1]!;
      j--;
    }
    a[j] = value;
  }
}

/** Brings the value at `place` of the sorted `a[left .. right]` there (Hoare's selection). No NaN allowed. */
export function select(a: Float64Array, left: number, right: number, place: number): void {
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
    else return;
  }
}
