import type { Column, Table } from '../../table/table.js';
import { findTruth, numbersOf } from '../columns.js';
import { quantityOf } from '../quantity.js';
import { countFindings, type QualityFinding } from './finding.js';

export interface MassBalanceOptions {
  /** Length of the stretches looked at, one after the other. */
  readonly steadySeconds: number;
  /** A stretch is steady where the means of its halves differ by at most this share (in %), for every flow and pressure. */
  readonly steadyPercent: number;
  /** |mean in - mean out - mean leak| above this share (in %) of the case's mean inlet flow is a finding. */
  readonly tolerancePercent: number;
}

/** `skipped` says why no stretch could be looked at. */
export interface MassBalance {
  readonly findings: readonly QualityFinding[];
  readonly stretches: number;
  readonly skipped?: string;
}

interface Flows {
  readonly inlet: Column;
  readonly outlet: Column;
}

/**
 * Whether what flows in flows out, or leaks. Trends do not say what the line itself holds, so only steady stretches count,
 * in which flows and pressures stay as they are and the line neither fills nor empties. Inlet and outlet are the mass flows
 * (`GT`, in kg/s) at the first and the last known position. Stretches with a missing value, a gap or an unknown leak flow
 * are passed over.
 */
export function massBalance(series: Table, time: Float64Array, options: MassBalanceOptions): MassBalance {
  const flows = endFlows(series);
  if (typeof flows === 'string') return { findings: [], stretches: 0, skipped: flows };
  const inlet = numbersOf(flows.inlet), outlet = numbersOf(flows.outlet);
  const truth = findTruth(series, 'LEAK_FLOW_kg_s');
  const leak = truth ? numbersOf(truth) : new Float64Array(inlet.length);
  const known = inlet.filter(Number.isFinite);
  const reference = Math.abs(mean(known, 0, known.length));
  if (!(reference > 0)) return { findings: [], stretches: 0, skipped: `the mean of ${flows.inlet.name} is ${reference}` };
  const pressures = series.columns.filter((column) => column.role === 'measured' && quantityOf(column) === 'pressure').map(numbersOf);
  const share = options.steadyPercent / 100;

  const { add, finding } = countFindings('mass-balance', `${flows.inlet.name} - ${flows.outlet.name}`);
  let stretches = 0;
  for (const [start, end] of stretchesOf(time, options.steadySeconds)) {
    const steady = [inlet, outlet, leak].every((values) => halvesDiffer(values, start, end) <= share * reference)
      && pressures.every((values) => halvesDiffer(values, start, end) <= share * Math.abs(mean(values, start, end)));
    if (!steady) continue;
    stretches++;
    const missing = mean(inlet, start, end) - mean(outlet, start, end) - mean(leak, start, end);
    if (Math.abs(missing) > options.tolerancePercent / 100 * reference) {
      add(time[start]!, () => `${missing.toPrecision(4)} kg/s, ${(100 * missing / reference).toPrecision(3)} % of the flow`);
    }
  }
  return { findings: finding(), stretches, ...(stretches === 0 && { skipped: 'no stretch is steady' }) };
}

function endFlows(series: Table): Flows | string {
  const flows = series.columns
    .filter((column) => column.role === 'measured' && (column.attributes?.['name'] ?? column.name.split('|')[0]!).toUpperCase() === 'GT')
    .map((column) => ({ column, position: Number(column.attributes?.['position_m'] ?? NaN) }))
    .filter(({ position }) => Number.isFinite(position))
    .sort((a, b) => a.position - b.position);
  const inlet = flows[0], outlet = flows.at(-1);
  if (!inlet || !outlet || inlet.position === outlet.position) return 'there are no two mass flows (GT) with a known position';
  const strange = [inlet, outlet].find(({ column }) => column.unit.toUpperCase() !== 'KG/S');
  return strange ? `${strange.column.name} is in "${strange.column.unit}", not in kg/s` : { inlet: inlet.column, outlet: outlet.column };
}

/** Whole stretches of so many seconds, without a step back or of more than a tenth of it. */
function* stretchesOf(time: Float64Array, seconds: number): Generator<readonly [number, number]> {
  let start = 0;
  for (let row = 1; row < time.length; row++) {
    const step = time[row]! - time[row - 1]!;
    if (!(step > 0 && step <= seconds / 10)) start = row;
    else if (time[row]! - time[start]! >= seconds) {
      yield [start, row];
      start = row;
    }
  }
}

/** NaN, which is no steady state, where a value is missing. */
function halvesDiffer(values: Float64Array, start: number, end: number): number {
  const middle = (start + end) >> 1;
  return Math.abs(mean(values, start, middle) - mean(values, middle, end));
}

function mean(values: Float64Array, start: number, end: number): number {
  let sum = 0;
  for (let row = start; row < end; row++) sum += values[row]!;
  return sum / (end - start);
}
