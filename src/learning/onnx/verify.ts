import { PenstockError } from '../../errors/index.js';
import type { Model } from '../lightgbm/model.js';
import { isLeaf, type DumpNode, type ModelDump } from '../lightgbm/modelDump.js';
import { openScorer } from './scorer.js';

export interface Verification {
  readonly rows: number;
  /** The largest difference of any score. */
  readonly maxDifference: number;
  readonly tolerance: number;
}

export interface VerifyOptions {
  /** Real rows to compare as well, row-major; spread evenly when there are many. */
  readonly sample?: { readonly values: Float32Array; readonly rows: number };
  /** Rows made from the model's thresholds. Default 1000. */
  readonly rows?: number;
  /** Largest difference allowed. Default 1e-12. */
  readonly tolerance?: number;
}

/**
 * Compares an exported model with LightGBM on at least 1,000 rows of the values where exports go wrong (each threshold's
 * nearest float32 numbers, zeros, missing values, far values), and on real rows.
 *
 * Throws `learning/verification` with the worst row when a score differs by more than the tolerance.
 */
export async function verifyOnnx(onnx: Uint8Array, model: Pick<Model, 'columns' | 'dump' | 'predict'>, options: VerifyOptions = {}): Promise<Verification> {
  const { tolerance = 1e-12, rows: wanted = 1000, sample } = options;
  const values = joinRows(model.columns, thresholdRows(model.dump, Math.max(1000, wanted)), sample ? evenRows(sample, model.columns, 1000) : new Float32Array(0));
  const rows = values.length / model.columns;
  const expected = model.predict(values, rows);
  const scorer = await openScorer(onnx);
  try {
    const found = await scorer.score(values, rows);
    return compare(expected, found, { rows, columns: model.columns, values, tolerance });
  } finally {
    await scorer.close();
  }
}

function compare(
  expected: Float64Array,
  found: Float64Array,
  { rows, columns, values, tolerance }: { rows: number; columns: number; values: Float32Array; tolerance: number },
): Verification {
  if (found.length !== expected.length) {
    throw new PenstockError('learning/verification', `the ONNX model gives ${found.length} scores for ${rows} rows; LightGBM gives ${expected.length}`);
  }
  let worst = 0;
  let maxDifference = -1;
  for (let i = 0; i < found.length; i++) {
    // Equal infinities differ by nothing; anything that is not a number is as wrong as can be.
    const difference = found[i] === expected[i] ? 0 : Math.abs(found[i]! - expected[i]!);
    const size = Number.isNaN(difference) ? Infinity : difference;
    if (size > maxDifference) {
      maxDifference = size;
      worst = i;
    }
  }
  if (maxDifference > tolerance) {
    const row = Math.floor((worst / found.length) * rows);
    const shown = Array.from(values.subarray(row * columns, row * columns + Math.min(columns, 8))).join(', ');
    throw new PenstockError(
      'learning/verification',
      `the ONNX model gives ${found[worst]}, LightGBM ${expected[worst]} for the features ${shown}${columns > 8 ? ', ...' : ''}; allowed is a difference of ${tolerance}`,
    );
  }
  return { rows, maxDifference, tolerance };
}

/** Row-major rows whose values stand at, just below and just above the model's thresholds, or are zero, missing or far away. */
export function thresholdRows(dump: ModelDump, rows: number): Float32Array {
  const columns = dump.max_feature_idx + 1;
  const candidates = candidateValues(dump, columns);
  const values = new Float32Array(rows * columns);
  // Numerical Recipes' linear congruential generator: the choice needs to be varied and repeatable, no more.
  let state = 1;
  for (let i = 0; i < values.length; i++) {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    const list = candidates[i % columns]!;
    values[i] = list[Math.floor((state / 2 ** 32) * list.length)]!;
  }
  // Each feature's candidates stand in turn in a row of their own, so that few thresholds do not go untested by chance.
  for (let row = 0; row < rows; row += 2) {
    const column = (row / 2) % columns;
    const list = candidates[column]!;
    values[row * columns + column] = list[Math.floor(row / 2 / columns) % list.length]!;
  }
  return values;
}

function candidateValues(dump: ModelDump, columns: number): number[][] {
  const thresholds = Array.from({ length: columns }, () => new Set<number>());
  const categorical = new Set<number>();
  const pending: DumpNode[] = dump.tree_info.map((tree) => tree.tree_structure);
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (isLeaf(node)) continue;
    if (node.decision_type === '==') categorical.add(node.split_feature);
    for (const value of String(node.threshold).split('||').map(Number)) thresholds[node.split_feature]!.add(value);
    pending.push(node.left_child, node.right_child);
  }
  return thresholds.map((set, feature) => {
    // Categories are whole numbers: LightGBM would cut off a fraction, ONNX compares it.
    if (categorical.has(feature)) return [NaN, 0, -1, 1e6, ...[...set].flatMap((code) => [code, code + 1])];
    return [NaN, 0, -0, 1e-36, -1, 1e9, -1e9, ...[...set].flatMap((value) => [Math.fround(value), neighbour(value, -1), neighbour(value, 1)])];
  });
}

const bits = new DataView(new ArrayBuffer(4));

/** The float32 number beside the one nearest to `value`, below (-1) or above (1). */
function neighbour(value: number, direction: -1 | 1): number {
  const near = Math.fround(value);
  if (near === 0) return direction * 2 ** -149;
  bits.setFloat32(0, near);
  bits.setInt32(0, bits.getInt32(0) + (near > 0 ? direction : -direction));
  return bits.getFloat32(0);
}

function evenRows({ values, rows }: { values: Float32Array; rows: number }, columns: number, most: number): Float32Array {
  if (rows <= most) return values;
  const picked = new Float32Array(most * columns);
  for (let i = 0; i < most; i++) {
    const row = Math.floor((i * rows) / most);
    picked.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return picked;
}

function joinRows(columns: number, first: Float32Array, second: Float32Array): Float32Array {
  if (second.length % columns !== 0) throw new PenstockError('learning/invalid-data', `the sample's ${second.length} values are not rows of ${columns} columns`);
  const joined = new Float32Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
