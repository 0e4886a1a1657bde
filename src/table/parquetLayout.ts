import { concatBytes, magic } from './bytes.js';
import { chunkField, chunkMetaField, elementField, fileField, groupField, structAt, structs } from './parquetFooter.js';
import type { ColumnChunk, ParquetFooter, RowGroup, TopLevelField } from './parquetFooter.js';
import { thriftListHead, thriftType, writeThriftStruct, type ThriftStruct, type ThriftValue } from './thriftCompact.js';

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
  struct.set(groupField.columns, { type: thriftType.list, value: { elementType: thriftType.struct, items: columns } });
  if (leaves.length !== source.chunks.length) struct.delete(groupField.sorting);
  struct.set(groupField.fileOffset, { type: thriftType.i64, value: offset });
  // Sixteen bits in the format, and optional.
  if (ordinal < 0x8000) struct.set(groupField.ordinal, { type: thriftType.i16, value: ordinal });
  else struct.delete(groupField.ordinal);
  return struct;
}

function moveChunk(source: ColumnChunk, by: number): ThriftStruct {
  const meta = new Map(structAt(source.struct, chunkField.metaData));
  for (const id of [chunkMetaField.dataPage, chunkMetaField.dictionaryPage]) {
    const place = meta.get(id);
    if (place && (place.value as number) > 0) meta.set(id, { ...place, value: (place.value as number) + by });
  }
  for (const id of [chunkMetaField.indexPage, chunkMetaField.bloomOffset, chunkMetaField.bloomLength]) meta.delete(id);
  return new Map([
    [chunkField.fileOffset, { type: thriftType.i64, value: 0 }],
    [chunkField.metaData, { type: thriftType.struct, value: meta }],
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
  for (const id of head.keys()) if (id > fileField.rows) head.delete(id);
  head.set(fileField.schema, structList([schemaRoot(like, fields.length), ...fields.flatMap((field) => field.elements)]));
  head.set(fileField.rows, { type: thriftType.i64, value: rows });
  const tail: ThriftStruct = new Map();
  if (keyValues.size > 0) tail.set(fileField.keyValues, structList([...keyValues].map(([key, value]) => keyValue(key, value))));
  copyField(like.fileMetaData, tail, fileField.createdBy);
  const orders = like.fileMetaData.get(fileField.columnOrders);
  if (orders) {
    const all = (orders.value as { items: readonly ThriftValue[] }).items;
    const items = fields.flatMap((field) => all.slice(field.firstLeaf, field.firstLeaf + field.leaves));
    tail.set(fileField.columnOrders, { type: thriftType.list, value: { elementType: thriftType.struct, items } });
  }
  return frameFooter(writeThriftStruct(head), rowGroups, writeThriftStruct(tail));
}

/** Row groups come as bytes, since a file of many would otherwise hold millions of small objects until its end. */
function frameFooter(head: Uint8Array, rowGroups: readonly Uint8Array[], tail: Uint8Array): Uint8Array {
  const listField = Uint8Array.from([((fileField.rowGroups - fileField.rows) << 4) | thriftType.list, ...thriftListHead(thriftType.struct, rowGroups.length)]);
  // The tail was written as if it began the struct; its first field must now count from the row groups.
  const tailAfterRowGroups = tail.slice();
  if (tail.length > 1) tailAfterRowGroups[0] = (tail[0] as number) - (fileField.rowGroups << 4);
  const footer = concatBytes([head.subarray(0, -1), listField, ...rowGroups, tailAfterRowGroups]);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, footer.length, true);
  return concatBytes([footer, length, magic]);
}

function schemaRoot(like: ParquetFooter, children: number): ThriftStruct {
  const root = new Map(structs(like.fileMetaData, fileField.schema)[0]);
  return root.set(elementField.children, { type: thriftType.i32, value: children });
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
