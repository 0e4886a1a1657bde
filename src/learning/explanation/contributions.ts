import { PenstockError } from '../../errors/index.js';

/**
 * What each feature adds to the raw score of each row (SHAP values). For every row and output the contributions and the base
 * sum up to the raw score, which is log odds for a binary objective; probabilities do not add up.
 * A random forest's raw score is taken as the mean of its trees, which is what its score is made of.
 */
export interface Contributions {
  readonly rows: number;
  readonly features: number;
  /** 1, or the number of classes. */
  readonly outputs: number;
  /** Row by row, within a row output by output, within an output one value per feature. */
  readonly values: Float64Array;
  /** The raw score expected before any feature is known: one value per output, the same for all rows. */
  readonly base: Float64Array;
}

/** Rows of feature values, row-major. */
export interface Rows {
  readonly values: Float32Array;
  readonly rows: number;
}

/** The mean of |contribution| over the rows, per feature; outputs are added, as SHAP's bar chart of classes stacks them. */
export function meanAbsolute({ rows, features, outputs, values }: Contributions): Float64Array {
  const mean = new Float64Array(features);
  for (let at = 0; at < rows * outputs; at++) {
    for (let feature = 0; feature < features; feature++) mean[feature]! += Math.abs(values[at * features + feature]!);
  }
  for (let feature = 0; feature < features; feature++) mean[feature]! /= Math.max(1, rows);
  return mean;
}

export function checkRows({ values, rows }: Rows, columns: number): void {
  if (values.length === rows * columns) return;
  throw new PenstockError('learning/invalid-data', `${values.length} values were given for ${rows} rows; the model needs ${columns} per row`);
}
