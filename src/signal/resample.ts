import { PenstockError } from '../errors/index.js';
import type { Column, ColumnValues, Table } from '../table/table.js';
import { sampleAge, timeColumn } from './columns.js';

/** A recorded time may exceed its grid time by this share of a step and still count as reached: rounding of k * step. */
const tolerance = 1e-6;

/** More rows than this are a mistaken step, not a series. */
const mostRows = 50_000_000;

/**
 * Brings a series onto the even grid t0, t0 + step, ... up to its last time, t0 being its first time. Every column, of
 * every role, holds at a grid time the values of the latest row recorded until then (causal zero-order hold): no later row
 * is used, nothing is interpolated, int and text columns stay what they are, a missing value stays missing.
 *
 * Rows may come unordered: they are put in order of time. Of rows with the same time the one written last counts. Rows
 * without a finite time are left out. The clock column `sample_age_s` is added (or computed anew): seconds since the held
 * row was recorded, by which `windowIndex` still sees gaps. Metadata gains `resample_seconds`.
 *
 * @throws PenstockError `signal/invalid` where the step is not above 0 or would give more than 50 million rows;
 * `table/column-missing` without a time column.
 */
export function resampleTable(series: Table, stepSeconds: number): Table {
  if (!(stepSeconds > 0 && Number.isFinite(stepSeconds))) throw new PenstockError('signal/invalid', `a step of ${stepSeconds} s is not allowed; numbers above 0 are`, { key: 'resample_seconds' });
  const clock = timeColumn(series);
  const order = rowsInOrder(clock.values);
  const grid = evenGrid(clock.values, order, stepSeconds);
  const held = heldRows(clock.values, order, grid, stepSeconds);
  const age = grid.map((time, i) => Math.max(0, time - clock.values[held[i]!]!));
  const columns = series.columns
    .filter((column) => column.name !== sampleAge)
    .map((column): Column => ({ ...column, values: column === clock ? grid : pick(column.values, held) }));
  columns.push({ name: sampleAge, values: age, unit: 's', role: 'clock' });
  return { rows: grid.length, columns, metadata: { ...series.metadata, resample_seconds: String(stepSeconds) } };
}

/** The median of the steps between consecutive distinct times, in order of time; NaN with fewer than two of them. */
export function medianStep(time: Float64Array): number {
  const sorted = time.filter((t) => Number.isFinite(t)).sort();
  const steps = new Float64Array(Math.max(0, sorted.length - 1));
  let count = 0;
  for (let i = 1; i < sorted.length; i++) {
    const step = sorted[i]! - sorted[i - 1]!;
    if (step > 0) steps[count++] = step;
  }
  if (count === 0) return NaN;
  const rising = steps.subarray(0, count).sort();
  return count % 2 === 1 ? rising[count >> 1]! : (rising[count / 2 - 1]! + rising[count / 2]!) / 2;
}

/** Row numbers with a finite time, by time, and by row number where times are equal. */
function rowsInOrder(time: Float64Array): Int32Array {
  const rows = Int32Array.from(time.keys()).filter((row) => Number.isFinite(time[row]!));
  let ordered = true;
  for (let i = 1; ordered && i < rows.length; i++) ordered = time[rows[i]!]! >= time[rows[i - 1]!]!;
  return ordered ? rows : rows.sort((a, b) => time[a]! - time[b]! || a - b);
}

function evenGrid(time: Float64Array, order: Int32Array, step: number): Float64Array {
  if (order.length === 0) return new Float64Array(0);
  const first = time[order[0]!]!;
  const count = Math.floor((time[order.at(-1)!]! - first) / step + tolerance) + 1;
  if (count > mostRows) throw new PenstockError('signal/invalid', `a step of ${step} s gives ${count} rows; at most ${mostRows} are allowed`, { key: 'resample_seconds' });
  const grid = new Float64Array(count);
  for (let i = 0; i < count; i++) grid[i] = first + i * step;
  return grid;
}

function heldRows(time: Float64Array, order: Int32Array, grid: Float64Array, step: number): Int32Array {
  const held = new Int32Array(grid.length);
  let next = 0;
  for (let i = 0; i < grid.length; i++) {
    while (next < order.length && time[order[next]!]! <= grid[i]! + tolerance * step) next++;
    held[i] = order[next - 1]!;
  }
  return held;
}

function pick(values: ColumnValues, rows: Int32Array): ColumnValues {
  if (values instanceof Float64Array) return gather(values, rows, new Float64Array(rows.length));
  if (values instanceof Float32Array) return gather(values, rows, new Float32Array(rows.length));
  if (values instanceof Int32Array) return gather(values, rows, new Int32Array(rows.length));
  return Array.from(rows, (row) => values[row]!);
}

function gather<V extends Float64Array | Float32Array | Int32Array>(from: V, rows: Int32Array, to: V): V {
  for (let i = 0; i < rows.length; i++) to[i] = from[rows[i]!]!;
  return to;
}
