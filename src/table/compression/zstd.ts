import { countBytes, counts, endOfRun, makeCode, writeStream, writeWeights } from './pageKernels.js';

/*
 * A Zstandard frame (RFC 8878) of runs and Huffman-coded bytes, without matches: what numbers whose bytes are sorted by
 * place (BYTE_STREAM_SPLIT) have to give is found that way, several times faster than by looking for matches.
 */

/** Room that a frame of this many bytes may take. */
export function zstdBound(length: number): number {
  return length + 64 + 12 * (Math.ceil(length / shortestRun) + 1);
}

/** Runs of one byte that are worth a block of their own (4 bytes, and a new table behind it). */
const shortestRun = 96;
const probeEvery = 48;
const largestBlock = 1 << 17;
/** A table of codes costs some twenty bytes, and the time of a few hundred. */
const worthCoding = 200;

/**
 * Writes `bytes` from `from` to `to` as one frame at `at`; returns the end. Every `plane` bytes begin a new block, because
 * what follows is of another kind; `varying` has a bit for each of them, 0 where all its bytes are the same. `into` must have room
 * for `zstdBound`.
 */
export function writeZstd(bytes: Uint8Array, from: number, to: number, plane: number, varying: number, into: Uint8Array, at: number): number {
  const length = to - from;
  // Magic number, then: single segment, content size of four bytes, no checksum.
  into[at] = 0x28;
  into[at + 1] = 0xb5;
  into[at + 2] = 0x2f;
  into[at + 3] = 0xfd;
  into[at + 4] = 0xa0;
  into[at + 5] = length & 255;
  into[at + 6] = (length >>> 8) & 255;
  into[at + 7] = (length >>> 16) & 255;
  into[at + 8] = length >>> 24;
  at += 9;
  // A window of the content's size is also the limit of its blocks.
  const most = Math.min(largestBlock, length);
  let header = at;
  for (let start = from, place = 0; start < to; start += plane, place++) {
    const stop = Math.min(start + plane, to);
    if (((varying >> Math.min(place, 31)) & 1) === 0) {
      for (let run = start; run < stop; run += most) at = writeRun(bytes[start]!, Math.min(stop - run, most), into, (header = at));
      continue;
    }
    let literals = start;
    for (let probe = start; probe < stop;) {
      const byte = bytes[probe]!;
      // A long run covers every so many bytes: only there it is looked for.
      if (bytes[probe + 1] !== byte && probe + 1 < stop) {
        probe += probeEvery;
        continue;
      }
      let run = probe;
      while (run > literals && bytes[run - 1] === byte) run--;
      const end = endOfRun(bytes, byte, probe + 1, stop);
      if (end - run >= shortestRun || (run === literals && end === stop)) {
        for (; literals < run; literals += most) at = writeLiterals(bytes, literals, Math.min(run, literals + most), into, (header = at));
        for (; run < end; run += most) at = writeRun(byte, Math.min(end - run, most), into, (header = at));
        literals = end;
      }
      probe = Math.max(end, probe + probeEvery);
    }
    for (; literals < stop; literals += most) at = writeLiterals(bytes, literals, Math.min(stop, literals + most), into, (header = at));
  }
  if (length === 0) at = writeHeader(0, 0, into, (header = at));
  into[header]! |= 1;
  return at;
}

function writeHeader(type: number, size: number, into: Uint8Array, at: number): number {
  const word = (type << 1) | (size << 3);
  into[at] = word & 255;
  into[at + 1] = (word >>> 8) & 255;
  into[at + 2] = word >>> 16;
  return at + 3;
}

function writeRun(byte: number, length: number, into: Uint8Array, at: number): number {
  into[at + 3] = byte;
  return writeHeader(1, length, into, at) + 1;
}

function writeLiterals(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  const end = to - from >= worthCoding ? writeCoded(bytes, from, to, into, at) : -1;
  if (end >= 0) return end;
  into.set(bytes.subarray(from, to), at + 3);
  return writeHeader(0, to - from, into, at) + to - from;
}

/** A compressed block of literals and no sequences; -1 where it would save nothing. */
function writeCoded(bytes: Uint8Array, from: number, to: number, into: Uint8Array, at: number): number {
  const length = to - from;
  if (looksRandom(bytes, from, to)) return -1;
  countBytes(bytes, from, to);
  // A code needs two symbols; runs of this length are hardly worth a block of their own.
  if (counts[bytes[from]!] === length) return -1;
  // Before a code is made: to save less than an eighth is not worth its time.
  if (entropyBits(length) > 7 * length) return -1;
  const size = makeCode() / 8;
  if (size + 24 > 0.98 * length) return -1;
  const single = length < 256;
  const headerSize = single ? 3 : length < 16_384 ? 4 : 5;
  const start = at + 3 + headerSize;
  const tableEnd = writeWeights(into, start);
  if (tableEnd < 0) return -1;
  let end: number;
  if (single) end = writeStream(bytes, from, to, into, tableEnd);
  else {
    const part = (length + 3) >> 2;
    end = tableEnd + 6;
    for (let stream = 0; stream < 4; stream++) {
      const begin = end;
      end = writeStream(bytes, from + stream * part, Math.min(from + (stream + 1) * part, to), into, begin);
      if (stream === 3) break;
      into[tableEnd + 2 * stream] = (end - begin) & 255;
      into[tableEnd + 2 * stream + 1] = (end - begin) >>> 8;
    }
  }
  const coded = end - start;
  if (coded + headerSize + 1 >= length) return -1;
  writeLiteralsHeader(length, coded, headerSize, into, at + 3);
  into[end++] = 0; // no sequences
  writeHeader(2, end - at - 3, into, at);
  return end;
}

const seen = new Uint32Array(256);
let round = 0;

/** Whether the first 256 bytes hold as many different ones as noise does (162 at a mean): most blocks are noise, and need no more than this look. */
function looksRandom(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < 512) return false;
  round++;
  let different = 0;
  for (let n = from; n < from + 256; n++) {
    const byte = bytes[n]!;
    if (seen[byte] === round) continue;
    seen[byte] = round;
    different++;
  }
  return different >= 144;
}

/** Fewer bits than any code takes (Shannon). */
function entropyBits(length: number): number {
  let bits = 0;
  const whole = length < logs.length ? logs[length]! : Math.log2(length);
  for (let symbol = 0; symbol < 256; symbol++) {
    const count = counts[symbol]!;
    if (count > 1) bits += count * (whole - (count < logs.length ? logs[count]! : Math.log2(count)));
    else if (count === 1) bits += whole;
  }
  return bits;
}

const logs = Float64Array.from({ length: 8192 }, (_, count) => Math.log2(count));

/** Kind 2 (with a table of its own), number of streams, both sizes. */
function writeLiteralsHeader(length: number, coded: number, headerSize: number, into: Uint8Array, at: number): void {
  const bits = [10, 14, 18][headerSize - 3]!;
  const format = headerSize === 3 ? 0 : headerSize - 2;
  let word = 2 + 4 * format + 16 * length + coded * 2 ** (4 + bits);
  for (let n = 0; n < headerSize; n++) {
    into[at + n] = word % 256;
    word = Math.floor(word / 256);
  }
}
