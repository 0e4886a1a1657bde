import { PenstockError } from '../errors/index.js';
import { readZstd } from './compression/readZstd.js';
import { numbers } from './columns.js';
import { chunkField, elementField, readFooterFrom, type ByteSource, type ColumnChunk, type ParquetFooter, type RowGroup, type TopLevelField } from './parquetFooter.js';
import { decodeParquetFrom } from './readers.js';
import { readThriftStructAt, type ThriftStruct } from './thriftCompact.js';

/** Reads the same columns of one row group after the other. */
export interface FloatReader {
  readonly rowGroups: readonly { readonly rows: number }[];
  /** The columns of a row group as float32. The arrays are used again by the next call: take what is needed before. */
  read(group: number): Promise<readonly Float32Array[]>;
}

/**
 * Opens columns of numbers for reading row group by row group. Plain float32 columns, stored or in the Zstandard frames that
 * `encodeParquet` writes, are read without detours and copies; all others as `decodeParquetFrom` reads them.
 *
 * Errors: as `decodeParquetFrom`.
 */
export async function openFloats(source: ByteSource, columns: readonly string[]): Promise<FloatReader> {
  const footer = await readFooterFrom(source);
  const fields = columns.map((name) => footer.fields.find((field) => field.name === name));
  const kept = columns.map(() => new Float32Array(0));
  return {
    rowGroups: footer.rowGroups,
    async read(group) {
      const rowGroup = groupOf(footer, group);
      for (const [at, column] of kept.entries()) if (column.length !== rowGroup.rows) kept[at] = new Float32Array(rowGroup.rows);
      const left = await readDirectly(source, fields, rowGroup, kept);
      if (left.length === 0) return kept;
      const table = await decodeParquetFrom(source, { columns: left.map((at) => columns[at]!), rowGroups: [group] });
      for (const at of left) kept[at]!.set(numbers(table, columns[at]!));
      return kept;
    },
  };
}

function groupOf(footer: ParquetFooter, index: number): RowGroup {
  const group = footer.rowGroups[index];
  if (!group) throw new PenstockError('table/invalid', `row group ${index} is not there; the file has ${footer.rowGroups.length}`);
  return group;
}

/** Reads what it can, run of neighbouring columns by run; returns the places of the columns that it cannot. */
async function readDirectly(source: ByteSource, fields: readonly (TopLevelField | undefined)[], group: RowGroup, into: readonly Float32Array[]): Promise<number[]> {
  const left: number[] = [];
  for (let at = 0; at < fields.length;) {
    const first = chunkOf(fields[at], group);
    if (!first) {
      left.push(at++);
      continue;
    }
    let end = first.end;
    let next = at + 1;
    for (let chunk; next < fields.length && (chunk = chunkOf(fields[next], group)) && chunk.start === end && chunk.end - first.start < longestRead; next++) end = chunk.end;
    const bytes = await source.read(first.start, end);
    for (; at < next; at++) {
      const { start, end: stop } = chunkOf(fields[at], group)!;
      if (!readChunk(bytes, start - first.start, stop - first.start, isCompressed(chunkOf(fields[at], group)!), into[at]!)) left.push(at);
    }
  }
  return left;
}

const longestRead = 1 << 23;
const float = 4;
const codecs = { none: 0, zstd: 6 } as const;

/** The pages of a column of float32 that lacks no value and is packed in a way that can be read here. */
function chunkOf(field: TopLevelField | undefined, group: RowGroup): ColumnChunk | undefined {
  if (field?.elements.length !== 1) return undefined;
  const [element] = field.elements as [ThriftStruct];
  const chunk = group.chunks[field.firstLeaf]!;
  const codec = codecOf(chunk);
  return element.get(1)?.value === float && element.get(elementField.repetition)?.value === 0 && (codec === codecs.none || codec === codecs.zstd) ? chunk : undefined;
}

function codecOf({ struct }: ColumnChunk): unknown {
  return (struct.get(chunkField.metaData)!.value as ThriftStruct).get(4)?.value;
}

function isCompressed(chunk: ColumnChunk): boolean {
  return codecOf(chunk) === codecs.zstd;
}

const encodings = { plain: 0, byteStreamSplit: 9 } as const;
/** Place of a page between decompression and the numbers, kept from call to call. */
let planes = new Uint8Array(1 << 17);

/** Page by page; false where one is of another kind, or is not what it says: then nobody may believe `into`. */
function readChunk(bytes: Uint8Array, from: number, to: number, compressed: boolean, into: Float32Array): boolean {
  const words = new Int32Array(into.buffer, into.byteOffset, into.length);
  let row = 0;
  for (let at = from; at < to;) {
    const page = readHeader(bytes, at, to);
    if (!page || page.type !== 0 || row + page.values > into.length || page.size !== 4 * page.values) return false;
    const { start, end, values, size } = page;
    if (planes.length < size) planes = new Uint8Array(size);
    if (!(compressed ? readZstd(bytes, start, end, planes, size) : end - start === size)) return false;
    if (!compressed) planes.set(bytes.subarray(start, end));
    if (page.encoding === encodings.byteStreamSplit) joinBytes(planes, values, words, row);
    else if (page.encoding === encodings.plain) new Uint8Array(into.buffer, into.byteOffset + 4 * row, size).set(planes.subarray(0, size));
    else return false;
    row += values;
    at = end;
  }
  return row === into.length;
}

/** The first bytes of all values stand first, then their second ones, and so on. */
function joinBytes(from: Uint8Array, values: number, into: Int32Array, row: number): void {
  for (let n = 0, second = values, third = 2 * values, fourth = 3 * values; n < values; n++, second++, third++, fourth++) {
    into[row + n] = from[n]! | (from[second]! << 8) | (from[third]! << 16) | (from[fourth]! << 24);
  }
}

interface PageHeader {
  readonly type: number;
  readonly start: number;
  readonly end: number;
  readonly size: number;
  readonly values: number;
  readonly encoding: number;
}

/** A page's header; the struct ends where its content begins. */
function readHeader(bytes: Uint8Array, at: number, to: number): PageHeader | undefined {
  try {
    const { struct, end: start } = readThriftStructAt(bytes.subarray(at, Math.min(to, at + 4096)), 0);
    const whole = (id: number, inside = struct): number => inside.get(id)?.value as number;
    const data = struct.get(5)?.value as ThriftStruct | undefined;
    const end = at + start + whole(3);
    if (!data || !(end <= to)) return undefined;
    return { type: whole(1), start: at + start, end, size: whole(2), values: whole(1, data), encoding: whole(2, data) };
  } catch {
    return undefined;
  }
}
