import { checkClassProbabilities } from './probability.js';
import { rocAuc } from './roc.js';

export interface MulticlassRocOptions {
  /** `ovr`: each class against all others; `ovo`: each pair of classes (Hand and Till 2001), which class shares do not sway. Default `ovr`. */
  readonly compare?: 'ovr' | 'ovo';
  /** `weighted`: by the rows of the class or pair. Default `macro`. */
  readonly average?: 'macro' | 'weighted';
}

/**
 * Area under the ROC curve for classes 0 to `classes - 1`; probabilities row-major, each row summing to 1. As scikit-learn:
 * NaN where a class has no rows (there is nothing to rank), so leave such classes out first if that is meant.
 */
export function multiclassRocAuc(labels: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, options: MulticlassRocOptions = {}): number {
  checkClassProbabilities(labels, probabilities, classes);
  const { compare = 'ovr', average = 'macro' } = options;
  const rows = Array.from(labels);
  const column = (of: number, among: readonly number[]): number[] => among.map((row) => probabilities[row * classes + of]!);
  const parts: { auc: number; weight: number }[] = [];
  const all = [...rows.keys()];
  for (let a = 0; a < classes; a++) {
    if (compare === 'ovr') {
      const isA = rows.map((label) => (label === a ? 1 : 0));
      parts.push({ auc: rocAuc(isA, column(a, all)), weight: rows.filter((label) => label === a).length });
      continue;
    }
    for (let b = a + 1; b < classes; b++) {
      const among = all.filter((row) => rows[row] === a || rows[row] === b);
      const isA = among.map((row) => (rows[row] === a ? 1 : 0));
      const auc = among.length === 0 ? NaN : (rocAuc(isA, column(a, among)) + rocAuc(isA.map((one) => 1 - one), column(b, among))) / 2;
      parts.push({ auc, weight: among.length });
    }
  }
  const weightOf = ({ weight }: { weight: number }): number => (average === 'macro' ? 1 : weight);
  return parts.reduce((sum, part) => sum + part.auc * weightOf(part), 0) / parts.reduce((sum, part) => sum + weightOf(part), 0);
}
