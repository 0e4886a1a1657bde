import { coefficientsOf, leastSquares } from '../../numeric/leastSquares.js';
import { quantileOf } from './series.js';

/**
 * The polynomial (highest power first) through the mean step against the mean level, the levels dealt into `bins` quantile bins
 * (Friedrich et al. 2000). NaN where two edges coincide or too few bins hold a row.
 */
export function friedrich(x: Float64Array, degree: number, bins: number): number[] {
  const none = new Array<number>(degree + 1).fill(NaN);
  const count = x.length - 1;
  const sorted = x.slice(0, count).sort();
  const edges = Float64Array.from({ length: bins + 1 }, (_, b) => quantileOf(sorted, b / bins));
  for (let b = 0; b < bins; b++) if (!(edges[b]! < edges[b + 1]!)) return none;
  const levels = new Float64Array(bins);
  const steps = new Float64Array(bins);
  const rows = new Float64Array(bins);
  for (let i = 0; i < count; i++) {
    // Bins are open below and closed above, the first one closed at both ends.
    let bin = 0;
    while (bin < bins - 1 && x[i]! > edges[bin + 1]!) bin++;
    levels[bin]! += x[i]!;
    steps[bin]! += x[i + 1]! - x[i]!;
    rows[bin]!++;
  }
  const filled = [...rows.keys()].filter((bin) => rows[bin]! > 0);
  if (filled.length <= degree) return none;
  const at = Float64Array.from(filled, (bin) => levels[bin]! / rows[bin]!);
  const powers = Array.from({ length: degree + 1 }, (_, p) => at.map((level) => level ** (degree - p)));
  return [...coefficientsOf(leastSquares(powers, Float64Array.from(filled, (bin) => steps[bin]! / rows[bin]!)))];
}

/** The largest real part of the roots of a cubic, highest power first; NaN where a coefficient is missing. */
export function largestRoot(coefficients: readonly number[]): number {
  const [a, b, c, d] = coefficients as [number, number, number, number];
  if (Number.isNaN(a + b + c + d)) return NaN;
  if (a === 0) return quadraticRoot(b, c, d);
  const value = (t: number): number => ((a * t + b) * t + c) * t + d;
  // Cauchy's bound holds all roots; between its ends the sign changes.
  const bound = 1 + Math.max(Math.abs(b), Math.abs(c), Math.abs(d)) / Math.abs(a);
  let low = -bound, high = bound;
  const sign = Math.sign(value(high));
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (Math.sign(value(middle)) === sign) high = middle;
    else low = middle;
  }
  const root = Math.abs(value(low)) < Math.abs(value(high)) ? low : high;
  return Math.max(root, quadraticRoot(a, b + a * root, c + (b + a * root) * root));
}

function quadraticRoot(a: number, b: number, c: number): number {
  if (a === 0) return b === 0 ? NaN : -c / b;
  const discriminant = b * b - 4 * a * c;
  return discriminant < 0 ? -b / (2 * a) : -b / (2 * a) + Math.sqrt(discriminant) / Math.abs(2 * a);
}
