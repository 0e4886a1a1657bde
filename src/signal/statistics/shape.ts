/** Least-squares slope against 0 .. n - 1: change per row. 0 for a constant signal, NaN for a single value. */
export function slope(x: Float64Array, from: number, n: number): number {
  const middle = (n - 1) / 2;
  // Differences from the first value keep a large level from costing digits.
  const level = x[from]!;
  let sum = 0, sumB = 0;
  let i = 0;
  for (; i < n - 1; i += 2) {
    sum += (i - middle) * (x[from + i]! - level);
    sumB += (i + 1 - middle) * (x[from + i + 1]! - level);
  }
  if (i < n) sum += (i - middle) * (x[from + i]! - level);
  return (sum + sumB) / ((n * (n * n - 1)) / 12);
}

/** Mean of |x[i + 1] - x[i]|. */
export function meanAbsoluteDifference(x: Float64Array, from: number, n: number): number {
  let sum = 0, sumB = 0;
  const end = from + n;
  let i = from + 1;
  for (; i < end - 1; i += 2) {
    const middle = x[i]!;
    sum += Math.abs(middle - x[i - 1]!);
    sumB += Math.abs(x[i + 1]! - middle);
  }
  if (i < end) sum += Math.abs(x[i]! - x[i - 1]!);
  return (sum + sumB) / (n - 1);
}

/** Sign changes of the first difference, zero differences skipped. NaN where a value is missing. */
export function zeroCrossings1(x: Float64Array, from: number, n: number): number {
  let crossings = 0;
  let previous = 0;
  for (let i = from + 1; i < from + n; i++) {
    const difference = x[i]! - x[i - 1]!;
    if (difference === 0) continue;
    if (Number.isNaN(difference)) return NaN;
    if (difference * previous < 0) crossings++;
    previous = Math.sign(difference);
  }
  return crossings;
}

/** Sign changes of the second difference, zeros skipped. NaN where a value is missing. */
export function zeroCrossings2(x: Float64Array, from: number, n: number): number {
  let crossings = 0;
  let previous = 0;
  for (let i = from + 2; i < from + n; i++) {
    const difference = x[i]! - 2 * x[i - 1]! + x[i - 2]!;
    if (difference === 0) continue;
    if (Number.isNaN(difference)) return NaN;
    if (difference * previous < 0) crossings++;
    previous = Math.sign(difference);
  }
  return crossings;
}

/** sum (x[i] - m)(x[i + 1] - m) / sum (x[i] - m)^2 about a known mean m; NaN for a constant signal. */
export function autocorrelation1(x: Float64Array, from: number, n: number, about: number): number {
  let product = 0;
  let square = 0;
  let previous = 0;
  for (let i = from; i < from + n; i++) {
    const d = x[i]! - about;
    product += previous * d;
    square += d * d;
    previous = d;
  }
  return square <= n * (Number.EPSILON * about) ** 2 ? NaN : product / square;
}

/** Pearson correlation of the first differences of two signals: how coherently they move. NaN where either is constant. */
export function differenceCorrelation(x: Float64Array, y: Float64Array, from: number, n: number): number {
  const meanX = (x[from + n - 1]! - x[from]!) / (n - 1);
  const meanY = (y[from + n - 1]! - y[from]!) / (n - 1);
  let xy = 0;
  let xx = 0;
  let yy = 0;
  for (let i = from + 1; i < from + n; i++) {
    const dx = x[i]! - x[i - 1]! - meanX;
    const dy = y[i]! - y[i - 1]! - meanY;
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx === 0 || yy === 0 ? NaN : xy / Math.sqrt(xx * yy);
}
