import { PenstockError } from '../../errors/index.js';
import { multiclassLogLoss, r2, rocAuc } from '../../metrics/index.js';
import { createRandom } from '../../numeric/index.js';
import { childOf, flatTrees, type FlatTree } from '../explanation/flatTree.js';
import type { Matrix } from '../lightgbm/matrix.js';
import type { ModelDump } from '../lightgbm/modelDump.js';

/** What a score of a model is called, and how it is computed from raw scores (row by row, one per class); higher is better. */
export interface Scoring {
  readonly name: string;
  score(labels: Float32Array, raw: Float64Array): number;
}

/** ROC-AUC of a detector, the negative log loss of a classifier by softmax (classes 0 to n - 1), R2 of a regression. */
export const scorings = {
  // The area depends on the order only, which log odds and probabilities share.
  binary: { name: 'roc_auc', score: rocAuc },
  multiclass: {
    name: 'negative_log_loss',
    score: (labels, raw) => -multiclassLogLoss(labels, softmax(raw, raw.length / labels.length), raw.length / labels.length),
  },
  regression: { name: 'r2', score: r2 },
} satisfies Record<string, Scoring>;

export interface PermutationOptions {
  readonly scoring: Scoring;
  /** How often each feature is shuffled. */
  readonly repeats: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

export interface PermutationImportance {
  /** The score with all features as they are. */
  readonly baseline: number;
  /** Mean loss of score when the feature is shuffled among the rows; 0 for features that no tree splits on. */
  readonly mean: Float64Array;
  /** Standard deviation over the repeats (n - 1 below the line; 0 with one repeat). */
  readonly sd: Float64Array;
}

/**
 * How much worse the model gets when a feature's values are shuffled among the rows (Breiman 2001). Give it rows of cases that the model has not
 * seen. Features that say the same as others look unimportant here, because the others step in. Each feature has shuffles of its own
 * from the seed, whatever the other features are. Only the trees that split on the feature are walked again.
 *
 * Throws `learning/invalid-data` where the rows are not those of the model.
 */
export function permutationImportance(dump: ModelDump, data: Matrix, { scoring, repeats, seed, signal }: PermutationOptions): PermutationImportance {
  const { rows, columns, values, labels } = data;
  if (columns !== dump.max_feature_idx + 1) throw new PenstockError('learning/invalid-data', `the rows have ${columns} columns; the model needs ${dump.max_feature_idx + 1}`);
  const trees = flatTrees(dump);
  const outputs = dump.num_tree_per_iteration;
  const leaves = trees.map((tree) => walk(tree, data, -1, values));
  const baseline = scoring.score(labels, sumOf(leaves, rows, outputs));
  const users = treesByFeature(trees, columns);
  const mean = new Float64Array(columns);
  const sd = new Float64Array(columns);
  const losses = new Float64Array(repeats);
  const shuffled = new Float32Array(rows);
  for (let feature = 0; feature < columns; feature++) {
    signal?.throwIfAborted();
    if (users[feature]!.length === 0) continue;
    const random = createRandom(seed).derive(`permutation ${feature}`);
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = random.permutation(rows);
      for (let row = 0; row < rows; row++) shuffled[row] = values[order[row]! * columns + feature]!;
      const changed = leaves.slice();
      for (const tree of users[feature]!) changed[tree] = walk(trees[tree]!, data, feature, shuffled);
      losses[repeat] = baseline - scoring.score(labels, sumOf(changed, rows, outputs));
    }
    mean[feature] = losses.reduce((sum, loss) => sum + loss, 0) / repeats;
    const squares = losses.reduce((sum, loss) => sum + (loss - mean[feature]!) ** 2, 0);
    sd[feature] = repeats > 1 ? Math.sqrt(squares / (repeats - 1)) : 0;
  }
  return { baseline, mean, sd };
}

/** The leaf's value of each row, where one feature has other values. */
function walk(tree: FlatTree, { rows, columns, values }: Matrix, feature: number, replaced: Float32Array): Float64Array {
  const result = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (tree.left[node] !== -1) {
      const split = tree.feature[node]!;
      node = childOf(tree, node, split === feature ? replaced[row]! : values[row * columns + split]!);
    }
    result[row] = tree.value[node]!;
  }
  return result;
}

/** Raw scores, always summed in the order of the trees: rounding must not tell equal scores apart. */
function sumOf(leaves: readonly Float64Array[], rows: number, outputs: number): Float64Array {
  const raw = new Float64Array(rows * outputs);
  for (const [tree, values] of leaves.entries()) {
    const output = tree % outputs;
    for (let row = 0; row < rows; row++) raw[row * outputs + output]! += values[row]!;
  }
  return raw;
}

function treesByFeature(trees: readonly FlatTree[], columns: number): number[][] {
  const users = Array.from({ length: columns }, (): number[] => []);
  for (const [index, tree] of trees.entries()) for (const feature of new Set(tree.feature)) if (feature >= 0) users[feature]!.push(index);
  return users;
}

function softmax(raw: Float64Array, classes: number): Float64Array {
  const result = new Float64Array(raw.length);
  for (let at = 0; at < raw.length; at += classes) {
    let most = -Infinity;
    for (let i = at; i < at + classes; i++) most = Math.max(most, raw[i]!);
    let sum = 0;
    for (let i = at; i < at + classes; i++) sum += result[i] = Math.exp(raw[i]! - most);
    for (let i = at; i < at + classes; i++) result[i]! /= sum;
  }
  return result;
}
