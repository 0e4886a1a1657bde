import { DataType, Dictionary, Field, Int32, Schema, Table as ArrowTable, tableToIPC, Utf8 } from 'apache-arrow';
import type { ColumnDescription } from './columns.js';
import { isRole, roleOfName } from './roleOf.js';
import { attributePrefix, fieldEntries } from './writtenSchema.js';

/** Text is always written with a dictionary, whose codes are signed because other readers know no other. */
const textType = (): DataType => new Dictionary(new Utf8(), new Int32(), 0);

export function fieldMetadata(description: Pick<ColumnDescription, 'unit' | 'role' | 'attributes'>): Map<string, string> {
  return new Map(fieldEntries(description));
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

/** The schema of these fields as a reader shall see it: text with a dictionary, whatever the writer held it in. */
export function readingSchema(fields: readonly Field[]): string {
  return writeArrowSchema(fields.map(({ name, type, nullable }) => new Field(name, isText(type) ? textType() : type, nullable)));
}
