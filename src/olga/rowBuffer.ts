import type { RowBlock } from './parseRows.js';
import type { ColumnMemory } from './tplFile.js';

/** Columns that fill together: only the wanted ones, time first. Full ones are handed on as chunks. */
export interface RowBuffer {
  /** One entry per column of the file: 1 where it is wanted. */
  readonly wanted: Uint8Array;
  /** Rows per chunk; Infinity where all rows stay together and the columns grow. */
  readonly chunkRows: number;
  columns: Float64Array[];
  capacity: number;
  /** Rows in `columns`. */
  rows: number;
  /** Rows handed on before those. */
  passed: number;
  /** Finished chunks that wait to be taken. */
  readonly ready: Float64Array[][];
  /** Memory of chunks that nobody needs any more. */
  readonly spare: Float64Array[][];
}

/** `capacity` is the first guess where chunks are not asked for; only then the memory is used. */
export function rowBuffer(wanted: Uint8Array, chunkRows: number, capacity: number, memory?: ColumnMemory): RowBuffer {
  const room = Math.min(capacity, chunkRows);
  const columns = memory && chunkRows === Infinity ? columnsIn(memory, wanted, room) : emptyColumns(wanted, room);
  return { wanted, chunkRows, columns, capacity: room, rows: 0, passed: 0, ready: [], spare: [] };
}

function columnsIn(memory: ColumnMemory, wanted: Uint8Array, capacity: number): Float64Array[] {
  let count = 0;
  for (const want of wanted) count += want;
  if (memory.values.length < count * capacity) memory.values = new Float64Array(count * capacity);
  const { values } = memory;
  return Array.from({ length: count }, (_, at) => values.subarray(at * capacity, (at + 1) * capacity));
}

function emptyColumns(wanted: Uint8Array, capacity: number): Float64Array[] {
  const columns: Float64Array[] = [];
  for (const want of wanted) if (want === 1) columns.push(new Float64Array(capacity));
  return columns;
}

/** Appends the rows of a block and empties it. */
export function appendBlock(buffer: RowBuffer, block: RowBlock): void {
  for (let from = 0; from < block.rows;) {
    makeRoom(buffer, block.rows - from);
    const count = Math.min(block.rows - from, buffer.capacity - buffer.rows);
    for (const [at, column] of buffer.columns.entries()) {
      const start = at * block.stride + from;
      column.set(block.values.subarray(start, start + count), buffer.rows);
    }
    buffer.rows += count;
    from += count;
  }
  block.rows = 0;
}

/** Appends one row with a value for every column of the file; missing ones at the end are NaN. */
export function appendRow(buffer: RowBuffer, values: readonly number[]): void {
  makeRoom(buffer, 1);
  let at = 0;
  for (const [column, want] of buffer.wanted.entries()) if (want === 1) buffer.columns[at++]![buffer.rows] = values[column] ?? NaN;
  buffer.rows++;
}

/** Room for one row at least: by handing on what is full, or by growing. */
function makeRoom(buffer: RowBuffer, rows: number): void {
  if (buffer.rows < buffer.capacity && (buffer.chunkRows !== Infinity || buffer.rows + rows <= buffer.capacity)) return;
  if (buffer.rows === buffer.chunkRows) {
    passOn(buffer);
    return;
  }
  buffer.capacity = Math.min(Math.max(Math.ceil(buffer.capacity * 1.5), buffer.rows + rows) + 16, buffer.chunkRows);
  for (const [at, column] of buffer.columns.entries()) {
    const larger = new Float64Array(buffer.capacity);
    larger.set(column);
    buffer.columns[at] = larger;
  }
}

/** Hands on what has been read, cut to its rows, and starts anew. A little room left at the end is not worth a copy. */
export function passOn(buffer: RowBuffer): void {
  const cut = buffer.rows >= 0.95 * buffer.capacity ? 'subarray' : 'slice';
  buffer.ready.push(buffer.columns.map((column) => column[cut](0, buffer.rows)));
  buffer.passed += buffer.rows;
  buffer.rows = 0;
  // Without chunks this was the last call.
  if (buffer.chunkRows === Infinity) buffer.capacity = 0;
  buffer.columns = buffer.capacity === 0 ? [] : (buffer.spare.pop() ?? emptyColumns(buffer.wanted, buffer.capacity));
}

/** Takes back a chunk that was handed on: its memory is that of a later one. */
export function takeBack(buffer: RowBuffer, chunk: Float64Array[]): void {
  if (chunk.every((column) => column.length === buffer.capacity)) buffer.spare.push(chunk);
}
