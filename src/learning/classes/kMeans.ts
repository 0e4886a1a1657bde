import { PenstockError } from '../../errors/index.js';
import type { Random } from '../../numeric/index.js';

/** Points row-major, `columns` coordinates each. */
export interface KMeansPoints {
  readonly columns: number;
  readonly values: ArrayLike<number>;
}

export interface KMeansOptions {
  readonly clusters: number;
  /** Either where the centres start (row-major): one descent, nothing is random ... */
  readonly start?: ArrayLike<number>;
  /** ... or a stream for k-means++ starts. */
  readonly random?: Random;
  /** Starts by k-means++, of which the best result is kept; default 10. */
  readonly starts?: number;
}

export interface KMeans {
  /** Row-major, ascending by the first coordinate (then the next), so that the same clusters have the same numbers. */
  readonly centers: Float64Array;
  /** Cluster of each point. */
  readonly labels: Int32Array;
  /** Sum of squared distances to the nearest centre. */
  readonly inertia: number;
  readonly iterations: number;
}

const maxIterations = 300;
/** Times the mean variance of the coordinates: a smaller movement of all centres ends the descent. */
const tolerance = 1e-4;

/**
 * Lloyd's algorithm as scikit-learn's KMeans runs it: k-means++ with greedy trials (Arthur and Vassilvitskii 2007), a cluster
 * that lost all its points starts again at the point farthest from its centre.
 *
 * Throws `learning/invalid-data` with fewer distinct points than clusters.
 */
export function kMeans({ columns, values }: KMeansPoints, options: KMeansOptions): KMeans {
  const points = Float64Array.from(values);
  const rows = points.length / columns;
  checkPoints(points, rows, columns, options.clusters);
  const limit = tolerance * meanVariance(points, rows, columns);
  const descend = (start: Float64Array): KMeans => lloyd(points, rows, columns, start, limit);
  if (options.start) return descend(Float64Array.from(options.start));
  if (!options.random) throw new PenstockError('learning/invalid-data', 'k-means needs either start centres or a stream of random numbers');
  let best: KMeans | undefined;
  for (let i = 0; i < (options.starts ?? 10); i++) {
    const found = descend(plusPlus(points, rows, columns, options.clusters, options.random));
    if (!best || found.inertia < best.inertia) best = found;
  }
  return best!;
}

function lloyd(points: Float64Array, rows: number, columns: number, start: Float64Array, limit: number): KMeans {
  const clusters = start.length / columns;
  let centers = start;
  const labels = new Int32Array(rows).fill(-1);
  const distances = new Float64Array(rows);
  let iterations = 0;
  while (iterations < maxIterations) {
    iterations++;
    const changed = assign(points, columns, centers, labels, distances);
    const next = means(points, columns, labels, distances, clusters);
    let moved = 0;
    for (let i = 0; i < next.length; i++) moved += (next[i]! - centers[i]!) ** 2;
    centers = next;
    if (!changed || moved <= limit) break;
  }
  assign(points, columns, centers, labels, distances);
  let inertia = 0;
  for (const distance of distances) inertia += distance;
  return { ...inOrder(centers, labels, columns), inertia, iterations };
}

/** Gives each point to its nearest centre (the first of equally near ones); true where any point changed its cluster. */
function assign(points: Float64Array, columns: number, centers: Float64Array, labels: Int32Array, distances: Float64Array): boolean {
  let changed = false;
  for (let row = 0; row < labels.length; row++) {
    let nearest = 0;
    let least = Infinity;
    for (let c = 0; c * columns < centers.length; c++) {
      const distance = squared(points, row * columns, centers, c * columns, columns);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
    }
    if (labels[row] !== nearest) changed = true;
    labels[row] = nearest;
    distances[row] = least;
  }
  return changed;
}

function means(points: Float64Array, columns: number, labels: Int32Array, distances: Float64Array, clusters: number): Float64Array {
  const counts = new Int32Array(clusters);
  for (const label of labels) counts[label]!++;
  refill(labels, distances, counts);
  const sums = new Float64Array(clusters * columns);
  for (let row = 0; row < labels.length; row++) {
    for (let d = 0; d < columns; d++) sums[labels[row]! * columns + d]! += points[row * columns + d]!;
  }
  return sums.map((sum, i) => sum / counts[Math.floor(i / columns)]!);
}

