import { PenstockError } from '../errors/index.js';
import type { LineCursor } from './lineCursor.js';
import { skipLineEnd } from './lineCursor.js';
import { readOddLine } from './oddTokens.js';
import { parseRows, type RowRun } from './parseRows.js';
import { appendRow, finishRows, rowBuffer, type RowBuffer } from './rowBuffer.js';
import type { ReadTplOptions, ShortRows, TplVariable, Warning } from './tplFile.js';

const listedSkips = 1000;

export interface Series {
  readonly time: Float64Array;
  readonly columns: Float64Array[];
  readonly truncated: boolean;
  readonly skipped: { line: number; reason: string }[];
}

interface Reading {
  readonly cursor: LineCursor;
  readonly buffer: RowBuffer;
  readonly width: number;
  readonly comma: boolean;
  readonly policy: ShortRows;
  readonly file: string | undefined;
  readonly skipped: { line: number; reason: string }[];
  skippedCount: number;
  padded: number;
  notNumbers: number;
  firstNotNumber: number;
  truncated: boolean;
}

/** Reads the block of numbers behind the header: plain lines at full speed, every other line by the rules for it. */
export function readRows(
  cursor: LineCursor, variables: readonly TplVariable[], selected: readonly TplVariable[], options: ReadTplOptions, warnings: Warning[],
): Series {
  const reading = begin(cursor, variables, selected, options);
  const linesPerRow = wrappedOver(reading);
  if (linesPerRow > 1) readWrapped(reading, linesPerRow);
  else readPlain(reading);
  failIfNothingFits(reading);
  collectWarnings(reading, linesPerRow, warnings);
  const [time, ...columns] = finishRows(reading.buffer);
  return { time: time!, columns, truncated: reading.truncated, skipped: reading.skipped };
}

function begin(
  cursor: LineCursor, variables: readonly TplVariable[], selected: readonly TplVariable[], options: ReadTplOptions,
): Reading {
  const wanted = new Set(selected);
  const first = peekLines(cursor, 1)[0] ?? '';
  const left = cursor.bytes.length - cursor.at;
  // A guess from the first line; what the file can hold at most bounds it.
  const guess = Math.ceil((left / Math.max(first.length, 2 * (variables.length + 1) - 1)) * 1.02) + 2;
  return {
    cursor,
    buffer: rowBuffer([true, ...variables.map((variable) => wanted.has(variable))], first === '' ? 0 : guess),
    width: variables.length + 1,
    comma: usesCommas(first),
    policy: options.shortRows ?? 'skip',
    file: options.file,
    skipped: [],
    skippedCount: 0,
    padded: 0,
    notNumbers: 0,
    firstNotNumber: 0,
    truncated: false,
  };
}

/** Decided once for the file: every token of the first row has a comma, or neither mark, and none has a point. */
function usesCommas(line: string): boolean {
  return line.includes(',') && !line.includes('.') && /^[\d\s,+\-eEdD]*$/.test(line);
}

function readPlain(reading: Reading): void {
  const { cursor, buffer } = reading;
  const { bytes } = cursor;
  const run: RowRun = { at: cursor.at, line: cursor.line, endings: { lf: 0, crlf: 0, cr: 0 } };
  const limit = lastLineEnd(bytes) + 1;
  const point = reading.comma ? 44 : 46;
  for (;;) {
    const done = parseRows(bytes, limit, point, buffer, run);
    cursor.at = run.at;
    cursor.line = run.line;
    if (done && cursor.at >= bytes.length) break;
    readOtherLine(reading);
    run.at = cursor.at;
    run.line = cursor.line;
    if (run.at >= bytes.length) break;
  }
  for (const ending of ['lf', 'crlf', 'cr'] as const) if (run.endings[ending] > 0) cursor.endings.add(ending);
}

function lastLineEnd(bytes: Uint8Array): number {
  let at = bytes.length - 1;
  while (at >= 0 && bytes[at] !== 10 && bytes[at] !== 13) at--;
  return at;
}

/** One line that is not plain: odd numbers, another count, or the last one without a line end. */
function readOtherLine(reading: Reading): void {
  const { cursor, width } = reading;
  const { text, ended } = takeLine(cursor);
  if (text.trim() === '') return;
  const last = isBlankFrom(cursor.bytes, cursor.at);
  const odd = readOddLine(text, reading.comma);
  const { values } = odd;
  if (last && (values.length < width || (!ended && lastNumberIsCut(text)) || (values.length === width && odd.unreadable !== undefined))) {
    reading.truncated = true;
    return;
  }
  if (values.length !== width) badRow(reading, `${values.length} values where ${width} belong`, values);
  else if (odd.unreadable !== undefined) badRow(reading, `${JSON.stringify(odd.unreadable.slice(0, 40))} is not a number`, values);
  else if (Number.isNaN(values[0])) badRow(reading, 'the time is not a number', []);
  else {
    if (odd.notNumbers > 0 && reading.notNumbers === 0) reading.firstNotNumber = cursor.line;
    reading.notNumbers += odd.notNumbers;
    appendRow(reading.buffer, values);
  }
}

