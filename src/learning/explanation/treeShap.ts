import type { ModelDump } from '../lightgbm/modelDump.js';
import { checkRows, type Contributions, type Rows } from './contributions.js';
import { childOf, expectedValue, flatTrees, type FlatTree } from './flatTree.js';

/**
 * Contributions without LightGBM's library, from the model dump alone: path-dependent TreeSHAP (Lundberg et al. 2018,
 * algorithm 2), where a node's cover is the number of training rows that reached it. Raw-score units, as `featureContributions`.
 *
 * Throws `learning/invalid-data` for rows of another width or a dump without row counts, `learning/invalid-parameter` for linear leaves.
 */
export function treeContributions(dump: ModelDump, sample: Rows): Contributions {
  const features = dump.max_feature_idx + 1;
  const outputs = dump.num_tree_per_iteration;
  checkRows(sample, features);
  const trees = flatTrees(dump);
  const values = new Float64Array(sample.rows * outputs * features);
  const base = new Float64Array(outputs);
  for (const [index, tree] of trees.entries()) base[index % outputs]! += expectedValue(tree);
  const walk = createWalk(Math.max(0, ...trees.map((tree) => tree.depth)));
  for (let row = 0; row < sample.rows; row++) {
    const given = sample.values.subarray(row * features, (row + 1) * features);
    for (const [index, tree] of trees.entries()) {
      const at = (row * outputs + (index % outputs)) * features;
      walk(tree, given, values.subarray(at, at + features));
    }
  }
  return { rows: sample.rows, features, outputs, values, base };
}

type Walk = (tree: FlatTree, given: Float32Array, phi: Float64Array) => void;

/**
 * A walk over trees of at most `depth` splits. The path of unique features down to a node (its feature, the share of
 * training rows that follow when the feature is unknown, one or zero for whether this row follows, and the weight of the
 * subsets of each size) lies behind its parent's in four shared arrays, so that no step allocates.
 */
function createWalk(depth: number): Walk {
  const room = ((depth + 2) * (depth + 3)) / 2;
  const feature = new Int32Array(room);
  const zero = new Float64Array(room);
  const one = new Float64Array(room);
  const weight = new Float64Array(room);

  const extend = (at: number, length: number, zeroShare: number, oneShare: number, added: number): void => {
    feature[at + length] = added;
    zero[at + length] = zeroShare;
    one[at + length] = oneShare;
    weight[at + length] = length === 0 ? 1 : 0;
    for (let i = length - 1; i >= 0; i--) {
      weight[at + i + 1]! += (oneShare * weight[at + i]! * (i + 1)) / (length + 1);
      weight[at + i] = (zeroShare * weight[at + i]! * (length - i)) / (length + 1);
    }
  };

  /** Takes element `index` out of a path whose last element is `last`. */
  const unwind = (at: number, last: number, index: number): void => {
    const oneShare = one[at + index]!;
    const zeroShare = zero[at + index]!;
    let next = weight[at + last]!;
    for (let i = last - 1; i >= 0; i--) {
      if (oneShare !== 0) {
        const kept = weight[at + i]!;
        weight[at + i] = (next * (last + 1)) / ((i + 1) * oneShare);
        next = kept - (weight[at + i]! * zeroShare * (last - i)) / (last + 1);
      } else {
        weight[at + i] = (weight[at + i]! * (last + 1)) / (zeroShare * (last - i));
      }
    }
    for (let i = index; i < last; i++) {
      feature[at + i] = feature[at + i + 1]!;
      zero[at + i] = zero[at + i + 1]!;
      one[at + i] = one[at + i + 1]!;
    }
  };

  /** The sum of the weights after `unwind`, without doing it. */
  const unwoundSum = (at: number, last: number, index: number): number => {
    const oneShare = one[at + index]!;
    const zeroShare = zero[at + index]!;
    let next = weight[at + last]!;
    let total = 0;
    for (let i = last - 1; i >= 0; i--) {
      if (oneShare !== 0) {
        const part = (next * (last + 1)) / ((i + 1) * oneShare);
        total += part;
        next = weight[at + i]! - (part * zeroShare * (last - i)) / (last + 1);
      } else {
        total += (weight[at + i]! * (last + 1)) / (zeroShare * (last - i));
      }
    }
    return total;
  };

  const down: (tree: FlatTree, given: Float32Array, phi: Float64Array, node: number, parent: number, length: number, zeroShare: number, oneShare: number, added: number) => void = (
    tree, given, phi, node, parent, length, zeroShare, oneShare, added,
  ) => {
    const at = parent + length;
    for (let i = 0; i < length; i++) {
      feature[at + i] = feature[parent + i]!;
      zero[at + i] = zero[parent + i]!;
      one[at + i] = one[parent + i]!;
      weight[at + i] = weight[parent + i]!;
    }
    extend(at, length, zeroShare, oneShare, added);
    if (tree.left[node] === -1) {
      for (let i = 1; i <= length; i++) phi[feature[at + i]!]! += unwoundSum(at, length, i) * (one[at + i]! - zero[at + i]!) * tree.value[node]!;
      return;
    }
    const split = tree.feature[node]!;
    const hot = childOf(tree, node, given[split]!);
    const cold = hot === tree.left[node] ? tree.right[node]! : tree.left[node]!;
    // A feature met before leaves its place on the path, and its shares multiply.
    let last = length;
    let zeroBefore = 1;
    let oneBefore = 1;
    for (let i = 1; i <= length; i++) {
      if (feature[at + i] !== split) continue;
      zeroBefore = zero[at + i]!;
      oneBefore = one[at + i]!;
      unwind(at, length, i);
      last = length - 1;
      break;
    }
    const cover = tree.cover[node]!;
    down(tree, given, phi, hot, at, last + 1, (tree.cover[hot]! / cover) * zeroBefore, oneBefore, split);
    down(tree, given, phi, cold, at, last + 1, (tree.cover[cold]! / cover) * zeroBefore, 0, split);
  };

  return (tree, given, phi) => {
    if (tree.left[0] !== -1) down(tree, given, phi, 0, 0, 0, 1, 1, -1);
  };
}
