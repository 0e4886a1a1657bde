import { PenstockError } from '../../errors/index.js';
import { linearQuantile } from '../scaling/scaler.js';
import { kMeans } from './kMeans.js';

/**
 * How values are divided into classes: `quantile` into equally filled ones, `uniform` into equally wide ones, `kmeans` half-way
 * between the centres of one-dimensional k-means started from equally wide bins (scikit-learn's KBinsDiscretizer), `edges` as given.
 */
export type ClassStrategy = 'quantile' | 'uniform' | 'kmeans' | 'edges';

export interface ClassOptions {
  readonly strategy: ClassStrategy;
  /** Number of classes, 2 or more; not for `edges`. */
  readonly count?: number | undefined;
  /** For `edges`: ascending, one more than classes; values beyond the outer ones belong to the outer classes. */
  readonly edges?: readonly number[] | undefined;
}

export interface Classes {
  /** Ascending, one more than classes. A value at an inner edge belongs to the class above it. */
  readonly edges: readonly number[];
  /** One name per class, such as `< 0.925`, `0.925 to 1.6`, `>= 3.05`. */
  readonly names: readonly string[];
  /** Values of each class. */
  readonly counts: readonly number[];
  /** Classes without a single value, by their number: nothing can be learned about them. */
  readonly empty: readonly number[];
  /** Empty classes, or fewer classes than asked for because edges coincided. */
  readonly warnings: readonly string[];
}

/** Finds the edges of classes on the training values; missing values (NaN) are left out. Throws `learning/invalid-data`. */
export function fitClasses(values: ArrayLike<number>, options: ClassOptions): Classes {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  if (sorted.length === 0) throw invalid('there are no values to divide into classes');
  const found = options.strategy === 'edges' ? checkedEdges(options.edges) : edgesOf(sorted, options.strategy, checkedCount(options.count));
  const { edges, warning } = withoutNarrowOnes(found);
  if (edges.length < 3) throw invalid(`the values allow only one class: ${edges.join(' to ')}; use another strategy, or fewer classes`);
  const counts = edges.slice(1).map(() => 0);
  for (const value of sorted) counts[classOf(edges, value)]!++;
  const names = namesOf(edges);
  const empty = counts.flatMap((count, i) => (count === 0 ? [i] : []));
  return {
    edges, names, counts, empty,
    warnings: [...warning, ...(empty.length > 0 ? [`no value lies in ${empty.map((i) => `class ${i} (${names[i]})`).join(', ')}; nothing can be learned about such a class`] : [])],
  };
}

/** The class of a value: 0 to classes - 1. Values beyond the outer edges belong to the outer classes; NaN has none (-1). */
export function classOf(edges: readonly number[], value: number): number {
  if (Number.isNaN(value)) return -1;
  let found = 0;
  for (let i = 1; i < edges.length - 1 && value >= edges[i]!; i++) found = i;
  return found;
}

function edgesOf(sorted: Float64Array, strategy: 'quantile' | 'uniform' | 'kmeans', count: number): number[] {
  const low = sorted[0]!;
  const high = sorted.at(-1)!;
  if (!(high > low)) throw invalid(`all ${sorted.length} values are ${low}; they cannot be divided into ${count} classes`);
  const uniform = linspace(low, high, count);
  if (strategy === 'uniform') return uniform;
  if (strategy === 'quantile') return Array.from({ length: count + 1 }, (_, i) => linearQuantile(sorted, i / count));
  const middles = uniform.slice(1).map((edge, i) => (edge + uniform[i]!) * 0.5);
  const { centers } = kMeans({ columns: 1, values: sorted }, { clusters: count, start: middles });
  return [low, ...Array.from(centers.subarray(1), (center, i) => (center + centers[i]!) * 0.5), high];
}

/** As numpy.linspace: the last value is exact. */
function linspace(low: number, high: number, parts: number): number[] {
  const step = (high - low) / parts;
  return Array.from({ length: parts + 1 }, (_, i) => (i === parts ? high : i * step + low));
}

/** Many equal values make edges coincide; what lies between them is no class. */
function withoutNarrowOnes(edges: readonly number[]): { edges: number[]; warning: string[] } {
  const kept = edges.filter((edge, i) => i === 0 || edge - edges[i - 1]! > 1e-8);
  if (kept.length === edges.length) return { edges: kept, warning: [] };
  return { edges: kept, warning: [`${edges.length - 1} classes were asked for; edges coincide, so there are ${kept.length - 1}`] };
}

/** Names with as many digits as it takes to tell the edges apart, four at least. */
function namesOf(edges: readonly number[]): string[] {
  const last = edges.length - 2;
  for (let digits = 4; ; digits++) {
    const inner = edges.slice(1, -1).map((edge) => String(Number(edge.toPrecision(digits))));
    if (new Set(inner).size < inner.length && digits < 17) continue;
    return Array.from({ length: last + 1 }, (_, i) => (i === 0 ? `< ${inner[0]}` : i === last ? `>= ${inner[last - 1]}` : `${inner[i - 1]} to ${inner[i]}`));
  }
}

function checkedCount(count: number | undefined): number {
  if (count !== undefined && Number.isInteger(count) && count >= 2) return count;
  throw invalid(`the number of classes is ${count}; a whole number from 2 on is needed`, 'count');
}

function checkedEdges(edges: readonly number[] | undefined): readonly number[] {
  if (!edges || edges.length < 3) throw invalid(`the strategy edges needs at least three edges (two classes); found ${edges?.length ?? 0}`, 'edges');
  if (edges.some((edge, i) => !Number.isFinite(edge) || (i > 0 && edge <= edges[i - 1]!))) throw invalid(`the edges ${edges.join(', ')} do not ascend`, 'edges');
  return edges;
}

function invalid(message: string, key?: string): PenstockError {
  return new PenstockError('learning/invalid-data', message, { key });
}
