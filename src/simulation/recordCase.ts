import { caseSystem } from './caseSystem.js';
import type { CaseSpec } from './caseTypes.js';
import { gravity } from './elements.js';
import { sampleRows, type Rows } from './instruments.js';
import { buildModel } from './model.js';
import { runLine } from './runLine.js';
import { createSignal, openIntervals } from './schedule.js';
import { placeSensors, stationReadings, type StationReadings } from './sensors.js';
import type { Grid, Schedule } from './types.js';

/** What a run leaves: values at the written rows, and sums over all solver steps. Memory goes with the rows, not with the steps. */
export interface RecordedCase {
  readonly grid: Grid;
  readonly rows: Rows;
  readonly stations: readonly StationReadings[];
  /** Truth at the leak: opening, Pa, kg/s, kg. */
  readonly leak: { readonly position: number; readonly opening: Float64Array; readonly pressure: Float64Array; readonly flow: Float64Array; readonly released: Float64Array };
  readonly pumpSignal: Float64Array;
  readonly valveSignal: Float64Array;
  /** kg/s, per interval in which the leak is open. */
  readonly peaks: readonly number[];
  /** kg over the run. */
  readonly entered: number;
  readonly left: number;
  readonly releasedMass: number;
  readonly linepackChange: number;
  /** kg/s through the inlet at the start. */
  readonly initialFlow: number;
}

/** Runs a case and keeps what its files tell. */
export function recordCase(spec: CaseSpec): RecordedCase {
  const system = caseSystem(spec);
  const model = buildModel(system, { durationSeconds: spec.durationSeconds, cellLength: spec.line.cellLength });
  const { grid, steps, density } = model;
  const rows = sampleRows(spec.sampling, spec.durationSeconds, grid.timeStep, steps);
  const sensors = placeSensors(spec, grid, rows, steps);
  const leakNode = model.devices[0]!.node;
  const column = (): Float64Array => new Float64Array(rows.times.length);
  const leak = { opening: column(), pressure: column(), flow: column(), released: column() };
  const intervals = spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [];
  const peaks = intervals.map(() => 0);
  const sums = { entered: 0, left: 0, released: 0, linepackAtStart: 0, linepackAtEnd: 0, initialFlow: 0 };
  let row = 0, inflow = 0, outflow = 0, outRatio = 1, leakFlow = 0;

  runLine(model, system, [...sensors.map((sensor) => sensor.node), leakNode], (k, view) => {
    for (const sensor of sensors) {
      const { plan, seen } = sensor;
      if (sensor.next === seen.length || plan.steps[sensor.next] !== k) continue;
      const value = sensor.quantity === 'pressure' ? (view.headUp(sensor.node) - grid.elevation[sensor.node]!) * density * gravity
        : density * view.ratioAt(sensor.node) * (sensor.quantity === 'flow' ? view.flowDown(sensor.node) : 1);
      while (plan.steps[sensor.next] === k) seen[sensor.next++] = value;
    }
    const inNow = view.flowDown(0), outNow = view.flowUp(grid.cells);
    const leakNow = density * view.ratioAt(leakNode) * (view.flowUp(leakNode) - view.flowDown(leakNode));
    if (k === 0) {
      sums.linepackAtStart = view.linepack();
      sums.initialFlow = density * inNow;
    } else {
      const half = 0.5 * grid.timeStep;
      sums.entered += half * density * view.inletRatio * (inflow + inNow);
      sums.left += density * (half * outRatio * (outflow + outNow) + view.leftBeside);
      sums.released += half * (leakFlow + leakNow);
    }
    for (let i = 0; i < intervals.length; i++) {
      const { start, end } = intervals[i]!;
      if (k >= Math.floor(start / grid.timeStep) && k <= Math.ceil(end / grid.timeStep) && leakNow > peaks[i]!) peaks[i] = leakNow;
    }
    while (rows.steps[row] === k) {
      leak.opening[row] = view.openings[0]!;
      leak.pressure[row] = (view.headUp(leakNode) - grid.elevation[leakNode]!) * density * gravity;
      leak.flow[row] = leakNow;
      leak.released[row] = sums.released;
      row++;
    }
    inflow = inNow;
    outflow = outNow;
    outRatio = view.outletRatio;
    leakFlow = leakNow;
    if (k === steps) sums.linepackAtEnd = view.linepack();
  });
  const signal = (schedule: Schedule): Float64Array => Float64Array.from(rows.steps, createSignal(schedule, grid.timeStep));
  return {
    grid, rows, leak: { position: grid.position[leakNode]!, ...leak }, peaks, stations: stationReadings(spec, sensors, grid),
    pumpSignal: signal(spec.operating.pumpSpeed), valveSignal: signal(spec.operating.valveOpening),
    entered: sums.entered, left: sums.left, releasedMass: sums.released, linepackChange: sums.linepackAtEnd - sums.linepackAtStart, initialFlow: sums.initialFlow,
  };
}
