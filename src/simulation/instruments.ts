import type { Random } from '../numeric/index.js';
import type { Instruments, Sampling } from './caseTypes.js';

/** Noise on, everything else off. */
export const defaultInstruments: Instruments = {
  flowNoise: 0.0025, pressureNoise: 0.0005, flowBias: 0, pressureBias: 0, pressureSpan: 6e6, flowSpan: 400, deadband: 0, scanInterval: 0, clockSkew: 0,
};

/** Standard deviation of a densitometer's noise as a fraction of the reading. */
const densityNoise = 0.0002;

/** The rows of a case: their times, and the last solver step at or before each. */
export interface Rows {
  readonly times: Float64Array;
  readonly steps: Int32Array;
}

/** Output times from 0 to the end of the run. */
export function sampleRows(sampling: Sampling, duration: number, timeStep: number, steps: number): Rows {
  const count = Math.floor(duration / sampling.interval + 1e-9) + 1;
  const times = new Float64Array(count);
  const at = new Int32Array(count);
  for (let row = 0; row < count; row++) {
    const wanted = row * sampling.interval;
    const step = sampling.mode === 'regular' ? stepAt(wanted, timeStep, steps) : Math.min(steps, Math.ceil(wanted / timeStep - 1e-9));
    at[row] = step;
    times[row] = sampling.mode === 'regular' ? wanted : step * timeStep;
  }
  return { times, steps: at };
}

export interface Sensor {
  readonly kind: 'pressure' | 'flow' | 'density';
  /** Constant clock error of its station in seconds; positive shows old values. */
  readonly skew: number;
  /** Constant error as a fraction of the reading (flow) or of span (pressure). */
  readonly bias: number;
}

/** When a sensor looks: for each row the scan it belongs to and the solver step that was seen. Steps never fall. */
export interface SensorPlan {
  readonly steps: Int32Array;
  /** Number of the scan per row; absent where every row is a scan of its own. */
  readonly scans?: Int32Array;
}

/** Draws the phase of the sensor's scans. */
export function planSensor(rows: Rows, timeStep: number, steps: number, sensor: Sensor, instruments: Instruments, random: Random): SensorPlan {
  const { scanInterval } = instruments;
  const phase = random.uniform() * scanInterval;
  const at = new Int32Array(rows.times.length);
  if (!(scanInterval > 0)) {
    for (let row = 0; row < at.length; row++) at[row] = stepAt(rows.times[row]! - sensor.skew, timeStep, steps);
    return { steps: at };
  }
  const scans = new Int32Array(at.length);
  for (let row = 0; row < at.length; row++) {
    scans[row] = Math.floor((rows.times[row]! + phase) / scanInterval);
    at[row] = stepAt(Math.max(0, scans[row]! * scanInterval - phase) - sensor.skew, timeStep, steps);
  }
  return { steps: at, scans };
}

/**
 * What a sensor reports at each row: the truth at its last scan by its own clock (`seen`), with noise and its constant error, held
 * while it moves less than the deadband. One normal number is drawn per row whatever happens, so two runs with one seed see the same
 * noise.
 */
export function readSensor(seen: Float64Array, plan: SensorPlan, sensor: Sensor, instruments: Instruments, random: Random): Float64Array {
  const out = new Float64Array(seen.length);
  const isPressure = sensor.kind === 'pressure';
  const span = isPressure ? instruments.pressureSpan : instruments.flowSpan;
  const band = sensor.kind === 'density' ? 0 : instruments.deadband * span;
  const relativeNoise = sensor.kind === 'density' ? densityNoise : instruments.flowNoise;
  let scan = -1, read = 0, reported = NaN;
  for (let row = 0; row < out.length; row++) {
    const draw = random.normal();
    const thisScan = plan.scans === undefined ? row : plan.scans[row]!;
    if (thisScan !== scan) {
      scan = thisScan;
      const truth = seen[row]!;
      read = isPressure ? truth + (draw * instruments.pressureNoise + sensor.bias) * span : truth + draw * relativeNoise * Math.abs(truth) + sensor.bias * truth;
    }
    if (!(Math.abs(read - reported) < band)) reported = read;
    out[row] = reported;
  }
  return out;
}

/** Last solver step at or before a time, within the run. */
function stepAt(time: number, timeStep: number, last: number): number {
  return Math.max(0, Math.min(last, Math.floor(time / timeStep + 1e-6)));
}
