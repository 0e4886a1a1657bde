import { PenstockError } from '../errors/index.js';
import { magic } from './bytes.js';
import { readThriftStruct, thriftType, type ThriftStruct } from './thriftCompact.js';

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

/** Field ids of FileMetaData. */
export const fileField = { version: 1, schema: 2, rows: 3, rowGroups: 4, keyValues: 5, createdBy: 6, columnOrders: 7, encryption: 8 } as const;
/** Field ids of SchemaElement. */
export const elementField = { name: 4, children: 5, repetition: 3 } as const;
/** Field ids of RowGroup. */
export const groupField = { columns: 1, rows: 3, sorting: 4, fileOffset: 5, ordinal: 7 } as const;
/** Field ids of ColumnChunk. */
export const chunkField = { filePath: 1, fileOffset: 2, metaData: 3, offsetIndexOffset: 4, encrypted: 8 } as const;
/** Field ids of ColumnMetaData. */
export const chunkMetaField = { values: 5, size: 7, dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomOffset: 14, bloomLength: 15 } as const;

/** Reads the footer and checks that all it points to lies inside the file. Errors: `table/corrupt`. */
export function readFooter(file: Uint8Array): ParquetFooter {
  checkBegin(file);
  return readFooterAtEnd(file, file.length);
}

/** The same, but nothing of it stands in the memory of the file, which is free again. */
export function readOwnFooter(file: Uint8Array): ParquetFooter {
  checkBegin(file);
  return readFooterAtEnd(new Uint8Array(file.subarray(file.length - footerSize(file, file.length))), file.length);
}

function checkBegin(file: Uint8Array): void {
  if (file.length < 12 || !isMagic(file, 0)) throw corrupt(new RangeError('it does not begin with PAR1'));
}

/** A file that is read by ranges [start, end). */
export interface ByteSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/** Most footers are smaller than this, so that one read does. */
const firstRead = 1 << 18;

/** The same with one or two reads at the end of the file. Errors: `table/corrupt`, and those of the source. */
export async function readFooterFrom(source: ByteSource): Promise<ParquetFooter> {
  const { size } = source;
  let end = await source.read(Math.max(0, size - firstRead), size);
  const needed = footerSize(end, size);
  if (needed > end.length) end = await source.read(size - needed, size);
  return readFooterAtEnd(end, size);
}

/** The footer of a file of `size` bytes from its last bytes, at least `footerSize` of them. */
function readFooterAtEnd(end: Uint8Array, size: number): ParquetFooter {
  try {
    const length = footerSize(end, size);
    return parseFooter(readThriftStruct(end.subarray(end.length - length, -8)), size - length);
  } catch (error) {
    throw corrupt(error);
  }
}

/** How many bytes the footer takes at the end of a file of `size` bytes, judged by its last 8. */
function footerSize(end: Uint8Array, size: number): number {
  const at = end.length - 8;
  if (at < 0 || !isMagic(end, at + 4)) throw corrupt(new RangeError('it does not end with PAR1'));
  const length = new DataView(end.buffer, end.byteOffset + at, 4).getUint32(0, true) + 8;
  if (length > size - magic.length) throw corrupt(new RangeError(`its footer of ${length} bytes is longer than the file`));
  return length;
}

