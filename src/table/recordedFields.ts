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

/** The schemas last met: files of one campaign have few, and to read one takes as long as to read a short series. */
const met: { readonly file: Uint8Array; readonly fields: readonly Field[] | undefined }[] = [];
const mostMet = 8;

function checkedFields(like: ParquetFooter, keyValues: ReadonlyMap<string, string>): readonly Field[] | undefined {
  const file = concatBytes([magic, writeFooter({ like, fields: like.fields, rows: 0, rowGroups: [], keyValues })]);
  const known = met.find((one) => Buffer.compare(one.file, file) === 0);
  if (known) return known.fields;
  const fields = fieldsOf(schemaMessage(file));
  met.unshift({ file, fields });
  met.length = Math.min(met.length, mostMet);
  return fields;
}

function fieldsOf(ipc: Uint8Array): readonly Field[] | undefined {
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
