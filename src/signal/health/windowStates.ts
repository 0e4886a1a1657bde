import type { Table } from '../../table/table.js';
import { findColumn, numbersOf, timeColumn } from '../columns.js';
import { trainedRange, type TrainedRange } from './trainedRange.js';

/** What a window's inputs allow: a score, or none because they are not there (`unavailable`) or lie beyond the training (`outside_envelope`). */
export const windowStateNames = ['ok', 'outside_envelope', 'unavailable'] as const;
export type WindowState = (typeof windowStateNames)[number];

/** A signal whose state is watched; without a trained range only missing values are. */
export interface WatchedSignal {
  readonly name: string;
  readonly trained?: TrainedRange | undefined;
}

/** A run of windows that have the same trouble. Times of the last rows of its first and its last window. */
export interface Trouble {
  readonly state: Exclude<WindowState, 'ok'>;
  /** Null where all signals are concerned. */
  readonly signal: string | null;
  readonly reason: string;
  readonly start: number;
  readonly end: number;
  readonly windows: number;
}

export interface WindowStates {
  /** Places in `windowStateNames`: the gravest trouble of each window. */
  readonly codes: Uint8Array;
  /** By start, then signal. */
  readonly troubles: readonly Trouble[];
}

/** A signal may leave its trained range by this share of it, so that a leak larger than those of the training is still scored. */
export const envelopeMargin = 0.5;
/** A signal is stuck after this many times the longest standstill of the training. */
const flatFactor = 2;

/**
 * The state of each window (columns `start_row`, `end_row`, `gap`, `restart` of a window index) of a series:
 *
 * - unavailable: a value of the window is missing; or a signal has kept one and the same value for all of the window and longer
 *   than twice the longest standstill of the training; or the recording has a gap or a restart within the window
 * - outside_envelope: the value at the window's last row lies beyond the trained range by more than half of that range
 */
export function windowStates(series: Table, index: Table, signals: readonly WatchedSignal[]): WindowStates {
  const time = timeColumn(series).values;
  const starts = numbersOf(findColumn(index, 'start_row')!);
  const ends = numbersOf(findColumn(index, 'end_row')!);
  const codes = new Uint8Array(index.rows);
  const troubles: Trouble[] = [];
  const mark = (signal: string | null, reasonOf: (window: number) => Finding | undefined): void => {
    let run: { -readonly [Key in keyof Trouble]: Trouble[Key] } | undefined;
    let kind = '';
    for (let window = 0; window < index.rows; window++) {
      const found = reasonOf(window);
      if (!found) {
        run = undefined;
        continue;
      }
      const at = time[ends[window]! - 1]!;
      codes[window] = Math.max(codes[window]!, windowStateNames.indexOf(found.state));
      if (run && found.kind === kind) {
        run.end = at;
        run.windows++;
        continue;
      }
      kind = found.kind;
      run = { state: found.state, signal, reason: found.reason(), start: at, end: at, windows: 1 };
      troubles.push(run);
    }
  };
  const flag = (name: string): ((window: number) => boolean) => {
    const column = findColumn(index, name);
    const values = column && numbersOf(column);
    return (window) => values !== undefined && values[window] === 1;
  };
  const [gap, restart] = [flag('gap'), flag('restart')];
  mark(null, (window) => (gap(window) ? trouble('unavailable', 'gap', () => 'the recording has a gap') : restart(window) ? trouble('unavailable', 'restart', () => 'the recording starts again') : undefined));
  for (const { name, trained } of signals) {
    const values = numbersOf(findColumn(series, name)!);
    if (trained && isUsual(values, time, trained)) continue;
    const missing = latestMissing(values);
    const since = standsSince(values, time);
    mark(name, (window) => {
      const last = ends[window]! - 1;
      if (missing[last]! >= starts[window]!) return trouble('unavailable', 'missing', () => 'values are missing');
      if (!trained) return undefined;
      const still = time[last]! - since[last]!;
      if (since[last]! <= time[starts[window]!]! && still > flatFactor * trained.flat_seconds) return trouble('unavailable', 'stuck', () => `stuck at ${values[last]}; never longer than ${trained.flat_seconds} s in the training`);
      return beyond(values[last]!, trained);
    });
  }
  return { codes, troubles: troubles.sort((a, b) => a.start - b.start || order(a.signal, b.signal)) };
}

interface Finding {
  readonly state: Exclude<WindowState, 'ok'>;
  readonly kind: string;
  readonly reason: () => string;
}

function trouble(state: Finding['state'], kind: string, reason: () => string): Finding {
  return { state, kind, reason };
}

/** Whether a signal did in the whole recording only what it may: then no window of it has a trouble, and most recordings are so. */
function isUsual(values: Float64Array, time: Float64Array, trained: TrainedRange): boolean {
  const own = trainedRange(values, time, 0, values.length);
  return own !== undefined && own.flat_seconds <= flatFactor * trained.flat_seconds && !beyond(own.low, trained) && !beyond(own.high, trained) && !values.includes(NaN);
}

function beyond(value: number, { low, high }: TrainedRange): Finding | undefined {
  // A signal that never changed has no range to measure by.
  const margin = envelopeMargin * (high > low ? high - low : Math.abs(low) * 0.02 || 1);
  if (value >= low - margin && value <= high + margin) return undefined;
  const side = value < low ? 'below' : 'above';
  return trouble('outside_envelope', side, () => `${Number(value.toPrecision(6))} is ${side} the trained ${Number(low.toPrecision(6))} to ${Number(high.toPrecision(6))} by more than half of its width`);
}

/** Per row the latest one up to it without a value, or -1. */
function latestMissing(values: Float64Array): Int32Array {
  // A loop: mapping with `from` takes many times as long.
  const rows = new Int32Array(values.length);
  for (let row = 0, latest = -1; row < values.length; row++) rows[row] = Number.isNaN(values[row]!) ? (latest = row) : latest;
  return rows;
}

/** Per row the time since which its value stands. */
function standsSince(values: Float64Array, time: Float64Array): Float64Array {
  const times = new Float64Array(values.length);
  for (let row = 0, since = NaN; row < values.length; row++) times[row] = row > 0 && values[row] === values[row - 1] ? since : (since = time[row]!);
  return times;
}

function order(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}
