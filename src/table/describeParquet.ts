import { descriptionOf } from './arrowSchema.js';
import { typeRead } from './arrowValues.js';
import type { ColumnType } from './columns.js';
import { readFooterFrom, tableMetadata, type ByteSource, type ParquetFooter } from './parquetFooter.js';
import { recordedFields } from './recordedFields.js';
import type { Role } from './table.js';

export interface ParquetDescription {
  readonly rows: number;
  /** `type` is what `decodeParquet` gives; `unsupported` for columns that no table can hold. */
  readonly columns: readonly { name: string; unit: string; role: Role; type: ColumnType | 'unsupported' }[];
  readonly metadata: Readonly<Record<string, string>>;
  /** `bytes` is the size of the row group in the file. */
  readonly rowGroups: readonly { rows: number; bytes: number }[];
}

/**
 * What a Parquet file holds, from its footer alone: one or two reads at its end.
 * Errors: `table/corrupt` for a damaged footer; errors of the source pass unchanged.
 */
export async function describeParquet(source: ByteSource): Promise<ParquetDescription> {
  return describe(await readFooterFrom(source));
}

function describe(footer: ParquetFooter): ParquetDescription {
  const columns = recordedFields(footer).map((field) => {
    const { name, unit, role } = descriptionOf(field);
    return { name, unit, role, type: typeRead(field.type) ?? ('unsupported' as const) };
  });
  const rowGroups = footer.rowGroups.map(({ rows, chunks }) => ({ rows, bytes: chunks.reduce((sum, { start, end }) => sum + end - start, 0) }));
  return { rows: rowGroups.reduce((sum, { rows }) => sum + rows, 0), columns, metadata: tableMetadata(footer), rowGroups };
}
