import { medianStep } from '../resample.js';
import { countFindings, type QualityFinding } from './finding.js';

/** Rows whose time is not later than that of the row before, or is missing. */
export function checkTimeOrder(name: string, time: Float64Array): QualityFinding[] {
  const { add, finding } = countFindings('time-order', name);
  for (let row = 1; row < time.length; row++) {
    if (!(time[row]! > time[row - 1]!)) add(time[row - 1]!, () => `${time[row]} s follows ${time[row - 1]} s`);
  }
  return finding();
}

/** Steps in time above so many seconds; by default five times the median step, as for windows. */
export function checkGaps(name: string, time: Float64Array, seconds?: number): QualityFinding[] {
  const limit = seconds ?? 5 * medianStep(time);
  const { add, finding } = countFindings('gap', name);
  for (let row = 1; row < time.length; row++) {
    const step = time[row]! - time[row - 1]!;
    if (step > limit) add(time[row - 1]!, () => `no row for ${step} s`);
  }
  return finding();
}