export function corrupt(cause: unknown): PenstockError {
  if (cause instanceof PenstockError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new PenstockError('table/corrupt', `this is not a whole Parquet file: ${reason}`, {}, { cause });
}

function parseFooter(fileMetaData: ThriftStruct, pagesEnd: number): ParquetFooter {
  if (fileMetaData.has(fileField.encryption)) throw new RangeError('it is encrypted');
  const fields = topLevelFields(structs(fileMetaData, fileField.schema));
  const leaves = fields.reduce((sum, field) => sum + field.leaves, 0);
  const rowGroups = structs(fileMetaData, fileField.rowGroups).map((struct) => parseRowGroup(struct, leaves, pagesEnd));
  checkRows(fields, rowGroups);
  const rows = rowGroups.reduce((sum, { rows }) => sum + rows, 0);
  if (rows !== numberAt(fileMetaData, fileField.rows)) throw new RangeError('its row groups do not add up to its rows');
  const keyValues = new Map<string, string>();
  for (const entry of fileMetaData.has(fileField.keyValues) ? structs(fileMetaData, fileField.keyValues) : []) {
    if (entry.has(2)) keyValues.set(textAt(entry, 1), textAt(entry, 2));
  }
  return { fileMetaData, fields, rowGroups, keyValues };
}

/** A flat column has a value per row; without this check a damaged number of rows would be believed. */
function checkRows(fields: readonly TopLevelField[], rowGroups: readonly RowGroup[]): void {
  const flat = fields.filter(({ elements }) => elements.length === 1 && elements[0]?.get(elementField.repetition)?.value !== repeated);
  for (const { rows, chunks } of rowGroups) {
    for (const { firstLeaf, name } of flat) {
      const values = numberAt(structAt((chunks[firstLeaf] as ColumnChunk).struct, chunkField.metaData), chunkMetaField.values);
      if (values !== rows) throw new RangeError(`column "${name}" has ${values} values in a row group of ${rows} rows`);
    }
  }
}

const repeated = 2;

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
      const children = next.has(elementField.children) ? numberAt(next, elementField.children) : 0;
      if (children === 0) leaf++;
      open += children;
    }
    fields.push({ name: textAt(elements[first] as ThriftStruct, elementField.name), elements: elements.slice(first, at), firstLeaf, leaves: leaf - firstLeaf });
  }
  return fields;
}

function parseRowGroup(struct: ThriftStruct, leaves: number, pagesEnd: number): RowGroup {
  const rows = numberAt(struct, groupField.rows);
  const chunks = structs(struct, groupField.columns).map((column) => parseChunk(column, pagesEnd));
  if (chunks.length !== leaves) throw new RangeError(`a row group has ${chunks.length} columns instead of ${leaves}`);
  if (rows < 0) throw new RangeError(`a row group has ${rows} rows`);
  return { struct, rows, chunks };
}

function parseChunk(struct: ThriftStruct, pagesEnd: number): ColumnChunk {
  if (struct.has(chunkField.filePath) || struct.has(chunkField.encrypted)) throw new RangeError('its pages are in another file or encrypted');
  const meta = structAt(struct, chunkField.metaData);
  const dataPage = numberAt(meta, chunkMetaField.dataPage);
  const dictionaryPage = meta.has(chunkMetaField.dictionaryPage) ? numberAt(meta, chunkMetaField.dictionaryPage) : 0;
  // Some writers put 0 where there is no dictionary page.
  const start = dictionaryPage > 0 ? Math.min(dictionaryPage, dataPage) : dataPage;
  const end = start + numberAt(meta, chunkMetaField.size);
  if (start < 4 || end < start || end > pagesEnd) throw new RangeError(`pages at ${start} to ${end} lie outside the file`);
  return { struct, start, end };
}

function isMagic(bytes: Uint8Array, at: number): boolean {
  return magic.every((byte, index) => bytes[at + index] === byte);
}

export function structs(struct: ThriftStruct, id: number): readonly ThriftStruct[] {
  const list = struct.get(id)?.value;
  if (typeof list !== 'object' || !('items' in list)) throw new RangeError(`its footer has no list ${id}`);
  if (list.items.length > 0 && list.elementType !== thriftType.struct) throw new RangeError(`its footer's list ${id} is of other things`);
  return list.items as readonly ThriftStruct[];
}

export function structAt(struct: ThriftStruct, id: number): ThriftStruct {
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

/** Notes that libraries leave for themselves, about a table that may no longer be this one. */
const foreignKeys = new Set([
  arrowSchemaKey,
  'pandas',
  'org.apache.spark.sql.parquet.row.metadata',
  'org.apache.spark.version',
  'parquet.avro.schema',
  'writer.model.name',
]);

/** The file's key-value metadata without what other libraries keep there for themselves. */
export function tableMetadata({ keyValues }: ParquetFooter): Record<string, string> {
  return Object.fromEntries([...keyValues].filter(([key]) => !foreignKeys.has(key)));
}
