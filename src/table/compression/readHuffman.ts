/*
 * The Huffman code of a Zstandard block (RFC 8878, section 4.2.1) as a table that is looked up by the next bits.
 */

/** By the next `depth` bits: the symbol in the lower 8 bits, the length of its code above. */
export interface HuffmanTable {
  readonly entries: Uint16Array;
  depth: number;
}

const longestCode = 11;
const weights = new Uint8Array(256);

/** Reads the description at `at` into `table`; returns its end, -1 where it is none. */
export function readHuffmanTable(bytes: Uint8Array, at: number, to: number, table: HuffmanTable): number {
  const head = bytes[at++]!;
  const end = at + (head < 128 ? head : (head - 127 + 1) >> 1);
  if (end > to) return -1;
  const count = head < 128 ? readCodedWeights(bytes, at, end) : readPlainWeights(bytes, at, head - 127);
  return count > 0 && fillTable(count, table) ? end : -1;
}

function readPlainWeights(bytes: Uint8Array, at: number, count: number): number {
  for (let symbol = 0; symbol < count; symbol++) weights[symbol] = symbol % 2 === 0 ? bytes[at + (symbol >> 1)]! >> 4 : bytes[at + (symbol >> 1)]! & 15;
  return count;
}

/** The weight of the last symbol is what makes the code complete. */
function fillTable(count: number, table: HuffmanTable): boolean {
  let sum = 0;
  for (let symbol = 0; symbol < count; symbol++) {
    if (weights[symbol]! > longestCode) return false;
    if (weights[symbol]! > 0) sum += 1 << (weights[symbol]! - 1);
  }
  if (sum === 0 || count > 255) return false;
  const depth = 32 - Math.clz32(sum);
  const rest = (1 << depth) - sum;
  if (depth > longestCode || (rest & (rest - 1)) !== 0) return false;
  weights[count] = 32 - Math.clz32(rest);
  let at = 0;
  for (let weight = 1; weight <= depth; weight++) {
    for (let symbol = 0; symbol <= count; symbol++) {
      if (weights[symbol] !== weight) continue;
      table.entries.fill(((depth + 1 - weight) << 8) | symbol, at, at + (1 << (weight - 1)));
      at += 1 << (weight - 1);
    }
  }
  table.depth = depth;
  return at === 1 << depth;
}

const mostStates = 64;
const shares = new Int16Array(16);
const following = new Int16Array(16);
const symbols = new Uint8Array(mostStates);
const bitsOf = new Uint8Array(mostStates);
const bases = new Uint8Array(mostStates);

/** Weights coded by two states of an FSE table in turn; returns how many, -1 where the table is none. */
function readCodedWeights(bytes: Uint8Array, from: number, to: number): number {
  const bits = (position: number, count: number): number => {
    let value = 0;
    for (let n = count - 1; n >= 0; n--) {
      const bit = position + n;
      value = (value << 1) | (bit < 0 || from + (bit >> 3) >= to ? 0 : (bytes[from + (bit >> 3)]! >> (bit & 7)) & 1);
    }
    return value;
  };
  const log = bits(0, 4) + 5;
  if (log > 6) return -1;
  const start = readShares(bits, log);
  const last = bytes[to - 1]!;
  if (start < 0 || from + start >= to || last === 0) return -1;
  buildStates(log);
  const first = start * 8;
  let left = (to - from) * 8 - (Math.clz32(last) - 23);
  // Bits before the first one count as zero.
  const take = (count: number): number => {
    left -= count;
    const missing = Math.max(0, first - left);
    return missing >= count ? 0 : bits(left + missing, count - missing) << missing;
  };
  const state = [take(log), take(log)];
  for (let count = 0; count < 254; count++) {
    const turn = count & 1;
    const now = state[turn]!;
    weights[count] = symbols[now]!;
    state[turn] = bases[now]! + take(bitsOf[now]!);
    if (left >= first) continue;
    weights[count + 1] = symbols[state[1 - turn]!]!;
    return count + 2;
  }
  return -1;
}

/** Shares of the table by symbol; returns how many bytes tell them, -1 where they do not add up. */
function readShares(bits: (position: number, count: number) => number, log: number): number {
  shares.fill(0);
  let position = 4;
  let left = 1 << log;
  for (let symbol = 0; left > 0;) {
    if (symbol >= 13) return -1;
    const width = 32 - Math.clz32(left + 1);
    const most = (1 << width) - 2 - left;
    const short = bits(position, width - 1);
    let value = short;
    if (short < most) position += width - 1;
    else {
      value = bits(position, width);
      if (value >= 1 << (width - 1)) value -= most;
      position += width;
    }
    const share = value - 1;
    shares[symbol++] = share;
    left -= Math.abs(share);
    if (share !== 0) continue;
    for (let zeros = 3; zeros === 3; symbol += zeros) {
      zeros = bits(position, 2);
      position += 2;
      if (symbol + zeros > 13) return -1;
    }
  }
  return left === 0 ? (position + 7) >> 3 : -1;
}

function buildStates(log: number): void {
  const size = 1 << log;
  let high = size;
  for (let symbol = 0; symbol < 13; symbol++) {
    following[symbol] = Math.abs(shares[symbol]!);
    if (shares[symbol] === -1) symbols[--high] = symbol;
  }
  const step = (size >> 1) + (size >> 3) + 3;
  let position = 0;
  for (let symbol = 0; symbol < 13; symbol++) {
    for (let n = 0; n < shares[symbol]!; n++) {
      symbols[position] = symbol;
      do position = (position + step) & (size - 1); while (position >= high);
    }
  }
  for (let at = 0; at < size; at++) {
    const next = following[symbols[at]!]!++;
    bitsOf[at] = log - (31 - Math.clz32(next));
    bases[at] = (next << bitsOf[at]!) - size;
  }
}
