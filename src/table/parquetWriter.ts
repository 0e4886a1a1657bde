import { PenstockError } from '../errors/index.js';
import { concatBytes, magic } from './bytes.js';
import { checkTable, describeColumn, type ColumnDescription } from './columns.js';
import { writePages, type Compression, type WrittenChunk } from './columnPages.js';
import { arrowSchemaKey } from './parquetFooter.js';
import { thriftListHead, thriftType } from './thriftCompact.js';
import {
  beginElement, beginStruct, byteOutput, endStruct, putBinary, putBytes, putByte, putI16, putI32, putI64, putList, putVarint, written, type ByteOutput,
} from './thriftOutput.js';
import type { Table } from './table.js';
import { arrowSchemaText } from './writtenSchema.js';

/** Writes one Parquet file, row group by row group. */
export interface ParquetWriter {
  /** The next bytes of the file: these rows as one row group. The first table says what the columns are. */
  add(table: Table): Uint8Array;
  /** The last bytes: the footer with this metadata of the table. */
  end(metadata: Readonly<Record<string, string>>): Uint8Array;
}

/**
 * A Parquet file of tables that follow one another, each a row group, with constant memory.
 * Errors: `table/invalid` for a table without columns, with two of one name, with columns of unequal length or other ones
 * than the first table, and for the end of a file that has no table.
 */
export function parquetWriter(compression: Compression = 'zstd'): ParquetWriter {
  const { add, end } = groupWriter(compression);
  return { add: (table) => add(table).slice(), end: (metadata) => concatBytes(end(metadata)) };
}

/** The table as a whole file of one row group. Errors as above. */
export function parquetFile(table: Table, compression: Compression = 'zstd'): Uint8Array {
  const { add, end } = groupWriter(compression);
  return concatBytes([add(table), ...end(table.metadata)]);
}

interface GroupWriter {
  /** What it answers is good until the next call of any writer. */
  add(table: Table): Uint8Array;
  end(metadata: Readonly<Record<string, string>>): Uint8Array[];
}

function groupWriter(compression: Compression): GroupWriter {
  let schema: WrittenSchema | undefined;
  let at = 0;
  let rows = 0;
  const groups: Uint8Array[] = [];
  return {
    add(table) {
      checkTable(table);
      if (schema === undefined) schema = writtenSchema(table.columns.map(describeColumn));
      else checkSame(schema, table);
      const out = pageOutput();
      if (at === 0) putBytes(out, magic);
      if (table.rows === 0) {
        at += out.at;
        return out.bytes.subarray(0, out.at);
      }
      const start = at + out.at;
      const chunks = table.columns.map(({ values }) => writePages(values, compression, out));
      groups.push(groupBytes(schema, chunks, { rows: table.rows, compression, at, start, end: at + out.at, ordinal: groups.length }));
      at += out.at;
      rows += table.rows;
      return out.bytes.subarray(0, out.at);
    },
    end(metadata) {
      if (schema === undefined) throw new PenstockError('table/invalid', 'no table was written');
      return footerBytes(schema, rows, groups, metadata);
    },
  };
}

/** Pages lie here before they are copied out; kept from call to call, since its growth costs more than its use. */
let pages: ByteOutput | undefined;

/** Beyond this size the memory is given back. */
const mostKept = 64 << 20;

function pageOutput(): ByteOutput {
  if (pages === undefined || pages.bytes.length > mostKept) pages = byteOutput(1 << 18);
  pages.at = 0;
  return pages;
}

/** What all files of these columns have in common. */
interface WrittenSchema {
  readonly columns: readonly ColumnDescription[];
  readonly names: readonly Uint8Array[];
  readonly elements: Uint8Array;
  readonly arrowSchema: string;
}

const physicalType: Record<string, number> = { int32: 1, float32: 4, float64: 5, string: 6 };
const codecs: Record<Compression, number> = { none: 0, snappy: 1, zstd: 6 };

/** Files of few kinds are written one after the other, so that their schemas are remembered. */
const schemas = new Map<string, WrittenSchema>();
const mostSchemas = 32;

function writtenSchema(columns: readonly ColumnDescription[]): WrittenSchema {
  const key = JSON.stringify(columns);
  const known = schemas.get(key);
  if (known) return known;
  const encoder = new TextEncoder();
  const names = columns.map(({ name }) => encoder.encode(name));
  const schema = { columns, names, elements: elementBytes(columns, names), arrowSchema: arrowSchemaText(columns) };
  if (schemas.size >= mostSchemas) schemas.clear();
  schemas.set(key, schema);
  return schema;
}

function checkSame(schema: WrittenSchema, table: Table): void {
  const found = table.columns.map(describeColumn);
  const at = schema.columns.findIndex(({ name, type }, index) => found[index]?.name !== name || found[index]?.type !== type);
  if (at < 0 && found.length === schema.columns.length) return;
  throw new PenstockError('table/invalid', `a row group has other columns than the first: ${found[at]?.name ?? `${found.length} instead of ${schema.columns.length}`}`);
}

