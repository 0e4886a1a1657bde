import { parquetMetadataAsync, type FileMetaData, type SchemaElement } from 'hyparquet';
import { descriptionOf, readArrowSchema } from './arrowSchema.js';
import type { ColumnType } from './columns.js';
import { tableMetadata } from './decodeParquet.js';
import { arrowSchemaKey, corrupt } from './parquetFooter.js';
import { roleOfName } from './roleOf.js';
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

/**
 * What a Parquet file holds, from its footer alone: one or two reads at its end.
 * Errors: `table/corrupt` for a damaged footer; errors of the source pass unchanged.
 */
export async function describeParquet(source: ByteSource): Promise<ParquetDescription> {
  const failed: unknown[] = [];
  const slice = async (start: number, end = source.size): Promise<ArrayBuffer> => {
    try {
      return (await source.read(start, end)).slice().buffer as ArrayBuffer;
    } catch (error) {
      failed.push(error);
      throw error;
    }
  };
  try {
    return describe(await parquetMetadataAsync({ byteLength: source.size, slice }));
  } catch (error) {
    throw failed.length > 0 ? failed[0] : corrupt(error);
  }
}

function describe(file: FileMetaData): ParquetDescription {
  const keyValues = new Map((file.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']));
  const recorded = keyValues.get(arrowSchemaKey);
  const fields = new Map(recorded === undefined ? [] : readArrowSchema(recorded).fields.map((field) => [field.name, field]));
  const columns = topLevel(file.schema).map((element) => {
    const field = fields.get(element.name);
    const type = typeOf(element);
    if (field) return { ...pick(descriptionOf(field)), type };
    const time = isTime(element);
    return { name: element.name, unit: time ? 's' : '', role: roleOfName(element.name, time ? 'time' : type === 'string' ? 'text' : 'number'), type };
  });
  const rowGroups = file.row_groups.map((group) => ({
    rows: Number(group.num_rows),
    bytes: group.columns.reduce((sum, column) => sum + Number(column.meta_data?.total_compressed_size ?? 0n), 0),
  }));
  return { rows: Number(file.num_rows), columns, metadata: tableMetadata({ keyValues }), rowGroups };
}

function pick({ name, unit, role }: ReturnType<typeof descriptionOf>): { name: string; unit: string; role: Role } {
  return { name, unit, role };
}

function topLevel(schema: readonly SchemaElement[]): SchemaElement[] {
  const elements: SchemaElement[] = [];
  for (let at = 1; at < schema.length; at++) {
    elements.push(schema[at] as SchemaElement);
    for (let open = schema[at]?.num_children ?? 0; open > 0; open--) open += schema[++at]?.num_children ?? 0;
  }
  return elements;
}

function typeOf(element: SchemaElement): ColumnType | 'unsupported' {
  const logical = element.logical_type?.type;
  const converted = element.converted_type;
  if (element.num_children || element.repetition_type === 'REPEATED') return 'unsupported';
  if (isTime(element) || logical === 'DECIMAL' || converted === 'DECIMAL') return 'float64';
  switch (element.type) {
    case 'DOUBLE':
    case 'INT64':
      return 'float64';
    case 'FLOAT':
      return 'float32';
    case 'BOOLEAN':
      return 'int32';
    case 'INT32':
      return converted === 'UINT_32' ? 'float64' : 'int32';
    case 'BYTE_ARRAY':
      return logical === 'STRING' || converted === 'UTF8' ? 'string' : 'unsupported';
    default:
      return logical === 'FLOAT16' ? 'float32' : 'unsupported';
  }
}

function isTime({ type, logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  return type === 'INT96' || logical?.type === 'TIMESTAMP' || logical?.type === 'DATE' || logical?.type === 'TIME' || /^(TIME|DATE)/.test(converted ?? '');
}
