import { readHuffmanTable, type HuffmanTable } from './readHuffman.js';

/*
 * Reads Zstandard frames (RFC 8878) of what `writeZstd` writes: stored bytes, runs, and Huffman-coded bytes without matches.
 * The decoder proper is the Parquet codec's; this one reads without copies what our own files hold.
 */

const table: HuffmanTable = { entries: new Uint16Array(1 << 11), depth: 0 };

/**
 * Decompresses the frame at `from` .. `to` into the first `length` bytes of `into`. False where the frame has matches, is of
 * another length, or is damaged: `into` then holds anything, and another decoder must judge.
 */
export function readZstd(bytes: Uint8Array, from: number, to: number, into: Uint8Array, length: number): boolean {
  let at = contentStart(bytes, from, to);
  if (at < 0) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let written = 0;
  for (let last = false; !last;) {
    if (at + 3 > to) return false;
    const head = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16);
    at += 3;
    last = (head & 1) === 1;
    const type = (head >> 1) & 3;
    const size = head >> 3;
    if (at + (type === 1 ? 1 : size) > to) return false;
    if (type === 0 || type === 1) {
      if (written + size > length) return false;
      if (type === 0) into.set(bytes.subarray(at, at + size), written);
      else into.fill(bytes[at]!, written, written + size);
      written += size;
      at += type === 0 ? size : 1;
    } else {
      if (type === 3) return false;
      const end = readLiterals(bytes, view, at, at + size, into, written, length);
      if (end < 0) return false;
      written = end;
      at += size;
    }
  }
  return written === length && at === to;
}

/** Where the blocks begin; -1 for frames with a dictionary or a checksum. */
function contentStart(bytes: Uint8Array, from: number, to: number): number {
  if (to - from < 6 || bytes[from] !== 0x28 || bytes[from + 1] !== 0xb5 || bytes[from + 2] !== 0x2f || bytes[from + 3] !== 0xfd) return -1;
  const descriptor = bytes[from + 4]!;
  if ((descriptor & 0b0001_1111) !== 0) return -1;
  const single = (descriptor & 0x20) !== 0;
  return from + 5 + (single ? 0 : 1) + [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
}

/** A compressed block that has literals and no sequences; returns the new end of what is written, -1 for any other. */
function readLiterals(bytes: Uint8Array, view: DataView, from: number, to: number, into: Uint8Array, written: number, length: number): number {
  // The last byte says how many sequences there are.
  if (to - from < 4 || bytes[to - 1] !== 0) return -1;
  const head = bytes[from]!;
  const format = (head >> 2) & 3;
  if ((head & 3) !== 2) return -1;
  const low = bytes[from]! | (bytes[from + 1]! << 8) | (bytes[from + 2]! << 16);
  const headerSize = format < 2 ? 3 : format + 2;
  const bits = format < 2 ? 10 : format === 2 ? 14 : 18;
  // Up to 40 bits: too many for whole shifts.
  const word = low + bytes[from + 3]! * (headerSize > 3 ? 2 ** 24 : 0) + bytes[from + 4]! * (headerSize > 4 ? 2 ** 32 : 0);
  const size = Math.floor(word / 16) % 2 ** bits;
  const coded = Math.floor(word / 2 ** (4 + bits)) % 2 ** bits;
  if (from + headerSize + coded + 1 !== to || written + size > length) return -1;
  const streams = readHuffmanTable(bytes, from + headerSize, to - 1, table);
  if (streams < 0) return -1;
  if (format === 0) return readStream(bytes, view, streams, to - 1, into, written, written + size) ? written + size : -1;
  const part = (size + 3) >> 2;
  let at = streams + 6;
  for (let stream = 0; stream < 4; stream++) {
    const end = stream === 3 ? to - 1 : at + (bytes[streams + 2 * stream]! | (bytes[streams + 2 * stream + 1]! << 8));
    if (end > to - 1 || at >= end) return -1;
    if (!readStream(bytes, view, at, end, into, written + stream * part, written + Math.min((stream + 1) * part, size))) return -1;
    at = end;
  }
  return written + size;
}

/** One stream, read from its last bit to its first; true where it gives just as many bytes as it must. */
function readStream(bytes: Uint8Array, view: DataView, from: number, to: number, into: Uint8Array, start: number, stop: number): boolean {
  const last = bytes[to - 1]!;
  if (last === 0) return false;
  const { entries, depth } = table;
  const shift = 32 - depth;
  // Bits that are left: the highest one that is set ends the stream.
  let left = (to - from) * 8 - (Math.clz32(last) - 23);
  let at = start;
  // Two codes of at most 11 bits fit into the 25 that a word gives at least.
  for (; at + 1 < stop && left >= 32; at += 2) {
    const byte = (left - 25) >> 3;
    let word = view.getUint32(from + byte, true) << (32 - left + 8 * byte);
    const first = entries[word >>> shift]!;
    into[at] = first & 255;
    word <<= first >> 8;
    const second = entries[word >>> shift]!;
    into[at + 1] = second & 255;
    left -= (first >> 8) + (second >> 8);
  }
  for (; at < stop; at++) {
    let index = 0;
    for (let bit = left - 1; bit >= left - depth; bit--) index = (index << 1) | (bit < 0 ? 0 : (bytes[from + (bit >> 3)]! >> (bit & 7)) & 1);
    const entry = entries[index]!;
    into[at] = entry & 255;
    left -= entry >> 8;
    if (left < 0) return false;
  }
  return left === 0;
}
