import { PenstockError } from '../errors/index.js';
import { readOddLine } from './oddTokens.js';
import { appendRow } from './rowBuffer.js';
import type { OddRow, SeriesState } from './seriesState.js';

const listedSkips = 1000;

/** Reads a row by the rules for odd tokens and puts it where it belongs: among the rows, or among what is left out. */
export function settleOddRow(state: SeriesState, row: OddRow, last: boolean): void {
  const width = state.wanted.length;
  const odd = readOddLine(row.text, state.point === 44, state.wanted);
  const { values } = odd;
  state.total += row.lines;
  if (last && (values.length < width || (!row.ended && lastNumberIsCut(row.text)) || (values.length === width && odd.unreadable !== undefined))) {
    state.truncated = true;
    state.cutLine = row.line;
    state.cutLines += row.lines;
    return;
  }
  if (row.lines !== state.pattern.length) badRow(state, row, `${row.lines} lines where ${state.pattern.length} make a row`, []);
  else if (values.length !== width) badRow(state, row, `${values.length} values where ${width} belong`, values);
  else if (odd.unreadable !== undefined) badRow(state, row, `${JSON.stringify(odd.unreadable.slice(0, 40))} is not a number`, values);
  else if (Number.isNaN(values[0])) badRow(state, row, 'the time is not a number', []);
  else {
    if (odd.notNumbers > 0 && state.notNumbers === 0) state.firstNotNumber = row.line;
    state.notNumbers += odd.notNumbers;
    appendRow(state.buffer, values);
  }
}

/** A number cut within its exponent still reads as a number; its exponent is then shorter than that of the row's time. */
function lastNumberIsCut(text: string): boolean {
  const tokens = text.trim().split(/[\s\0\x1a]+/).filter((token) => token !== '');
  const tail = (token: string | undefined): number => /[eEdD][+-]?\d*$/.exec(token ?? '')?.[0].length ?? 0;
  return tail(tokens.at(-1)) < tail(tokens[0]);
}

function badRow(state: SeriesState, row: OddRow, reason: string, values: readonly number[]): void {
  const { policy, file } = state;
  const width = state.wanted.length;
  if (policy === 'strict') throw new PenstockError('olga/ragged-row', `row with ${reason} (time and ${width - 1} variables)`, { file, line: row.line });
  if (policy === 'pad' && values.length > 0 && values.length <= width && !Number.isNaN(values[0])) {
    state.padded++;
    appendRow(state.buffer, values);
    return;
  }
  state.skippedRows++;
  state.skippedLines += row.lines;
  if (state.skipped.length < listedSkips) state.skipped.push({ line: row.line, reason });
}
