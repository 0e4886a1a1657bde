import { PenstockError } from '../errors/index.js';
import type { CaseSpec, CaseTruth, SimulatedCase } from './caseTypes.js';
import { recordCase, type RecordedCase } from './recordCase.js';
import { openIntervals } from './schedule.js';
import { writeGenkey } from './writeGenkey.js';
import { writeTpl, type TplColumn } from './writeTpl.js';

/**
 * Simulates one case and writes its two files. Depends on the spec alone: same spec, same bytes.
 * @throws PenstockError `simulation/invalid`, `simulation/column-separation`
 */
export function simulateCase(spec: CaseSpec): SimulatedCase {
  if (!(spec.sampling.interval > 0)) throw new PenstockError('simulation/invalid', `found a sampling interval of ${spec.sampling.interval} s; it must be positive`, { key: 'sampling.interval' });
  const run = recordCase(spec);
  const { grid } = run;
  return {
    name: spec.name,
    tpl: writeTpl({
      inputFile: `${spec.name}.genkey`, title: spec.name, branch: spec.line.name.toUpperCase(),
      boundaries: grid.position, elevations: grid.elevation, times: run.rows.times, columns: trendColumns(spec, run),
    }),
    genkey: writeGenkey(spec, { grid, leakPosition: run.leak.position, stationPositions: run.stations.map((station) => station.position) }),
    truth: truthOf(spec, run),
  };
}

function trendColumns(spec: CaseSpec, run: RecordedCase): TplColumn[] {
  const { leak } = run;
  const controller = (label: string, values: Float64Array): TplColumn => ({ variable: 'CONTR', object: 'CONTROLLER', label, unit: '-', description: 'Controller output', values });
  return [
    controller('CONTROL-PUMP', run.pumpSignal),
    controller('CONTROL-LEAK', leak.opening),
    controller('CONTROL-VALVE', run.valveSignal),
    ...measuredColumns(run),
    { variable: 'PUMPSPEED', object: 'PUMP', label: 'PUMP', unit: 'RPM', description: 'Pump speed', values: scaled(run.pumpSignal, spec.line.pump.maxSpeed) },
    { variable: 'ACMLK', object: 'LEAK', label: 'LEAK', unit: 'KG', description: 'Leakage accumulated released mass', values: scaled(leak.released, -1) },
    { variable: 'GTLEAK', object: 'LEAK', label: 'LEAK', unit: 'KG/S', description: 'Leakage total mass flow rate', values: scaled(leak.flow, -1) },
    { variable: 'PTLKUP', object: 'LEAK', label: 'LEAK', unit: 'PA', description: 'Pressure at the position where Leak is positioned', values: leak.pressure },
    { variable: 'VALVOP', object: 'CHOKE', label: 'V-OUT', unit: '-', description: 'Relative valve opening', values: run.valveSignal },
  ];
}

function measuredColumns({ stations }: RecordedCase): TplColumn[] {
  const column = (variable: string, unit: string, description: string, label: string, values: Float64Array | undefined): TplColumn[] =>
    (values === undefined ? [] : [{ variable, object: 'POSITION', label, unit, description, values }]);
  return [
    ...stations.flatMap(({ label, pressure }) => column('PT', 'PA', 'Pressure', label, pressure)),
    ...stations.flatMap(({ label, flow }) => column('GT', 'KG/S', 'Total mass flow', label, flow)),
    ...stations.flatMap(({ label, density }) => column('ROHL', 'KG/M3', 'Liquid density', label, density)),
  ];
}

function scaled(values: Float64Array, factor: number): Float64Array {
  return values.map((value) => (value === 0 ? 0 : factor * value));
}

/** What is true of a case, beside its files. */
export function truthOf(spec: CaseSpec, run: RecordedCase): CaseTruth {
  const { grid } = run;
  const intervals = spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [];
  return {
    name: spec.name, kind: spec.kind, ...(spec.twinOf === undefined ? {} : { twinOf: spec.twinOf }), seed: spec.seed,
    leakPosition: run.leak.position, lineLength: grid.position[grid.cells]!, leakDiameter: spec.leak.diameter,
    intervals: intervals.map((one, i) => ({ ...one, peakFlow: run.peaks[i]! })),
    releasedMass: run.releasedMass, initialFlow: run.initialFlow, timeStep: grid.timeStep,
    waveSpeedChange: grid.pipes.reduce((most, cut) => Math.max(most, Math.abs(cut.waveSpeedChange)), 0),
    massBalance: (run.entered - run.left - run.releasedMass - run.linepackChange) / run.entered,
  };
}
