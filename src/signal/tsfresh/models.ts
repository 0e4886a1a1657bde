import { normalCdf } from '../../numeric/distributions.js';
import { coefficientsOf, leastSquares } from '../../numeric/leastSquares.js';
import { studentTwoSided } from '../../numeric/studentT.js';
import { each, over, type Calculator } from './calculator.js';
import { friedrich, largestRoot } from './friedrich.js';
import { text } from './names.js';
import type { Series } from './series.js';

const trendParts = ['pvalue', 'rvalue', 'intercept', 'slope', 'stderr'] as const;
type Trend = Readonly<Record<(typeof trendParts)[number], number>>;
const orders = 10;
const langevin = { m: '3', r: '30' };

/** Trends, autocorrelation and fitted models. */
export const modelCalculators: readonly Calculator[] = [
  each('autocorrelation', '1', 'mean of (x[i] - m)(x[i+lag] - m) / variance; NaN where x is constant', over('lag', range(10)), autocorrelation),
  {
    name: 'agg_autocorrelation', unit: '1', formula: 'mean, median or population variance of the autocorrelations at lags 1 to maxlag',
    parameters: ['mean', 'median', 'var'].map((f) => ({ f_agg: text(f), maxlag: '40' })),
    run: (s) => aggregated(s, 40),
  },
  {
    name: 'partial_autocorrelation', unit: '1', formula: 'partial autocorrelation by Levinson and Durbin from autocovariances over n - lag',
    parameters: range(10).map((lag) => ({ lag: String(lag) })),
    run: partialAutocorrelations,
  },
  {
    name: 'linear_trend', unit: 'x', formula: 'attr of the least-squares line against the row; pvalue: two-sided, of a slope of 0',
    parameters: trendParts.map((attr) => ({ attr: text(attr) })),
    run: ({ x }) => attributes(line(x, 1)),
  },
  {
    name: 'linear_trend_timewise', unit: 'x', formula: 'attr of the least-squares line against the time in hours',
    parameters: trendParts.map((attr) => ({ attr: text(attr) })),
    run: ({ x, stepSeconds }) => attributes(line(x, stepSeconds / 3600)),
  },
  {
    name: 'agg_linear_trend', unit: 'x', formula: 'attr of the least-squares line through max, min, mean or population variance of chunks of chunk_len rows',
    parameters: aggregateGrid().map(({ attr, chunk, f }) => ({ attr: text(attr), chunk_len: String(chunk), f_agg: text(f) })),
    run: ({ x }) => {
      const lines = new Map<string, Trend>();
      return aggregateGrid().map(({ attr, chunk, f }) => {
        const key = `${f} ${chunk}`;
        const found = lines.get(key) ?? (chunk >= x.length ? undefined : line(chunks(x, chunk, f), 1));
        if (found) lines.set(key, found);
        return found?.[attr] ?? NaN;
      });
    },
  },
  {
    name: 'ar_coefficient', unit: '1', formula: 'coefficient coeff of the least-squares autoregression of order k; 0 is the constant',
    parameters: range(orders + 1).map((coeff) => ({ coeff: String(coeff), k: String(orders) })),
    run: autoregression,
  },
  {
    name: 'augmented_dickey_fuller', unit: '1', formula: 'test of a unit root with a constant, lags chosen by AIC; p by MacKinnon 1994',
    parameters: ['teststat', 'pvalue', 'usedlag'].map((attr) => ({ attr: text(attr), autolag: text('AIC') })),
    run: dickeyFuller,
  },
  {
    name: 'friedrich_coefficients', unit: '1', formula: 'coefficient coeff (0 the highest) of the polynomial of degree m through mean steps against mean levels in r quantile bins',
    parameters: range(4).map((coeff) => ({ coeff: String(coeff), ...langevin })),
    run: ({ x }) => friedrich(x, 3, 30),
  },
  {
    name: 'max_langevin_fixed_point', unit: 'x', formula: 'largest real part of the roots of that polynomial',
    parameters: [langevin],
    run: ({ x }) => [largestRoot(friedrich(x, 3, 30))],
  },
];

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}

function autocorrelation(s: Series, lag: number): number {
  if (s.n <= lag || s.variance < 1e-8) return NaN;
  return covariance(s, lag) / s.variance;
}

/** Mean of (x[i] - m)(x[i + lag] - m) over the n - lag rows that have it. */
function covariance({ x, n, mean }: Series, lag: number): number {
  let sum = 0;
  for (let i = 0; i + lag < n; i++) sum += (x[i]! - mean) * (x[i + lag]! - mean);
  return sum / (n - lag);
}

function aggregated(s: Series, maxLag: number): number[] {
  if (s.variance < 1e-10 || s.n === 1) return [0, 0, 0];
  const values = Float64Array.from({ length: Math.min(maxLag, s.n - 1) }, (_, i) => covariance(s, i + 1) / s.variance);
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const sorted = values.toSorted();
  const half = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
  return [mean, median, values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length];
}

