import { tableFromIPC, type Field } from 'apache-arrow';
import { concatBytes, magic } from './bytes.js';
import { arrowSchemaKey, corrupt, type ParquetFooter } from './parquetFooter.js';
import { writeFooter } from './parquetLayout.js';
import { parquetWasm, replaceIfTrapped } from './parquetWasm.js';

/**
 * The Arrow fields of a file's columns: as its writer recorded them, or inferred where it did not. The codec looks at
 * the recorded schema first, since it checks what it reads; Apache Arrow alone runs out of memory on a damaged one.
 * Errors: `table/corrupt`.
 */
export function recordedFields(footer: ParquetFooter): readonly Field[] {
  const recorded = footer.keyValues.get(arrowSchemaKey);
  const fields = recorded === undefined ? undefined : checkedFields(footer, new Map([[arrowSchemaKey, recorded]]));
  // A type that Apache Arrow does not know, such as views on text, is inferred from what Parquet says.
  const known = fields ?? checkedFields(footer, new Map());
  if (!known) throw corrupt(new RangeError('its columns are of unknown types'));
  return known;
}

function checkedFields(like: ParquetFooter, keyValues: ReadonlyMap<string, string>): readonly Field[] | undefined {
  const ipc = schemaMessage(concatBytes([magic, writeFooter({ like, fields: like.fields, rows: 0, rowGroups: [], keyValues })]));
  try {
    return tableFromIPC(ipc).schema.fields;
  } catch {
    return undefined;
  }
}

function schemaMessage(file: Uint8Array): Uint8Array {
  try {
    return parquetWasm().readSchema(file).intoIPCStream();
  } catch (error) {
    replaceIfTrapped(error);
    throw corrupt(error);
  }
}
