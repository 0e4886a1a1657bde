import type { ColumnDescription, ColumnType } from './columns.js';
import { finished, flatBuffer, putOffsets, putPair, putTable, putText, sharedText, type FlatBuffer } from './flatBuffer.js';

/*
 * The footer's `ARROW:schema`: an Arrow IPC schema message in base64, from which every Arrow reader takes types and the
 * metadata of fields. Slots: https://github.com/apache/arrow/blob/main/format/Schema.fbs and Message.fbs
 */

const typeId = { int: 2, float: 3, utf8: 5 } as const;
const version5 = 4;
const schemaMessage = 1;

export const attributePrefix = 'attr.';

/** Unit, role and attributes as entries of a field's metadata, in order of their keys. */
export function fieldEntries({ unit, role, attributes }: Pick<ColumnDescription, 'unit' | 'role' | 'attributes'>): [string, string][] {
  const facts = Object.entries(attributes).map(([key, value]): [string, string] => [attributePrefix + key, value]);
  return [['role', role] as [string, string], ['unit', unit] as [string, string], ...facts].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Text is told to have a dictionary, whose codes are signed because other readers know no other. */
export function arrowSchemaText(columns: readonly ColumnDescription[]): string {
  const buffer = flatBuffer();
  const fields = columns.map((column, id) => putField(buffer, column, id));
  const schema = putTable(buffer, [[1, 'offset', putOffsets(buffer, fields)]]);
  const message = finished(buffer, putTable(buffer, [[2, 'offset', schema], [0, 'i16', version5], [1, 'u8', schemaMessage]]));
  const framed = new Uint8Array(message.length + 16);
  const view = new DataView(framed.buffer);
  view.setInt32(0, -1, true);
  view.setInt32(4, message.length, true);
  framed.set(message, 8);
  // The end of a stream: no batches follow.
  view.setInt32(message.length + 8, -1, true);
  return Buffer.from(framed.buffer).toString('base64');
}

function putField(buffer: FlatBuffer, column: ColumnDescription, id: number): number {
  const type = column.type as ColumnType;
  const entries = fieldEntries(column).map(([key, value]) => putPair(buffer, sharedText(buffer, key), sharedText(buffer, value)));
  const metadata = putOffsets(buffer, entries);
  const name = putText(buffer, column.name);
  const children = putOffsets(buffer, []);
  const [kind, detail] = putType(buffer, type);
  const dictionary = type === 'string' ? putTable(buffer, [[0, 'i64', id], [1, 'offset', putInt32(buffer)]]) : undefined;
  return putTable(buffer, [
    [0, 'offset', name], [3, 'offset', detail], ...(dictionary === undefined ? [] : [[4, 'offset', dictionary] as const]),
    [5, 'offset', children], [6, 'offset', metadata], [2, 'u8', kind],
  ]);
}

function putType(buffer: FlatBuffer, type: ColumnType): [number, number] {
  if (type === 'string') return [typeId.utf8, putTable(buffer, [])];
  if (type === 'int32') return [typeId.int, putInt32(buffer)];
  return [typeId.float, putTable(buffer, [[0, 'i16', type === 'float64' ? 2 : 1]])];
}

function putInt32(buffer: FlatBuffer): number {
  return putTable(buffer, [[0, 'i32', 32], [1, 'u8', 1]]);
}
