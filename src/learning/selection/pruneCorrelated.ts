import { rankValues } from '../../numeric/index.js';

export interface PruneOptions {
  /** Spearman sees every rising or falling dependence, Pearson straight lines. */
  readonly method: 'spearman' | 'pearson';
  /** Largest |correlation| allowed between two kept features. */
  readonly limit: number;
  /** Stops when so many are kept. Default all. */
  readonly keep?: number;
}

export interface Pruned {
  /** Kept features, in the order of the ranking. */
  readonly kept: Int32Array;
  /** Per feature the kept, higher ranked feature it is most correlated with; -1 where there is none or it was not looked at. */
  readonly partner: Int32Array;
  /** The correlation with it, with its sign; NaN where there is none. */
  readonly correlation: Float64Array;
}

/**
 * Walks the ranking from the best feature down and keeps those that no kept one stands for. Rows beyond some thousands change
 * little, so give it a sample. Missing values count as the mean (of the ranks), constants correlate with nothing.
 */
export function pruneCorrelated(data: { readonly values: Float32Array; readonly rows: number; readonly columns: number }, ranking: Int32Array, options: PruneOptions): Pruned {
  const { limit, keep = ranking.length } = options;
  const partner = new Int32Array(data.columns).fill(-1);
  const correlation = new Float64Array(data.columns).fill(NaN);
  const kept: number[] = [];
  const vectors: Float64Array[] = [];
  for (const feature of ranking) {
    if (kept.length >= keep) break;
    const vector = standardised(data, feature, options.method);
    for (const [i, other] of vectors.entries()) {
      const r = dot(vector, other);
      if (partner[feature] !== -1 && Math.abs(r) <= Math.abs(correlation[feature]!)) continue;
      partner[feature] = kept[i]!;
      correlation[feature] = r;
    }
    if (Math.abs(correlation[feature]!) > limit) continue;
    kept.push(feature);
    vectors.push(vector);
  }
  return { kept: Int32Array.from(kept), partner, correlation };
}

/** The column (or its ranks) with mean 0 and length 1, so that a dot product is a correlation; all zero where it is constant. */
function standardised({ values, rows, columns }: { values: Float32Array; rows: number; columns: number }, feature: number, method: PruneOptions['method']): Float64Array {
  const present: number[] = [];
  for (let row = 0; row < rows; row++) if (!Number.isNaN(values[row * columns + feature]!)) present.push(row);
  const column = Float64Array.from(present, (row) => values[row * columns + feature]!);
  const known = method === 'spearman' ? rankValues(column).ranks : column;
  const mean = known.reduce((sum, value) => sum + value, 0) / Math.max(1, known.length);
  const vector = new Float64Array(rows);
  for (let i = 0; i < present.length; i++) vector[present[i]!] = known[i]! - mean;
  const length = Math.sqrt(dot(vector, vector));
  // What is left of a constant column is rounding.
  const scale = length > 1e-12 * Math.abs(mean) * Math.sqrt(rows) ? 1 / length : 0;
  for (let row = 0; row < rows; row++) vector[row]! *= scale;
  return vector;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
