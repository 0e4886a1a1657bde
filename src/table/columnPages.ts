import { snappyBound, writeSnappy } from './compression/snappy.js';
import { splitPage } from './compression/pageKernels.js';
import { writeZstd, zstdBound } from './compression/zstd.js';
import { putBytes, putI32, beginStruct, endStruct, reserve, type ByteOutput } from './thriftOutput.js';
import { constantOf, dictionaryOf, type CodedColumn } from './dictionary.js';
import { floatLimits, floatRange, integerRange, textRange, type Range } from './columnRange.js';
import type { ColumnValues } from './table.js';

export type Compression = 'zstd' | 'snappy' | 'none';

/** Numbers of the Parquet format. */
const encoding = { plain: 0, rle: 3, dictionary: 8, byteStreamSplit: 9 } as const;
const pageType = { data: 0, dictionary: 2 } as const;

/** What the footer says of the pages of one column in one row group. Places count from the first byte that was written. */
export interface WrittenChunk {
  readonly encodings: readonly number[];
  readonly values: number;
  readonly uncompressed: number;
  readonly compressed: number;
  readonly dictionaryPage: number | undefined;
  readonly dataPage: number;
  readonly range: Range | undefined;
}

/** Bytes of one page of numbers, before compression. */
const pageBytes = 1 << 20;

/** Writes the pages of one column: text, integers of few values and constants with a dictionary, other floats sorted by byte where they are compressed. */
export function writePages(values: ColumnValues, compression: Compression, out: ByteOutput): WrittenChunk {
  if (values instanceof Float64Array || values instanceof Float32Array) return writeFloats(values, compression, out);
  const coded = dictionaryOf(values);
  if (coded) return writeCoded(values, coded, compression, out);
  return writeIntegers(values as Int32Array, compression, out);
}

function writeFloats(values: Float64Array | Float32Array, compression: Compression, out: ByteOutput): WrittenChunk {
  const coded = constantOf(values);
  if (coded) return { ...writeCoded(values, coded, compression, out), range: floatRange(values.subarray(0, 1)) };
  const width = values.BYTES_PER_ELEMENT;
  if (compression === 'none') {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    const chunk = writeDataPages(values.length, width, encoding.plain, compression, out, (from, to) => ({ bytes: bytes.subarray(from * width, to * width), plane: Infinity, varying: -1 }));
    return { ...chunk, encodings: [encoding.plain, encoding.rle], range: floatRange(values) };
  }
  let min = Infinity;
  let max = -Infinity;
  const chunk = writeDataPages(values.length, width, encoding.byteStreamSplit, compression, out, (from, to) => {
    const page = splitPage(values.subarray(from, to));
    min = Math.min(min, page.min);
    max = Math.max(max, page.max);
    return { bytes: page.bytes, plane: to - from, varying: page.varying };
  });
  return { ...chunk, encodings: [encoding.byteStreamSplit, encoding.rle], range: floatLimits(values, min, max) };
}

function writeIntegers(values: Int32Array, compression: Compression, out: ByteOutput): WrittenChunk {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const chunk = writeDataPages(values.length, 4, encoding.plain, compression, out, (from, to) => ({ bytes: bytes.subarray(from * 4, to * 4), plane: Infinity, varying: -1 }));
  return { ...chunk, encodings: [encoding.plain, encoding.rle], range: integerRange(values) };
}

/** Bytes of one page. Every `plane` of them are of one kind, with a bit in `varying`, 0 where all its bytes are the same. */
interface PageBytes {
  readonly bytes: Uint8Array;
  readonly plane: number;
  readonly varying: number;
}

type Pages = Omit<WrittenChunk, 'encodings' | 'range'>;

function writeDataPages(
  rows: number, width: number, how: number, compression: Compression, out: ByteOutput,
  page: (from: number, to: number) => PageBytes,
): Pages {
  const dataPage = out.at;
  const most = Math.floor(pageBytes / width);
  let uncompressed = 0;
  for (let from = 0; from < rows; from += most) {
    const to = Math.min(from + most, rows);
    uncompressed += writePage(page(from, to), compression, out, { type: pageType.data, values: to - from, encoding: how });
  }
  return { values: rows, uncompressed, compressed: out.at - dataPage, dictionaryPage: undefined, dataPage };
}

function writeCoded(values: ColumnValues, coded: CodedColumn, compression: Compression, out: ByteOutput): WrittenChunk {
  const dictionaryPage = out.at;
  let uncompressed = writePage({ bytes: coded.dictionary, plane: Infinity, varying: -1 }, compression, out, { type: pageType.dictionary, values: coded.size, encoding: encoding.plain });
  const dataPage = out.at;
  uncompressed += writePage({ bytes: coded.codes, plane: Infinity, varying: -1 }, compression, out, { type: pageType.data, values: values.length, encoding: encoding.dictionary });
  return {
    encodings: [encoding.plain, encoding.rle, encoding.dictionary], values: values.length, uncompressed, compressed: out.at - dictionaryPage,
    dictionaryPage, dataPage, range: values instanceof Int32Array ? integerRange(new Int32Array(coded.dictionary.buffer, coded.dictionary.byteOffset, coded.size)) : textRange(coded.texts),
  };
}

interface PageFacts {
  readonly type: number;
  readonly values: number;
  readonly encoding: number;
}

const longestHeader = 64;

/** Writes header and content; returns how many bytes both would take uncompressed. */
function writePage({ bytes, plane, varying }: PageBytes, compression: Compression, out: ByteOutput, facts: PageFacts): number {
  const start = out.at;
  // The header tells the size of the content: the content is written behind the longest header, then moved to its end.
  const content = start + longestHeader;
  const bound = compression === 'zstd' ? zstdBound(bytes.length) : compression === 'snappy' ? snappyBound(bytes.length) : bytes.length;
  reserve(out, longestHeader + bound);
  let size: number;
  if (compression === 'none') {
    writePageHeader(out, facts, bytes.length, bytes.length);
    putBytes(out, bytes);
    return out.at - start;
  }
  if (compression === 'zstd') size = writeZstd(bytes, 0, bytes.length, Math.min(plane, bytes.length) || 1, varying, out.bytes, content) - content;
  else size = writeSnappy(bytes, 0, bytes.length, out.bytes, content) - content;
  writePageHeader(out, facts, bytes.length, size);
  const header = out.at - start;
  out.bytes.copyWithin(out.at, content, content + size);
  out.at += size;
  return header + bytes.length;
}

function writePageHeader(out: ByteOutput, { type, values, encoding: how }: PageFacts, uncompressed: number, compressed: number): void {
  out.field = 0;
  putI32(out, 1, type);
  putI32(out, 2, uncompressed);
  putI32(out, 3, compressed);
  const data = type === pageType.data;
  const outer = beginStruct(out, data ? 5 : 7);
  putI32(out, 1, values);
  putI32(out, 2, how);
  if (data) {
    // Levels are told to be run-length coded; there are none, since no value is missing.
    putI32(out, 3, encoding.rle);
    putI32(out, 4, encoding.rle);
  }
  endStruct(out, outer);
  endStruct(out, 0);
}
