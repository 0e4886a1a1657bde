import { tableFromIPC, type Field, type Table as ArrowTable } from 'apache-arrow';
import { PenstockError } from '../errors/index.js';
import { descriptionOf, readingSchema } from './arrowSchema.js';
import { valuesSink, type ValuesSink } from './arrowValues.js';
import { missingColumn } from './columns.js';
import { concatBytes, magic } from './bytes.js';
import { arrowSchemaKey, corrupt, readFooter, readFooterFrom, tableMetadata } from './parquetFooter.js';
import type { ByteSource, ColumnChunk, ParquetFooter, RowGroup, TopLevelField } from './parquetFooter.js';
import { moveRowGroup, writeFooter, type FooterParts } from './parquetLayout.js';
import { directColumns } from './directColumns.js';
import { parquetWasm, replaceIfTrapped } from './parquetWasm.js';
import { recordedFields } from './recordedFields.js';
import { writeThriftStruct } from './thriftCompact.js';
import type { Column, ColumnValues, Table } from './table.js';

export interface DecodeOptions {
  /** Only these columns, in this order. Default: all, in the file's order. */
  readonly columns?: readonly string[];
  /** Only these row groups (from 0), in this order. Default: all. */
  readonly rowGroups?: readonly number[];
}

/**
 * A Parquet file, of any writer, as a table. Types: see `typeRead`. A unit that is not recorded is empty (`s` for
 * times, which become seconds), a role that is not recorded is taken from the name (see `roleOfName`). The file's
 * key-value metadata becomes the table's, without what other libraries keep there for themselves.
 *
 * Errors: `table/corrupt` for a damaged file, `table/column-missing`, `table/invalid` for a column of a type that no
 * table can hold or a row group that is not there.
 */
export async function decodeParquet(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Table> {
  return decodePages(readFooter(bytes), async (start, end) => bytes.subarray(start, end), options);
}

/**
 * The same for a file that is read by ranges: its footer, then the pages of the columns and row groups asked for.
 * Errors: as `decodeParquet`; errors of the source pass unchanged.
 */
export async function decodeParquetFrom(source: ByteSource, options: DecodeOptions = {}): Promise<Table> {
  return decodePages(await readFooterFrom(source), (start, end) => source.read(start, end), options);
}

/** What our own writer writes is read directly, the rest by the codec. */
async function decodePages(footer: ParquetFooter, read: ByteSource['read'], options: DecodeOptions): Promise<Table> {
  const recorded = new Map(recordedFields(footer).map((field) => [field.name, field]));
  const fields = options.columns ? chosenFields(footer, options.columns) : footer.fields;
  const rowGroups = options.rowGroups ? chosenRowGroups(footer, options.rowGroups) : footer.rowGroups;
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  const direct = await directColumns(fields, rowGroups, read);
  const others = await readByCodec({ footer, recorded, fields: fields.filter((_, at) => !direct[at]), rowGroups, rows }, read);
  const columns = fields.map((field, at) => tableColumn(recorded.get(field.name) as Field, direct[at] ?? others.shift()!.values()));
  return { rows, columns, metadata: tableMetadata(footer) };
}

interface CodecPart {
  readonly footer: ParquetFooter;
  readonly recorded: ReadonlyMap<string, Field>;
  readonly fields: readonly TopLevelField[];
  readonly rowGroups: readonly RowGroup[];
  readonly rows: number;
}

/**
 * The codec's reader that can choose columns does not survive damaged pages (its promise never settles), and the one
 * that survives them reads all columns. So the pages that are asked for are put into a small file of their own, row
 * group by row group, and read by the surviving one; that also bounds the memory.
 */
async function readByCodec({ footer, recorded, fields, rowGroups, rows }: CodecPart, read: ByteSource['read']): Promise<ValuesSink[]> {
  if (fields.length === 0) return [];
  const keyValues = new Map([[arrowSchemaKey, readingSchema(fields.map(({ name }) => recorded.get(name) as Field))]]);
  const part = { like: footer, fields, keyValues };
  // No row group first: that gives the types also where there are no rows.
  const types = readFile(concatBytes([magic, writeFooter({ ...part, rows: 0, rowGroups: [] })])).schema.fields;
  const sinks = fields.map((field, index) => valuesSink(field.name, (types[index] as Field).type, rows));
  for (const group of rowGroups) addRowGroup(sinks, readFile(await rowGroupFile(part, group, read)), group);
  return sinks;
}

function chosenFields(footer: ParquetFooter, columns: readonly string[]): TopLevelField[] {
  return columns.map((name) => {
    const field = footer.fields.find((candidate) => candidate.name === name);
    if (!field) throw missingColumn(name, footer.fields.map((candidate) => candidate.name));
    return field;
  });
}

function chosenRowGroups(footer: ParquetFooter, indexes: readonly number[]): RowGroup[] {
  return indexes.map((index) => {
    const group = footer.rowGroups[index];
    if (!group) throw new PenstockError('table/invalid', `row group ${index} is not there; the file has ${footer.rowGroups.length}`);
    return group;
  });
}

/** A Parquet file of one row group and some columns of another file. */
async function rowGroupFile(part: Omit<FooterParts, 'rows' | 'rowGroups'>, group: RowGroup, read: ByteSource['read']): Promise<Uint8Array> {
  const leaves = part.fields.flatMap((field) => Array.from({ length: field.leaves }, (_, index) => field.firstLeaf + index));
  const pages: Uint8Array[] = [];
  for (const { start, end } of joinedRanges(leaves.map((leaf) => group.chunks[leaf] as ColumnChunk))) pages.push(await read(start, end));
  const rowGroups = [writeThriftStruct(moveRowGroup(group, leaves, magic.length, 0))];
  return concatBytes([magic, ...pages, writeFooter({ ...part, rows: group.rows, rowGroups })]);
}

/** Ranges that follow one another as one, so that neighbouring columns take one request. */
function joinedRanges(ranges: readonly { start: number; end: number }[]): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges) {
    const last = joined.at(-1);
    if (last?.end === start) last.end = end;
    else joined.push({ start, end });
  }
  return joined;
}

function readFile(file: Uint8Array): ArrowTable {
  try {
    return tableFromIPC(parquetWasm().readParquet(file, { batchSize: 65_536 }).intoIPCStream());
  } catch (error) {
    replaceIfTrapped(error);
    throw corrupt(error);
  }
}

function addRowGroup(sinks: readonly ValuesSink[], table: ArrowTable, group: RowGroup): void {
  if (table.numRows !== group.rows) throw corrupt(new RangeError(`a row group has ${table.numRows} rows instead of ${group.rows}`));
  sinks.forEach((sink, index) => {
    const vector = table.getChildAt(index);
    if (vector) sink.add(vector);
  });
}

function tableColumn(field: Field, values: ColumnValues): Column {
  const { name, unit, role, attributes } = descriptionOf(field);
  return { name, values, unit, role, ...(Object.keys(attributes).length > 0 && { attributes }) };
}
