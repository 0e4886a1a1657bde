import { Float32, Float64, Int32, makeData, RecordBatch, Schema, Struct, Table as ArrowTable, tableToIPC, Utf8, Vector } from 'apache-arrow';
import type { Data, DataType, Dictionary, Field } from 'apache-arrow';
import type { WriterProperties } from 'parquet-wasm';
import { PenstockError } from '../errors/index.js';
import { fieldOf, withDictionaryIds } from './arrowSchema.js';
import { concatBytes } from './bytes.js';
import { checkTable, columnType, describeColumn, sliceRows } from './columns.js';
import { parquetStitcher } from './parquetStitcher.js';
import { parquetWasm } from './parquetWasm.js';
import type { Column, ColumnValues, Table } from './table.js';

export interface EncodeOptions {
  /** Rows per row group. Default: 65,536, fewer where the table is wider than 150 columns (about 10 million values). */
  readonly rowGroupRows?: number;
  /** Default `zstd` (level 1). */
  readonly compression?: 'zstd' | 'snappy' | 'none';
}

/**
 * The table as a Parquet file. Units, roles and attributes are kept as Arrow field metadata (`unit`, `role`,
 * `attr.NAME`), the table's metadata as the file's key-value metadata. Floats are stored plain, text and integers of few
 * values with a dictionary. The same table gives the same bytes. Takes about six times a row group of extra memory.
 * Errors: `table/invalid` for a table without columns, with two of one name, or with columns of unequal length.
 */
export function encodeParquet(table: Table, options: EncodeOptions = {}): Uint8Array {
  checkTable(table);
  const groupRows = options.rowGroupRows ?? Math.max(1, Math.min(65_536, Math.floor(1e7 / table.columns.length)));
  if (!Number.isInteger(groupRows) || groupRows < 1) {
    throw new PenstockError('table/invalid', `rowGroupRows is ${groupRows}; it must be a whole number of at least 1`);
  }
  const stitcher = parquetStitcher();
  const pieces: Uint8Array[] = [];
  for (let start = 0; start === 0 || start < table.rows; start += groupRows) {
    pieces.push(stitcher.add(encodeRowGroup(sliceRows(table, start, start + groupRows), options.compression ?? 'zstd')));
  }
  pieces.push(stitcher.end());
  return concatBytes(pieces);
}

function encodeRowGroup(table: Table, compression: 'zstd' | 'snappy' | 'none'): Uint8Array {
  const { Table: WasmTable, writeParquet } = parquetWasm();
  const ipc = tableToIPC(arrowTable(table), 'stream');
  return writeParquet(WasmTable.fromIPCStream(ipc), writerProperties(table, compression));
}

function writerProperties(table: Table, compression: 'zstd' | 'snappy' | 'none'): WriterProperties {
  const { WriterPropertiesBuilder, Compression, EnabledStatistics } = parquetWasm();
  const codec = { zstd: Compression.ZSTD, snappy: Compression.SNAPPY, none: Compression.UNCOMPRESSED }[compression];
  let builder = new WriterPropertiesBuilder()
    .setCompression(codec)
    .setDictionaryEnabled(false)
    .setStatisticsEnabled(EnabledStatistics.Chunk)
    .setMaxRowGroupSize(Math.max(1, table.rows))
    .setKeyValueMetadata(new Map(Object.entries(table.metadata)));
  for (const { name, values } of table.columns) {
    if (columnType(values) === 'string' || (values instanceof Int32Array && hasFewValues(values))) builder = builder.setColumnDictionaryEnabled(name, true);
  }
  return builder.build();
}

/** A dictionary pays where its codes are much shorter than the values. */
function hasFewValues(values: Int32Array): boolean {
  const seen = new Set<number>();
  for (const value of values) {
    seen.add(value);
    if (seen.size > 256) return false;
  }
  return seen.size * 4 <= values.length;
}

function arrowTable(table: Table): ArrowTable {
  const fields = withDictionaryIds(table.columns.map((column) => fieldOf(describeColumn(column))));
  const children = table.columns.map((column, index) => arrowData(column, fields[index] as Field));
  const schema = new Schema(fields);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length: table.rows, nullCount: 0, children }));
  return new ArrowTable(schema, [batch]);
}

function arrowData({ values }: Column<ColumnValues>, field: Field): Data<DataType> {
  const common = { length: values.length, nullCount: 0 };
  if (values instanceof Float64Array) return makeData({ ...common, type: new Float64(), data: values });
  if (values instanceof Float32Array) return makeData({ ...common, type: new Float32(), data: values });
  if (values instanceof Int32Array) return makeData({ ...common, type: new Int32(), data: values });
  return dictionaryData(values, field.type as Dictionary<Utf8, Int32>);
}

function dictionaryData(values: readonly string[], type: Dictionary<Utf8, Int32>): Data<DataType> {
  const codes = new Int32Array(values.length);
  const codeOf = new Map<string, number>();
  for (let row = 0; row < values.length; row++) {
    const text = values[row] as string;
    let code = codeOf.get(text);
    if (code === undefined) codeOf.set(text, (code = codeOf.size));
    codes[row] = code;
  }
  const dictionary = new Vector([utf8Data([...codeOf.keys()])]);
  return makeData({ type, length: values.length, nullCount: 0, data: codes, dictionary });
}

function utf8Data(texts: readonly string[]): Data<Utf8> {
  const encoder = new TextEncoder();
  const encoded = texts.map((text) => encoder.encode(text));
  const valueOffsets = new Int32Array(texts.length + 1);
  encoded.forEach((bytes, index) => (valueOffsets[index + 1] = (valueOffsets[index] as number) + bytes.length));
  return makeData({ type: new Utf8(), length: texts.length, nullCount: 0, valueOffsets, data: concatBytes(encoded) });
}
