import { deviation, mean } from './moments.js';

/** Steepness of the step from 0 to 1, in standard errors. */
const width = 4;

/**
 * How much a change looks like a leak rather than a pump or valve, from 0 to 1: 1 / (1 + exp(-min(u, -v) / 4)), with the imbalance
 * d and the mean pressure p of a window,
 * u = (mean of d after its oldest quarter - mean of that quarter) in standard errors taken from the quarter's spread, and
 * v = (mean of p's newest eighth - mean of its oldest quarter), likewise.
 * A line that takes in more than it gives fills, and its pressure rises; where it falls all the same, something else flows out.
 * About 0.4 where nothing changes. NaN where a quarter is constant or a value is missing.
 */
export function transientScore(d: Float64Array, p: Float64Array, n: number): number {
  const quarter = n >> 2;
  const tail = Math.max(2, n >> 3);
  const surplus = step(d, quarter, quarter, n - quarter);
  const rise = step(p, quarter, n - tail, tail);
  return 1 / (1 + Math.exp(-Math.min(surplus, -rise) / width));
}

/** Mean of `count` values from `from` on minus the mean of the first `quarter`, in standard errors. */
function step(x: Float64Array, quarter: number, from: number, count: number): number {
  const before = mean(x, 0, quarter);
  const spread = deviation(x, 0, quarter, before);
  if (spread <= 4 * Number.EPSILON * Math.abs(before)) return NaN;
  return (mean(x, from, count) - before) / (spread * Math.sqrt(1 / quarter + 1 / count));
}
