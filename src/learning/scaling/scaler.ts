import { PenstockError } from '../../errors/index.js';

/** Row-major values, `rows * columns` of them; NaN means missing. */
export interface FeatureValues<Values extends Float32Array | Float64Array = Float32Array | Float64Array> {
  readonly rows: number;
  readonly columns: number;
  readonly values: Values;
}

/** `standard`: mean and standard deviation; `minmax`: smallest value and range; `robust`: median and interquartile range. */
export type ScalerKind = 'standard' | 'minmax' | 'robust';

/** A value becomes (value - center) / scale of its column. Plain JSON, so that a bundle can carry it. */
export interface Scaler {
  readonly kind: ScalerKind;
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Learns centre and scale of each column as scikit-learn's StandardScaler, MinMaxScaler and RobustScaler do: missing values
 * are left out, a column that does not vary has the scale 1. A column without any value stays as it is (centre 0, scale 1).
 * Fit it on the training rows alone.
 */
export function fitScaler(kind: ScalerKind, matrix: FeatureValues): Scaler {
  checkShape(matrix);
  const center: number[] = [];
  const scale: number[] = [];
  const column = new Float64Array(matrix.rows);
  for (let at = 0; at < matrix.columns; at++) {
    const [middle, width] = measures[kind](presentValues(matrix, at, column));
    center.push(middle);
    scale.push(width);
  }
  return { kind, center, scale };
}

/** The scaled values, in an array of the same type; missing values stay missing. */
export function applyScaler<Values extends Float32Array | Float64Array>(scaler: Scaler, matrix: FeatureValues<Values>): Values {
  checkShape(matrix);
  const { columns, values } = matrix;
  if (scaler.center.length !== columns) {
    throw new PenstockError('learning/invalid-data', `the scaler knows ${scaler.center.length} columns; the matrix has ${columns}`);
  }
  const scaled = values.slice() as Values;
  for (let i = 0, column = 0; i < scaled.length; i++) {
    scaled[i] = (values[i]! - scaler.center[column]!) / scaler.scale[column]!;
    if (++column === columns) column = 0;
  }
  return scaled;
}

/** The values of a column that are there, in a part of `buffer`. */
function presentValues({ rows, columns, values }: FeatureValues, column: number, buffer: Float64Array): Float64Array {
  let count = 0;
  for (let row = 0; row < rows; row++) {
    const value = values[row * columns + column]!;
    if (!Number.isNaN(value)) buffer[count++] = value;
  }
  return buffer.subarray(0, count);
}

const measures: Readonly<Record<ScalerKind, (values: Float64Array) => [center: number, scale: number]>> = { standard, minmax, robust };

function standard(values: Float64Array): [number, number] {
  const n = values.length;
  if (n === 0) return [0, 1];
  let mean = 0;
  for (const value of values) mean += value;
  mean /= n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2;
  variance /= n;
  // The variance of a constant column is rounding noise of this size.
  const noise = n * Number.EPSILON * variance + (n * mean * Number.EPSILON) ** 2;
  return [mean, variance <= noise ? 1 : Math.sqrt(variance)];
}

function minmax(values: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return values.length === 0 ? [0, 1] : [low, widthOf(high - low)];
}

function robust(values: Float64Array): [number, number] {
  if (values.length === 0) return [0, 1];
  const sorted = values.sort();
  return [linearQuantile(sorted, 0.5), widthOf(linearQuantile(sorted, 0.75) - linearQuantile(sorted, 0.25))];
}

/** As scikit-learn: a width of rounding size counts as none. */
function widthOf(width: number): number {
  return width < 10 * Number.EPSILON ? 1 : width;
}

/** The quantile of ascending values, straight lines between neighbours (numpy's default). */
export function linearQuantile(sorted: ArrayLike<number>, q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, sorted.length - 1);
  const part = at - low;
  const gap = sorted[high]! - sorted[low]!;
  // From the nearer side, as numpy interpolates.
  return part < 0.5 ? sorted[low]! + gap * part : sorted[high]! - gap * (1 - part);
}

function checkShape({ rows, columns, values }: FeatureValues): void {
  if (values.length !== rows * columns) {
    throw new PenstockError('learning/invalid-data', `there are ${values.length} values; ${rows} rows of ${columns} columns need ${rows * columns}`);
  }
}
