import { tableFromIPC, type Field, type Table as ArrowTable } from 'apache-arrow';
import { PenstockError } from '../errors/index.js';
import { descriptionOf, readingSchema } from './arrowSchema.js';
import { valuesSink, type ValuesSink } from './arrowValues.js';
import { missingColumn } from './columns.js';
import { concatBytes, magic } from './bytes.js';
import { arrowSchemaKey, corrupt, readFooter, tableMetadata, type ParquetFooter, type RowGroup, type TopLevelField } from './parquetFooter.js';
import { moveRowGroup, writeFooter } from './parquetLayout.js';
import { parquetWasm, replaceIfTrapped } from './parquetWasm.js';
import { recordedFields } from './recordedFields.js';
import { writeThriftStruct } from './thriftCompact.js';
import type { Column, Table } from './table.js';

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
 * The codec's reader that can choose columns does not survive damaged pages (its promise never settles), and the one
 * that survives them reads all columns. So the pages that are asked for are put into a small file of their own, row
 * group by row group, and read by the surviving one; that also bounds the memory.
 *
 * Errors: `table/corrupt` for a damaged file, `table/column-missing`, `table/invalid` for a column of a type that no
 * table can hold or a row group that is not there.
 */
export async function decodeParquet(bytes: Uint8Array, options: DecodeOptions = {}): Promise<Table> {
  const footer = readFooter(bytes);
  const recorded = new Map(recordedFields(footer).map((field) => [field.name, field]));
  const fields = options.columns ? chosenFields(footer, options.columns) : footer.fields;
  const rowGroups = options.rowGroups ? chosenRowGroups(footer, options.rowGroups) : footer.rowGroups;
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  const keyValues = new Map([[arrowSchemaKey, readingSchema(fields.map(({ name }) => recorded.get(name) as Field))]]);

  // An empty group first: it gives the types also where there are no rows.
  const types = readPages(projection(bytes, footer, fields, undefined, keyValues)).schema.fields;
  const sinks = fields.map((field, index) => valuesSink(field.name, (types[index] as Field).type, rows));
  for (const group of rowGroups) addRowGroup(sinks, readPages(projection(bytes, footer, fields, group, keyValues)), group);
  const columns = fields.map((field, index) => tableColumn(recorded.get(field.name) as Field, sinks[index] as ValuesSink));
  return { rows, columns, metadata: tableMetadata(footer) };
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

/** A Parquet file of one row group (or none) and some columns of another file. */
function projection(bytes: Uint8Array, like: ParquetFooter, fields: readonly TopLevelField[], group: RowGroup | undefined, keyValues: ReadonlyMap<string, string>): Uint8Array {
  const leaves = fields.flatMap((field) => Array.from({ length: field.leaves }, (_, index) => field.firstLeaf + index));
  const pages = group ? leaves.map((leaf) => group.chunks[leaf] as { start: number; end: number }) : [];
  const rowGroups = group ? [writeThriftStruct(moveRowGroup(group, leaves, magic.length, 0))] : [];
  const footer = writeFooter({ like, fields, rows: group?.rows ?? 0, rowGroups, keyValues });
  return concatBytes([magic, ...pages.map(({ start, end }) => bytes.subarray(start, end)), footer]);
}

function readPages(file: Uint8Array): ArrowTable {
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

function tableColumn(field: Field, sink: ValuesSink): Column {
  const { name, unit, role, attributes } = descriptionOf(field);
  return { name, values: sink.values(), unit, role, ...(Object.keys(attributes).length > 0 && { attributes }) };
}
