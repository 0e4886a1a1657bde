import { PenstockError } from '../../errors/index.js';
import type { Random } from '../../numeric/index.js';
import type { Matrix } from '../lightgbm/matrix.js';

/** Disturbances of training rows. `noise`, `bias` and `quantisation` are fractions of each feature's spread (standard deviation). */
export interface AugmentOptions {
  /** Standard deviation of normal noise, drawn per value. */
  readonly noise?: number | undefined;
  /** Standard deviation of a constant offset, drawn per feature and group of rows. */
  readonly bias?: number | undefined;
  /** Values are rounded to multiples of this. */
  readonly quantisation?: number | undefined;
  /** Probability that a value is missing (NaN). */
  readonly dropout?: number | undefined;
  /** Disturbed copies of every row, beside the row itself; default 1. */
  readonly copies?: number | undefined;
  /** Rows with the same number or name have the same offsets, such as the rows of a case; by default all rows of a copy. */
  readonly groups?: ArrayLike<number | string> | undefined;
}

/**
 * The training rows, followed by disturbed copies of them with their labels and weights, so that a model does not lean on
 * differences finer than the instruments. The spread of a feature is measured on the given rows: give training rows alone.
 * The same rows, options and stream give the same copies, whatever other disturbances are switched on.
 */
export function augment(matrix: Matrix, options: AugmentOptions, random: Random): Matrix {
  checkOptions(options, matrix);
  const copies = options.copies ?? 1;
  const { rows, columns, values } = matrix;
  const spread = featureSpread(matrix);
  const all = new Float32Array((1 + copies) * values.length);
  all.set(values);
  for (let copy = 1; copy <= copies; copy++) {
    disturb(all.subarray(copy * values.length, (copy + 1) * values.length), matrix, spread, options, random.derive(`copy ${copy}`));
  }
  return {
    rows: (1 + copies) * rows, columns, values: all, labels: repeated(matrix.labels, 1 + copies),
    ...(matrix.weights && { weights: repeated(matrix.weights, 1 + copies) }),
  };
}

/** Standard deviation of each feature over its present values; 0 for a feature without any. */
export function featureSpread({ rows, columns, values }: Pick<Matrix, 'rows' | 'columns' | 'values'>): Float64Array {
  const means = new Float64Array(columns);
  const squares = new Float64Array(columns);
  const counts = new Float64Array(columns);
  // Welford's update: no loss of digits where the mean is large beside the spread, as it is for pressures.
  for (let row = 0, i = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      const n = ++counts[column]!;
      const difference = value - means[column]!;
      means[column]! += difference / n;
      squares[column]! += difference * (value - means[column]!);
    }
  }
  return squares.map((sum, column) => (counts[column]! > 0 ? Math.sqrt(sum / counts[column]!) : 0));
}

function disturb(into: Float32Array, { rows, columns, values }: Matrix, spread: Float64Array, options: AugmentOptions, random: Random): void {
  const { noise = 0, bias = 0, quantisation = 0, dropout = 0, groups } = options;
  // A stream for each disturbance, so that switching one on leaves the others as they were.
  const [noises, biases, dropouts] = [random.derive('noise'), random.derive('bias'), random.derive('dropout')];
  const offsets = new Map<number | string, Float64Array>();
  const offsetsOf = (group: number | string): Float64Array => {
    const known = offsets.get(group);
    if (known) return known;
    const stream = biases.derive(`${group}`);
    const drawn = spread.map((width) => width * bias * stream.normal());
    offsets.set(group, drawn);
    return drawn;
  };
  for (let row = 0, i = 0; row < rows; row++) {
    const offset = bias > 0 ? offsetsOf(groups ? groups[row]! : 0) : undefined;
    for (let column = 0; column < columns; column++, i++) {
      const width = spread[column]!;
      let value = values[i]!;
      if (offset) value += offset[column]!;
      if (noise > 0) value += width * noise * noises.normal();
      const step = width * quantisation;
      if (step > 0) value = Math.round(value / step) * step;
      if (dropout > 0 && dropouts.uniform() < dropout) value = NaN;
      into[i] = value;
    }
  }
}

function repeated(values: Float32Array, times: number): Float32Array {
  const all = new Float32Array(values.length * times);
  for (let i = 0; i < times; i++) all.set(values, i * values.length);
  return all;
}

function checkOptions({ noise = 0, bias = 0, quantisation = 0, dropout = 0, copies = 1, groups }: AugmentOptions, { rows }: Matrix): void {
  const fail = (key: string, message: string): never => {
    throw new PenstockError('learning/invalid-parameter', message, { key });
  };
  for (const [key, value] of Object.entries({ noise, bias, quantisation })) {
    if (!(value >= 0 && Number.isFinite(value))) fail(key, `${key} is ${value}; a fraction of the spread, 0 or more, is needed`);
  }
  if (!(dropout >= 0 && dropout < 1)) fail('dropout', `dropout is ${dropout}; a probability below 1 is needed`);
  if (!Number.isInteger(copies) || copies < 1) fail('copies', `copies is ${copies}; a whole number from 1 on is needed`);
  if (groups && groups.length !== rows) fail('groups', `there are ${groups.length} groups for ${rows} rows`);
}
