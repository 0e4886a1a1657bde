/** Columns that grow together. Column 0 is time; an undefined column is not wanted and never written. */
export interface RowBuffer {
  readonly columns: (Float64Array | undefined)[];
  capacity: number;
  rows: number;
}

export function rowBuffer(wanted: readonly boolean[], capacity: number): RowBuffer {
  return { columns: wanted.map((want) => (want ? new Float64Array(capacity) : undefined)), capacity, rows: 0 };
}

/** Makes room for one more row at least. */
export function growRows(buffer: RowBuffer): void {
  buffer.capacity = Math.ceil(buffer.capacity * 1.5) + 16;
  for (const [at, column] of buffer.columns.entries()) {
    if (column === undefined) continue;
    const larger = new Float64Array(buffer.capacity);
    larger.set(column);
    buffer.columns[at] = larger;
  }
}

/** Appends one row of values; missing ones at the end are NaN. */
export function appendRow(buffer: RowBuffer, values: readonly number[]): void {
  if (buffer.rows === buffer.capacity) growRows(buffer);
  for (const [at, column] of buffer.columns.entries()) {
    if (column !== undefined) column[buffer.rows] = values[at] ?? NaN;
  }
  buffer.rows++;
}

/** The wanted columns, cut to the rows that were read. */
export function finishRows(buffer: RowBuffer): Float64Array[] {
  return buffer.columns.filter((column) => column !== undefined)
    .map((column) => (column.length === buffer.rows ? column : column.slice(0, buffer.rows)));
}
