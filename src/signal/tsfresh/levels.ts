import { each, over, simple, type Calculator } from './calculator.js';
import { float } from './names.js';
import { quantileOf, type Series } from './series.js';

/** Level, spread and shape of the values, whatever their order. */
export const levelCalculators: readonly Calculator[] = [
  simple('sum_values', 'x', 'sum x', ({ mean, n }) => mean * n),
  simple('median', 'x', 'median x', ({ median }) => median),
  simple('mean', 'x', 'mean x', ({ mean }) => mean),
  simple('length', '1', 'number of rows', ({ n }) => n),
  simple('standard_deviation', 'x', 'population standard deviation', ({ std }) => std),
  simple('variance', 'x^2', 'population variance', ({ variance }) => variance),
  simple('root_mean_square', 'x', 'sqrt(mean x^2)', (s) => Math.sqrt(energy(s) / s.n)),
  simple('maximum', 'x', 'max x', ({ max }) => max),
  simple('absolute_maximum', 'x', 'max |x|', ({ min, max }) => Math.max(Math.abs(min), Math.abs(max))),
  simple('minimum', 'x', 'min x', ({ min }) => min),
  simple('abs_energy', 'x^2', 'sum x^2', energy),
  simple('variation_coefficient', '1', 'std / mean; NaN where the mean is 0', ({ std, mean }) => (mean === 0 ? NaN : std / mean)),
  simple('skewness', '1', 'G1: skewness corrected for bias', (s) => skewness(s)),
  simple('kurtosis', '1', 'G2: excess kurtosis corrected for bias', (s) => kurtosis(s)),
  simple('variance_larger_than_standard_deviation', '1', '1 where variance > std', ({ variance, std }) => variance > std),
  simple('has_duplicate_max', '1', '1 where the maximum occurs more than once', ({ sorted, n }) => n > 1 && sorted[n - 1] === sorted[n - 2]),
  simple('has_duplicate_min', '1', '1 where the minimum occurs more than once', ({ sorted, n }) => n > 1 && sorted[0] === sorted[1]),
  simple('has_duplicate', '1', '1 where any value occurs more than once', (s) => repeats(s).values > 0),
  simple('percentage_of_reoccurring_values_to_all_values', '1', 'distinct values that occur more than once / distinct values', (s) => repeats(s).values / repeats(s).distinct),
  simple('percentage_of_reoccurring_datapoints_to_all_datapoints', '1', 'rows whose value occurs more than once / rows', (s) => repeats(s).rows / s.n),
  simple('sum_of_reoccurring_values', 'x', 'sum of the distinct values that occur more than once', (s) => repeats(s).sumOfValues),
  simple('sum_of_reoccurring_data_points', 'x', 'sum of all rows whose value occurs more than once', (s) => repeats(s).sumOfRows),
  simple('ratio_value_number_to_time_series_length', '1', 'distinct values / rows', (s) => repeats(s).distinct / s.n),
  simple('benford_correlation', '1', 'Pearson correlation of the shares of first digits with log10(1 + 1 / digit)', benford),
  each('symmetry_looking', '1', '1 where |mean - median| < r (max - min)', over('r', steps(20, 0), float), ({ mean, median, max, min }, r) => Math.abs(mean - median) < r * (max - min)),
  each('large_standard_deviation', '1', '1 where std > r (max - min)', over('r', steps(20, 1), float), ({ std, max, min }, r) => std > r * (max - min)),
  each('quantile', 'x', 'quantile q, linear interpolation', over('q', [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9]), ({ sorted }, q) => quantileOf(sorted, q)),
  each('ratio_beyond_r_sigma', '1', 'share of rows with |x - mean| > r std', over('r', [0.5, 1, 1.5, 2, 2.5, 3, 5, 6, 7, 10]), (s, r) => share(s, (v) => Math.abs(v - s.mean) > r * s.std)),
  each('value_count', '1', 'rows with x = value', over('value', [0, 1, -1]), (s, value) => share(s, (v) => v === value) * s.n),
  each('range_count', '1', 'rows with min <= x < max', [
    { literal: { max: '1', min: '-1' }, value: [-1, 1] },
    { literal: { max: '0', min: float(-1e12) }, value: [-1e12, 0] },
    { literal: { max: float(1e12), min: '0' }, value: [0, 1e12] },
  ], (s, [low, high]) => share(s, (v) => v >= low! && v < high!) * s.n),
  each('count_above', '1', 'share of rows with x >= t', over('t', [0]), (s, t) => share(s, (v) => v >= t)),
  each('count_below', '1', 'share of rows with x <= t', over('t', [0]), (s, t) => share(s, (v) => v <= t)),
  simple('count_above_mean', '1', 'rows with x > mean', (s) => Math.round(share(s, (v) => v > s.mean) * s.n)),
  simple('count_below_mean', '1', 'rows with x < mean', (s) => Math.round(share(s, (v) => v < s.mean) * s.n)),
  each('mean_n_absolute_max', 'x', 'mean of the number_of_maxima largest |x|', over('number_of_maxima', [7]), ({ x, n }, count) => {
    if (n < count) return NaN;
    return x.map(Math.abs).sort().subarray(n - count).reduce((sum, v) => sum + v, 0) / count;
  }),
  each('binned_entropy', 'x', 'entropy in nats of the shares in max_bins bins of equal width', over('max_bins', [10]), ({ x, min, max }, bins) => binnedEntropy(x, min, max, bins)),
];

