import type { LineDetectorName, LineDetectors, LineSignals } from '../../fusion/index.js';
import { runLineDetectors } from '../../fusion/index.js';
import { toBasic, unitScale } from '../../olga/index.js';
import type { SignalDescription } from '../../signal/index.js';
import { numbers, type Table } from '../../table/index.js';

/** The columns that the detectors of a line look at; null where the line does not have them. */
export interface LineSensors {
  readonly inflow: string | null;
  readonly outflow: string | null;
  readonly pressures: readonly string[];
}

/** The flow nearest the inlet, the one nearest the outlet, and all pressures, of the measured signals of a line. */
export function lineSensors(signals: readonly SignalDescription[]): LineSensors {
  const along = (quantity: 'flow' | 'pressure'): SignalDescription[] =>
    signals.filter((signal) => signal.quantity === quantity && signal.position_m !== undefined).sort((a, b) => a.position_m! - b.position_m!);
  const flows = along('flow');
  const [first, last] = [flows[0], flows.at(-1)];
  const both = first && last && first.position_m !== last.position_m;
  return { inflow: both ? first.name : null, outflow: both ? last.name : null, pressures: along('pressure').map(({ name }) => name) };
}

/** The columns a detector needs, or why it cannot work here. */
export function sensorsOf(detector: LineDetectorName, { inflow, outflow, pressures }: LineSensors): readonly string[] | { readonly missing: string } {
  const flows = inflow !== null && outflow !== null ? [inflow, outflow] : undefined;
  if (detector === 'pressure_wave') return pressures.length > 0 ? pressures : { missing: 'no pressure with a position is measured' };
  if (!flows) return { missing: 'the flow is not measured at two positions of the line' };
  return detector === 'flow_deviation' ? flows : [...flows, ...pressures];
}

/** The signals in kg/s and Pa. Throws `table/column-missing` where the series lacks one. */
export function readLine(series: Table, { inflow, outflow, pressures }: LineSensors, interval: number): LineSignals {
  const flow = (name: string | null): Float64Array => (name === null ? new Float64Array(series.rows).fill(NaN) : inBasicUnit(series, name, 'massFlow'));
  return { inflow: flow(inflow), outflow: flow(outflow), pressures: pressures.map((name) => inBasicUnit(series, name, 'pressure')), interval };
}

/** What each of the detectors says at the last row of every window. */
export function lineScores(signals: LineSignals, names: readonly LineDetectorName[], fitted: LineDetectors, endRows: ArrayLike<number>): Record<string, Float64Array> {
  const rows = runLineDetectors(signals, fitted);
  return Object.fromEntries(names.map((name) => [name, Float64Array.from(endRows, (end) => rows[name][end - 1]!)]));
}

/** A flow by volume has no scale to kg/s and stays what it is: the fits of the detectors then work in its unit. */
function inBasicUnit(series: Table, name: string, dimension: 'massFlow' | 'pressure'): Float64Array {
  const unit = series.columns.find((column) => column.name === name)?.unit;
  const scale = unitScale(unit, dimension) ?? { factor: 1, offset: 0 };
  return Float64Array.from(numbers(series, name), (value) => toBasic(value, scale));
}
