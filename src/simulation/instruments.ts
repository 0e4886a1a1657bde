import type { Random } from '../numeric/index.js';
import type { Instruments, Sampling } from './caseTypes.js';

/** Noise on, everything else off. */
export const defaultInstruments: Instruments = {
  flowNoise: 0.0025, pressureNoise: 0.0005, pressureSpan: 6e6, flowSpan: 400, deadband: 0, scanInterval: 0, clockSkew: 0,
};

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

/** The true value of a signal (one value per solver step) at each row. */
export function readTruth(signal: Float64Array, rows: Rows, scale = 1): Float64Array {
  const out = new Float64Array(rows.steps.length);
  for (let row = 0; row < out.length; row++) {
    const value = signal[rows.steps[row]!]!;
    out[row] = value === 0 ? 0 : scale * value;
  }
  return out;
}

export interface Sensor {
  readonly kind: 'pressure' | 'flow';
  /** Constant clock error of its station in seconds; positive shows old values. */
  readonly skew: number;
}

/**
 * What a sensor reports at each row: the truth at its last scan by its own clock, with noise, held while it moves less than the
 * deadband. One normal number is drawn per row whatever happens, so two runs with one seed see the same noise.
 */
export function readSensor(signal: Float64Array, rows: Rows, timeStep: number, sensor: Sensor, instruments: Instruments, random: Random): Float64Array {
  const out = new Float64Array(rows.times.length);
  const last = signal.length - 1;
  const { scanInterval } = instruments;
  const phase = random.uniform() * scanInterval;
  const span = sensor.kind === 'pressure' ? instruments.pressureSpan : instruments.flowSpan;
  const band = instruments.deadband * span;
  let scan = -1, read = 0, reported = NaN;
  for (let row = 0; row < out.length; row++) {
    const t = rows.times[row]!;
    const draw = random.normal();
    const thisScan = scanInterval > 0 ? Math.floor((t + phase) / scanInterval) : row;
    if (thisScan !== scan) {
      scan = thisScan;
      const scanTime = scanInterval > 0 ? Math.max(0, thisScan * scanInterval - phase) : t;
      const truth = signal[stepAt(scanTime - sensor.skew, timeStep, last)]!;
      read = truth + draw * (sensor.kind === 'pressure' ? instruments.pressureNoise * span : instruments.flowNoise * Math.abs(truth));
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
