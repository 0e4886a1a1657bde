import { kernelBlock, readRows } from './kernels/rowKernels.js';
import { parseDecimal, parsed } from './parseDecimal.js';

/** Where lines of plain numbers go: wanted column k, row r at `values[k * stride + r]`. */
export interface RowBlock {
  readonly values: Float64Array;
  readonly stride: number;
  /** Rows written so far, at most `stride`. */
  rows: number;
}

/** State of a run over lines of numbers; it may be fed any stretch of bytes that ends with a line end. */
export interface RowRun {
  readonly bytes: Uint8Array;
  /** Over the same bytes. */
  readonly view: DataView;
  /** Offset of the next line. */
  at: number;
  /** Lines passed. */
  line: number;
  readonly endings: { lf: number; crlf: number; cr: number };
}

// 10^q is a factor of 10^q or a divisor of 10^-q: one of the two steps is by 1, and the other is exactly rounded because
// digits and power are exact (Clinger 1990).
const factors = Float64Array.from({ length: 45 }, (_, at) => Number(`1e${Math.max(at - 22, 0)}`));
const divisors = Float64Array.from({ length: 45 }, (_, at) => Number(`1e${Math.max(22 - at, 0)}`));

/** Two numbers that touch are longer than this; one number in the layout of the files is not. */
const longestNumber = 14;

/** Lines in a row that the kernel cannot read before it is left alone. */
const mostStrange = 16;

/**
 * Parses lines of plain numbers from `run.at` to `limit`, where a line end stands, until the block is full. `wanted` has
 * one entry per column: 0 to pass over it unread. Returns false with `run` at the start of the first line that is
 * anything else: another count, another spelling, a word. Numbers are bit for bit those of `Number()`.
 */
export function parseRows(run: RowRun, limit: number, point: number, wanted: Uint8Array, block: RowBlock): boolean {
  const text = { from: 0, to: 0 };
  let strange = block.values.buffer === kernelBlock.buffer ? 0 : mostStrange;
  while (run.at < limit && block.rows < block.stride) {
    if (strange < mostStrange) {
      const { at, rows, lf, crlf } = readRows(run.bytes, run.at, limit, point, wanted, block.stride, block.rows, text);
      strange = rows > block.rows ? 0 : strange + 1;
      run.line += rows - block.rows;
      run.at = at;
      run.endings.lf += lf;
      run.endings.crlf += crlf;
      block.rows = rows;
      if (at >= text.to && at > text.from) continue;
    }
    if (!parseLines(run, limit, point, wanted, block, strange < mostStrange ? 1 : Infinity)) return false;
  }
  return true;
}

/** The same for at most so many lines, in any layout of plain numbers. */
function parseLines(run: RowRun, limit: number, point: number, wanted: Uint8Array, block: RowBlock, most: number): boolean {
  const { bytes, view, endings } = run;
  const { values, stride } = block;
  const width = wanted.length;
  // d.dd as one word: with the upper parts of the digits and the point taken off, four small bytes are left.
  const pointed = 0x30300030 | (point << 8);
  const safe = limit - 16;
  let at = run.at;
  for (let lines = 0; at < limit && block.rows < stride && lines < most; lines++) {
    let to = block.rows;
    let column = 0;
    let byte = bytes[at]!;
    for (;;) {
      while (byte === 32 || byte === 9) byte = bytes[++at]!;
      if (byte === 10 || byte === 13) break;
      if (column === width || byte < 32) return false;
      if (wanted[column++] === 0) {
        const end = tokenEnd(view, bytes, at, safe);
        if (end - at > longestNumber) {
          parseDecimal(bytes, at, limit, point);
          if (!parsed.ok) return false;
        }
        at = end;
        byte = bytes[at]!;
        continue;
      }
      // 1 for a minus; signs come at random, and arithmetic cannot be guessed wrong.
      const negative = ((byte ^ 45) - 1) >>> 31;
      const start = at + negative;
      // Nearly all numbers have the shape d.dddddde±dd or d.dddddde±ddd: d.dd, dddd and e±dd are three words.
      if (start <= safe) {
        const head = view.getUint32(start, true) ^ pointed;
        let tail = view.getUint32(start + 4, true) ^ 0x30303030;
        const power = view.getUint32(start + 8, true);
        const e0 = ((power >>> 16) & 255) ^ 48;
        const e1 = (power >>> 24) ^ 48;
        const sign = ((power >>> 8) & 255) - 43;
        // A byte above 9 (above 0 in place of the point) carries into its top bit.
        const bad = (((head + 0x76767f76) | head | (tail + 0x76767676) | tail) & 0x80808080) | ((power & 0xdf) ^ 69)
          | ((e0 | (e0 + 118) | e1 | (e1 + 118)) & 128) | (sign & ~2);
        let end = start + 12;
        let exponent = e0 * 10 + e1;
        let next = bytes[end]!;
        if (next >= 48 && next <= 57) {
          exponent = exponent * 10 + next - 48;
          next = bytes[++end]!;
        }
        exponent = (1 - sign) * exponent + 16;
        if (bad === 0 && next <= 32 && exponent >= 0 && exponent <= 44) {
          // Digits become pairs, pairs become four.
          tail = (Math.imul(tail, 10) + (tail >>> 8)) & 0x00ff00ff;
          tail = (Math.imul(tail, 100) + (tail >>> 16)) & 0xffff;
          const digits = (1 - 2 * negative) * (((head & 255) * 100 + ((head >>> 16) & 255) * 10 + (head >>> 24)) * 10_000 + tail);
          values[to] = (digits * factors[exponent]!) / divisors[exponent]!;
          to += stride;
          at = end;
          byte = next;
          continue;
        }
      }
      values[to] = parseDecimal(bytes, at, limit, point);
      if (!parsed.ok) return false;
      to += stride;
      at = parsed.end;
      byte = bytes[at]!;
    }
    if (column !== width && column !== 0) return false;
    if (byte === 10) {
      at++;
      endings.lf++;
    } else if (bytes[at + 1] === 10) {
      at += 2;
      endings.crlf++;
    } else {
      at++;
      endings.cr++;
    }
    if (column === width) block.rows++;
    run.line++;
    run.at = at;
  }
  return true;
}

/** The first byte at or behind `start` that is blank or below; twelve, then four at a time. */
function tokenEnd(view: DataView, bytes: Uint8Array, start: number, safe: number): number {
  let at = start;
  if (at <= safe) {
    const a = view.getUint32(at, true);
    const b = view.getUint32(at + 4, true);
    const c = view.getUint32(at + 8, true);
    const blank = (((a - 0x21212121) & ~a) | ((b - 0x21212121) & ~b) | ((c - 0x21212121) & ~c)) & 0x80808080;
    if (blank === 0) {
      at += 12;
      if (bytes[at]! <= 32) return at;
      if (bytes[at + 1]! <= 32) return at + 1;
      if (bytes[at + 2]! <= 32) return at + 2;
    }
  }
  while (at <= safe) {
    const word = view.getUint32(at, true);
    const blank = (word - 0x21212121) & ~word & 0x80808080;
    if (blank !== 0) return at + ((31 - Math.clz32(blank & -blank)) >> 3);
    at += 4;
  }
  while (bytes[at]! > 32) at++;
  return at;
}
