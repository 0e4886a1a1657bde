import { PenstockError } from '../../errors/index.js';

/** Rows of features with their labels. Missing values are NaN. float32, because that is what inference will see. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row-major, `rows * columns` values. */
  readonly values: Float32Array;
  readonly labels: Float32Array;
  /** One weight per row, finite and not negative. */
  readonly weights?: Float32Array;
}

/** The same rows read piece by piece, each time anew, so that memory holds one piece at a time. */
export interface MatrixStream extends Omit<Matrix, 'values'> {
  /** Whole rows, row-major, one piece after the other, the same each time. A piece is used before the next is asked for. */
  pieces(): Iterable<Float32Array> | AsyncIterable<Float32Array>;
}

export function isStream(data: Matrix | MatrixStream): data is MatrixStream {
  return 'pieces' in data;
}

/** What labels an objective can learn from. */
export type LabelKind = { readonly kind: 'binary' } | { readonly kind: 'classes'; readonly classes: number } | { readonly kind: 'number' };

/**
 * Refuses what LightGBM would accept in silence: NaN, infinite or missing labels, binary labels other than 0 and 1, class
 * numbers out of range, infinite features, and buffers that are too short (which would be read past their end).
 */
export function checkMatrix(matrix: Matrix | MatrixStream, labels: LabelKind, name: string): void {
  checkShape(matrix, name);
  // Of a stream every piece is checked when it comes.
  if (!isStream(matrix)) checkFeatures(matrix.values, matrix.columns, 0, name);
  checkLabels(matrix.labels, labels, name);
  if (matrix.weights) checkWeights(matrix.weights, name);
}

/** Checks the piece that begins at row `start`, or, without one, that the stream has ended where it should; gives its rows. */
export function checkPiece(piece: Float32Array | undefined, { rows, columns }: MatrixStream, start: number, name: string): number {
  const count = piece ? piece.length / columns : 0;
  if (!Number.isInteger(count)) throw invalid(`${name} came in a piece of ${piece!.length} values, which are not rows of ${columns} columns`);
  if (start + count > rows || (!piece && start < rows)) throw invalid(`${name} has ${rows} labels, but ${start + count} rows came`);
  if (piece) checkFeatures(piece, columns, start, name);
  return count;
}

function checkShape(matrix: Matrix | MatrixStream, name: string): void {
  const { rows, columns, labels, weights } = matrix;
  if (!Number.isInteger(rows) || rows < 1) throw invalid(`${name} has ${rows} rows; at least 1 is needed`);
  if (!Number.isInteger(columns) || columns < 1) throw invalid(`${name} has ${columns} feature columns; at least 1 is needed`);
  if (!isStream(matrix) && matrix.values.length !== rows * columns) {
    throw invalid(`${name} has ${matrix.values.length} feature values; ${rows} rows of ${columns} columns need ${rows * columns}`);
  }
  if (labels.length !== rows) throw invalid(`${name} has ${labels.length} labels for ${rows} rows`);
  if (weights && weights.length !== rows) throw invalid(`${name} has ${weights.length} weights for ${rows} rows`);
}

function checkFeatures(values: Float32Array, columns: number, start: number, name: string): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === Infinity || value === -Infinity) {
      throw invalid(`${name} has an infinite feature value (row ${start + Math.floor(i / columns)}, column ${i % columns}); NaN means missing`);
    }
  }
}

function checkLabels(labels: Float32Array, allowed: LabelKind, name: string): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!Number.isFinite(label)) throw invalid(`${name} has the label ${label} in row ${row}; labels must be finite numbers`);
    if (allowed.kind === 'binary' && label !== 0 && label !== 1) {
      throw invalid(`${name} has the label ${label} in row ${row}; a binary objective allows 0 and 1`);
    }
    if (allowed.kind === 'classes' && !(Number.isInteger(label) && label >= 0 && label < allowed.classes)) {
      throw invalid(`${name} has the label ${label} in row ${row}; ${allowed.classes} classes allow 0 to ${allowed.classes - 1}`);
    }
  }
}

function checkWeights(weights: Float32Array, name: string): void {
  for (let row = 0; row < weights.length; row++) {
    const weight = weights[row]!;
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw invalid(`${name} has the weight ${weight} in row ${row}; weights must be finite and not negative`);
    }
  }
}

/** A model that has seen one class only says nothing; better to hear it before the training than after. */
export function checkBothClasses(labels: Float32Array, name: string): void {
  const first = labels[0]!;
  if (labels.every((label) => label === first)) {
    throw invalid(`all ${labels.length} labels of ${name} are ${first}; a classifier needs rows of at least two classes`);
  }
}

function invalid(message: string): PenstockError {
  return new PenstockError('learning/invalid-data', message);
}
