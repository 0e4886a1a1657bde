import { PenstockError } from '../errors/index.js';
import { solveRising } from './solveRising.js';
import { walkEnd } from './runLength.js';

/** Bounds of Wald's sequential test in units of the log-likelihood ratio: alarm above `upper`, healthy (and start again) below `lower`. */
export interface SprtBounds {
  readonly upper: number;
  readonly lower: number;
}

/** Wald's bounds: ln((1 - beta) / alpha) and ln(beta / (1 - alpha)), for the probabilities of a false and of a missed alarm per test. */
export function waldBounds(alpha: number, beta: number): SprtBounds {
  return { upper: Math.log((1 - beta) / alpha), lower: Math.log(beta / (1 - alpha)) };
}

/** Samples that a test of a shift by `shift` deviations takes on average when the shift is there, without overshoot (Wald 1947). */
export function waldSamples(alpha: number, beta: number, shift: number): number {
  const { upper, lower } = waldBounds(alpha, beta);
  return ((1 - beta) * upper + beta * lower) / (shift ** 2 / 2);
}

/**
 * Bounds of a test that is started again whenever it has decided, such that independent healthy samples give `alarmsPerSample` false
 * alarms. Alpha is per test, not per month: the rate is alpha / E0[samples per test], both taken from the exact run length, overshoot
 * included. `beta` sets the lower bound.
 * @throws PenstockError `fusion/invalid`
 */
export function sprtBoundsForRate(alarmsPerSample: number, shift: number, beta: number): SprtBounds {
  if (!(alarmsPerSample > 0 && alarmsPerSample < 0.05)) throw new PenstockError('fusion/invalid', `found ${alarmsPerSample} false alarms per sample; more than 0 and less than 0.05 can be asked for`, { key: 'false_alarms_per_month' });
  if (!(shift > 0)) throw new PenstockError('fusion/invalid', `found a shift of ${shift} deviations; it must be above 0`, { key: 'shift' });
  if (!(beta > 0 && beta < 0.5)) throw new PenstockError('fusion/invalid', `found beta ${beta}; more than 0 and less than 0.5 is allowed`, { key: 'beta' });
  const lower = Math.log(beta);
  const samplesPerAlarm = (upper: number): number => {
    const { samples, above } = walkEnd({ lower, upper, mean: -(shift ** 2) / 2, deviation: shift, below: 'stop' });
    return samples / above;
  };
  return { lower, upper: solveRising((upper) => Math.log(samplesPerAlarm(upper)), -Math.log(alarmsPerSample), 1e-3, 40) };
}

/**
 * The log-likelihood ratio of a test that starts again at 0 once it has decided. `z` is in healthy deviations, independent, mean 0 while
 * healthy and `shift` under a leak. Having reached `upper` it is given as at least `upper` until the same test decides that the line is
 * healthy again, so that one cause is one alarm. NaN starts the test again.
 */
export function sprt(z: Float64Array, shift: number, { upper, lower }: SprtBounds): Float64Array {
  const out = new Float64Array(z.length);
  let sum = 0;
  let alarm = false;
  for (let i = 0; i < z.length; i++) {
    const value = z[i]!;
    if (Number.isNaN(value)) {
      sum = 0;
      alarm = false;
      out[i] = NaN;
      continue;
    }
    // The cap bounds how long an alarm outlives its cause.
    sum = Math.min(sum + shift * value - shift ** 2 / 2, 2 * upper);
    if (sum >= upper) alarm = true;
    if (sum <= lower) alarm = false;
    out[i] = alarm ? Math.max(sum, upper) : sum;
    if (sum <= lower) sum = 0;
  }
  return out;
}
