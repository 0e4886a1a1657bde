import { PenstockError } from '../errors/index.js';
import { readThriftStruct, thriftListHead, thriftType, writeThriftStruct, type ThriftStruct, type ThriftValue } from './thriftCompact.js';

/**
 * The footer of a Parquet file, kept field by field so that it can be written again for other places of the same pages.
 * Field ids: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export interface ParquetFooter {
  readonly fileMetaData: ThriftStruct;
  /** The fields of a row, nested ones as a whole. */
  readonly fields: readonly TopLevelField[];
  readonly rowGroups: readonly RowGroup[];
  readonly keyValues: ReadonlyMap<string, string>;
}

/** A field of the row and the leaf columns (those with pages) that belong to it. */
export interface TopLevelField {
  readonly name: string;
  readonly elements: readonly ThriftStruct[];
  readonly firstLeaf: number;
  readonly leaves: number;
}

export interface RowGroup {
  readonly struct: ThriftStruct;
  readonly rows: number;
  readonly chunks: readonly ColumnChunk[];
}

/** The pages [start, end) of one leaf column in one row group. */
export interface ColumnChunk {
  readonly struct: ThriftStruct;
  readonly start: number;
  readonly end: number;
}

export const arrowSchemaKey = 'ARROW:schema';

const file = { version: 1, schema: 2, rows: 3, rowGroups: 4, keyValues: 5, createdBy: 6, columnOrders: 7, encryption: 8 } as const;
const element = { name: 4, children: 5 } as const;
const group = { columns: 1, rows: 3, sorting: 4, fileOffset: 5, ordinal: 7 } as const;
const chunk = { filePath: 1, fileOffset: 2, metaData: 3, offsetIndexOffset: 4, encrypted: 8 } as const;
const chunkMeta = { size: 7, dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomOffset: 14, bloomLength: 15 } as const;

/** Reads the footer and checks that all it points to lies inside the file. Errors: `table/corrupt`. */
export function readFooter(bytes: Uint8Array): ParquetFooter {
  try {
    const end = bytes.length - 8;
    if (end < 4 || !isMagic(bytes, 0) || !isMagic(bytes, end + 4)) throw new RangeError('it does not begin and end with PAR1');
    const length = new DataView(bytes.buffer, bytes.byteOffset + end, 4).getUint32(0, true);
    if (length > end - 4) throw new RangeError(`its footer of ${length} bytes is longer than the file`);
    return parseFooter(readThriftStruct(bytes.subarray(end - length, end)), end - length);
  } catch (error) {
    throw corrupt(error);
  }
}

