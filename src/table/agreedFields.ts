import type { Field } from 'apache-arrow';
import { descriptionOf, fieldMetadata, writeArrowSchema } from './arrowSchema.js';
import { columnMerge } from './columns.js';
import type { ParquetFooter } from './parquetFooter.js';
import { recordedFields } from './recordedFields.js';

/** The columns of files that are put together: all must be the same, and keep the attributes on which all agree. */
export interface AgreedFields {
  /** Errors: `table/invalid` where a column differs. */
  add(next: ParquetFooter, what: string): void;
  /** The value of the footer's `ARROW:schema`. */
  schema(): string;
}

export function agreedFields(first: ParquetFooter): AgreedFields {
  const fields = recordedFields(first);
  const merge = columnMerge(fields.map(descriptionOf));
  return {
    add: (next, what) => merge.add(recordedFields(next).map(descriptionOf), what),
    schema: () => writeArrowSchema(merge.columns().map((description, index) => (fields[index] as Field).clone({ metadata: fieldMetadata(description) }))),
  };
}
