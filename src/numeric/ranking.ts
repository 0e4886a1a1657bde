/** Values in order, with the ranks that rank tests use. Rank a column once and give it to all tests. */
export interface Ranked {
  /** Rows in ascending order of their values; of equal values the first row first. */
  readonly order: Uint32Array;
  /** Rank of each row from 1 on; equal values share the mean of their ranks. */
  readonly ranks: Float64Array;
  /** Number of different values. */
  readonly distinct: number;
  /** Sum of t^3 - t over groups of t equal values: what ties take from a rank test's variance. */
  readonly ties: number;
}

/** Ranks values in linear time (radix sort). -0 and 0 are equal; NaN is not allowed, so leave such rows out before. */
export function rankValues(values: Float32Array | Float64Array): Ranked {
  const order = sortedOrder(values);
  const ranks = new Float64Array(values.length);
  let distinct = 0;
  let ties = 0;
  for (let start = 0; start < order.length; ) {
    const value = values[order[start]!]!;
    let end = start + 1;
    while (end < order.length && values[order[end]!] === value) end++;
    const rank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) ranks[order[i]!] = rank;
    const size = end - start;
    ties += size ** 3 - size;
    distinct++;
    start = end;
  }
  return { order, ranks, distinct, ties };
}

/**
 * Rows in ascending order of their values, NaN last. Stable: equal values keep the order of `from`, by default that of the rows.
 */
export function sortedOrder(values: Float32Array | Float64Array, from?: Uint32Array): Uint32Array {
  let order = from?.slice() ?? Uint32Array.from(values.keys());
  let spare = new Uint32Array(order.length);
  // Short lists would spend their time on empty buckets.
  const digits = order.length < 2048 ? 8 : 11;
  for (const keys of sortableWords(values)) {
    for (let shift = 0; shift < 32; shift += digits) {
      if (!distribute(keys, shift, digits, order, spare)) continue;
      [order, spare] = [spare, order];
    }
  }
  return order;
}

/** Words, the least significant first, whose unsigned order is that of the values. */
function sortableWords(values: Float32Array | Float64Array): Uint32Array[] {
  // -0 becomes 0, and every NaN the same positive one.
  const plain = values.map((value) => (Number.isNaN(value) ? NaN : value + 0));
  const words = new Uint32Array(plain.buffer);
  if (plain instanceof Float32Array) return [words.map((word) => (word >>> 31 ? ~word : word ^ 0x80000000))];
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const negative = words[2 * i + 1]! >>> 31;
    low[i] = negative ? ~words[2 * i]! : words[2 * i]!;
    high[i] = negative ? ~words[2 * i + 1]! : words[2 * i + 1]! ^ 0x80000000;
  }
  return [low, high];
}

/** One pass of the radix sort; false where all keys have the same digit, so that nothing moved. */
function distribute(keys: Uint32Array, shift: number, digits: number, order: Uint32Array, into: Uint32Array): boolean {
  const buckets = 1 << digits;
  const starts = new Uint32Array(buckets + 1);
  for (let i = 0; i < order.length; i++) starts[((keys[order[i]!]! >>> shift) & (buckets - 1)) + 1]!++;
  if (starts.includes(order.length, 1)) return false;
  for (let b = 1; b <= buckets; b++) starts[b]! += starts[b - 1]!;
  for (let i = 0; i < order.length; i++) {
    const row = order[i]!;
    into[starts[(keys[row]! >>> shift) & (buckets - 1)]!++] = row;
  }
  return true;
}
