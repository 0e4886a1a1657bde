import { descriptionOf } from './arrowSchema.js';
import { typeRead } from './arrowValues.js';
import type { ColumnType } from './columns.js';
import { footerSize, readFooterAtEnd, tableMetadata, type ParquetFooter } from './parquetFooter.js';
import { recordedFields } from './recordedFields.js';
import type { Role } from './table.js';

/** A file that is read by ranges [start, end). */
export interface ByteSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

export interface ParquetDescription {
  readonly rows: number;
  /** `type` is what `decodeParquet` gives; `unsupported` for columns that no table can hold. */
  readonly columns: readonly { name: string; unit: string; role: Role; type: ColumnType | 'unsupported' }[];
  readonly metadata: Readonly<Record<string, string>>;
  /** `bytes` is the size of the row group in the file. */
  readonly rowGroups: readonly { rows: number; bytes: number }[];
}

/** Most footers are smaller than this, so that one read does. */
const firstRead = 1 << 18;

/**
 * What a Parquet file holds, from its footer alone: one or two reads at its end.
 * Errors: `table/corrupt` for a damaged footer; errors of the source pass unchanged.
 */
export async function describeParquet(source: ByteSource): Promise<ParquetDescription> {
  const { size } = source;
  let end = await source.read(Math.max(0, size - firstRead), size);
  const needed = footerSize(end, size);
  if (needed > end.length) end = await source.read(size - needed, size);
  return describe(readFooterAtEnd(end, size));
}

function describe(footer: ParquetFooter): ParquetDescription {
  const columns = recordedFields(footer).map((field) => {
    const { name, unit, role } = descriptionOf(field);
    return { name, unit, role, type: typeRead(field.type) ?? ('unsupported' as const) };
  });
  const rowGroups = footer.rowGroups.map(({ rows, chunks }) => ({ rows, bytes: chunks.reduce((sum, { start, end }) => sum + end - start, 0) }));
  return { rows: rowGroups.reduce((sum, { rows }) => sum + rows, 0), columns, metadata: tableMetadata(footer), rowGroups };
}
