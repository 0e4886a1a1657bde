import { parseDecimal, parsed, scaleExactly } from './parseDecimal.js';
import { growRows, type RowBuffer } from './rowBuffer.js';

/** State of a run over lines of numbers; it may be fed any stretch of bytes that ends with a line end. */
export interface RowRun {
  /** Offset of the next line. */
  at: number;
  /** Lines passed. */
  line: number;
  readonly endings: { lf: number; crlf: number; cr: number };
}

/**
 * Parses lines of plain numbers into `buffer` from `run.at` to `limit`, where the last line end stands. Returns false
 * with `run` at the start of the first line that is anything else: another count, another spelling, a word.
 */
export function parseRows(bytes: Uint8Array, limit: number, point: number, buffer: RowBuffer, run: RowRun): boolean {
  const { columns } = buffer;
  const width = columns.length;
  const endings = run.endings;
  let at = run.at;
  while (at < limit) {
    if (buffer.rows === buffer.capacity) growRows(buffer);
    const row = buffer.rows;
    let column = 0;
    let byte = bytes[at]!;
    for (;;) {
      while (byte === 32 || byte === 9) byte = bytes[++at]!;
      if (byte === 10 || byte === 13) break;
      if (column === width) return false;
      const target = columns[column++];
      if (target === undefined) {
        while (byte > 32) byte = bytes[++at]!;
        continue;
      }
      const start = at;
      const first = byte === 45 ? at + 1 : at;
      // Most numbers have the shape d.dddddde±dd or d.dddddde±ddd.
      if (bytes[first + 1] === point && (bytes[first + 8]! | 32) === 101 && first + 14 < limit) {
        const d0 = bytes[first]! - 48;
        const d1 = bytes[first + 2]! - 48;
        const d2 = bytes[first + 3]! - 48;
        const d3 = bytes[first + 4]! - 48;
        const d4 = bytes[first + 5]! - 48;
        const d5 = bytes[first + 6]! - 48;
        const d6 = bytes[first + 7]! - 48;
        const sign = bytes[first + 9]!;
        const e0 = bytes[first + 10]! - 48;
        const e1 = bytes[first + 11]! - 48;
        let power = e0 * 10 + e1;
        let next = bytes[first + 12]!;
        let end = first + 12;
        let e2 = 0;
        if (next > 32) {
          e2 = next - 48;
          power = power * 10 + e2;
          next = bytes[first + 13]!;
          end++;
        }
        // A negative number in the chain is a byte that is no digit.
        const digits = d0 | d1 | d2 | d3 | d4 | d5 | d6 | e0 | e1 | e2
          | (9 - d0) | (9 - d1) | (9 - d2) | (9 - d3) | (9 - d4) | (9 - d5) | (9 - d6) | (9 - e0) | (9 - e1) | (9 - e2);
        if (digits >= 0 && next <= 32 && (sign === 43 || sign === 45)) {
          const exponent = (sign === 45 ? -power : power) - 6;
          if (exponent >= -22 && exponent <= 22) {
            const mantissa = d0 * 1e6 + d1 * 1e5 + d2 * 1e4 + d3 * 1e3 + d4 * 100 + d5 * 10 + d6;
            const value = scaleExactly(mantissa, exponent);
            target[row] = first === start ? value : -value;
            at = end;
            byte = next;
            continue;
          }
        }
      }
      const value = parseDecimal(bytes, start, limit, point);
      if (!parsed.ok) return false;
      target[row] = value;
      at = parsed.end;
      byte = bytes[at]!;
      if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) return false;
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
    if (column === width) buffer.rows++;
    run.line++;
    run.at = at;
  }
  return true;
}
