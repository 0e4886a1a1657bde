import { PenstockError } from '../errors/index.js';
import { settleOddRow } from './oddRow.js';
import { readOddLine } from './oddTokens.js';
import { parseRows, type RowRun } from './parseRows.js';
import { appendBlock } from './rowBuffer.js';
import type { SeriesState } from './seriesState.js';
import type { Warning } from './tplFile.js';

const patternLines = 4096;
const longestLine = 64 * 2 ** 20;

/**
 * Reads what it can of a stretch of bytes: plain lines at full speed, every other line by the rules for it. Without
 * `final` a last line without its end is left. Returns how many bytes are done; the caller brings the rest again, with
 * what follows it.
 */
export function readSeries(state: SeriesState, bytes: Uint8Array, final: boolean): number {
  const complete = final ? bytes.length : completeLines(bytes);
  if (complete === 0 && bytes.length > longestLine) {
    throw new PenstockError('olga/syntax', `a line of more than ${longestLine / 2 ** 20} MiB stands in the block of numbers`, { file: state.file, line: state.line + 1 });
  }
  if (state.pattern.length === 0 && !learnPattern(state, bytes.subarray(0, complete), final)) return 0;
  const done = state.pattern.length > 1 ? readWrapped(state, bytes, complete) : readPlain(state, bytes, complete);
  if (final) settlePending(state, true);
  return done;
}

/** Errors and warnings about the whole, once everything was read. */
export function finishSeries(state: SeriesState, warnings: Warning[]): void {
  const { buffer, skipped } = state;
  const first = skipped[0];
  if (first !== undefined && buffer.passed + buffer.rows === 0) {
    throw new PenstockError('olga/ragged-row',
      `none of the ${state.skippedRows} rows fits the catalog of time and ${state.wanted.length - 1} variables; the first has ${first.reason}`,
      { file: state.file, line: first.line });
  }
  if (first !== undefined) warnings.push({ code: 'rows-skipped', message: `${state.skippedRows} rows left out; the first has ${first.reason}`, line: first.line });
  if (state.padded > 0) warnings.push({ code: 'rows-padded', message: `${state.padded} incomplete rows filled with NaN` });
  if (state.notNumbers > 0) warnings.push({ code: 'not-a-number', message: `${state.notNumbers} values are NaN, infinite or stars in the file and NaN here`, line: state.firstNotNumber });
  if (state.truncated) warnings.push({ code: 'truncated', message: 'the last row is cut; it is left out', line: state.cutLine });
  if (state.pattern.length > 1) warnings.push({ code: 'rows-wrapped', message: `every row stands on ${state.pattern.length} lines` });
}

/** Behind the last line end. A CR at the very end may be half of one. */
function completeLines(bytes: Uint8Array): number {
  let at = bytes.length;
  if (bytes[at - 1] === 13) at--;
  while (at > 0 && bytes[at - 1] !== 10 && bytes[at - 1] !== 13) at--;
  return at;
}

function readPlain(state: SeriesState, bytes: Uint8Array, complete: number): number {
  const run: RowRun = {
    bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), at: 0, line: state.line, endings: state.endings,
  };
  // The last line of all may lack its end.
  let limit = complete;
  while (limit > 0 && bytes[limit - 1] !== 10 && bytes[limit - 1] !== 13) limit--;
  while (run.at < complete) {
    if (state.pending !== undefined && !isBlankFrom(bytes, run.at)) settlePending(state, false);
    while (parseRows(run, limit, state.point, state.wanted, state.block) && run.at < limit) flush(state);
    flush(state);
    if (run.at >= complete) break;
    const { text, ended } = takeLine(run);
    if (!isBlank(text)) state.pending = { text, line: run.line, lines: 1, ended };
  }
  state.line = run.line;
  return run.at;
}

function flush(state: SeriesState): void {
  state.total += state.block.rows;
  appendBlock(state.buffer, state.block);
}

