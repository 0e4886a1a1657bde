import { readZstd } from './compression/readZstd.js';
import type { ColumnType, NumericValues } from './columns.js';
import { chunkField, elementField, type ColumnChunk, type TopLevelField } from './parquetFooter.js';
import { readCodes } from './readCodes.js';
import { readThriftStructAt, type ThriftStruct } from './thriftCompact.js';

/*
 * Pages of the kinds that `encodeParquet` writes, read without detours and copies: plain numbers, numbers sorted by byte, and dictionaries of numbers and text,
 * stored or in our own Zstandard frames. Whatever is of another kind, or is not what it says, is left to the codec's reader, which also judges damage.
 */

/** Where the values of a column go. */
export type DirectValues = Float64Array | Float32Array | Int32Array | string[];

const physical: Readonly<Record<number, ColumnType>> = { 1: 'int32', 4: 'float32', 5: 'float64', 6: 'string' };
const codecs = { none: 0, zstd: 6 } as const;
const utf8 = 0;

/** The type of a flat column that lacks no value and says nothing more of its numbers; undefined for any other. */
export function directType(field: TopLevelField | undefined): ColumnType | undefined {
  if (field?.elements.length !== 1) return undefined;
  const [element] = field.elements as [ThriftStruct];
  const type = physical[element.get(1)?.value as number];
  if (!type || element.get(elementField.repetition)?.value !== 0) return undefined;
  const converted = element.get(6)?.value;
  if (type === 'string') return converted === utf8 ? type : undefined;
  return converted === undefined && !element.has(10) ? type : undefined;
}

/** Whether the pages are packed in a way that may be read here. */
export function isDirect(chunk: ColumnChunk): boolean {
  const codec = codecOf(chunk);
  return codec === codecs.none || codec === codecs.zstd;
}

function codecOf({ struct }: ColumnChunk): unknown {
  return (struct.get(chunkField.metaData)!.value as ThriftStruct).get(4)?.value;
}

const pageType = { data: 0, dictionary: 2 } as const;
const encodings = { plain: 0, plainDictionary: 2, dictionary: 8, byteStreamSplit: 9 } as const;

/** A damaged header must not ask for all the memory. */
const largestPage = 1 << 28;

/** Place of a page between decompression and the values, kept from call to call. */
let content = new Uint8Array(1 << 17);

/**
 * Reads `rows` values from the pages of `chunk`, which begin at `from` of `bytes`, to `into`, from row `first` on. False where a page is of another
 * kind, or is not what it says: then nobody may believe `into`.
 */
export function readDirectly(bytes: Uint8Array, from: number, chunk: ColumnChunk, into: DirectValues, first: number, rows: number): boolean {
  const compressed = codecOf(chunk) === codecs.zstd;
  const to = from + chunk.end - chunk.start;
  let dictionary: NumericValues | string[] | undefined;
  let row = 0;
  for (let at = from; at < to;) {
    const page = readHeader(bytes, at, to);
    if (!page || page.values < 0 || !takeContent(bytes, page, compressed)) return false;
    if (page.type === pageType.dictionary) {
      dictionary = page.encoding === encodings.plain || page.encoding === encodings.plainDictionary ? readWords(page, into) : undefined;
      if (!dictionary) return false;
    } else {
      if (page.type !== pageType.data || row + page.values > rows || !readValues(page, dictionary, into, first + row)) return false;
      row += page.values;
    }
    at = page.end;
  }
  return row === rows;
}

/** The decompressed bytes of a page to `content`. */
function takeContent(bytes: Uint8Array, { start, end, size }: PageHeader, compressed: boolean): boolean {
  if (size < 0 || size > largestPage) return false;
  if (content.length < size) content = new Uint8Array(size);
  if (compressed) return readZstd(bytes, start, end, content, size);
  if (end - start !== size) return false;
  content.set(bytes.subarray(start, end));
  return true;
}

function readValues({ encoding, values, size }: PageHeader, dictionary: NumericValues | string[] | undefined, into: DirectValues, row: number): boolean {
  if (encoding === encodings.dictionary || encoding === encodings.plainDictionary) {
    return dictionary !== undefined && readCodes(content, size, values, (at, count, code) => put(into, row + at, count, dictionary[code]));
  }
  if (Array.isArray(into) || size !== values * into.BYTES_PER_ELEMENT) return false;
  if (encoding === encodings.plain) new Uint8Array(into.buffer, into.byteOffset + into.BYTES_PER_ELEMENT * row, size).set(content.subarray(0, size));
  else if (encoding === encodings.byteStreamSplit) joinBytes(values, into, row);
  else return false;
  return true;
}

/** False where the dictionary has no such word. */
function put(into: DirectValues, row: number, count: number, word: number | string | undefined): boolean {
  if (word === undefined) return false;
  (into as (number | string)[]).fill(word, row, row + count);
  return true;
}

/** The words of a dictionary, of the kind of `into`. */
function readWords({ values, size }: PageHeader, into: DirectValues): NumericValues | string[] | undefined {
  if (Array.isArray(into)) return readTexts(values, size);
  if (size !== values * into.BYTES_PER_ELEMENT) return undefined;
  const { buffer } = content.slice(0, size);
  return into instanceof Float64Array ? new Float64Array(buffer) : into instanceof Float32Array ? new Float32Array(buffer) : new Int32Array(buffer);
}

function readTexts(values: number, size: number): string[] | undefined {
  const view = new DataView(content.buffer, 0, size);
  const decoder = new TextDecoder();
  const words: string[] = [];
  let at = 0;
  while (words.length < values) {
    if (at + 4 > size) return undefined;
    const end = at + 4 + view.getUint32(at, true);
    if (end > size) return undefined;
    words.push(decoder.decode(content.subarray(at + 4, end)));
    at = end;
  }
  return at === size ? words : undefined;
}

/** The first bytes of all values stand first, then their second ones, and so on. */
function joinBytes(values: number, into: Float64Array | Float32Array | Int32Array, row: number): void {
  const width = into.BYTES_PER_ELEMENT / 4;
  const words = new Int32Array(into.buffer, into.byteOffset, into.byteLength >> 2);
  for (let part = 0; part < width; part++) {
    let at = 4 * part * values;
    for (let n = 0, to = row * width + part; n < values; n++, at++, to += width) {
      words[to] = content[at]! | (content[at + values]! << 8) | (content[at + 2 * values]! << 16) | (content[at + 3 * values]! << 24);
    }
  }
}

interface PageHeader {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  /** Bytes without compression. */
  readonly size: number;
  readonly values: number;
  readonly encoding: number;
}

/** A page's header; the struct ends where its content begins. */
function readHeader(bytes: Uint8Array, at: number, to: number): PageHeader | undefined {
  try {
    const { struct, end: start } = readThriftStructAt(bytes.subarray(at, Math.min(to, at + 4096)), 0);
    const whole = (id: number, inside = struct): number => inside.get(id)?.value as number;
    const kind = struct.get(5) ?? struct.get(7);
    const data = kind?.value as ThriftStruct | undefined;
    const end = at + start + whole(3);
    if (!data || !(end <= to)) return undefined;
    return { type: whole(1), start: at + start, end, size: whole(2), values: whole(1, data), encoding: whole(2, data) };
  } catch {
    return undefined;
  }
}
