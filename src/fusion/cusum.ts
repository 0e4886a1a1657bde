import { PenstockError } from '../errors/index.js';
import { solveRising } from './solveRising.js';
import { walkEnd } from './runLength.js';

/**
 * One-sided cumulative sum of Page: c = max(0, c + z - k). `z` is in healthy deviations; k, the reference value, is half the shift that
 * is to be found soonest. NaN starts it again.
 */
export function cusum(z: Float64Array, k: number): Float64Array {
  const out = new Float64Array(z.length);
  let sum = 0;
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    if (Number.isNaN(value)) {
      sum = 0;
      out[i] = NaN;
    } else {
      sum = Math.max(0, sum + value - k);
      out[i] = sum;
    }
  }
  return out;
}

/** Average samples until a CUSUM with reference value k passes h, for independent normal z of mean `shift`; ARL0 at shift 0. */
export function cusumRunLength(h: number, k: number, shift = 0): number {
  return walkEnd({ lower: 0, upper: h, mean: shift - k, deviation: 1, below: 'hold' }).samples;
}

/**
 * The threshold h at which healthy, independent samples give one false alarm in `samplesPerAlarm` on average (ARL0).
 * @throws PenstockError `fusion/invalid`
 */
export function cusumThreshold(samplesPerAlarm: number, k: number): number {
  if (!(samplesPerAlarm >= 20)) throw new PenstockError('fusion/invalid', `found one false alarm in ${samplesPerAlarm} samples; 20 samples or more can be asked for`, { key: 'false_alarms_per_month' });
  if (!(k > 0)) throw new PenstockError('fusion/invalid', `found a reference value of ${k}; it must be above 0`, { key: 'k' });
  return solveRising((h) => Math.log(cusumRunLength(h, k)), Math.log(samplesPerAlarm), 0.1, 40 / Math.min(1, 2 * k));
}
