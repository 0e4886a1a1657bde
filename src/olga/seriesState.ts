import { kernelBlock, kernelValues } from './kernels/rowKernels.js';
import type { RowBlock } from './parseRows.js';
import { rowBuffer, type RowBuffer } from './rowBuffer.js';
import type { ColumnMemory, ShortRows, TplVariable } from './tplFile.js';

/** A row, or what looks like one, that has to be read by the rules for odd tokens. */
export interface OddRow {
  readonly text: string;
  /** Number of its last line. */
  readonly line: number;
  readonly lines: number;
  /** Whether a line end stands behind it. */
  readonly ended: boolean;
}

/** State of the reading of the numbers behind the header; it is fed with stretches of bytes. */
export interface SeriesState {
  readonly wanted: Uint8Array;
  readonly policy: ShortRows;
  readonly file: string | undefined;
  readonly buffer: RowBuffer;
  readonly block: RowBlock;
  readonly endings: { lf: number; crlf: number; cr: number };
  /** Byte of the decimal mark. */
  point: number;
  /** Numbers on each line of a row: one entry where rows are not wrapped; empty until the first line was seen. */
  pattern: readonly number[];
  /** Lines of a wrapped row that is not complete. */
  group: string[];
  /** Number of its last line. */
  groupLine: number;
  /** Waits until it is known whether it is the last one. */
  pending: OddRow | undefined;
  line: number;
  total: number;
  skippedLines: number;
  cutLines: number;
  cutLine: number;
  readonly skipped: { line: number; reason: string }[];
  skippedRows: number;
  padded: number;
  notNumbers: number;
  firstNotNumber: number;
  truncated: boolean;
}

export interface SeriesOptions {
  readonly variables: readonly TplVariable[];
  readonly selected: readonly TplVariable[];
  readonly line: number;
  readonly policy: ShortRows | undefined;
  readonly file: string | undefined;
  /** Rows per chunk; Infinity for one chunk. */
  readonly chunkRows: number;
  readonly expectedRows: number;
  readonly memory: ColumnMemory | undefined;
}

export function seriesState(options: SeriesOptions): SeriesState {
  const chosen = new Set(options.selected);
  const wanted = Uint8Array.from([1, ...options.variables.map((variable) => Number(chosen.has(variable)))]);
  const count = chosen.size + 1;
  const stride = Math.max(1, Math.min(4096, Math.floor(kernelValues / count)));
  return {
    wanted, policy: options.policy ?? 'skip', file: options.file,
    buffer: rowBuffer(wanted, options.chunkRows, options.expectedRows, options.memory),
    block: { values: blockOf(stride * count), stride, rows: 0 },
    endings: { lf: 0, crlf: 0, cr: 0 }, point: 46, pattern: [], group: [], groupLine: 0, pending: undefined,
    line: options.line, total: 0, skippedLines: 0, cutLines: 0, cutLine: 0,
    skipped: [], skippedRows: 0, padded: 0, notNumbers: 0, firstNotNumber: 0, truncated: false,
  };
}

/** One for all files: between two stretches of bytes a block is empty. Small enough to stay in the cache; rows that are too wide for it have one of their own. */
function blockOf(values: number): Float64Array {
  return values <= kernelValues ? kernelBlock : new Float64Array(values);
}
