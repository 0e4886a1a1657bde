/** Longest code that Zstandard allows for literals. */
export const longestCode = 11;

/** The table of a Huffman code for one block: reused from block to block, so that coding allocates nothing. */
export interface HuffmanCode {
  /** Bits of each symbol's code, 0 for those that do not occur. */
  readonly lengths: Uint8Array;
  /** The code in the lower 16 bits, its length above. */
  readonly codes: Uint32Array;
  /** Bits of the longest code. */
  depth: number;
  /** The largest symbol that occurs. */
  last: number;
}

export function huffmanCode(): HuffmanCode {
  return { lengths: new Uint8Array(256), codes: new Uint32Array(256), depth: 0, last: 0 };
}

const order = new Uint16Array(256);
const weight = new Float64Array(512);
const parent = new Uint16Array(512);
const depthOf = new Uint8Array(512);

/**
 * A complete prefix code for these counts, no code longer than 11 bits, numbered as Zstandard numbers them: longer codes
 * first, in order of their symbols. At least two symbols must occur. Returns the bits that all symbols take together.
 */
export function buildCode(counts: Uint32Array, into: HuffmanCode): number {
  const leaves = listSymbols(counts);
  sortByCount(counts, leaves);
  // Leaves by rising count, then inner nodes, which come out in rising order by themselves.
  for (let at = 0; at < leaves; at++) weight[at] = counts[order[at]!]!;
  let leaf = 0;
  let inner = leaves;
  for (let next = leaves; next < 2 * leaves - 1; next++) {
    let sum = 0;
    for (let pick = 0; pick < 2; pick++) {
      const node = leaf < leaves && (inner >= next || weight[leaf]! <= weight[inner]!) ? leaf++ : inner++;
      sum += weight[node]!;
      parent[node] = next;
    }
    weight[next] = sum;
  }
  depthOf[2 * leaves - 2] = 0;
  for (let node = 2 * leaves - 3; node >= 0; node--) depthOf[node] = depthOf[parent[node]!]! + 1;
  limitDepth(leaves);
  into.lengths.fill(0);
  let bits = 0;
  into.depth = 0;
  into.last = 0;
  for (let at = 0; at < leaves; at++) {
    const symbol = order[at]!;
    const length = depthOf[at]!;
    into.lengths[symbol] = length;
    if (length > into.depth) into.depth = length;
    if (symbol > into.last) into.last = symbol;
    bits += length * counts[symbol]!;
  }
  numberCodes(into);
  return bits;
}

const fewSymbols = 48;
const half = new Uint16Array(256);
/** How often the most frequent symbol occurs. */
let most = 0;

/** The symbols that occur, in order of their numbers, to `half`; answers how many. */
function listSymbols(counts: Uint32Array): number {
  let used = 0;
  most = 0;
  for (let symbol = 0; symbol < 256; symbol++) {
    const count = counts[symbol]!;
    if (count === 0) continue;
    half[used++] = symbol;
    if (count > most) most = count;
  }
  return used;
}
const buckets = new Uint16Array(513);

/** The listed symbols, rarest first, to `order`; equal ones in order of their number, so that the same counts give the same code. */
function sortByCount(counts: Uint32Array, used: number): void {
  if (used <= fewSymbols) {
    for (let at = 0; at < used; at++) {
      const symbol = half[at]!;
      let place = at;
      while (place > 0 && counts[order[place - 1]!]! > counts[symbol]!) {
        order[place] = order[place - 1]!;
        place--;
      }
      order[place] = symbol;
    }
    return;
  }
  // Blocks have at most 2^17 bytes: the lower nine bits, then the upper ones, each pass keeping the order of the one before.
  passBy(counts, 0, half, order, used, Math.min(most, 511));
  if (most < 512) return;
  passBy(counts, 9, order, half, used, most >>> 9);
  order.set(half.subarray(0, used));
}

/** `most` is the largest number that occurs. */
function passBy(counts: Uint32Array, shift: number, from: Uint16Array, to: Uint16Array, used: number, most: number): void {
  for (let bucket = 0; bucket <= most + 1; bucket++) buckets[bucket] = 0;
  for (let at = 0; at < used; at++) buckets[((counts[from[at]!]! >>> shift) & 511) + 1]!++;
  for (let bucket = 1; bucket <= most; bucket++) buckets[bucket]! += buckets[bucket - 1]!;
  for (let at = 0; at < used; at++) to[buckets[(counts[from[at]!]! >>> shift) & 511]!++] = from[at]!;
}

/** Cuts codes that are too long and pays for it with others, until the code is complete again (Kraft's sum is one). */
function limitDepth(leaves: number): void {
  let sum = 0;
  let cut = false;
  for (let at = 0; at < leaves; at++) {
    if (depthOf[at]! > longestCode) {
      depthOf[at] = longestCode;
      cut = true;
    }
    sum += 1 << (longestCode - depthOf[at]!);
  }
  if (!cut) return;
  const whole = 1 << longestCode;
  // Rare symbols first: they stand first.
  while (sum > whole) {
    let longest = -1;
    for (let at = 0; at < leaves; at++) if (depthOf[at]! < longestCode && (longest < 0 || depthOf[at]! > depthOf[longest]!)) longest = at;
    depthOf[longest]!++;
    sum -= 1 << (longestCode - depthOf[longest]!);
  }
  for (let at = leaves - 1; sum < whole; at = at === 0 ? leaves - 1 : at - 1) {
    const gain = 1 << (longestCode - depthOf[at]!);
    if (depthOf[at]! < 2 || gain > whole - sum) continue;
    depthOf[at]!--;
    sum += gain;
  }
}

const perLength = new Uint16Array(longestCode + 2);

function numberCodes({ lengths, codes, depth, last }: HuffmanCode): void {
  perLength.fill(0);
  for (let symbol = 0; symbol <= last; symbol++) perLength[lengths[symbol]!]!++;
  // The first code of each length: the longest ones count from 0.
  let first = 0;
  for (let length = depth; length > 0; length--) {
    const count = perLength[length]!;
    perLength[length] = first;
    first = (first + count) >> 1;
  }
  for (let symbol = 0; symbol <= last; symbol++) {
    const length = lengths[symbol]!;
    codes[symbol] = length === 0 ? 0 : (length << 16) | perLength[length]!++;
  }
}