export function corrupt(cause: unknown): PenstockError {
  if (cause instanceof PenstockError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PenstockError('table/corrupt', `this is not a whole Parquet file: ${reason}`, {}, { cause });
}

function parseFooter(fileMetaData: ThriftStruct, pagesEnd: number): ParquetFooter {
  if (fileMetaData.has(file.encryption)) throw new RangeError('it is encrypted');
  const fields = topLevelFields(structs(fileMetaData, file.schema));
  const leaves = fields.reduce((sum, field) => sum + field.leaves, 0);
  const rowGroups = structs(fileMetaData, file.rowGroups).map((struct) => parseRowGroup(struct, leaves, pagesEnd));
  const rows = rowGroups.reduce((sum, { rows }) => sum + rows, 0);
  if (rows !== numberAt(fileMetaData, file.rows)) throw new RangeError('its row groups do not add up to its rows');
  const keyValues = new Map<string, string>();
  for (const entry of fileMetaData.has(file.keyValues) ? structs(fileMetaData, file.keyValues) : []) {
    if (entry.has(2)) keyValues.set(textAt(entry, 1), textAt(entry, 2));
  }
  return { fileMetaData, fields, rowGroups, keyValues };
}

function topLevelFields(elements: readonly ThriftStruct[]): TopLevelField[] {
  const fields: TopLevelField[] = [];
  let at = 1;
  let leaf = 0;
  while (at < elements.length) {
    const first = at;
    const firstLeaf = leaf;
    for (let open = 1; open > 0; open--) {
      const next = elements[at++];
      if (!next) throw new RangeError('its schema ends early');
      const children = next.has(element.children) ? numberAt(next, element.children) : 0;
      if (children === 0) leaf++;
      open += children;
    }
    fields.push({ name: textAt(elements[first] as ThriftStruct, element.name), elements: elements.slice(first, at), firstLeaf, leaves: leaf - firstLeaf });
  }
  return fields;
}

function parseRowGroup(struct: ThriftStruct, leaves: number, pagesEnd: number): RowGroup {
  const rows = numberAt(struct, group.rows);
  const chunks = structs(struct, group.columns).map((column) => parseChunk(column, pagesEnd));
  if (chunks.length !== leaves) throw new RangeError(`a row group has ${chunks.length} columns instead of ${leaves}`);
  if (rows < 0) throw new RangeError(`a row group has ${rows} rows`);
  return { struct, rows, chunks };
}

function parseChunk(struct: ThriftStruct, pagesEnd: number): ColumnChunk {
  if (struct.has(chunk.filePath) || struct.has(chunk.encrypted)) throw new RangeError('its pages are in another file or encrypted');
  const meta = structAt(struct, chunk.metaData);
  const dataPage = numberAt(meta, chunkMeta.dataPage);
  const dictionaryPage = meta.has(chunkMeta.dictionaryPage) ? numberAt(meta, chunkMeta.dictionaryPage) : 0;
  // Some writers put 0 where there is no dictionary page.
  const start = dictionaryPage > 0 ? Math.min(dictionaryPage, dataPage) : dataPage;
  const end = start + numberAt(meta, chunkMeta.size);
  if (start < 4 || end < start || end > pagesEnd) throw new RangeError(`pages at ${start} to ${end} lie outside the file`);
  return { struct, start, end };
}

/**
 * The row group as it stands when the pages of `leaves` lie one behind the other from `offset` on. Page indexes and
 * Bloom filters, which are optional and hold places of their own, are left out.
 */
export function moveRowGroup(source: RowGroup, leaves: readonly number[], offset: number, ordinal: number): ThriftStruct {
  let at = offset;
  const columns = leaves.map((leaf) => {
    const from = source.chunks[leaf] as ColumnChunk;
    const moved = moveChunk(from, at - from.start);
    at += from.end - from.start;
    return moved;
  });
  const struct = new Map(source.struct);
  struct.set(group.columns, { type: thriftType.list, value: { elementType: thriftType.struct, items: columns } });
  if (leaves.length !== source.chunks.length) struct.delete(group.sorting);
  struct.set(group.fileOffset, { type: thriftType.i64, value: offset });
  // Sixteen bits in the format, and optional.
  if (ordinal < 0x8000) struct.set(group.ordinal, { type: thriftType.i16, value: ordinal });
  else struct.delete(group.ordinal);
  return struct;
}

function moveChunk(source: ColumnChunk, by: number): ThriftStruct {
  const meta = new Map(structAt(source.struct, chunk.metaData));
  for (const id of [chunkMeta.dataPage, chunkMeta.dictionaryPage]) {
    const place = meta.get(id);
    if (place && (place.value as number) > 0) meta.set(id, { ...place, value: (place.value as number) + by });
  }
  for (const id of [chunkMeta.indexPage, chunkMeta.bloomOffset, chunkMeta.bloomLength]) meta.delete(id);
  return new Map([
    [chunk.fileOffset, { type: thriftType.i64, value: 0 }],
    [chunk.metaData, { type: thriftType.struct, value: meta }],
  ]);
}

export interface FooterParts {
  /** The file whose version, schema and writer are taken over. */
  readonly like: ParquetFooter;
  readonly fields: readonly TopLevelField[];
  readonly rows: number;
  /** Row groups, each already written as Thrift. */
  readonly rowGroups: readonly Uint8Array[];
  readonly keyValues: ReadonlyMap<string, string>;
}

/** Everything that follows the last page of a file: footer, its length, magic. */
export function writeFooter({ like, fields, rows, rowGroups, keyValues }: FooterParts): Uint8Array {
  const head = new Map(like.fileMetaData);
  for (const id of head.keys()) if (id > file.rows) head.delete(id);
  head.set(file.schema, structList([schemaRoot(like, fields.length), ...fields.flatMap((field) => field.elements)]));
  head.set(file.rows, { type: thriftType.i64, value: rows });
  const tail: ThriftStruct = new Map();
  if (keyValues.size > 0) tail.set(file.keyValues, structList([...keyValues].map(([key, value]) => keyValue(key, value))));
  copyField(like.fileMetaData, tail, file.createdBy);
  const orders = like.fileMetaData.get(file.columnOrders);
  if (orders) {
    const all = (orders.value as { items: readonly ThriftValue[] }).items;
    const items = fields.flatMap((field) => all.slice(field.firstLeaf, field.firstLeaf + field.leaves));
    tail.set(file.columnOrders, { type: thriftType.list, value: { elementType: thriftType.struct, items } });
  }
  return frameFooter(writeThriftStruct(head), rowGroups, writeThriftStruct(tail));
}

/** Row groups come as bytes, since a file of many would otherwise hold millions of small objects until its end. */
function frameFooter(head: Uint8Array, rowGroups: readonly Uint8Array[], tail: Uint8Array): Uint8Array {
  const listField = Uint8Array.from([((file.rowGroups - file.rows) << 4) | thriftType.list, ...thriftListHead(thriftType.struct, rowGroups.length)]);
  // The tail was written as if it began the struct; its first field must now count from the row groups.
  const tailAfterRowGroups = tail.slice();
  if (tail.length > 1) tailAfterRowGroups[0] = (tail[0] as number) - (file.rowGroups << 4);
  const footer = concatBytes([head.subarray(0, -1), listField, ...rowGroups, tailAfterRowGroups]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return concatBytes([footer, length, magic]);
}

export function concatBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export const magic = Uint8Array.from([0x50, 0x41, 0x52, 0x31]);

function isMagic(bytes: Uint8Array, at: number): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}

function schemaRoot(like: ParquetFooter, children: number): ThriftStruct {
  const root = new Map(structs(like.fileMetaData, file.schema)[0]);
  return root.set(element.children, { type: thriftType.i32, value: children });
}

function keyValue(key: string, value: string): ThriftStruct {
  const encoder = new TextEncoder();
  return new Map([
    [1, { type: thriftType.binary, value: encoder.encode(key) }],
    [2, { type: thriftType.binary, value: encoder.encode(value) }],
  ]);
}

function structList(items: readonly ThriftStruct[]): { type: number; value: ThriftValue } {
  return { type: thriftType.list, value: { elementType: thriftType.struct, items } };
}

function copyField(from: ThriftStruct, to: ThriftStruct, id: number): void {
  const field = from.get(id);
  if (field) to.set(id, field);
}

function structs(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  const list = struct.get(id)?.value;
  if (typeof list !== 'object' || !('items' in list)) throw new RangeError(`its footer has no list ${id}`);
  if (list.items.length > 0 && list.elementType !== thriftType.struct) throw new RangeError(`its footer's list ${id} is of other things`);
  return list.items as readonly ThriftStruct[];
}

function structAt(struct: ThriftStruct, id: number): ThriftStruct {
  const value = struct.get(id)?.value;
  if (!(value instanceof Map)) throw new RangeError(`its footer has no structure ${id}`);
  return value;
}

function numberAt(struct: ThriftStruct, id: number): number {
  const value = struct.get(id)?.value;
  if (typeof value !== 'number') throw new RangeError(`its footer has no number ${id}`);
  return value;
}

function textAt(struct: ThriftStruct, id: number): string {
  const value = struct.get(id)?.value;
  if (!(value instanceof Uint8Array)) throw new RangeError(`its footer has no text ${id}`);
  return new TextDecoder().decode(value);
}
