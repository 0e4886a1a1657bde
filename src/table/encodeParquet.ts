import { PenstockError } from '../errors/index.js';
import { concatBytes } from './bytes.js';
import { checkTable, sliceRows } from './columns.js';
import type { Compression } from './columnPages.js';
import { parquetFile, parquetWriter } from './parquetWriter.js';
import type { Table } from './table.js';

export interface EncodeOptions {
  /** Rows per row group. Default: 65,536, fewer where the table is wider than 150 columns (about 10 million values). */
  readonly rowGroupRows?: number;
  /** Default `zstd`. */
  readonly compression?: Compression;
}

/**
 * The table as a Parquet file. Units, roles and attributes are kept as Arrow field metadata (`unit`, `role`,
 * `attr.NAME`), the table's metadata as the file's key-value metadata. Floats are stored plain or, where they are
 * compressed, sorted by byte; text and integers of few values with a dictionary. The same table gives the same bytes.
 * Errors: `table/invalid` for a table without columns, with two of one name, or with columns of unequal length.
 */
export function encodeParquet(table: Table, options: EncodeOptions = {}): Uint8Array {
  checkTable(table);
  const groupRows = rowsPerGroup(table, options.rowGroupRows);
  if (table.rows <= groupRows) return parquetFile(table, options.compression);
  const writer = parquetWriter(options.compression);
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < table.rows; start += groupRows) pieces.push(writer.add(sliceRows(table, start, start + groupRows)));
  return concatBytes([...pieces, writer.end(table.metadata)]);
}

/** The rows of a row group of this table. Errors: `table/invalid` where fewer than one is wanted. */
export function rowsPerGroup(table: Pick<Table, 'columns'>, wanted?: number): number {
  const rows = wanted ?? Math.max(1, Math.min(65_536, Math.floor(1e7 / Math.max(1, table.columns.length))));
  if (Number.isInteger(rows) && rows >= 1) return rows;
  throw new PenstockError('table/invalid', `rowGroupRows is ${rows}; it must be a whole number of at least 1`);
}