/** The list of schema elements, bare: the row as a whole, then its columns. */
function elementBytes(columns: readonly ColumnDescription[], names: readonly Uint8Array[]): Uint8Array {
  const out = byteOutput(256);
  putBytes(out, Uint8Array.from(thriftListHead(thriftType.struct, columns.length + 1)));
  const root = beginElement(out);
  putBinary(out, 4, new TextEncoder().encode('schema'));
  putI32(out, 5, columns.length);
  endStruct(out, root);
  for (const [index, { type }] of columns.entries()) {
    const outer = beginElement(out);
    putI32(out, 1, physicalType[type]!);
    putI32(out, 3, 0); // required
    putBinary(out, 4, names[index]!);
    if (type === 'string') {
      putI32(out, 6, 0); // UTF8
      const logical = beginStruct(out, 10);
      endStruct(out, beginStruct(out, 1)); // STRING
      endStruct(out, logical);
    }
    endStruct(out, outer);
  }
  return written(out);
}

interface GroupFacts {
  readonly rows: number;
  readonly compression: Compression;
  /** Where the bytes of this row group are put in the file, and where its pages begin and end. */
  readonly at: number;
  readonly start: number;
  readonly end: number;
  readonly ordinal: number;
}

function groupBytes(schema: WrittenSchema, chunks: readonly WrittenChunk[], { rows, compression, at, start, end, ordinal }: GroupFacts): Uint8Array {
  const out = byteOutput(160 * chunks.length + 64);
  putList(out, 1, thriftType.struct, chunks.length);
  for (const [index, chunk] of chunks.entries()) {
    const outer = beginElement(out);
    putI64(out, 2, 0);
    const meta = beginStruct(out, 3);
    putI32(out, 1, physicalType[schema.columns[index]!.type]!);
    putList(out, 2, thriftType.i32, chunk.encodings.length);
    for (const encoding of chunk.encodings) putVarint(out, encoding * 2);
    putList(out, 3, thriftType.binary, 1);
    const name = schema.names[index]!;
    putVarint(out, name.length);
    putBytes(out, name);
    putI32(out, 4, codecs[compression]);
    putI64(out, 5, chunk.values);
    putI64(out, 6, chunk.uncompressed);
    putI64(out, 7, chunk.compressed);
    putI64(out, 9, at + chunk.dataPage);
    if (chunk.dictionaryPage !== undefined) putI64(out, 11, at + chunk.dictionaryPage);
    const statistics = beginStruct(out, 12);
    putI64(out, 3, 0); // missing values
    if (chunk.range) {
      putBinary(out, 5, chunk.range.max);
      putBinary(out, 6, chunk.range.min);
    }
    endStruct(out, statistics);
    endStruct(out, meta);
    endStruct(out, outer);
  }
  putI64(out, 2, chunks.reduce((sum, chunk) => sum + chunk.uncompressed, 0));
  putI64(out, 3, rows);
  putI64(out, 5, start);
  putI64(out, 6, end - start);
  // Sixteen bits in the format, and optional.
  if (ordinal < 0x8000) putI16(out, 7, ordinal);
  endStruct(out, 0);
  return written(out);
}

function footerBytes(schema: WrittenSchema, rows: number, groups: readonly Uint8Array[], metadata: Readonly<Record<string, string>>): Uint8Array[] {
  const out = byteOutput(schema.arrowSchema.length + schema.elements.length + groups.reduce((sum, group) => sum + group.length, 4096));
  putI32(out, 1, 2); // version
  putByte(out, (1 << 4) | thriftType.list);
  out.field = 2;
  putBytes(out, schema.elements);
  putI64(out, 3, rows);
  putList(out, 4, thriftType.struct, groups.length);
  for (const group of groups) putBytes(out, group);
  const encoder = new TextEncoder();
  const entries = [[arrowSchemaKey, schema.arrowSchema] as const, ...Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1))];
  putList(out, 5, thriftType.struct, entries.length);
  for (const [key, value] of entries) {
    const outer = beginElement(out);
    putBinary(out, 1, encoder.encode(key));
    putBinary(out, 2, encoder.encode(value));
    endStruct(out, outer);
  }
  putBinary(out, 6, encoder.encode('penstock'));
  // Values are ordered as their types say: without this, readers do not trust the ranges.
  putList(out, 7, thriftType.struct, schema.columns.length);
  for (let column = 0; column < schema.columns.length; column++) {
    const outer = beginElement(out);
    endStruct(out, beginStruct(out, 1));
    endStruct(out, outer);
  }
  endStruct(out, 0);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, out.at, true);
  return [out.bytes.subarray(0, out.at), length, magic];
}