/** Clusters without points take those farthest from their centres, one each; of equally far ones the last, as scikit-learn does. */
function refill(labels: Int32Array, distances: Float64Array, counts: Int32Array): void {
  for (let cluster = 0; cluster < counts.length; cluster++) {
    if (counts[cluster]! > 0) continue;
    let farthest = -1;
    for (let row = 0; row < labels.length; row++) {
      if (counts[labels[row]!]! > 1 && (farthest < 0 || distances[row]! >= distances[farthest]!)) farthest = row;
    }
    counts[labels[farthest]!]!--;
    counts[cluster] = 1;
    labels[farthest] = cluster;
    distances[farthest] = 0;
  }
}

/** Start centres far from one another: each is the best of a few points drawn by squared distance to those before. */
function plusPlus(points: Float64Array, rows: number, columns: number, clusters: number, random: Random): Float64Array {
  const centers = new Float64Array(clusters * columns);
  const trials = 2 + Math.floor(Math.log(clusters));
  const take = (row: number, cluster: number): void => centers.set(points.subarray(row * columns, (row + 1) * columns), cluster * columns);
  take(random.integer(0, rows - 1), 0);
  let nearest = new Float64Array(rows).fill(Infinity);
  nearest = nearerTo(points, columns, centers, nearest, 0);
  for (let cluster = 1; cluster < clusters; cluster++) {
    let best: { row: number; nearest: Float64Array<ArrayBuffer>; sum: number } | undefined;
    for (let trial = 0; trial < trials; trial++) {
      const row = drawBy(nearest, random);
      const candidate = nearerTo(points, columns, points, nearest, row * columns);
      const sum = total(candidate);
      if (!best || sum < best.sum) best = { row, nearest: candidate, sum };
    }
    take(best!.row, cluster);
    nearest = best!.nearest;
  }
  return centers;
}

/** The squared distances to the nearest centre once the point at `offset` of `from` is one, too. */
function nearerTo(
  points: Float64Array, columns: number, from: Float64Array, nearest: Float64Array, offset: number,
): Float64Array<ArrayBuffer> {
  return Float64Array.from(nearest, (distance, row) => Math.min(distance, squared(points, row * columns, from, offset, columns)));
}

/** A row with a probability proportional to its weight. */
function drawBy(weights: Float64Array, random: Random): number {
  let left = random.uniform() * total(weights);
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    last = row;
    left -= weights[row]!;
    if (left < 0) break;
  }
  return last;
}

function inOrder(centers: Float64Array, labels: Int32Array, columns: number): { centers: Float64Array; labels: Int32Array } {
  const order = Array.from({ length: centers.length / columns }, (_, c) => c).sort((a, b) => {
    for (let d = 0; d < columns; d++) {
      const difference = centers[a * columns + d]! - centers[b * columns + d]!;
      if (difference !== 0) return difference;
    }
    return a - b;
  });
  const sorted = new Float64Array(centers.length);
  const place = new Int32Array(order.length);
  order.forEach((c, at) => {
    sorted.set(centers.subarray(c * columns, (c + 1) * columns), at * columns);
    place[c] = at;
  });
  return { centers: sorted, labels: labels.map((label) => place[label]!) };
}

function squared(a: Float64Array, atA: number, b: Float64Array, atB: number, columns: number): number {
  let sum = 0;
  for (let d = 0; d < columns; d++) sum += (a[atA + d]! - b[atB + d]!) ** 2;
  return sum;
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function meanVariance(points: Float64Array, rows: number, columns: number): number {
  let sum = 0;
  for (let d = 0; d < columns; d++) {
    let mean = 0;
    for (let row = 0; row < rows; row++) mean += points[row * columns + d]! / rows;
    for (let row = 0; row < rows; row++) sum += (points[row * columns + d]! - mean) ** 2 / rows;
  }
  return sum / columns;
}

function checkPoints(points: Float64Array, rows: number, columns: number, clusters: number): void {
  const fail = (message: string): never => {
    throw new PenstockError('learning/invalid-data', message);
  };
  if (!Number.isInteger(clusters) || clusters < 1) fail(`${clusters} clusters were asked for; a whole number from 1 on is allowed`);
  if (!Number.isInteger(rows)) fail(`${points.length} values are no whole number of points with ${columns} coordinates`);
  if (points.some((value) => !Number.isFinite(value))) fail('k-means needs finite coordinates; leave missing points out');
  const distinct = new Set<string>();
  for (let row = 0; row < rows && distinct.size < clusters; row++) distinct.add(points.subarray(row * columns, (row + 1) * columns).join(' '));
  if (distinct.size < clusters) fail(`${clusters} clusters were asked for; there are only ${distinct.size} distinct points`);
}
