/*
 * Snappy's raw format: https://github.com/google/snappy/blob/main/format_description.txt
 * Matches are looked for by a hash of four bytes in blocks of 64 KiB, in growing steps where none are found.
 */

export function snappyBound(length: number): number {
  return 32 + length + Math.ceil(length / 6);
}

const hashBits = 13;
const table = new Uint16Array(1 << hashBits);
const blockSize = 1 << 16;

/** Writes `bytes` from `from` to `to` compressed at `at`; returns the end. `into` must have room for `snappyBound`. */
export function writeSnappy(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  let length = to - from;
  for (; length >= 128; length = Math.floor(length / 128)) into[at++] = (length & 127) | 128;
  into[at++] = length;
  for (let start = from; start < to; start += blockSize) at = writeBlock(bytes, start, Math.min(start + blockSize, to), into, at);
  return at;
}

function writeBlock(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  table.fill(0);
  let literals = from;
  let next = from + 1;
  let misses = 32;
  while (next + 4 <= to) {
    const word = wordAt(bytes, next);
    const hash = Math.imul(word, 0x1e35a7bd) >>> (32 - hashBits);
    const candidate = from + table[hash]!;
    table[hash] = next - from;
    if (candidate >= next || wordAt(bytes, candidate) !== word) {
      next += misses++ >> 5;
      continue;
    }
    let end = next + 4;
    for (let back = candidate + 4; end < to && bytes[end] === bytes[back]; back++) end++;
    if (literals < next) at = writeLiteral(bytes, literals, next, into, at);
    at = writeCopy(next - candidate, end - next, into, at);
    literals = next = end;
    misses = 32;
  }
  return literals < to ? writeLiteral(bytes, literals, to, into, at) : at;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

function writeLiteral(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  const length = to - from - 1;
  if (length < 60) into[at++] = length << 2;
  else if (length < 256) {
    into[at++] = 60 << 2;
    into[at++] = length;
  } else {
    into[at++] = 61 << 2;
    into[at++] = length & 255;
    into[at++] = length >>> 8;
  }
  if (to - from > 32) {
    into.set(bytes.subarray(from, to), at);
    return at + to - from;
  }
  for (let n = from; n < to; n++) into[at++] = bytes[n]!;
  return at;
}

/** Copies of 1 to 64 bytes from at most 64 KiB before. */
function writeCopy(distance: number, length: number, into: Uint8Array, at: number): number {
  let left = length;
  while (left > 0) {
    // Not less than four bytes may be left for the last one.
    const now = left > 64 ? (left < 68 ? 60 : 64) : left;
    if (now < 12 && now >= 4 && distance < 2048) {
      into[at++] = 1 | ((now - 4) << 2) | ((distance >>> 8) << 5);
      into[at++] = distance & 255;
    } else {
      into[at++] = 2 | ((now - 1) << 2);
      into[at++] = distance & 255;
      into[at++] = distance >>> 8;
    }
    left -= now;
  }
  return at;
}
