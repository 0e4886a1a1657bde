import { PenstockError } from '../../errors/index.js';
import { isLeaf, numericThreshold, type DumpNode, type DumpSplit, type ModelDump } from '../lightgbm/modelDump.js';

/** A tree as parallel arrays; node 0 is the root. A leaf has no left child (-1). */
export interface FlatTree {
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  /** Categories that go left, for splits by category. */
  readonly categories: readonly (ReadonlySet<number> | undefined)[];
  readonly missing: Uint8Array;
  readonly defaultLeft: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly value: Float64Array;
  /** Training rows that came to the node. */
  readonly cover: Float64Array;
  /** Splits on the longest way down. */
  readonly depth: number;
}

const missingTypes = { None: 0, Zero: 1, NaN: 2 } as const;
/** Up to here LightGBM takes a value for zero. */
const zeroThreshold = 1e-35;

/**
 * The trees of a model dump, leaves averaged where the model averages (random forests).
 *
 * Throws `learning/invalid-parameter` for trees with linear leaves, and `learning/invalid-data` for a dump without row counts.
 */
export function flatTrees(dump: ModelDump): FlatTree[] {
  const scale = dump.average_output ? dump.num_tree_per_iteration / dump.tree_info.length : 1;
  return dump.tree_info.map((tree) => flatTree(tree.tree_structure, scale));
}

function flatTree(root: DumpNode, scale: number): FlatTree {
  const nodes: DumpNode[] = [root];
  const depths = [0];
  const children: [number, number][] = [];
  // The list grows while it is walked, so that deep trees need no recursion.
  for (let i = 0; i < nodes.length; i++) {
    const node = nodes[i]!;
    if (isLeaf(node)) {
      if (node.leaf_coeff) throw new PenstockError('learning/invalid-parameter', 'trees with linear leaves (linear_tree) cannot be explained', { key: 'linear_tree' });
      children.push([-1, -1]);
      continue;
    }
    children.push([nodes.push(node.left_child) - 1, nodes.push(node.right_child) - 1]);
    depths.push(depths[i]! + 1, depths[i]! + 1);
  }
  const ofSplit = <T>(read: (split: DumpSplit) => T, otherwise: T): T[] => nodes.map((node) => (isLeaf(node) ? otherwise : read(node)));
  return {
    feature: Int32Array.from(ofSplit((split) => split.split_feature, -1)),
    threshold: Float64Array.from(ofSplit((split) => (split.decision_type === '<=' ? numericThreshold(split) : NaN), NaN)),
    categories: ofSplit((split) => (split.decision_type === '==' ? new Set(String(split.threshold).split('||').map(Number)) : undefined), undefined),
    missing: Uint8Array.from(ofSplit((split) => missingTypes[split.missing_type], 0)),
    defaultLeft: Uint8Array.from(ofSplit((split) => Number(split.default_left), 0)),
    left: Int32Array.from(children, ([left]) => left),
    right: Int32Array.from(children, ([, right]) => right),
    value: Float64Array.from(nodes, (node) => (isLeaf(node) ? node.leaf_value * scale : 0)),
    cover: Float64Array.from(nodes, (node) => coverOf(node, nodes.length)),
    depth: depths.reduce((most, depth) => Math.max(most, depth), 0),
  };
}

function coverOf(node: DumpNode, nodes: number): number {
  const count = isLeaf(node) ? node.leaf_count : node.internal_count;
  if (count !== undefined) return count;
  if (nodes === 1) return 1;
  throw new PenstockError('learning/invalid-data', 'the model dump has no row counts (internal_count, leaf_count), which its explanation needs');
}

/** The child that a value goes to: LightGBM's decision. */
export function childOf(tree: FlatTree, node: number, value: number): number {
  const categories = tree.categories[node];
  if (categories) {
    // LightGBM cuts fractions off; missing and negative ones go right.
    return value > -1 && categories.has(Math.trunc(value)) ? tree.left[node]! : tree.right[node]!;
  }
  const missing = tree.missing[node]!;
  const known = Number.isNaN(value) && missing !== missingTypes.NaN ? 0 : value;
  if ((missing === missingTypes.Zero && Math.abs(known) <= zeroThreshold) || (missing === missingTypes.NaN && Number.isNaN(known))) {
    return tree.defaultLeft[node] === 1 ? tree.left[node]! : tree.right[node]!;
  }
  return known <= tree.threshold[node]! ? tree.left[node]! : tree.right[node]!;
}

/** The mean of the leaves over the training rows: what the tree answers before any feature is known. */
export function expectedValue(tree: FlatTree): number {
  if (tree.left[0] === -1) return tree.value[0]!;
  let sum = 0;
  for (let node = 0; node < tree.left.length; node++) if (tree.left[node] === -1) sum += (tree.cover[node]! / tree.cover[0]!) * tree.value[node]!;
  return sum;
}
