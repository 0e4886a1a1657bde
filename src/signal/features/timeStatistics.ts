import type { WindowKernels } from '../kernels/windowKernels.js';
import { quantileNumbers, quantilePlaces, windowQuantiles } from '../kernels/windowQuantiles.js';
import { chosenValues } from './chosenValues.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';
import { perRow } from './units.js';

const same = (unit: string): string => unit;
const none = (): string => '1';
const percentile = (p: number) => ({ name: `p${String(p).padStart(2, '0')}`, formula: `percentile ${p} of x, linear interpolation`, unit: same });

const statistics = [
  { name: 'mean', formula: 'mean x', unit: same },
  { name: 'std', formula: 'population standard deviation of x', unit: same },
  { name: 'min', formula: 'min x', unit: same },
  { name: 'max', formula: 'max x', unit: same },
  { name: 'skew', formula: 'm3 / m2^1.5; NaN where x is constant', unit: none },
  { name: 'kurtosis', formula: 'm4 / m2^2 - 3; NaN where x is constant', unit: none },
  { name: 'rms', formula: 'sqrt(mean x^2)', unit: same },
  percentile(5),
  percentile(25),
  { name: 'median', formula: 'median x', unit: same },
  percentile(75),
  percentile(95),
  { name: 'mad', formula: 'median |x - median x|', unit: same },
  { name: 'mean_abs_diff', formula: 'mean |x[i+1] - x[i]|', unit: same },
  { name: 'slope', formula: 'least squares against the row', unit: perRow },
];
const names = statistics.map(({ name }) => name);
const count = statistics.length;
const levels = [0.05, 0.25, 0.5, 0.75, 0.95];
const firstLevel = 7;
const median = 9;
const mad = 12;
const absoluteDifference = 13;
const leastSquares = 14;

/** Levels, spread and shape of the values. Levels tell the operating point, and so the case: judge models without them too. */
export const timeStatistics: FeatureGroup = {
  name: 'time_statistics',
  needsWavelets: false,
  definitions(signals, options) {
    const chosen = chosenValues('time_statistics', names, options).map((at) => statistics[at]!);
    return signals.flatMap((signal) =>
      chosen.map(({ name, formula, unit }): FeatureDefinition =>
        ({ name: `${signal.name}_${name}`, formula, unit: unit(signal.unit), signal: signal.name, group: 'time_statistics' })));
  },
  reserves: ({ windowSize }) => ({ places: 2 * quantilePlaces + 2, numbers: 2 * quantileNumbers(windowSize) + windowSize + 16 }),
  kernel(_signals, options, kernels) {
    const n = options.windowSize;
    const chosen = Int32Array.from(chosenValues('time_statistics', names, options));
    const wants = (at: number): boolean => chosen.includes(at);
    // Only the levels that are asked for cost a selection; the median is also what the deviation is about.
    const wanted = levels.flatMap((level, l) => (wants(firstLevel + l) || (firstLevel + l === median && wants(mad)) ? [{ level, at: firstLevel + l }] : []));
    const quantiles = windowQuantiles(kernels, n, wanted.map(({ level }) => level));
    const places = Int32Array.from(wanted, ({ at }) => at);
    const picked = new Float64Array(places.length);
    const deviation = wants(mad) ? medianDeviation(kernels, n) : undefined;
    const sumsAt = kernels.reserve(10);
    const sums = kernels.floats(sumsAt, 10);
    const found = new Float64Array(count);
    return ({ columns, rowsAt, start }, out, offset) => {
      for (let s = 0; s < columns.length; s++) {
        kernels.moments(rowsAt[s]!, n, sumsAt);
        if (!Number.isFinite(sums[0]!)) found.fill(NaN);
        else {
          shapeOf(sums, n, found);
          if (picked.length > 0) quantiles.run(rowsAt[s]!, found[2]!, found[3]!, picked);
          for (let l = 0; l < picked.length; l++) found[places[l]!] = picked[l]!;
          if (deviation) found[mad] = deviation(columns[s]!, start, found[median]!);
        }
        for (let k = 0; k < chosen.length; k++) out[offset++] = found[chosen[k]!]!;
      }
    };
  },
};

/** From the sums that the kernel writes: the mean, ... and the slope, at their places. */
function shapeOf(sums: Float64Array, n: number, found: Float64Array): void {
  const mean = sums[9]!;
  const m2 = sums[5]! / n;
  // Below this the spread is rounding of the mean, and its shape has no meaning (scipy's rule).
  const flat = m2 <= (Number.EPSILON * mean) ** 2;
  found[0] = mean;
  found[1] = Math.sqrt(m2);
  found[2] = sums[2]!;
  found[3] = sums[3]!;
  found[4] = flat ? NaN : sums[6]! / n / (m2 * Math.sqrt(m2));
  found[5] = flat ? NaN : sums[7]! / n / (m2 * m2) - 3;
  found[6] = Math.sqrt(sums[1]! / n);
  found[absoluteDifference] = sums[4]! / (n - 1);
  found[leastSquares] = sums[8]! / ((n * (n * n - 1)) / 12);
}

/** Median of |x - median|. */
function medianDeviation(kernels: WindowKernels, n: number): (x: Float64Array, from: number, median: number) => number {
  const quantiles = windowQuantiles(kernels, n, [0.5]);
  const distanceAt = kernels.reserve(n);
  const distance = kernels.floats(distanceAt, n);
  const one = new Float64Array(1);
  return (x, from, about) => {
    let min = Infinity;
    let max = 0;
    for (let i = 0; i < n; i++) {
      const value = Math.abs(x[from + i]! - about);
      distance[i] = value;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    quantiles.run(distanceAt, min, max, one);
    return one[0]!;
  };
}
