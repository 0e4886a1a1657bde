/** The parts of LightGBM's JSON model dump that the export and the checks use. */
export interface ModelDump {
  readonly num_class: number;
  /** 1, or the number of classes: trees of one iteration. */
  readonly num_tree_per_iteration: number;
  readonly max_feature_idx: number;
  /** Name and options, such as `binary sigmoid:1`. */
  readonly objective?: string;
  /** True for random forests, whose leaves are averaged over the iterations. */
  readonly average_output: boolean;
  readonly feature_names: readonly string[];
  readonly tree_info: readonly { readonly tree_index: number; readonly num_leaves: number; readonly tree_structure: DumpNode }[];
}

export type DumpNode = DumpSplit | DumpLeaf;

export interface DumpSplit {
  readonly split_feature: number;
  /** A number for `<=`; categories joined by `||` for `==`. */
  readonly threshold: number | string;
  readonly decision_type: '<=' | '==';
  readonly default_left: boolean;
  readonly missing_type: 'None' | 'Zero' | 'NaN';
  readonly left_child: DumpNode;
  readonly right_child: DumpNode;
  /** Training rows that came here. */
  readonly internal_count?: number;
}

export interface DumpLeaf {
  readonly leaf_value: number;
  /** Training rows that ended here; absent where a tree is one leaf. */
  readonly leaf_count?: number;
  /** Present in trees with linear leaves only. */
  readonly leaf_coeff?: readonly number[];
}

export function isLeaf(node: DumpNode): node is DumpLeaf {
  return !('split_feature' in node);
}

/** The dump writes infinity as 1e300; a split there parts all numbers, infinite ones too, from missing values. */
export function numericThreshold({ threshold }: DumpSplit): number {
  const written = Number(threshold);
  return written >= 1e300 ? Infinity : written;
}
