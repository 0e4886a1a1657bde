import { PenstockError } from '../errors/index.js';
import { numbers, type Column, type Table } from '../table/index.js';
import type { CaseSpec, CaseTruth, Line, SimulatedCase } from './caseTypes.js';
import { area } from './model.js';
import { recordCase, type RecordedCase } from './recordCase.js';
import { truthOf } from './simulateCase.js';
import type { StationReadings } from './sensors.js';
import { writeGenkey } from './writeGenkey.js';
import { writeTpl, type TplColumn } from './writeTpl.js';

/** SI units per unit of a recorded column. */
const factors: Readonly<Record<string, { quantity: 'pressure' | 'flow'; si: number }>> = {
  PA: { quantity: 'pressure', si: 1 }, KPA: { quantity: 'pressure', si: 1e3 }, BAR: { quantity: 'pressure', si: 1e5 }, BARA: { quantity: 'pressure', si: 1e5 },
  BARG: { quantity: 'pressure', si: 1e5 }, MPA: { quantity: 'pressure', si: 1e6 }, 'KG/S': { quantity: 'flow', si: 1 }, 'KG/H': { quantity: 'flow', si: 1 / 3600 },
  'T/H': { quantity: 'flow', si: 1000 / 3600 },
};

/** What a leak-free recording says of the line at the time. */
export interface RecordedLine {
  /** m from the inlet, rising, of every signal with a place that a leak moves. */
  readonly positions: readonly number[];
  /** Mean mass flow of the meter nearest the inlet in kg/s; NaN without one. */
  readonly meanFlow: number;
  /** Seconds from the first to the last row, and between rows (median). */
  readonly seconds: number;
  readonly interval: number;
}

/**
 * Reads places, flow and times of a recording.
 * @throws PenstockError `simulation/invalid` where a leak was recorded, or no pressure or flow has a place
 */
export function describeRecording(recorded: Table): RecordedLine {
  const leak = recorded.columns.find((column) => column.name === 'LEAK');
  if (leak && !Array.isArray(leak.values) && (leak.values as Float64Array).some((value) => value > 0)) {
    throw new PenstockError('simulation/invalid', 'the recording holds a leak; leaks are imposed on leak-free series only', { key: 'impose_path' });
  }
  const moved = movedColumns(recorded);
  if (moved.length === 0) throw new PenstockError('simulation/invalid', 'no pressure or mass flow of the recording has a place in metres, so no response can be laid over it', { key: 'impose_path' });
  const meter = moved.filter((one) => one.quantity === 'flow').sort((a, b) => a.position - b.position)[0];
  const time = numbers(recorded, 'time');
  const steps = Array.from({ length: time.length - 1 }, (_, i) => time[i + 1]! - time[i]!).sort((a, b) => a - b);
  if (!(steps[0]! > 0)) throw new PenstockError('simulation/invalid', 'time does not rise throughout the recording', { key: 'impose_path' });
  return {
    positions: [...new Set(moved.map((one) => one.position))].sort((a, b) => a - b),
    meanFlow: meter === undefined ? NaN : meter.si * mean(meter.column.values as Float64Array),
    seconds: time[time.length - 1]! - time[0]!, interval: steps[steps.length >> 1]!,
  };
}

/** The model line for a recording: stations where the recording has signals, so that no response is interpolated in space. */
export function lineForRecording(line: Line, { positions }: RecordedLine): Line {
  const length = line.pipes.reduce((sum, pipe) => sum + pipe.length, 0);
  const off = positions.find((position) => position > length);
  if (off !== undefined) throw new PenstockError('simulation/invalid', `the recording has a signal at ${off} m, but the line has ${length} m; describe the line under lines`, { key: 'lines' });
  return { ...line, stations: positions.map((position) => ({ position, flowMeter: true })) };
}

/** Mean velocity of a recording in the first pipe, m/s. */
export function recordedVelocity(line: Line, { meanFlow }: RecordedLine): number {
  return meanFlow / (line.fluid.density * area(line.pipes[0]!.diameter));
}

/**
 * Lays the leak of `spec` over a leak-free recording (the performance-map method: the tuned system is then run on it off-line): every
 * pressure and mass flow with a place gets the difference between the simulated case and its twin, both without noise and without
 * events of their own; everything else stays as recorded. Linear: the response does not know what happens in the recording, nor does
 * the recording's noise grow or shrink with it. `spec.line` must have its stations where the recording has its signals.
 */
