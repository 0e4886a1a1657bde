import { followTime, lastWritten, segmentsOf, timeline, warnAboutTime } from './timeline.js';
import { feed, finish, tplReading } from './tplReading.js';
import type { ReadTplOptions, TplFile } from './tplFile.js';

/**
 * Reads an OLGA trend file (.tpl).
 *
 * Line ends, byte order marks, code pages, decimal commas, wrapped rows, Fortran's odd numbers, cut files and appended
 * restarts are dealt with; whatever was odd is in `warnings`. Numbers are bit for bit those of `Number()`.
 *
 * Errors: `olga/not-olga`, `olga/truncated` (the header ends early), `olga/syntax` (unknown time unit),
 * `olga/ragged-row` (a row of the wrong length under `strict`, or no row of the right length at all).
 */
export function readTpl(bytes: Uint8Array, options: ReadTplOptions = {}): TplFile {
  const reading = tplReading(options);
  feed(reading, bytes, true);
  const { lines, ...result } = finish(reading);
  const { version, meta, encoding, geometry, selected, timeUnit, secondsPerUnit } = reading.head!;
  const [time, ...columns] = reading.series!.buffer.ready[0]!;
  const seconds = secondsPerUnit === 1 ? time! : time!.map((value) => value * secondsPerUnit);
  const line = timeline();
  followTime(line, seconds);
  const all = segmentsOf(line);
  const last = options.overlaps === 'keep-last' ? lastWritten(all, seconds) : undefined;
  const kept = (column: Float64Array): Float64Array => (last === undefined ? column : Float64Array.from(last.rows, (row) => column[row]!));
  const rows = last === undefined ? seconds.length : last.rows.length;
  warnAboutTime(line, seconds.length - rows, reading.warnings);
  return {
    kind: 'trend',
    version, meta, encoding, geometry,
    variables: selected,
    time: { unit: timeUnit, seconds: kept(seconds) },
    columns: columns.map(kept),
    rows,
    segments: last?.segments ?? all,
    lines: { ...lines, overlapped: seconds.length - rows },
    ...result,
    warnings: reading.warnings,
  };
}
