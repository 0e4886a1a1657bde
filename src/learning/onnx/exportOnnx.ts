import { PenstockError } from '../../errors/index.js';
import type { ModelDump } from '../lightgbm/modelDump.js';
import { elementType, intAttribute, modelFile, node, tableValue, tensor } from './graph.js';
import { scoreSteps, type ScoreStep } from './objective.js';
import type { Message } from './protobuf.js';
import { treeEnsemble } from './treeEnsemble.js';

/** Names of the graph's input (float32, rows x features) and output (float64, rows x scores). */
export const onnxInput = 'features';
export const onnxOutput = 'score';

export interface ExportOptions {
  /** Columns of the feature matrix; checked against the model. Default: the model's. */
  readonly featureCount?: number;
  /** Leaves out the objective's transformation: raw sums instead of probabilities. Default false. */
  readonly rawScore?: boolean;
}

/**
 * Writes a LightGBM model as ONNX: float32 features are widened to doubles, one double TreeEnsemble (ai.onnx.ml 5) sums
 * the trees, and the objective's transformation follows. Scores agree with LightGBM to the last bits; see `verifyOnnx`.
 * A binary classifier has one output column, the probability of class 1.
 *
 * Throws `learning/invalid-parameter` for models that ONNX cannot express.
 */
export function exportOnnx(dump: ModelDump, options: ExportOptions = {}): Uint8Array {
  const features = dump.max_feature_idx + 1;
  if (options.featureCount !== undefined && options.featureCount !== features) {
    throw new PenstockError('learning/invalid-data', `the model has ${features} features; ${options.featureCount} were expected`);
  }
  const nodes: Message[] = [];
  const constants: Message[] = [];
  const { operator, zeroIsMissing } = treeEnsemble(dump);
  const prepared = addZeroHandling(nodes, constants, features, zeroIsMissing);
  nodes.push(node('Cast', [prepared], 'features64', [intAttribute('to', elementType.double)]), operator('features64', 'raw'));
  const last = addSteps(nodes, constants, options.rawScore ? [] : scoreSteps(dump));
  nodes.push(node('Identity', [last], onnxOutput));
  return modelFile({
    nodes,
    constants,
    input: tableValue(onnxInput, elementType.float, features),
    output: tableValue(onnxOutput, elementType.double, dump.num_tree_per_iteration),
    producer: 'penstock',
    metadata: { objective: dump.objective ?? '' },
  });
}

/** With `zero_as_missing`, values within 1e-35 of zero are missing; NaN in their place takes the same branches. */
function addZeroHandling(nodes: Message[], constants: Message[], features: number, zeroIsMissing: ReadonlySet<number>): string {
  if (zeroIsMissing.size === 0) return onnxInput;
  const limits = Float32Array.from({ length: features }, (_, i) => (zeroIsMissing.has(i) ? 1e-35 : -1));
  constants.push(tensor('zero_limits', elementType.float, [features], limits), tensor('missing', elementType.float, [], Float32Array.of(NaN)));
  nodes.push(
    node('Abs', [onnxInput], 'magnitude'),
    node('LessOrEqual', ['magnitude', 'zero_limits'], 'is_zero'),
    node('Where', ['is_zero', 'missing', onnxInput], 'features_or_missing'),
  );
  return 'features_or_missing';
}

function addSteps(nodes: Message[], constants: Message[], steps: readonly ScoreStep[]): string {
  let current = 'raw';
  for (const [i, step] of steps.entries()) {
    const next = `step${i}`;
    if (step.operator === 'Scale') {
      constants.push(tensor(`factor${i}`, elementType.double, [], Float64Array.of(step.factor)));
      nodes.push(node('Mul', [current, `factor${i}`], next));
    } else if (step.operator === 'SignedSquare') {
      nodes.push(node('Abs', [current], `${next}_size`), node('Mul', [current, `${next}_size`], next));
    } else {
      nodes.push(node(step.operator, [current], next, step.operator === 'Softmax' ? [intAttribute('axis', 1)] : []));
    }
    current = next;
  }
  return current;
}
