/** Places of the values that `moments` writes. */
export const moment = { mean: 0, std: 1, min: 2, max: 3, skew: 4, kurtosis: 5, rms: 6 } as const;

export const momentCount = 7;

/**
 * Mean, population standard deviation, minimum, maximum, skewness (m3 / m2^1.5), excess kurtosis (m4 / m2^2 - 3), both of
 * the population, and root mean square of `x[from .. from + n - 1]`, written to `out` from `at` on. As NumPy and
 * `scipy.stats` with their defaults: a constant signal has std 0 and skewness and kurtosis NaN. A missing value makes all NaN.
 */
export function moments(x: Float64Array, from: number, n: number, out: Float64Array, at: number): void {
  const end = from + n;
  // Two of everything: an addition need not wait for the one before it.
  let sum = 0, sumB = 0;
  let squares = 0, squaresB = 0;
  let min = Infinity;
  let max = -Infinity;
  let i = from;
  for (; i < end - 1; i += 2) {
    const a = x[i]!, b = x[i + 1]!;
    sum += a;
    sumB += b;
    squares += a * a;
    squaresB += b * b;
    if (a < min) min = a;
    if (a > max) max = a;
    if (b < min) min = b;
    if (b > max) max = b;
  }
  if (i < end) {
    const a = x[i]!;
    sum += a;
    squares += a * a;
    if (a < min) min = a;
    if (a > max) max = a;
  }
  sum += sumB;
  squares += squaresB;
  const missing = !Number.isFinite(sum);
  const mean = missing ? NaN : min === max ? min : sum / n;
  let m2 = 0, m2b = 0;
  let m3 = 0, m3b = 0;
  let m4 = 0, m4b = 0;
  for (i = from; i < end - 1; i += 2) {
    const d = x[i]! - mean, e = x[i + 1]! - mean;
    const d2 = d * d, e2 = e * e;
    m2 += d2;
    m2b += e2;
    m3 += d2 * d;
    m3b += e2 * e;
    m4 += d2 * d2;
    m4b += e2 * e2;
  }
  if (i < end) {
    const d = x[i]! - mean;
    const d2 = d * d;
    m2 += d2;
    m3 += d2 * d;
    m4 += d2 * d2;
  }
  m2 += m2b;
  m3 += m3b;
  m4 += m4b;
  m2 /= n;
  // Below this the spread is rounding of the mean, and its shape has no meaning (scipy's rule).
  const flat = m2 <= (Number.EPSILON * mean) ** 2;
  out[at + moment.mean] = mean;
  out[at + moment.std] = Math.sqrt(m2);
  out[at + moment.min] = missing ? NaN : min;
  out[at + moment.max] = missing ? NaN : max;
  out[at + moment.skew] = flat ? NaN : m3 / n / (m2 * Math.sqrt(m2));
  out[at + moment.kurtosis] = flat ? NaN : m4 / n / (m2 * m2) - 3;
  out[at + moment.rms] = missing ? NaN : Math.sqrt(squares / n);
}

/** Mean of `x[from .. from + n - 1]`. */
export function mean(x: Float64Array, from: number, n: number): number {
  const end = from + n;
  let sum = 0, sumB = 0;
  let i = from;
  for (; i < end - 1; i += 2) {
    sum += x[i]!;
    sumB += x[i + 1]!;
  }
  if (i < end) sum += x[i]!;
  return (sum + sumB) / n;
}

/** Population standard deviation about a known mean. */
export function deviation(x: Float64Array, from: number, n: number, about: number): number {
  const end = from + n;
  let sum = 0, sumB = 0;
  let i = from;
  for (; i < end - 1; i += 2) {
    const a = x[i]! - about, b = x[i + 1]! - about;
    sum += a * a;
    sumB += b * b;
  }
  if (i < end) sum += (x[i]! - about) ** 2;
  return Math.sqrt((sum + sumB) / n);
}
