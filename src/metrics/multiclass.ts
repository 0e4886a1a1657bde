import { checkPairs, invalid } from './ranking.js';

/** Scores of one class against all others. */
export interface ClassScores {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Rows whose true class this is. */
  readonly support: number;
}

export interface MulticlassScores {
  readonly accuracy: number;
  readonly balancedAccuracy: number;
  readonly mcc: number;
  readonly classes: readonly ClassScores[];
  readonly macro: Omit<ClassScores, 'support'>;
  readonly weighted: Omit<ClassScores, 'support'>;
}

/** Rows by true class (first index) and predicted class (second); classes are 0 to `classes - 1`. */
export function confusionMatrix(labels: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  checkPairs(labels, predicted);
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < labels.length; i++) {
    const row = matrix[labels[i]!];
    if (!row || row[predicted[i]!] === undefined) throw invalid(`row ${i} has the classes ${labels[i]} and ${predicted[i]}; 0 to ${classes - 1} are allowed`);
    row[predicted[i]!]!++;
  }
  return matrix;
}

/** Scores of a confusion matrix as scikit-learn defines them: ratios without denominator are 0, unused classes are left out. */
export function multiclassScores(matrix: readonly (readonly number[])[]): MulticlassScores {
  const truth = matrix.map(sum);
  const guesses = matrix.map((_, i) => sum(matrix.map((row) => row[i]!)));
  const hits = matrix.map((row, i) => row[i]!);
  const rows = sum(truth);
  const classes = matrix.map((_, i): ClassScores => ({
    precision: hits[i]! / (guesses[i]! || 1),
    recall: hits[i]! / (truth[i]! || 1),
    f1: (2 * hits[i]!) / (truth[i]! + guesses[i]! || 1),
    support: truth[i]!,
  }));
  const used = classes.filter((_, i) => truth[i]! + guesses[i]! > 0);
  const present = classes.filter((scores) => scores.support > 0);
  const mean = (key: 'precision' | 'recall' | 'f1'): number => sum(used.map((scores) => scores[key])) / used.length;
  const weighted = (key: 'precision' | 'recall' | 'f1'): number => sum(used.map((scores) => scores[key] * scores.support)) / rows;
  return {
    accuracy: sum(hits) / rows,
    balancedAccuracy: sum(present.map((scores) => scores.recall)) / present.length,
    mcc: multiclassMcc(rows, sum(hits), truth, guesses),
    classes,
    macro: { precision: mean('precision'), recall: mean('recall'), f1: mean('f1') },
    weighted: { precision: weighted('precision'), recall: weighted('recall'), f1: weighted('f1') },
  };
}

/** Gorodkin's correlation of two classifications. */
function multiclassMcc(rows: number, hits: number, truth: readonly number[], guesses: readonly number[]): number {
  const product = (a: readonly number[], b: readonly number[]): number => sum(a.map((value, i) => value * b[i]!));
  const spread = Math.sqrt(rows * rows - product(guesses, guesses)) * Math.sqrt(rows * rows - product(truth, truth));
  return spread === 0 ? 0 : (hits * rows - product(truth, guesses)) / spread;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
