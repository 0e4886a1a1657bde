import { PenstockError } from '../errors/index.js';
import type { Column, Role, Table } from '../table/table.js';
import { findColumn, findTruth, numbersOf, sampleAge, timeColumn } from './columns.js';
import { activeLeak, leakPhases, type Leak, type Phase } from './leakState.js';
import { medianStep } from './resample.js';

/** When a window counts as leaking: its last row leaks, any does, more than half do, or more than this fraction (0 to below 1) do. */
export type LabelRule = 'last' | 'any' | 'majority' | { readonly fraction: number };

export interface WindowOptions {
  /** Rows per window, at least 2. */
  readonly windowSize: number;
  /** Rows between the starts of consecutive windows, at least 1. */
  readonly stepSize: number;
  readonly label: LabelRule;
  /** Seconds from the first row on that are `warmup`. */
  readonly warmupSeconds: number;
  /** Seconds after the end of each leak interval that are `recovery`. */
  readonly recoverySeconds: number;
  readonly leaks: readonly Leak[];
  /** A longer time between two consecutive rows of a window sets its `gap`. Default: five times the median step. */
  readonly gapSeconds?: number;
}

/**
 * The windows of one case, one row each: floor((rows - windowSize) / stepSize) + 1 of them, a rest at the end left out.
 *
 * | column | role | |
 * |---|---|---|
 * | `window_index`, `start_row`, `end_row` | clock | int32; `end_row` is the row after the last |
 * | `start_time`, `end_time` | clock | s; of the first and of the last row |
 * | `gap` | clock | int32; 1 where two consecutive rows lie more than `gapSeconds` apart, or a held row is older than that |
 * | `restart` | clock | int32; 1 where the window holds rows of two runs: the series' column `segment`, if it has one, changes within |
 * | `label` | truth | int32; a row leaks while an interval holds its time, ends included |
 * | `leak_flow_kg_s` | truth | `LEAK_FLOW_kg_s` of the last row, NaN where the series has none |
 * | `leak_position_m`, `leak_diameter_m`, `since_onset_s` | truth | of the leak active at the last row, NaN outside |
 * | `phase` | truth | warmup, leak, recovery or healthy, by the last row, the first that applies |
 *
 * Position and diameter are those of the leak's description, else the series' `LEAK_POSITION_m` and `LEAK_DIAMETER_m`.
 * Where leaks overlap, position, diameter and onset are those of the one that began first. All times are compared as they
 * stand in the series, which must be in order of time (`resampleTable` sees to that).
 *
 * @throws PenstockError `signal/invalid` for a size, step or fraction out of range, or times out of order.
 */
export function windowIndex(series: Table, options: WindowOptions): Table {
  check(options);
  const time = timeColumn(series).values;
  checkOrder(time);
  const { windowSize, stepSize } = options;
  const count = series.rows < windowSize ? 0 : Math.floor((series.rows - windowSize) / stepSize) + 1;
  const starts = Int32Array.from({ length: count }, (_, w) => w * stepSize);
  const lasts = starts.map((start) => start + windowSize - 1);
  const active = activeLeak(time, options.leaks);
  const phases = leakPhases(time, active, options);
  const at = (values: Float64Array | undefined): Float64Array => Float64Array.from(lasts, (row) => values?.[row] ?? NaN);
  const ofLeak = (value: (leak: Leak, onset: number, row: number) => number | undefined): Float64Array =>
    Float64Array.from(lasts, (row) => {
      const found = active[row];
      return found ? value(found.leak, found.interval.start, row) ?? NaN : NaN;
    });
  const truth = (name: string): Float64Array | undefined => {
    const found = findTruth(series, name);
    return found && numbersOf(found);
  };
  const flow = truth('LEAK_FLOW_kg_s');
  const position = truth('LEAK_POSITION_m');
  const diameter = truth('LEAK_DIAMETER_m');
  return {
    rows: count,
    columns: [
      column('window_index', starts.map((_, w) => w), '', 'clock'),
      column('start_row', starts, '', 'clock'),
      column('end_row', lasts.map((row) => row + 1), '', 'clock'),
      column('start_time', Float64Array.from(starts, (row) => time[row]!), 's', 'clock'),
      column('end_time', at(time), 's', 'clock'),
      column('gap', gapFlags(series, time, starts, options), '', 'clock'),
      column('restart', restartFlags(series, starts, options), '', 'clock'),
      column('label', labels(active.map((found) => found !== undefined), starts, options), '', 'truth'),
      column('leak_flow_kg_s', at(flow), 'kg/s', 'truth'),
      column('leak_position_m', ofLeak((leak, _onset, row) => leak.position_m ?? position?.[row]), 'm', 'truth'),
      column('leak_diameter_m', ofLeak((leak, _onset, row) => leak.diameter_m ?? diameter?.[row]), 'm', 'truth'),
      column('since_onset_s', ofLeak((_leak, onset, row) => time[row]! - onset), 's', 'truth'),
      column('phase', Array.from(lasts, (row): Phase => phases[row]!), '', 'truth'),
    ],
    metadata: { ...series.metadata, window_size: String(windowSize), step_size: String(stepSize), window_label: ruleText(options.label) },
  };
}