/** 0.05 k, as the multiples come out in floating point. */
function steps(count: number, from: number): number[] {
  return Array.from({ length: count - from }, (_, i) => (i + from) * 0.05);
}

export function energy({ x }: Series): number {
  let sum = 0;
  for (const value of x) sum += value * value;
  return sum;
}

function share({ x, n }: Series, holds: (value: number) => boolean): number {
  let count = 0;
  for (const value of x) if (holds(value)) count++;
  return count / n;
}

function centralMoment({ x, mean, n }: Series, power: number): number {
  let sum = 0;
  for (const value of x) sum += (value - mean) ** power;
  return sum / n;
}

function skewness(s: Series): number {
  const { n, variance } = s;
  return n < 3 ? NaN : ((Math.sqrt(n * (n - 1)) / (n - 2)) * centralMoment(s, 3)) / variance ** 1.5;
}

function kurtosis(s: Series): number {
  const { n, variance } = s;
  return n < 4 ? NaN : ((n - 1) / ((n - 2) * (n - 3))) * ((n + 1) * (centralMoment(s, 4) / variance ** 2 - 3) + 6);
}

interface Repeats {
  readonly distinct: number;
  readonly values: number;
  readonly rows: number;
  readonly sumOfValues: number;
  readonly sumOfRows: number;
}

function repeats({ sorted, n }: Series): Repeats {
  let distinct = 0, values = 0, rows = 0, sumOfValues = 0, sumOfRows = 0;
  for (let i = 0; i < n; ) {
    let end = i + 1;
    while (end < n && sorted[end] === sorted[i]) end++;
    distinct++;
    if (end - i > 1) {
      values++;
      rows += end - i;
      sumOfValues += sorted[i]!;
      sumOfRows += (end - i) * sorted[i]!;
    }
    i = end;
  }
  return { distinct, values, rows, sumOfValues, sumOfRows };
}

function benford({ x, n }: Series): number {
  const counts = new Float64Array(10);
  for (const value of x) counts[Number(Math.abs(Number.isFinite(value) ? value : 0).toExponential()[0])]!++;
  const expected = Float64Array.from({ length: 9 }, (_, d) => Math.log10(1 + 1 / (d + 1)));
  return correlation(expected, counts.subarray(1).map((count) => count / n));
}

export function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (v: Float64Array): number => v.reduce((sum, one) => sum + one, 0) / v.length;
  const ma = mean(a), mb = mean(b);
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

/** As NumPy's histogram: bins of equal width, the last one closed; a constant lies in the middle of a width of 1. */
export function binnedEntropy(x: Float64Array, min: number, max: number, bins: number): number {
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const edge = (b: number): number => (b === bins ? high : low + (b * (high - low)) / bins);
  const counts = new Float64Array(bins);
  for (const value of x) {
    if (Number.isNaN(value)) return NaN;
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // Rounding may have missed the bin by one: its edges decide.
    if (value < edge(bin)) bin--;
    else if (bin < bins - 1 && value >= edge(bin + 1)) bin++;
    counts[bin]!++;
  }
  let sum = 0;
  for (const count of counts) if (count > 0) sum -= (count / x.length) * Math.log(count / x.length);
  return sum;
}
