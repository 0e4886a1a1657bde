import type { ColumnType } from './columns.js';
import { directType, isDirect, readDirectly, type DirectValues } from './directPages.js';
import type { ByteSource, ColumnChunk, RowGroup, TopLevelField } from './parquetFooter.js';

/** The columns whose pages are all of the kinds that are read here, undefined for the others. Errors: those of the source. */
export async function directColumns(fields: readonly TopLevelField[], rowGroups: readonly RowGroup[], read: ByteSource['read']): Promise<readonly (DirectValues | undefined)[]> {
  const rows = rowGroups.reduce((sum, group) => sum + group.rows, 0);
  const values = fields.map((field) => {
    const type = directType(field);
    return type && rowGroups.every((group) => isDirect(group.chunks[field.firstLeaf]!)) ? emptyValues(type, rows) : undefined;
  });
  let first = 0;
  for (const group of rowGroups) {
    const done = await readGroup(fields, group, values, first, read);
    for (const at of values.keys()) if (!done.has(at)) values[at] = undefined;
    first += group.rows;
  }
  return values;
}

function emptyValues(type: ColumnType, rows: number): DirectValues {
  if (type === 'string') return new Array<string>(rows);
  return type === 'float64' ? new Float64Array(rows) : type === 'float32' ? new Float32Array(rows) : new Int32Array(rows);
}

const longestRead = 1 << 23;

/**
 * Reads a row group of the columns that have a place in `into`, from row `first` on, neighbours by one request. Answers the columns that were read; what
 * stands in the places of the others is not to be believed.
 */
export async function readGroup(
  fields: readonly (TopLevelField | undefined)[], group: RowGroup, into: readonly (DirectValues | undefined)[], first: number, read: ByteSource['read'],
): Promise<ReadonlySet<number>> {
  const done = new Set<number>();
  const chunkOf = (at: number): ColumnChunk | undefined => {
    const chunk = into[at] && fields[at] ? group.chunks[fields[at].firstLeaf] : undefined;
    return chunk && isDirect(chunk) ? chunk : undefined;
  };
  for (let at = 0; at < fields.length;) {
    const begin = chunkOf(at);
    if (!begin) {
      at++;
      continue;
    }
    let end = begin.end;
    let next = at + 1;
    for (let chunk; next < fields.length && (chunk = chunkOf(next)) && chunk.start === end && chunk.end - begin.start < longestRead; next++) end = chunk.end;
    const bytes = await read(begin.start, end);
    for (; at < next; at++) {
      const chunk = chunkOf(at)!;
      if (readDirectly(bytes, chunk.start - begin.start, chunk, into[at]!, first, group.rows)) done.add(at);
    }
  }
  return done;
}