/** A number cut within its exponent still reads as a number; its exponent is then shorter than that of the row's time. */
function lastNumberIsCut(line: string): boolean {
  const tokens = line.trim().split(/\s+/);
  const tail = (token: string | undefined): number => /[eEdD][+-]?\d*$/.exec(token ?? '')?.[0].length ?? 0;
  return tail(tokens.at(-1)) < tail(tokens[0]);
}

function badRow(reading: Reading, reason: string, values: readonly number[]): void {
  const { cursor, policy, width, file } = reading;
  const line = cursor.line;
  if (policy === 'strict') throw new PenstockError('olga/ragged-row', `row with ${reason} (time and ${width - 1} variables)`, { file, line });
  if (policy === 'pad' && values.length > 0 && values.length <= width && !Number.isNaN(values[0])) {
    reading.padded++;
    appendRow(reading.buffer, values);
    return;
  }
  reading.skippedCount++;
  if (reading.skipped.length < listedSkips) reading.skipped.push({ line, reason });
}

/**
 * How many lines make one row. Above 1 only where the first lines add up to exactly one row and the lines after them
 * repeat the same counts: a bad first row is not mistaken for wrapping.
 */
function wrappedOver(reading: Reading): number {
  const { width } = reading;
  const counts = (lines: readonly string[]): number[] => lines.map((line) => {
    const odd = readOddLine(line, reading.comma);
    return odd.unreadable === undefined ? odd.values.length : NaN;
  });
  const first = counts(peekLines(reading.cursor, 1))[0] ?? width;
  if (!(first < width)) return 1;
  const head = counts(peekLines(reading.cursor, 2 * Math.min(width, 4096)));
  let lines = 0;
  for (let sum = 0; sum < width && lines < head.length; lines++) sum += head[lines]!;
  const one = head.slice(0, lines);
  if (one.reduce((sum, count) => sum + count, 0) !== width) return 1;
  const next = head.slice(lines, 2 * lines);
  return next.every((count, at) => count === one[at]) ? lines : 1;
}

function readWrapped(reading: Reading, linesPerRow: number): void {
  const { cursor, width } = reading;
  while (!isBlankFrom(cursor.bytes, cursor.at)) {
    let text = '';
    for (let line = 0; line < linesPerRow && !isBlankFrom(cursor.bytes, cursor.at);) {
      const taken = takeLine(cursor).text;
      if (taken.trim() === '') continue;
      text += ` ${taken}`;
      line++;
    }
    const odd = readOddLine(text, reading.comma);
    if (odd.values.length < width && isBlankFrom(cursor.bytes, cursor.at)) reading.truncated = true;
    else if (odd.values.length !== width || odd.unreadable !== undefined || Number.isNaN(odd.values[0])) {
      badRow(reading, odd.unreadable === undefined ? `${odd.values.length} values where ${width} belong` : `${JSON.stringify(odd.unreadable)} is not a number`, odd.values);
    } else {
      if (odd.notNumbers > 0 && reading.notNumbers === 0) reading.firstNotNumber = cursor.line;
      reading.notNumbers += odd.notNumbers;
      appendRow(reading.buffer, odd.values);
    }
  }
}

function failIfNothingFits(reading: Reading): void {
  const first = reading.skipped[0];
  if (reading.buffer.rows > 0 || first === undefined) return;
  throw new PenstockError('olga/ragged-row',
    `none of the ${reading.skippedCount} rows fits the catalog of time and ${reading.width - 1} variables; the first has ${first.reason}`,
    { file: reading.file, line: first.line });
}

function collectWarnings(reading: Reading, linesPerRow: number, warnings: Warning[]): void {
  const first = reading.skipped[0];
  if (first !== undefined) warnings.push({ code: 'rows-skipped', message: `${reading.skippedCount} rows left out; the first has ${first.reason}`, line: first.line });
  if (reading.padded > 0) warnings.push({ code: 'rows-padded', message: `${reading.padded} incomplete rows filled with NaN` });
  if (reading.notNumbers > 0) warnings.push({ code: 'not-a-number', message: `${reading.notNumbers} values are NaN, infinite or stars in the file and NaN here`, line: reading.firstNotNumber });
  if (reading.truncated) warnings.push({ code: 'truncated', message: 'the last row is cut; it is left out', line: reading.cursor.line });
  if (linesPerRow > 1) warnings.push({ code: 'rows-wrapped', message: `every row stands on ${linesPerRow} lines` });
}

/** Takes one line from the cursor, as Latin-1: the numbers are ASCII, and anything else is shown as it is. */
function takeLine(cursor: LineCursor): { text: string; ended: boolean } {
  const { bytes } = cursor;
  let end = cursor.at;
  let text = '';
  while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) text += String.fromCharCode(bytes[end++]!);
  skipLineEnd(cursor, end);
  return { text, ended: end < bytes.length };
}

/** The next lines that are not blank, without moving the cursor. */
function peekLines(cursor: LineCursor, count: number): string[] {
  const ahead: LineCursor = { ...cursor, endings: new Set(), encodings: new Set() };
  const lines: string[] = [];
  while (lines.length < count && ahead.at < ahead.bytes.length) {
    const { text } = takeLine(ahead);
    if (text.trim() !== '') lines.push(text);
  }
  return lines;
}

function isBlankFrom(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < bytes.length; at++) if (bytes[at]! > 32) return false;
  return true;
}
