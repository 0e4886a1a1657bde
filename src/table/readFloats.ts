import { PenstockError } from '../errors/index.js';
import { numbers } from './columns.js';
import { readGroup } from './directColumns.js';
import { directType } from './directPages.js';
import { readFooterFrom, type ByteSource, type ParquetFooter, type RowGroup } from './parquetFooter.js';
import { decodeParquetFrom } from './readers.js';

/** Reads the same columns of one row group after the other. */
export interface FloatReader {
  readonly rowGroups: readonly { readonly rows: number }[];
  /** The columns of a row group as float32. The arrays are used again by the next call: take what is needed before. */
  read(group: number): Promise<readonly Float32Array[]>;
}

/**
 * Opens columns of numbers for reading row group by row group. Plain float32 columns, stored or in the Zstandard frames that
 * `encodeParquet` writes, are read without detours and copies; all others as `decodeParquetFrom` reads them.
 *
 * Errors: as `decodeParquetFrom`.
 */
export async function openFloats(source: ByteSource, columns: readonly string[]): Promise<FloatReader> {
  const footer = await readFooterFrom(source);
  const fields = columns.map((name) => footer.fields.find((field) => field.name === name));
  const kept = columns.map(() => new Float32Array(0));
  return {
    rowGroups: footer.rowGroups,
    async read(group) {
      const rowGroup = groupOf(footer, group);
      for (const [at, column] of kept.entries()) if (column.length !== rowGroup.rows) kept[at] = new Float32Array(rowGroup.rows);
      const done = await readGroup(fields, rowGroup, kept.map((column, at) => (directType(fields[at]) === 'float32' ? column : undefined)), 0, (start, end) => source.read(start, end));
      const left = [...kept.keys()].filter((at) => !done.has(at));
      if (left.length === 0) return kept;
      const table = await decodeParquetFrom(source, { columns: left.map((at) => columns[at]!), rowGroups: [group] });
      for (const at of left) kept[at]!.set(numbers(table, columns[at]!));
      return kept;
    },
  };
}

function groupOf(footer: ParquetFooter, index: number): RowGroup {
  const group = footer.rowGroups[index];
  if (!group) throw new PenstockError('table/invalid', `row group ${index} is not there; the file has ${footer.rowGroups.length}`);
  return group;
}