/** Rows of several lines. A line with another count than its place asks for ends the row before it: nothing is shifted. */
function readWrapped(state: SeriesState, bytes: Uint8Array, complete: number): number {
  const { pattern } = state;
  const run = { bytes, at: 0, line: state.line, endings: state.endings };
  while (run.at < complete) {
    const { text, ended } = takeLine(run);
    if (isBlank(text)) continue;
    settlePending(state, false);
    const count = readOddLine(text, state.point === 44).values.length;
    const fits = count === pattern[state.group.length];
    if (!fits && state.group.length > 0 && count === pattern[0]) {
      settleOddRow(state, { text: state.group.join(' '), line: state.groupLine, lines: state.group.length, ended: true }, false);
      state.group = [];
    }
    state.group.push(text);
    state.groupLine = run.line;
    if (state.group.length === pattern.length || (!fits && count !== pattern[0])) {
      state.pending = { text: state.group.join(' '), line: run.line, lines: state.group.length, ended };
      state.group = [];
    }
  }
  state.line = run.line;
  return run.at;
}

function settlePending(state: SeriesState, last: boolean): void {
  const { pending } = state;
  state.pending = undefined;
  if (pending !== undefined) settleOddRow(state, pending, last && state.group.length === 0);
  if (!last || state.group.length === 0) return;
  settleOddRow(state, { text: state.group.join(' '), line: state.groupLine, lines: state.group.length, ended: true }, true);
  state.group = [];
}

/**
 * Finds out from the first lines whether numbers have decimal commas and how many lines make one row. More than one
 * only where the first lines add up to exactly one row and the lines after them repeat the same counts: a bad first row
 * is not mistaken for wrapping. False where more lines are needed.
 */
function learnPattern(state: SeriesState, bytes: Uint8Array, final: boolean): boolean {
  const width = state.wanted.length;
  const [first] = firstLines(bytes, 1);
  if (first === undefined) {
    if (final) state.pattern = [width];
    return final;
  }
  if (usesCommas(first)) state.point = 44;
  const counts = (lines: readonly string[]): number[] => lines.map((line) => {
    const odd = readOddLine(line, state.point === 44);
    return odd.unreadable === undefined ? odd.values.length : NaN;
  });
  if (!(counts([first])[0]! < width)) {
    state.pattern = [width];
    return true;
  }
  const wanted = 2 * Math.min(width, patternLines);
  const lines = firstLines(bytes, wanted);
  if (lines.length < wanted && !final && bytes.length < longestLine) return false;
  const head = counts(lines);
  let rows = 0;
  for (let sum = 0; sum < width && rows < head.length; rows++) sum += head[rows]!;
  const one = head.slice(0, rows);
  const wrapped = one.reduce((sum, count) => sum + count, 0) === width && head.slice(rows, 2 * rows).every((count, at) => count === one[at]);
  state.pattern = wrapped ? one : [width];
  return true;
}

/** Decided once for the file: the first row has commas and no point. */
function usesCommas(line: string): boolean {
  return line.includes(',') && !line.includes('.') && /^[\d\s,+\-eEdD]*$/.test(line);
}

const latin1 = new TextDecoder('latin1');

/** Takes one line, as Latin-1: the numbers are ASCII, and anything else is shown as it is. */
function takeLine(run: Pick<RowRun, 'bytes' | 'at' | 'line' | 'endings'>): { text: string; ended: boolean } {
  const { bytes } = run;
  const start = run.at;
  let end = start;
  while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
  run.line++;
  const ended = end < bytes.length;
  if (ended && bytes[end] === 13 && bytes[end + 1] === 10) {
    run.endings.crlf++;
    run.at = end + 2;
  } else {
    if (ended) run.endings[bytes[end] === 10 ? 'lf' : 'cr']++;
    run.at = Math.min(end + 1, bytes.length);
  }
  return { text: latin1.decode(bytes.subarray(start, end)), ended };
}

/** The first lines that are not blank. */
function firstLines(bytes: Uint8Array, count: number): string[] {
  const run = { bytes, at: 0, line: 0, endings: { lf: 0, crlf: 0, cr: 0 } };
  const lines: string[] = [];
  while (lines.length < count && run.at < bytes.length) {
    const { text } = takeLine(run);
    if (!isBlank(text)) lines.push(text);
  }
  return lines;
}

/** Nothing but blanks and control characters, such as the NULs and Ctrl-Z of a padded file. */
function isBlank(text: string): boolean {
  return /^[\0-\x20]*$/.test(text);
}

function isBlankFrom(bytes: Uint8Array, start: number): boolean {
  for (let at = start; at < bytes.length; at++) if (bytes[at]! > 32) return false;
  return true;
}
