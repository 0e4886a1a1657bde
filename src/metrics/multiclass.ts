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

/**
 * Scores of a confusion matrix as scikit-learn defines them: a ratio without denominator is `zeroDivision` (default 0; NaN is left
 * out of the means), classes that are neither true nor predicted anywhere are left out.
 */
export function multiclassScores(matrix: readonly (readonly number[])[], zeroDivision = 0): MulticlassScores {
  const truth = matrix.map(sum);
  const guesses = matrix.map((_, i) => sum(matrix.map((row) => row[i]!)));
  const hits = matrix.map((row, i) => row[i]!);
  const rows = sum(truth);
  const classes = matrix.map((_, i): ClassScores => ({
    precision: ratio(hits[i]!, guesses[i]!, zeroDivision),
    recall: ratio(hits[i]!, truth[i]!, zeroDivision),
    f1: ratio(2 * hits[i]!, truth[i]! + guesses[i]!, zeroDivision),
    support: truth[i]!,
  }));
  const used = classes.filter((_, i) => truth[i]! + guesses[i]! > 0);
  const present = classes.filter((scores) => scores.support > 0);
  const mean = (key: 'precision' | 'recall' | 'f1', weight: (scores: ClassScores) => number): number => {
    const counted = used.filter((scores) => !Number.isNaN(scores[key]));
    return sum(counted.map((scores) => scores[key] * weight(scores))) / sum(counted.map(weight));
  };
  const averages = (weight: (scores: ClassScores) => number): MulticlassScores['macro'] =>
    ({ precision: mean('precision', weight), recall: mean('recall', weight), f1: mean('f1', weight) });
  return {
    accuracy: sum(hits) / rows,
    balancedAccuracy: sum(present.map((scores) => scores.recall)) / present.length,
    mcc: multiclassMcc(rows, sum(hits), truth, guesses),
    classes,
    macro: averages(() => 1),
    weighted: averages((scores) => scores.support),
  };
}

/** One line of a report by class. */
export type ClassReportRow = ClassScores & { readonly name: string };

/** scikit-learn's classification report: a row per class, then the means with equal weights and with weights by support. */
export function classReport(names: readonly string[], matrix: readonly (readonly number[])[], zeroDivision = 0): ClassReportRow[] {
  if (names.length !== matrix.length) throw invalid(`there are ${names.length} names for ${matrix.length} classes`);
  const { classes, macro, weighted } = multiclassScores(matrix, zeroDivision);
  const support = sum(classes.map((scores) => scores.support));
  return [...classes.map((scores, i) => ({ name: names[i]!, ...scores })), { name: 'macro avg', ...macro, support }, { name: 'weighted avg', ...weighted, support }];
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

function ratio(numerator: number, denominator: number, zeroDivision: number): number {
  return denominator === 0 ? zeroDivision : numerator / denominator;
}
