import { splitError, type Split } from './split.js';

/** scikit-learn's `KFold` without shuffling: contiguous tests, the first ones a row longer where rows do not divide evenly. */
export function kFold(rows: number, folds: number): Split[] {
  checkFolds(rows, folds, 'rows');
  const test = new Int32Array(rows);
  for (let fold = 0, row = 0; fold < folds; fold++) {
    const size = Math.floor(rows / folds) + (fold < rows % folds ? 1 : 0);
    test.fill(fold, row, row + size);
    row += size;
  }
  return splitsOf(test, folds);
}

/** scikit-learn's `StratifiedKFold` without shuffling: every fold has each class's share, rows in order. */
export function stratifiedKFold(classes: ArrayLike<number>, folds: number): Split[] {
  const rows = classes.length;
  checkFolds(rows, folds, 'rows');
  // Classes are numbered in the order in which they appear, as scikit-learn does.
  const codes = new Map<number, number>();
  const encoded = Int32Array.from({ length: rows }, (_, i) => codes.get(classes[i]!) ?? codes.set(classes[i]!, codes.size).size - 1);
  const sorted = encoded.slice().sort();
  const allotted = Array.from({ length: folds }, (_, fold) => {
    const counts = new Int32Array(codes.size);
    for (let i = fold; i < rows; i += folds) counts[sorted[i]!]!++;
    return counts;
  });
  const test = new Int32Array(rows);
  const placed = new Int32Array(codes.size);
  const current = new Int32Array(codes.size);
  for (let row = 0; row < rows; row++) {
    const code = encoded[row]!;
    while (placed[code] === allotted[current[code]!]![code]) {
      current[code]!++;
      placed[code] = 0;
    }
    placed[code]!++;
    test[row] = current[code]!;
  }
  return splitsOf(test, folds);
}

/** scikit-learn's `GroupKFold`: the largest group goes to the lightest fold; no group stands on both sides of a fold. */
export function groupKFold(groups: readonly string[], folds: number): Split[] {
  const names = [...new Set(groups)].sort();
  checkFolds(names.length, folds, 'groups');
  const sizes = new Map(names.map((name) => [name, 0]));
  for (const group of groups) sizes.set(group, sizes.get(group)! + 1);
  // Of equally large groups scikit-learn takes the last name first.
  const order = names.map((_, i) => i).sort((a, b) => sizes.get(names[b]!)! - sizes.get(names[a]!)! || b - a);
  const weights = new Float64Array(folds);
  const foldOf = new Map<string, number>();
  for (const i of order) {
    const lightest = weights.indexOf(Math.min(...weights));
    weights[lightest]! += sizes.get(names[i]!)!;
    foldOf.set(names[i]!, lightest);
  }
  return splitsOf(Int32Array.from(groups, (group) => foldOf.get(group)!), folds);
}

/** scikit-learn's `TimeSeriesSplit`: tests follow their training rows in time. */
export function timeSeriesSplit(
  rows: number,
  folds: number,
  { gap = 0, testRows = Math.floor(rows / (folds + 1)), maxTrainRows = Infinity }: { gap?: number; testRows?: number; maxTrainRows?: number } = {},
): Split[] {
  if (rows - gap - testRows * folds <= 0 || testRows < 1) throw splitError(`${rows} rows are too few for ${folds} folds of ${testRows} rows with a gap of ${gap}`);
  return Array.from({ length: folds }, (_, fold) => {
    const testStart = rows - (folds - fold) * testRows;
    const trainEnd = testStart - gap;
    return { train: range(Math.max(0, trainEnd - maxTrainRows), trainEnd), test: range(testStart, testStart + testRows) };
  });
}

function checkFolds(items: number, folds: number, what: string): void {
  if (!Number.isInteger(folds) || folds < 2) throw splitError(`${folds} folds are not possible; 2 or more are needed`);
  if (items < folds) throw splitError(`${items} ${what} are too few for ${folds} folds`);
}

function splitsOf(foldOfRow: Int32Array, folds: number): Split[] {
  const all = range(0, foldOfRow.length);
  return Array.from({ length: folds }, (_, fold) => ({
    train: all.filter((row) => foldOfRow[row] !== fold),
    test: all.filter((row) => foldOfRow[row] === fold),
  }));
}

function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i);
}
