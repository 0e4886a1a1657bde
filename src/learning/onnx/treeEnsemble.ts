import { PenstockError } from '../../errors/index.js';
import { isLeaf, numericThreshold, type DumpLeaf, type DumpNode, type DumpSplit, type ModelDump } from '../lightgbm/modelDump.js';
import { elementType, intAttribute, intsAttribute, node, tensorAttribute } from './graph.js';
import type { Message } from './protobuf.js';

const branchLessOrEqual = 0;
const branchMember = 6;

/** Trees as the parallel arrays of the TreeEnsemble operator (ai.onnx.ml 5). */
interface TreeArrays {
  readonly roots: number[];
  readonly features: number[];
  readonly splits: number[];
  readonly modes: number[];
  readonly trueNodes: number[];
  readonly trueIsLeaf: number[];
  readonly falseNodes: number[];
  readonly falseIsLeaf: number[];
  readonly missingIsTrue: number[];
  readonly members: number[];
  readonly leafTargets: number[];
  readonly leafWeights: number[];
}

export interface TreeEnsemble {
  /** From the table of doubles `input` to the raw sums `output`. */
  readonly operator: (input: string, output: string) => Message;
  /** Features in which zero stands for missing (`zero_as_missing`); zeros must become NaN before the trees. */
  readonly zeroIsMissing: ReadonlySet<number>;
}

/**
 * Writes the trees as one double-precision TreeEnsemble, whose branches and sums are LightGBM's own: thresholds are
 * doubles compared with `<=`, sums are doubles in the order of the trees.
 *
 * Throws `learning/invalid-parameter` for trees with linear leaves, which the operator cannot express.
 */
export function treeEnsemble(dump: ModelDump): TreeEnsemble {
  const targets = dump.num_tree_per_iteration;
  // The operator's own AVERAGE would divide by the trees of all classes; random forests average over iterations.
  const scale = dump.average_output ? targets / dump.tree_info.length : 1;
  const arrays: TreeArrays = {
    roots: [], features: [], splits: [], modes: [], trueNodes: [], trueIsLeaf: [], falseNodes: [], falseIsLeaf: [],
    missingIsTrue: [], members: [], leafTargets: [], leafWeights: [],
  };
  const zeroIsMissing = new Set<number>();
  for (const [index, tree] of dump.tree_info.entries()) {
    arrays.roots.push(addTree(arrays, tree.tree_structure, index % targets, scale, zeroIsMissing));
  }
  return { operator: (input, output) => operatorOf(arrays, targets, input, output), zeroIsMissing };
}

function addTree(arrays: TreeArrays, root: DumpNode, target: number, scale: number, zeroIsMissing: Set<number>): number {
  const addLeaf = (leaf: DumpLeaf): number => {
    if (leaf.leaf_coeff) throw new PenstockError('learning/invalid-parameter', 'trees with linear leaves (linear_tree) cannot be exported to ONNX', { key: 'linear_tree' });
    arrays.leafTargets.push(target);
    return arrays.leafWeights.push(leaf.leaf_value * scale) - 1;
  };
  // Trees can be thousands of splits deep, so no recursion: a stack of what is still to be placed.
  const pending: { split: DumpSplit; id: number }[] = [];
  const place = (split: DumpSplit): number => {
    const id = reserveNode(arrays, split, zeroIsMissing);
    pending.push({ split, id });
    return id;
  };
  if (isLeaf(root)) return addConstantTree(arrays, addLeaf(root));
  const rootId = place(root);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { split, id } = next;
    const left = split.left_child;
    const right = split.right_child;
    arrays.trueIsLeaf[id] = isLeaf(left) ? 1 : 0;
    arrays.trueNodes[id] = isLeaf(left) ? addLeaf(left) : place(left);
    arrays.falseIsLeaf[id] = isLeaf(right) ? 1 : 0;
    arrays.falseNodes[id] = isLeaf(right) ? addLeaf(right) : place(right);
  }
  return rootId;
}

