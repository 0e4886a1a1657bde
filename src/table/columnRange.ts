/** Smallest and largest value of a column as Parquet stores them. */
export interface Range {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
}

/** NaN counts for nothing; a zero stands for both, as the format asks. Undefined where no number is left. */
export function floatRange(values: Float64Array | Float32Array): Range | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return floatLimits(values, min, max);
}

/** The same where least and greatest number are known; `min` is the greater one where there is none. */
export function floatLimits(values: Float64Array | Float32Array, min: number, max: number): Range | undefined {
  if (min > max) return undefined;
  return range(values instanceof Float64Array ? Float64Array.of(min === 0 ? -0 : min, max === 0 ? 0 : max) : Float32Array.of(min === 0 ? -0 : min, max === 0 ? 0 : max));
}

export function integerRange(values: Int32Array): Range | undefined {
  if (values.length === 0) return undefined;
  let min = values[0]!;
  let max = min;
  for (let row = 1; row < values.length; row++) {
    const value = values[row]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return range(Int32Array.of(min, max));
}

/** Longer texts are left out rather than cut. */
const longestText = 128;

/** In order of their bytes. */
export function textRange(texts: readonly Uint8Array[]): Range | undefined {
  const [first] = texts;
  if (!first) return undefined;
  let min = first;
  let max = first;
  for (const text of texts) {
    if (Buffer.compare(text, min) < 0) min = text;
    if (Buffer.compare(text, max) > 0) max = text;
  }
  return min.length > longestText || max.length > longestText ? undefined : { min, max };
}

function range(both: Float64Array | Float32Array | Int32Array): Range {
  const bytes = new Uint8Array(both.buffer);
  const half = bytes.length / 2;
  return { min: bytes.subarray(0, half), max: bytes.subarray(half) };
}