export function imposeLeak(spec: CaseSpec, recorded: Table): SimulatedCase {
  const silent = { ...spec, instruments: { ...spec.instruments, flowNoise: 0, pressureNoise: 0, flowBias: 0, pressureBias: 0, deadband: 0, scanInterval: 0, clockSkew: 0 } };
  const leaking = recordCase(silent), tight = recordCase({ ...silent, leak: { ...spec.leak, diameter: 0 } });
  const time = numbers(recorded, 'time');
  const times = Float64Array.from(time, (t) => t - time[0]!);
  const responses = new Map(movedColumns(recorded).map((one) => [one.column.name, response(one, leaking, tight)]));
  const columns: TplColumn[] = [];
  for (const column of recorded.columns) {
    const entry = catalogEntry(column);
    if (!entry || column.role === 'truth') continue;
    const change = responses.get(column.name);
    const values = column.values as Float64Array;
    columns.push({ ...entry, values: change === undefined ? values : values.map((value, row) => value + change(times[row]!)) });
  }
  const at = (values: Float64Array, scale = 1) => Float64Array.from(times, (t) => scale * interpolate(leaking.rows.times, values, t) || 0);
  const truth = (variable: string, object: string, label: string, unit: string, description: string, values: Float64Array): TplColumn => ({ variable, object, label, unit, description, values });
  columns.push(
    truth('CONTR', 'CONTROLLER', 'CONTROL-LEAK', '-', 'Controller output', at(leaking.leak.opening)),
    truth('ACMLK', 'LEAK', 'LEAK', 'KG', 'Leakage accumulated released mass', at(leaking.leak.released, -1)),
    truth('GTLEAK', 'LEAK', 'LEAK', 'KG/S', 'Leakage total mass flow rate', at(leaking.leak.flow, -1)),
  );
  const { grid } = leaking;
  return {
    name: spec.name,
    tpl: writeTpl({ inputFile: `${spec.name}.genkey`, title: spec.name, branch: spec.line.name.toUpperCase(), boundaries: grid.position, elevations: grid.elevation, times, columns }),
    genkey: writeGenkey(spec, { grid, leakPosition: leaking.leak.position, stationPositions: leaking.stations.map((station) => station.position) }),
    truth: truthOf(spec, leaking) satisfies CaseTruth,
  };
}

interface MovedColumn {
  readonly column: Column;
  readonly quantity: 'pressure' | 'flow';
  readonly position: number;
  readonly si: number;
}

/** Pressures and mass flows with a place, measured on the line. */
function movedColumns(recorded: Table): MovedColumn[] {
  return recorded.columns.flatMap((column) => {
    const unit = factors[column.unit.toUpperCase()], place = column.attributes?.['position_m'];
    if (column.role !== 'measured' || unit === undefined || place === undefined) return [];
    return [{ column, quantity: unit.quantity, position: Number(place), si: unit.si }];
  });
}

function response({ quantity, position, si }: MovedColumn, leaking: RecordedCase, tight: RecordedCase): (t: number) => number {
  const nearest = (run: RecordedCase): StationReadings =>
    run.stations.reduce((best, one) => (Math.abs(one.position - position) < Math.abs(best.position - position) ? one : best));
  const read = (run: RecordedCase): Float64Array => (quantity === 'pressure' ? nearest(run).pressure : nearest(run).flow!);
  const healthy = read(tight);
  const change = read(leaking).map((value, row) => (value - healthy[row]!) / si);
  return (t) => interpolate(leaking.rows.times, change, t);
}

/** Linear between rows of rising times; the end values beyond. */
function interpolate(times: Float64Array, values: Float64Array, t: number): number {
  const last = times.length - 1;
  const step = times[1]! - times[0]!;
  const row = Math.max(0, Math.min(last - 1, Math.floor((t - times[0]!) / step)));
  const part = Math.max(0, Math.min(1, (t - times[row]!) / step));
  return values[row]! + part * (values[row + 1]! - values[row]!);
}

/** `PT|POSITION=LINE@0M` as a catalog line; nothing for columns that come from no catalog, such as time and labels. */
function catalogEntry(column: Column): Omit<TplColumn, 'values'> | undefined {
  const match = /^[^|]+\|([^=|]+)=([^|]+)$/.exec(column.name);
  const variable = column.attributes?.['name'];
  if (!match || variable === undefined) return undefined;
  return { variable, object: match[1]!, label: match[2]!, unit: column.unit === '' ? '-' : column.unit, description: column.attributes?.['description'] ?? '' };
}

function mean(values: Float64Array): number {
  let sum = 0, count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
