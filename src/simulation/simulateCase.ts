import { PenstockError } from '../errors/index.js';
import { createRandom } from '../numeric/index.js';
import { caseSystem } from './caseSystem.js';
import type { CaseSpec, CaseTruth, SimulatedCase } from './caseTypes.js';
import { readSensor, readTruth, sampleRows, type Rows } from './instruments.js';
import { openIntervals } from './schedule.js';
import { solveLine } from './solver.js';
import type { LineRun } from './types.js';
import { stationName, writeGenkey } from './writeGenkey.js';
import { writeTpl, type TplColumn } from './writeTpl.js';

/**
 * Simulates one case and writes its two files. Depends on the spec alone: same spec, same bytes.
 * @throws PenstockError `simulation/invalid`, `simulation/column-separation`
 */
export function simulateCase(spec: CaseSpec): SimulatedCase {
  if (!(spec.sampling.interval > 0)) throw new PenstockError('simulation/invalid', `found a sampling interval of ${spec.sampling.interval} s; it must be positive`, { key: 'sampling.interval' });
  const run = solveLine(caseSystem(spec), {
    durationSeconds: spec.durationSeconds, cellLength: spec.line.cellLength, probes: spec.line.stations.map((station) => station.position),
  });
  const rows = sampleRows(spec.sampling, spec.durationSeconds, run.timeStep, run.steps);
  const inputFile = `${spec.name}.genkey`;
  return {
    name: spec.name,
    tpl: writeTpl({
      inputFile, title: spec.name, branch: spec.line.name.toUpperCase(),
      boundaries: run.grid.position, elevations: run.grid.elevation, times: rows.times, columns: trendColumns(spec, run, rows),
    }),
    genkey: writeGenkey(spec, {
      grid: run.grid, leakPosition: run.leaks[0]!.position, stationPositions: run.probes.map((probe) => probe.position),
    }),
    truth: caseTruth(spec, run),
  };
}

function trendColumns(spec: CaseSpec, run: LineRun, rows: Rows): TplColumn[] {
  const [leak] = run.leaks;
  const truth = (signal: Float64Array, scale = 1): Float64Array => readTruth(signal, rows, scale);
  const controller = (label: string, signal: Float64Array): TplColumn =>
    ({ variable: 'CONTR', object: 'CONTROLLER', label, unit: '-', description: 'Controller output', values: truth(signal) });
  return [
    controller('CONTROL-PUMP', run.inletSignal),
    controller('CONTROL-LEAK', leak!.opening),
    controller('CONTROL-VALVE', run.outletSignal),
    ...measuredColumns(spec, run, rows),
    { variable: 'PUMPSPEED', object: 'PUMP', label: 'PUMP', unit: 'RPM', description: 'Pump speed', values: truth(run.inletSignal, spec.line.pump.maxSpeed) },
    { variable: 'ACMLK', object: 'LEAK', label: 'LEAK', unit: 'KG', description: 'Leakage accumulated released mass', values: truth(accumulate(leak!.flow, run.timeStep), -1) },
    { variable: 'GTLEAK', object: 'LEAK', label: 'LEAK', unit: 'KG/S', description: 'Leakage total mass flow rate', values: truth(leak!.flow, -1) },
    { variable: 'PTLKUP', object: 'LEAK', label: 'LEAK', unit: 'PA', description: 'Pressure at the position where Leak is positioned', values: truth(leak!.pressure) },
    { variable: 'VALVOP', object: 'CHOKE', label: 'V-OUT', unit: '-', description: 'Relative valve opening', values: truth(run.outletSignal) },
  ];
}

function measuredColumns(spec: CaseSpec, run: LineRun, rows: Rows): TplColumn[] {
  const random = createRandom(spec.seed);
  const pressures: TplColumn[] = [];
  const flows: TplColumn[] = [];
  run.probes.forEach((probe, i) => {
    const label = stationName(spec.line.name, probe.position);
    const skew = random.derive(`clock ${label}`).normal() * spec.instruments.clockSkew;
    const read = (kind: 'pressure' | 'flow', signal: Float64Array): Float64Array =>
      readSensor(signal, rows, run.timeStep, { kind, skew }, spec.instruments, random.derive(`${kind} ${label}`));
    pressures.push({ variable: 'PT', object: 'POSITION', label, unit: 'PA', description: 'Pressure', values: read('pressure', probe.pressure) });
    if (!spec.line.stations[i]!.flowMeter) return;
    flows.push({ variable: 'GT', object: 'POSITION', label, unit: 'KG/S', description: 'Total mass flow', values: read('flow', probe.flow) });
  });
  return [...pressures, ...flows];
}

function caseTruth(spec: CaseSpec, run: LineRun): CaseTruth {
  const [leak] = run.leaks;
  const released = accumulate(leak!.flow, run.timeStep)[run.steps]!;
  const entered = accumulate(run.inflow, run.timeStep)[run.steps]!;
  const left = accumulate(run.outflow, run.timeStep)[run.steps]!;
  const intervals = spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [];
  return {
    name: spec.name, kind: spec.kind, ...(spec.twinOf === undefined ? {} : { twinOf: spec.twinOf }), seed: spec.seed,
    leakPosition: leak!.position, lineLength: run.grid.position[run.grid.cells]!, leakDiameter: spec.leak.diameter,
    intervals: intervals.map((one) => ({ ...one, peakFlow: peak(leak!.flow, one.start / run.timeStep, one.end / run.timeStep) })),
    releasedMass: released, initialFlow: run.inflow[0]!, timeStep: run.timeStep,
    waveSpeedChange: run.grid.pipes.reduce((most, cut) => Math.max(most, Math.abs(cut.waveSpeedChange)), 0),
    massBalance: (entered - left - released - (run.linepack[run.steps]! - run.linepack[0]!)) / entered,
  };
}

function peak(flow: Float64Array, from: number, to: number): number {
  let most = 0;
  for (let k = Math.floor(from); k <= Math.min(flow.length - 1, Math.ceil(to)); k++) most = Math.max(most, flow[k]!);
  return most;
}

/** Integral over time by the trapezoidal rule, per step. */
function accumulate(rate: Float64Array, timeStep: number): Float64Array {
  const out = new Float64Array(rate.length);
  for (let k = 1; k < rate.length; k++) out[k] = out[k - 1]! + 0.5 * timeStep * (rate[k - 1]! + rate[k]!);
  return out;
}
