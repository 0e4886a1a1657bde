import type { Numbers } from './packedColumn.js';
import type { TplFile, TplSegment, TplSketch, Warning } from './tplFile.js';

/** Follows time from chunk to chunk: where it repeats, and where it runs backwards and a new segment begins. */
export interface Timeline {
  last: number;
  rows: number;
  repeats: number;
  /** First row of every segment. */
  readonly starts: number[];
}

export function timeline(): Timeline {
  return { last: -Infinity, rows: 0, repeats: 0, starts: [] };
}

/** Takes in further rows; fills `segment`, if given, with the number of each row's segment, from 0. */
export function followTime(line: Timeline, seconds: Float64Array, segment?: Int32Array): void {
  for (let row = 0; row < seconds.length; row++) {
    const now = seconds[row]!;
    if (now === line.last) line.repeats++;
    if (now < line.last || line.starts.length === 0) line.starts.push(line.rows + row);
    line.last = now;
    if (segment !== undefined) segment[row] = line.starts.length - 1;
  }
  line.rows += seconds.length;
}

export function segmentsOf({ starts, rows }: Timeline): TplSegment[] {
  return starts.map((from, at) => ({ from, to: starts[at + 1] ?? rows }));
}

export function warnAboutTime({ repeats, starts }: Timeline, dropped: number, warnings: Warning[]): void {
  if (repeats > 0) warnings.push({ code: 'time-duplicate', message: `${repeats} rows repeat the time of the row before` });
  if (starts.length > 1) warnings.push(restartWarning(starts.length - 1, dropped));
}

function restartWarning(restarts: number, dropped: number): Warning {
  const fate = dropped > 0 ? `${dropped} rows that were written again are left out` : 'all rows are kept';
  return { code: 'time-backwards', message: `time runs backwards ${restarts} times, as after a restart; ${fate}` };
}

/** Rows that stay, by their number in the file, and the segments that they make. */
export interface LastWritten {
  readonly rows: Int32Array;
  readonly segments: readonly TplSegment[];
}

/** What is known of a file that was read with all its rows, for the rows that stay; columns that are not held stay empty. */
export function withoutOverlaps(tpl: TplSketch, { rows, segments }: LastWritten): TplFile {
  const overlapped = tpl.rows - rows.length;
  const kept = (column: Numbers): Float64Array => (column.length === 0 ? new Float64Array(0) : Float64Array.from(rows, (row) => column.at(row)!));
  return {
    ...tpl, time: { ...tpl.time, seconds: kept(tpl.time.seconds) }, columns: tpl.columns.map(kept), rows: rows.length, segments, lines: { ...tpl.lines, overlapped },
    warnings: tpl.warnings.map((warning) => (warning.code === 'time-backwards' ? restartWarning(tpl.segments.length - 1, overlapped) : warning)),
  };
}

/**
 * The rows that stay under `keep-last`, or undefined where all do: every segment takes away the rows before it whose
 * time is its first one or later.
 */
export function lastWritten(segments: readonly TplSegment[], seconds: Numbers): LastWritten | undefined {
  if (segments.length < 2) return undefined;
  const rows = new Int32Array(seconds.length);
  const starts: number[] = [];
  let kept = 0;
  for (const { from, to } of segments) {
    const start = seconds.at(from)!;
    while (kept > 0 && seconds.at(rows[kept - 1]!)! >= start) kept--;
    while (starts.length > 0 && starts.at(-1)! >= kept) starts.pop();
    starts.push(kept);
    for (let row = from; row < to; row++) rows[kept++] = row;
  }
  return { rows: rows.subarray(0, kept), segments: starts.map((from, at) => ({ from, to: starts[at + 1] ?? kept })) };
}
