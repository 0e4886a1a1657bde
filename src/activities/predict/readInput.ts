import { PenstockError } from '../../errors/index.js';
import { detectKind, readCase } from '../../olga/index.js';
import { decodeCsv, decodeParquet, type Table } from '../../table/index.js';

/**
 * A recording as a table: a trend file (.tpl), a series or any other Parquet file, or CSV with a column `time` in seconds.
 * No truth is looked for: an input file (.genkey) beside the trend file changes nothing.
 */
export async function readInput(name: string, bytes: Uint8Array): Promise<Table> {
  const ending = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (ending === 'parquet') return decodeParquet(bytes);
  if (ending === 'csv') return decodeCsv(new TextDecoder().decode(bytes));
  if (ending === 'tpl' || detectKind(bytes) === 'trend') return readCase({ caseId: name, tpl: { name, bytes } }).table;
  throw new PenstockError('cli/usage', 'this kind of file cannot be scored; .tpl, .parquet and .csv can', { file: name });
}
