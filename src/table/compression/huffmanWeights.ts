import type { HuffmanCode } from './huffman.js';

/*
 * How a Huffman code is told to the reader: the weight of every symbol (0 where it does not occur, else depth + 1 - length)
 * up to the last but one, whose follows from the others. Either four bits each, or coded by an FSE table of their own.
 * Format: RFC 8878, sections 4.2.1 and 4.1.
 */

const weights = new Uint8Array(256);

/** Writes the description at `at`; returns its end, or -1 where the format has no room for this code. */
export function writeWeights(code: HuffmanCode, into: Uint8Array, at: number): number {
  const { lengths, depth, last } = code;
  for (let symbol = 0; symbol < last; symbol++) weights[symbol] = lengths[symbol] === 0 ? 0 : depth + 1 - lengths[symbol]!;
  const coded = writeCoded(last, into, at);
  const plainSize = 1 + ((last + 1) >> 1);
  if (coded >= 0 && (last > 128 || coded - at <= plainSize)) return coded;
  return last > 128 ? -1 : writePlain(last, into, at);
}

function writePlain(count: number, into: Uint8Array, at: number): number {
  into[at++] = 127 + count;
  for (let symbol = 0; symbol < count; symbol += 2) into[at++] = (weights[symbol]! << 4) | (symbol + 1 < count ? weights[symbol + 1]! : 0);
  return at;
}

const tableLog = 6;
const tableSize = 1 << tableLog;
const counts = new Int32Array(13);
const shares = new Int32Array(13);
const spread = new Uint8Array(tableSize);
const states = new Uint16Array(tableSize);
const places = new Int32Array(13);
const bitsAhead = new Int32Array(13);
const stateAhead = new Int32Array(13);

/** The two-state FSE stream of the weights behind its table; -1 where it would not fit or all weights are one. */
function writeCoded(count: number, into: Uint8Array, at: number): number {
  if (count < 2) return -1;
  counts.fill(0);
  for (let symbol = 0; symbol < count; symbol++) counts[weights[symbol]!]!++;
  const largest = shareOut(count);
  if (largest < 0) return -1;
  buildTable(largest);
  const start = at + 1;
  const end = writeStream(count, into, writeShares(largest, into, start));
  if (end - start >= 128) return -1;
  into[at] = end - start;
  return end;
}

/** Shares of the table in proportion to the counts, at least one each; returns the largest weight, -1 where there is but one. */
function shareOut(total: number): number {
  let largest = 0;
  let most = 0;
  let left = tableSize;
  for (let weight = 0; weight < counts.length; weight++) {
    const count = counts[weight]!;
    shares[weight] = count === 0 ? 0 : Math.max(1, Math.floor((count * tableSize) / total));
    left -= shares[weight]!;
    if (count === total) return -1;
    if (count > 0) largest = weight;
    if (count > counts[most]!) most = weight;
  }
  while (left < 0) {
    let biggest = 0;
    for (let weight = 0; weight < counts.length; weight++) if (shares[weight]! > shares[biggest]!) biggest = weight;
    shares[biggest]!--;
    left++;
  }
  shares[most]! += left;
  return largest;
}

function buildTable(largest: number): void {
  const step = (tableSize >> 1) + (tableSize >> 3) + 3;
  let position = 0;
  let total = 0;
  for (let weight = 0; weight <= largest; weight++) {
    const share = shares[weight]!;
    places[weight] = total;
    for (let n = 0; n < share; n++) {
      spread[position] = weight;
      position = (position + step) & (tableSize - 1);
    }
    if (share === 1) {
      bitsAhead[weight] = (tableLog << 16) - tableSize;
      stateAhead[weight] = total - 1;
    } else if (share > 1) {
      const bits = tableLog - (31 - Math.clz32(share - 1));
      bitsAhead[weight] = (bits << 16) - (share << bits);
      stateAhead[weight] = total - share;
    }
    total += share;
  }
  for (let at = 0; at < tableSize; at++) states[places[spread[at]!]!++] = tableSize + at;
}

/** Bits that wait to be written, lowest first. */
const out = { bits: 0, count: 0, at: 0 };

function put(into: Uint8Array, value: number, count: number): void {
  out.bits |= value << out.count;
  out.count += count;
  while (out.count >= 8) {
    into[out.at++] = out.bits & 255;
    out.bits >>>= 8;
    out.count -= 8;
  }
}

function begin(at: number): void {
  out.bits = 0;
  out.count = 0;
  out.at = at;
}

function end(into: Uint8Array): number {
  if (out.count > 0) into[out.at++] = out.bits & 255;
  return out.at;
}

function writeShares(largest: number, into: Uint8Array, at: number): number {
  begin(at);
  put(into, tableLog - 5, 4);
  let left = tableSize + 1;
  let threshold = tableSize;
  let bits = tableLog + 1;
  let afterZero = false;
  for (let weight = 0; weight <= largest && left > 1;) {
    if (afterZero) {
      let zeros = 0;
      while (weight <= largest && shares[weight] === 0) {
        weight++;
        zeros++;
      }
      if (weight > largest) break;
      for (; zeros >= 3; zeros -= 3) put(into, 3, 2);
      put(into, zeros, 2);
    }
    const share = shares[weight++]!;
    const most = 2 * threshold - 1 - left;
    left -= share;
    let value = share + 1;
    if (value >= threshold) value += most;
    put(into, value, value < most ? bits - 1 : bits);
    afterZero = share === 0;
    while (left < threshold) {
      bits--;
      threshold >>= 1;
    }
  }
  return end(into);
}

/** Written from the last weight to the first, even ones by one state and odd ones by the other. */
function writeStream(count: number, into: Uint8Array, at: number): number {
  begin(at);
  const state = [0, 0];
  for (let index = count - 1; index >= 0; index--) {
    const weight = weights[index]!;
    const ahead = bitsAhead[weight]!;
    if (index >= count - 2) {
      const bits = (ahead + (1 << 15)) >> 16;
      state[index & 1] = states[(((bits << 16) - ahead) >> bits) + stateAhead[weight]!]!;
      continue;
    }
    const now = state[index & 1]!;
    const bits = (now + ahead) >> 16;
    put(into, now & ((1 << bits) - 1), bits);
    state[index & 1] = states[(now >> bits) + stateAhead[weight]!]!;
  }
  put(into, state[1]! & (tableSize - 1), tableLog);
  put(into, state[0]! & (tableSize - 1), tableLog);
  put(into, 1, 1);
  return end(into);
}
