import { each, over, simple, type Calculator } from './calculator.js';
import { energy } from './levels.js';
import { float, text, type Parameters } from './names.js';
import { quantileOf, type Series } from './series.js';

/** How the values follow one another. */
export const changeCalculators: readonly Calculator[] = [
  simple('mean_abs_change', 'x', 'mean |x[i+1] - x[i]|', (s) => absoluteChanges(s) / (s.n - 1)),
  simple('mean_change', 'x', '(x[n-1] - x[0]) / (n - 1)', ({ x, n }) => (n > 1 ? (x[n - 1]! - x[0]!) / (n - 1) : NaN)),
  simple('mean_second_derivative_central', 'x', '(x[n-1] - x[n-2] - x[1] + x[0]) / (2 (n - 2))', ({ x, n }) => (n > 2 ? (x[n - 1]! - x[n - 2]! - x[1]! + x[0]!) / (2 * (n - 2)) : NaN)),
  simple('absolute_sum_of_changes', 'x', 'sum |x[i+1] - x[i]|', absoluteChanges),
  simple('longest_strike_below_mean', '1', 'longest run of rows below the mean', ({ x, mean }) => longestRun(x, (v) => v < mean)),
  simple('longest_strike_above_mean', '1', 'longest run of rows above the mean', ({ x, mean }) => longestRun(x, (v) => v > mean)),
  simple('last_location_of_maximum', '1', 'row after the last maximum / n', ({ x, n, max }) => 1 - (n - 1 - x.lastIndexOf(max)) / n),
  simple('first_location_of_maximum', '1', 'row of the first maximum / n', ({ x, n, max }) => x.indexOf(max) / n),
  simple('last_location_of_minimum', '1', 'row after the last minimum / n', ({ x, n, min }) => 1 - (n - 1 - x.lastIndexOf(min)) / n),
  simple('first_location_of_minimum', '1', 'row of the first minimum / n', ({ x, n, min }) => x.indexOf(min) / n),
  each('time_reversal_asymmetry_statistic', '1', 'mean of x[i+2 lag]^2 x[i+lag] - x[i+lag] x[i]^2', over('lag', [1, 2, 3]), (s, lag) => lagged(s, lag, (a, b, c) => c * c * b - b * a * a)),
  each('c3', '1', 'mean of x[i+2 lag] x[i+lag] x[i]', over('lag', [1, 2, 3]), (s, lag) => lagged(s, lag, (a, b, c) => a * b * c)),
  {
    name: 'cid_ce', unit: '1', formula: 'sqrt(sum (x[i+1] - x[i])^2), of x over its std where normalize',
    parameters: [{ normalize: 'True' }, { normalize: 'False' }],
    run: ({ x, n, std }) => {
      let sum = 0;
      for (let i = 1; i < n; i++) sum += (x[i]! - x[i - 1]!) ** 2;
      return [std === 0 ? 0 : Math.sqrt(sum) / std, Math.sqrt(sum)];
    },
  },
  each('number_peaks', '1', 'rows larger than each of their n neighbours on both sides', over('n', [1, 3, 5, 10, 50]), ({ x, n }, support) => {
    let count = 0;
    for (let i = support; i < n - support; i++) {
      let peak = true;
      for (let k = 1; peak && k <= support; k++) peak = x[i]! > x[i - k]! && x[i]! > x[i + k]!;
      if (peak) count++;
    }
    return count;
  }),
  each('number_crossing_m', '1', 'changes of x > m', over('m', [0, -1, 1]), ({ x, n }, m) => {
    let count = 0;
    for (let i = 1; i < n; i++) if (x[i]! > m !== x[i - 1]! > m) count++;
    return count;
  }),
  each('index_mass_quantile', '1', 'share of rows at which the running sum of |x| reaches q of all of it', over('q', [0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9]), ({ x, n }, q) => {
    const total = x.reduce((sum, v) => sum + Math.abs(v), 0);
    if (total === 0) return NaN;
    let sum = 0;
    for (let i = 0; i < n; i++) if ((sum += Math.abs(x[i]!)) / total >= q) return (i + 1) / n;
    return 1 / n;
  }),
  {
    name: 'energy_ratio_by_chunks', unit: '1', formula: 'sum x^2 of chunk segment_focus of num_segments / sum x^2; the first n mod num_segments chunks are one row longer',
    parameters: Array.from({ length: 10 }, (_, focus) => ({ num_segments: '10', segment_focus: String(focus) })),
    run: (s) => {
      const total = energy(s);
      const size = Math.floor(s.n / 10);
      let at = 0;
      return Float64Array.from({ length: 10 }, (_, chunk) => {
        let sum = 0;
        for (const end = at + size + (chunk < s.n % 10 ? 1 : 0); at < end; at++) sum += s.x[at]! ** 2;
        return total === 0 ? NaN : sum / total;
      });
    },
  },
  changeQuantiles(),
];

function absoluteChanges({ x, n }: Series): number {
  let sum = 0;
  for (let i = 1; i < n; i++) sum += Math.abs(x[i]! - x[i - 1]!);
  return sum;
}

function longestRun(x: Float64Array, holds: (value: number) => boolean): number {
  let best = 0;
  let run = 0;
  for (const value of x) best = Math.max(best, (run = holds(value) ? run + 1 : 0));
  return best;
}

function lagged({ x, n }: Series, lag: number, term: (a: number, b: number, c: number) => number): number {
  const count = n - 2 * lag;
  if (count <= 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += term(x[i]!, x[i + lag]!, x[i + 2 * lag]!);
  return sum / count;
}

/** Changes between consecutive rows that both lie between two quantiles. */
function changeQuantiles(): Calculator {
  const grid: { literal: Parameters; low: number; high: number; absolute: boolean; variance: boolean }[] = [];
  for (const low of [0, 0.2, 0.4, 0.6, 0.8]) {
    for (const high of [0.2, 0.4, 0.6, 0.8, 1]) {
      if (low >= high) continue;
      for (const absolute of [false, true]) {
        for (const variance of [false, true]) {
          grid.push({ literal: { f_agg: text(variance ? 'var' : 'mean'), isabs: absolute ? 'True' : 'False', qh: float(high), ql: float(low) }, low, high, absolute, variance });
        }
      }
    }
  }
  return {
    name: 'change_quantiles', unit: 'x', formula: 'mean or population variance (then of the square of the unit) of x[i+1] - x[i], or of its magnitude, over the steps with both rows from quantile ql to qh; 0 where there is none',
    parameters: grid.map(({ literal }) => literal),
    run: ({ x, n, sorted }) => grid.map(({ low, high, absolute, variance }) => {
      const from = quantileOf(sorted, low), to = quantileOf(sorted, high);
      let count = 0, sum = 0, squares = 0;
      if (from < to) {
        for (let i = 1; i < n; i++) {
          if (!(x[i]! >= from && x[i]! <= to && x[i - 1]! >= from && x[i - 1]! <= to)) continue;
          const change = absolute ? Math.abs(x[i]! - x[i - 1]!) : x[i]! - x[i - 1]!;
          count++;
          sum += change;
          squares += change * change;
        }
      }
      if (count === 0) return 0;
      return variance ? Math.max(0, squares / count - (sum / count) ** 2) : sum / count;
    }),
  };
}
