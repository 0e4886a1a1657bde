export { roles, type Column, type ColumnValues, type Role, type Table } from './table.js';
export { columnNamed, columnType, concatTables, numbers, selectColumns, sliceRows, strings, takeRows, type ColumnType, type NumericValues } from './columns.js';
export { roleOfName } from './roleOf.js';
export { csvWriter, encodeCsv, type CsvOptions, type CsvWriter } from './encodeCsv.js';
export { encodeParquet, type EncodeOptions } from './encodeParquet.js';
export { decodeParquet, decodeParquetFrom, type DecodeOptions } from './decodeParquet.js';
export { describeParquet, type ParquetDescription } from './describeParquet.js';
export type { ByteSource } from './parquetFooter.js';
export { parquetStitcher, stitchParquet, type ParquetStitcher } from './parquetStitcher.js';
