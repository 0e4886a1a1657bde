import { PenstockError } from '../errors/index.js';
import { encodingOf, lineCursor, lineEndingOf } from './lineCursor.js';
import { readRows } from './readRows.js';
import { readTplHeader } from './readTplHeader.js';
import { textBytes } from './textBytes.js';
import { secondsPer } from './units.js';
import type { ReadTplOptions, TplFile, Warning } from './tplFile.js';

/**
 * Reads an OLGA trend file (.tpl).
 *
 * Line ends, byte order marks, code pages, decimal commas, wrapped rows, Fortran's odd numbers and cut files are dealt
 * with; whatever was odd is in `warnings`. Numbers are bit for bit those of `Number()`.
 *
 * Errors: `olga/not-olga`, `olga/truncated` (the header ends early), `olga/syntax` (unknown time unit),
 * `olga/ragged-row` (a row of the wrong length under `strict`, or no row of the right length at all).
 */
export function readTpl(bytes: Uint8Array, options: ReadTplOptions = {}): TplFile {
  const { file } = options;
  const warnings: Warning[] = [];
  const text = textBytes(bytes);
  const cursor = lineCursor(text.bytes);
  const header = readTplHeader(cursor, file, warnings);
  const perUnit = secondsPer(header.timeUnit);
  if (perUnit === undefined) {
    throw new PenstockError('olga/syntax', `the time unit is ${JSON.stringify(header.timeUnit)}; allowed are S, M, MIN, H and D`, { file, line: cursor.line });
  }
  const selected = header.variables.filter((variable) => options.select?.(variable) ?? true);
  const series = readRows(cursor, header.variables, selected, options, warnings);
  const seconds = perUnit === 1 ? series.time : series.time.map((value) => value * perUnit);
  warnAboutTime(seconds, warnings);
  return {
    kind: 'trend',
    version: header.version,
    meta: header.meta,
    encoding: text.encoding ?? encodingOf(cursor),
    lineEnding: lineEndingOf(cursor),
    geometry: header.geometry,
    variables: selected,
    time: { unit: header.timeUnit, seconds },
    columns: series.columns,
    rows: seconds.length,
    truncated: series.truncated,
    skipped: series.skipped,
    warnings,
  };
}

function warnAboutTime(seconds: Float64Array, warnings: Warning[]): void {
  let same = 0;
  let back = 0;
  for (let row = 1; row < seconds.length; row++) {
    if (seconds[row] === seconds[row - 1]) same++;
    else if (seconds[row]! < seconds[row - 1]!) back++;
  }
  if (same > 0) warnings.push({ code: 'time-duplicate', message: `${same} rows repeat the time of the row before` });
  if (back > 0) warnings.push({ code: 'time-backwards', message: `time runs backwards ${back} times, as after a restart; all rows are kept` });
}
