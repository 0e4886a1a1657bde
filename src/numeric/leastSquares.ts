/** What Householder's reflections make of a least-squares problem. */
export interface LeastSquares {
  /** Q^T y of the columns, in their order. */
  readonly projections: Float64Array;
  /** R, column by column: `r[j][i]` for i <= j. */
  readonly r: readonly Float64Array[];
  /** Sum of squared residuals with the first k columns, k = 0 .. columns. */
  readonly residuals: Float64Array;
}

/**
 * Fits y by linear combinations of the columns, for every leading part of them at once. There must be at least as many rows as
 * columns. Columns that depend on earlier ones have a 0 (or rounding) on R's diagonal.
 */
export function leastSquares(columns: readonly Float64Array[], y: Float64Array): LeastSquares {
  const rows = y.length;
  const work = columns.map((column) => column.slice());
  const target = y.slice();
  const projections = new Float64Array(work.length);
  for (let j = 0; j < work.length; j++) {
    const v = work[j]!;
    let norm = 0;
    for (let i = j; i < rows; i++) norm += v[i]! * v[i]!;
    norm = Math.sqrt(norm);
    const alpha = v[j]! > 0 ? -norm : norm;
    const first = v[j]! - alpha;
    // The reflection that takes the column to alpha in row j: v / v[j], and its factor.
    if (norm !== 0) {
      const factor = -first / alpha;
      for (let i = j + 1; i < rows; i++) v[i]! /= first;
      for (let k = j + 1; k <= work.length; k++) reflect(v, j, factor, k < work.length ? work[k]! : target);
    }
    v[j] = alpha;
    projections[j] = target[j]!;
  }
  const residuals = new Float64Array(work.length + 1);
  for (let i = work.length; i < rows; i++) residuals[work.length]! += target[i]! * target[i]!;
  for (let k = work.length - 1; k >= 0; k--) residuals[k] = residuals[k + 1]! + projections[k]! ** 2;
  return { projections, r: work, residuals };
}

function reflect(v: Float64Array, j: number, factor: number, to: Float64Array): void {
  let sum = to[j]!;
  for (let i = j + 1; i < to.length; i++) sum += v[i]! * to[i]!;
  sum *= factor;
  to[j]! -= sum;
  for (let i = j + 1; i < to.length; i++) to[i]! -= sum * v[i]!;
}

/** The coefficients of a fit, one per column. */
export function coefficientsOf({ projections, r }: LeastSquares): Float64Array {
  const n = projections.length;
  const found = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let value = projections[i]!;
    for (let j = i + 1; j < n; j++) value -= r[j]![i]! * found[j]!;
    found[i] = value / r[i]![i]!;
  }
  return found;
}
