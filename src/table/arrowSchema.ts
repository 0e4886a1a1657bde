import { DataType, Dictionary, Field, Float32, Float64, Int32, Schema, Table as ArrowTable, tableFromIPC, tableToIPC, Utf8, type TypeMap } from 'apache-arrow';
import type { ColumnDescription, ColumnType } from './columns.js';
import { corrupt } from './parquetFooter.js';
import { isRole, roleOfName } from './roleOf.js';

/** Text is always written with a dictionary, whose codes are signed because other readers know no other. */
const textType = (): DataType => new Dictionary(new Utf8(), new Int32(), 0);

const writtenTypes: Record<ColumnType, () => DataType> = {
  float64: () => new Float64(),
  float32: () => new Float32(),
  int32: () => new Int32(),
  string: textType,
};

const attributePrefix = 'attr.';

/** The Arrow field of a column: unit, role and attributes as field metadata. */
export function fieldOf({ name, type, unit, role, attributes }: ColumnDescription): Field {
  const facts = Object.entries(attributes).map(([key, value]) => [attributePrefix + key, value] as const);
  const metadata = new Map([['role', role] as const, ['unit', unit] as const, ...facts].sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Field(name, writtenTypes[type as ColumnType](), false, metadata);
}

/** What a field says about its column. A role that is not recorded is taken from the name (`roleOfName`). */
export function descriptionOf(field: Field): ColumnDescription {
  const unit = field.metadata.get('unit') ?? (isTime(field.type) ? 's' : '');
  const recorded = field.metadata.get('role');
  const kind = isTime(field.type) ? 'time' : isText(field.type) ? 'text' : 'number';
  const role = isRole(recorded) ? recorded : roleOfName(field.name, kind);
  const facts = [...field.metadata].filter(([key]) => key !== 'unit' && key !== 'role' && !key.startsWith('PARQUET:'));
  const attributes = Object.fromEntries(facts.map(([key, value]) => [key.startsWith(attributePrefix) ? key.slice(attributePrefix.length) : key, value]));
  return { name: field.name, type: String(field.type), unit, role, attributes };
}

export function isText(type: DataType): boolean {
  const values = DataType.isDictionary(type) ? type.dictionary : type;
  return DataType.isUtf8(values) || DataType.isLargeUtf8(values);
}

function isTime(type: DataType): boolean {
  return DataType.isTimestamp(type) || DataType.isDate(type) || DataType.isTime(type) || DataType.isDuration(type);
}

/** The value of the footer's `ARROW:schema`: an Arrow IPC schema message in base64. */
export function writeArrowSchema(fields: readonly Field[]): string {
  const message = tableToIPC(new ArrowTable(new Schema(withDictionaryIds(fields))), 'stream');
  return Buffer.from(message).toString('base64');
}

/** Dictionaries of one stream need ids of their own; those that Arrow gives by itself differ from call to call. */
export function withDictionaryIds(fields: readonly Field[]): Field[] {
  return fields.map((field, id) => {
    const { type } = field;
    if (!DataType.isDictionary(type)) return field;
    return field.clone({ type: new Dictionary(type.dictionary, type.indices, id, type.isOrdered) });
  });
}

/** The inverse, for any writer's file. Errors: `table/corrupt`. */
export function readArrowSchema(base64: string): Schema<TypeMap> {
  try {
    return tableFromIPC(withoutBatches(Buffer.from(base64, 'base64'))).schema;
  } catch (error) {
    throw corrupt(error);
  }
}

/** Some writers leave out the end-of-stream mark, which the stream reader wants to see. */
function withoutBatches(message: Uint8Array): Uint8Array {
  const stream = new Uint8Array(message.length + 8);
  stream.set(message);
  stream.fill(0xff, message.length, message.length + 4);
  return stream;
}

/** The schema of these fields as a reader shall see it: text with a dictionary, whatever the writer held it in. */
export function readingSchema(fields: readonly Field[]): string {
  return writeArrowSchema(fields.map((field) => (isText(field.type) ? new Field(field.name, textType(), field.nullable) : new Field(field.name, field.type, field.nullable))));
}