function reserveNode(arrays: TreeArrays, split: DumpSplit, zeroIsMissing: Set<number>): number {
  const categorical = split.decision_type === '==';
  const id = arrays.features.push(split.split_feature) - 1;
  arrays.modes[id] = categorical ? branchMember : branchLessOrEqual;
  arrays.splits[id] = categorical ? 0 : outsideZero(numericThreshold(split));
  arrays.missingIsTrue[id] = categorical ? 0 : missingGoesLeft(split, zeroIsMissing);
  for (const list of [arrays.trueNodes, arrays.trueIsLeaf, arrays.falseNodes, arrays.falseIsLeaf]) list[id] = 0;
  // The sets of all member nodes stand in one list, each closed by NaN, in the order of the nodes.
  if (categorical) arrays.members.push(...String(split.threshold).split('||').map(Number), NaN);
  return id;
}

/** LightGBM reads values within this distance of zero as zero. */
const zeroLimit = Math.fround(1e-35);
/** The next float32 below -zeroLimit. */
const belowZeroRange = -1.0000000897489909e-35;

/**
 * A threshold within the zero range moves to its edge, where `x <= threshold` decides as LightGBM does after it has put zero
 * for x: below zero the whole range goes right, from zero on the whole range goes left.
 */
function outsideZero(threshold: number): number {
  if (threshold >= 0 && threshold < zeroLimit) return zeroLimit;
  return threshold < 0 && threshold >= -zeroLimit ? belowZeroRange : threshold;
}

function missingGoesLeft(split: DumpSplit, zeroIsMissing: Set<number>): number {
  // Without missing values in training, LightGBM reads NaN as zero.
  if (split.missing_type === 'None') return Number(split.threshold) >= 0 ? 1 : 0;
  if (split.missing_type === 'Zero') zeroIsMissing.add(split.split_feature);
  return split.default_left ? 1 : 0;
}

/** The operator knows no tree of one leaf: a split whose two sides are that leaf. */
function addConstantTree(arrays: TreeArrays, leaf: number): number {
  const id = arrays.features.push(0) - 1;
  arrays.modes[id] = branchLessOrEqual;
  arrays.splits[id] = 0;
  arrays.missingIsTrue[id] = 0;
  arrays.trueNodes[id] = arrays.falseNodes[id] = leaf;
  arrays.trueIsLeaf[id] = arrays.falseIsLeaf[id] = 1;
  return id;
}

function operatorOf(arrays: TreeArrays, targets: number, input: string, output: string): Message {
  const sum = 1;
  const noTransform = 0;
  const attributes = [
    intsAttribute('tree_roots', arrays.roots),
    intsAttribute('nodes_featureids', arrays.features),
    tensorAttribute('nodes_splits', elementType.double, Float64Array.from(arrays.splits)),
    tensorAttribute('nodes_modes', elementType.uint8, Uint8Array.from(arrays.modes)),
    intsAttribute('nodes_truenodeids', arrays.trueNodes),
    intsAttribute('nodes_trueleafs', arrays.trueIsLeaf),
    intsAttribute('nodes_falsenodeids', arrays.falseNodes),
    intsAttribute('nodes_falseleafs', arrays.falseIsLeaf),
    intsAttribute('nodes_missing_value_tracks_true', arrays.missingIsTrue),
    intsAttribute('leaf_targetids', arrays.leafTargets),
    tensorAttribute('leaf_weights', elementType.double, Float64Array.from(arrays.leafWeights)),
    intAttribute('n_targets', targets),
    intAttribute('aggregate_function', sum),
    intAttribute('post_transform', noTransform),
  ];
  if (arrays.members.length > 0) attributes.push(tensorAttribute('membership_values', elementType.double, Float64Array.from(arrays.members)));
  return node('TreeEnsemble', [input], output, attributes, 'ai.onnx.ml');
}