function column(name: string, values: Column['values'], unit: string, role: Role): Column {
  return { name, values, unit, role };
}

function ruleText(rule: LabelRule): string {
  return typeof rule === 'object' ? `fraction ${rule.fraction}` : rule;
}

function check(options: WindowOptions): void {
  const whole = (key: 'windowSize' | 'stepSize', least: number): void => {
    if (!Number.isInteger(options[key]) || options[key] < least) throw new PenstockError('signal/invalid', `${key} is ${options[key]}; whole numbers from ${least} on are allowed`, { key });
  };
  whole('windowSize', 2);
  whole('stepSize', 1);
  for (const key of ['warmupSeconds', 'recoverySeconds', 'gapSeconds'] as const) {
    const seconds = options[key];
    if (seconds !== undefined && !(seconds >= 0)) throw new PenstockError('signal/invalid', `${key} is ${seconds}; numbers from 0 on are allowed`, { key });
  }
  const { label } = options;
  if (typeof label === 'object' && !(label.fraction >= 0 && label.fraction < 1)) {
    throw new PenstockError('signal/invalid', `label fraction is ${label.fraction}; numbers from 0 to below 1 are allowed (more than this fraction of the rows must leak)`, { key: 'label' });
  }
}

function checkOrder(time: Float64Array): void {
  for (let i = 0; i < time.length; i++) {
    if (Number.isFinite(time[i]!) && (i === 0 || time[i]! >= time[i - 1]!)) continue;
    throw new PenstockError('signal/invalid', `time at row ${i} is ${time[i]} after ${time[i - 1]}; times must be finite and in order (resampling orders them)`, { key: 'time' });
  }
}

/** Leaking rows before each row, so that each window costs one subtraction. */
function labels(leaking: readonly boolean[], starts: Int32Array, { windowSize, label }: WindowOptions): Int32Array {
  const before = new Int32Array(leaking.length + 1);
  for (let i = 0; i < leaking.length; i++) before[i + 1] = before[i]! + (leaking[i] ? 1 : 0);
  const fraction = label === 'majority' ? 0.5 : typeof label === 'object' ? label.fraction : 0;
  // The margin keeps 0.1 * 30 = 3.0000000000000004 from asking for a row more.
  const most = Math.floor(fraction * windowSize + 1e-9);
  return starts.map((start) => {
    const end = start + windowSize;
    return label === 'last' ? (leaking[end - 1] ? 1 : 0) : before[end]! - before[start]! > most ? 1 : 0;
  });
}

function gapFlags(series: Table, time: Float64Array, starts: Int32Array, { windowSize, gapSeconds }: WindowOptions): Int32Array {
  const limit = gapSeconds ?? 5 * medianStep(time);
  const ageColumn = findColumn(series, sampleAge);
  const age = ageColumn && numbersOf(ageColumn);
  const gapEnds = latestRow(time.length, (i) => i > 0 && time[i]! - time[i - 1]! > limit);
  const old = latestRow(time.length, (i) => age !== undefined && age[i]! > limit);
  return starts.map((start) => {
    const last = start + windowSize - 1;
    return gapEnds[last]! > start || old[last]! >= start ? 1 : 0;
  });
}

function restartFlags(series: Table, starts: Int32Array, { windowSize }: WindowOptions): Int32Array {
  const found = findColumn(series, 'segment');
  if (!found) return new Int32Array(starts.length);
  const segment = numbersOf(found);
  const changes = latestRow(segment.length, (i) => i > 0 && segment[i] !== segment[i - 1]);
  return starts.map((start) => (changes[start + windowSize - 1]! > start ? 1 : 0));
}

/** Per row the latest one up to it for which the condition holds, or -1: by it a window knows what lies inside. */
function latestRow(rows: number, holds: (row: number) => boolean): Int32Array {
  const latest = new Int32Array(rows);
  for (let i = 0; i < rows; i++) latest[i] = holds(i) ? i : i > 0 ? latest[i - 1]! : -1;
  return latest;
}