function partialAutocorrelations(s: Series): number[] {
  const most = s.n <= 1 ? 0 : Math.min(9, s.n >> 1 <= 9 ? (s.n >> 1) - 1 : 9);
  const r = range(most + 1).map((lag) => covariance(s, lag));
  const found = [1];
  let phi: number[] = [];
  let error = r[0]!;
  for (let k = 1; k <= most; k++) {
    const reflection = phi.reduce((sum, p, j) => sum - p * r[k - 1 - j]!, r[k]!) / error;
    phi = [...phi.map((p, j) => p - reflection * phi[k - 2 - j]!), reflection];
    error *= 1 - reflection ** 2;
    found.push(reflection);
  }
  return range(10).map((lag) => (s.n > 1 ? found[lag] ?? NaN : NaN));
}

/** SciPy's linregress of y against 0, step, 2 step, ... */
function line(y: ArrayLike<number>, step: number): Trend {
  const n = y.length;
  if (n < 2) return { pvalue: NaN, rvalue: NaN, intercept: NaN, slope: NaN, stderr: NaN };
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i]! / n;
  let xy = 0, yy = 0;
  for (let i = 0; i < n; i++) {
    xy += (i - (n - 1) / 2) * (y[i]! - mean);
    yy += (y[i]! - mean) ** 2;
  }
  const xx = (n * (n * n - 1)) / 12;
  const r = yy === 0 ? 0 : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
  const perRow = xy / xx;
  const degrees = n - 2;
  const slope = perRow / step;
  const intercept = mean - perRow * ((n - 1) / 2);
  if (degrees === 0) return { pvalue: y[0] === y[1] ? 1 : 0, rvalue: r, intercept, slope, stderr: 0 };
  const t = r * Math.sqrt(degrees / ((1 - r + 1e-20) * (1 + r + 1e-20)));
  return { pvalue: studentTwoSided(t, degrees), rvalue: r, intercept, slope, stderr: Math.sqrt(((1 - r * r) * yy) / xx / degrees) / step };
}

function attributes(trend: Trend): number[] {
  return trendParts.map((part) => trend[part]);
}

type Aggregate = 'max' | 'min' | 'mean' | 'var';

function aggregateGrid(): { attr: 'rvalue' | 'intercept' | 'slope' | 'stderr'; chunk: number; f: Aggregate }[] {
  return (['rvalue', 'intercept', 'slope', 'stderr'] as const).flatMap((attr) =>
    [5, 10, 50].flatMap((chunk) => (['max', 'min', 'mean', 'var'] as const).map((f) => ({ attr, chunk, f }))));
}

function chunks(x: Float64Array, size: number, f: Aggregate): Float64Array {
  return Float64Array.from({ length: Math.ceil(x.length / size) }, (_, c) => {
    const chunk = x.subarray(c * size, (c + 1) * size);
    if (f === 'max') return chunk.reduce((a, b) => Math.max(a, b));
    if (f === 'min') return chunk.reduce((a, b) => Math.min(a, b));
    const mean = chunk.reduce((sum, v) => sum + v, 0) / chunk.length;
    return f === 'mean' ? mean : chunk.reduce((sum, v) => sum + (v - mean) ** 2, 0) / chunk.length;
  });
}

const ones = (n: number): Float64Array => new Float64Array(n).fill(1);

function autoregression({ x, n }: Series): ArrayLike<number> {
  const rows = n - orders;
  if (rows < orders + 1) return new Float64Array(orders + 1).fill(NaN);
  return coefficientsOf(leastSquares([ones(rows), ...range(orders).map((k) => x.subarray(orders - 1 - k, n - 1 - k))], x.subarray(orders)));
}

/** As statsmodels' adfuller: the lag is chosen on the rows that all lags share, the test is done on those that it has. */
function dickeyFuller({ x, n }: Series): number[] {
  const most = Math.min(Math.ceil(12 * (n / 100) ** 0.25), (n >> 1) - 2);
  if (most < 0) return [NaN, NaN, NaN];
  const steps = Float64Array.from({ length: n - 1 }, (_, i) => x[i + 1]! - x[i]!);
  const level = (lags: number): Float64Array => x.subarray(lags, n - 1);
  const lagged = (lags: number): Float64Array[] => range(lags).map((k) => steps.subarray(lags - 1 - k, steps.length - 1 - k));
  const rows = steps.length - most;
  const { residuals } = leastSquares([ones(rows), level(most), ...lagged(most)], steps.subarray(most));
  let used = 0;
  let best = Infinity;
  for (let lags = 0; lags <= most; lags++) {
    const criterion = rows * Math.log(residuals[lags + 2]! / rows) + 2 * (lags + 2);
    if (criterion < best) {
      best = criterion;
      used = lags;
    }
  }
  // With the level as the last column its t is its projection over the residual spread.
  const fit = leastSquares([ones(steps.length - used), ...lagged(used), level(used)], steps.subarray(used));
  const columns = used + 2;
  const spread = Math.sqrt(fit.residuals[columns]! / (steps.length - used - columns));
  const t = (fit.projections[columns - 1]! * Math.sign(fit.r[columns - 1]![columns - 1]!)) / spread;
  return [t, mackinnon(t), used];
}

/** MacKinnon's approximate p with a constant and one series. */
function mackinnon(t: number): number {
  if (t > 2.74) return 1;
  if (t < -18.83) return 0;
  if (t <= -1.61) return normalCdf(2.1659 + t * (1.4412 + t * 0.038269));
  return normalCdf(1.7339 + t * (0.93202 + t * (-0.12745 + t * -0.010368)));
}
