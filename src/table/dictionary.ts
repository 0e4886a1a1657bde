import type { ColumnValues } from './table.js';
import { byteOutput, putByte, putBytes, putVarint, reserve, written, type ByteOutput } from './thriftOutput.js';

/** A column as the words that occur in it, in order of appearance, and their numbers. */
export interface CodedColumn {
  readonly size: number;
  /** The words, plainly encoded. */
  readonly dictionary: Uint8Array;
  /** Width of the numbers, then the numbers themselves, as runs and packed bits. */
  readonly codes: Uint8Array;
  /** The words of a text column as bytes. */
  readonly texts: readonly Uint8Array[];
}

/** Text always; integers where the numbers are much shorter than the values, that is, for few of them; undefined otherwise. */
export function dictionaryOf(values: ColumnValues): CodedColumn | undefined {
  if (values instanceof Int32Array) return integerDictionary(values);
  return ArrayBuffer.isView(values) ? undefined : textDictionary(values);
}

/** A column of one number, to the bit; undefined for any other. */
export function constantOf(values: Float64Array | Float32Array): CodedColumn | undefined {
  if (values.length < 2) return undefined;
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const width = values.BYTES_PER_ELEMENT;
  // Each is the one before it; most columns differ at once.
  if (Buffer.compare(bytes.subarray(width, 2 * width), bytes.subarray(0, width)) !== 0) return undefined;
  if (Buffer.compare(bytes.subarray(width), bytes.subarray(0, bytes.length - width)) !== 0) return undefined;
  const dictionary = bytes.subarray(0, width);
  const out = byteOutput(8);
  putByte(out, 1);
  putVarint(out, values.length * 2);
  putByte(out, 0);
  return { size: 1, dictionary, codes: written(out), texts: [] };
}

const mostIntegers = 256;

function integerDictionary(values: Int32Array): CodedColumn | undefined {
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(values.length);
  for (let row = 0; row < values.length;) {
    const end = runEnd(values, row);
    let code = codeOf.get(values[row]!);
    if (code === undefined) {
      if (codeOf.size === mostIntegers) return undefined;
      codeOf.set(values[row]!, (code = codeOf.size));
    }
    codes.fill(code, row, end);
    row = end;
  }
  if (codeOf.size * 4 > values.length) return undefined;
  const words = Int32Array.from(codeOf.keys());
  return { size: words.length, dictionary: new Uint8Array(words.buffer), codes: packed(codes, words.length), texts: [] };
}

/** The row behind those from `row` on that hold the same. */
function runEnd(values: Int32Array, row: number): number {
  const value = values[row];
  while (row < values.length && values[row] === value) row++;
  return row;
}

function textDictionary(values: readonly string[]): CodedColumn {
  const codes = new Int32Array(values.length);
  const codeOf = new Map<string, number>();
  let last: string | undefined;
  let lastCode = 0;
  for (let row = 0; row < values.length; row++) {
    const text = values[row]!;
    if (text !== last) {
      const known = codeOf.get(text);
      if (known === undefined) codeOf.set(text, (lastCode = codeOf.size));
      else lastCode = known;
      last = text;
    }
    codes[row] = lastCode;
  }
  const encoder = new TextEncoder();
  const texts = Array.from(codeOf.keys(), (text) => encoder.encode(text));
  const out = byteOutput(1024);
  for (const text of texts) {
    const { length } = text;
    reserve(out, 4);
    new DataView(out.bytes.buffer).setUint32(out.at, length, true);
    out.at += 4;
    putBytes(out, text);
  }
  return { size: texts.length, dictionary: written(out), codes: packed(codes, texts.length), texts };
}

/** Runs of eight and more equal codes as such; the others packed in groups of eight. */
function packed(codes: Int32Array, size: number): Uint8Array {
  const width = Math.max(1, 32 - Math.clz32(Math.max(0, size - 1)));
  const out = byteOutput(64 + Math.ceil((codes.length * width) / 8));
  putByte(out, width);
  let waiting = 0;
  let row = 0;
  while (row < codes.length) {
    const end = runEnd(codes, row);
    // What waits is filled up to whole groups first.
    const missing = (8 - ((row - waiting) & 7)) & 7;
    if (end - row - missing >= 8) {
      row += missing;
      packGroups(codes, waiting, row, width, out);
      putVarint(out, (end - row) * 2);
      for (let bits = 0; bits < width; bits += 8) putByte(out, (codes[row]! >>> bits) & 255);
      waiting = end;
    }
    row = end;
  }
  packGroups(codes, waiting, codes.length, width, out);
  return written(out);
}

function packGroups(codes: Int32Array, from: number, to: number, width: number, out: ByteOutput): void {
  if (from === to) return;
  const groups = Math.ceil((to - from) / 8);
  putVarint(out, groups * 2 + 1);
  reserve(out, groups * width);
  let bits = 0;
  let count = 0;
  for (let row = from; row < from + groups * 8; row++) {
    let code = row < to ? codes[row]! : 0;
    for (let left = width; left > 0;) {
      const now = Math.min(left, 8 - count);
      bits |= (code & ((1 << now) - 1)) << count;
      code >>>= now;
      left -= now;
      count += now;
      if (count < 8) continue;
      out.bytes[out.at++] = bits;
      bits = 0;
      count = 0;
    }
  }
}
