/** What a signal did in the data that a model was trained on: by this a later reader tells a strange signal from a usual one. */
export interface TrainedRange {
  /** Lowest and highest value. */
  readonly low: number;
  readonly high: number;
  /** Longest time in which the value did not change at all. */
  readonly flat_seconds: number;
}

/** The range of the rows from `first` to before `end`; undefined without a present value. */
export function trainedRange(values: ArrayLike<number>, time: Float64Array, first: number, end: number): TrainedRange | undefined {
  let [low, high, flat] = [Infinity, -Infinity, 0];
  let since = NaN;
  for (let row = first; row < end; row++) {
    const value = values[row]!;
    if (Number.isNaN(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
    if (row === first || value !== values[row - 1]) since = time[row]!;
    else if (time[row]! - since > flat) flat = time[row]! - since;
  }
  return low <= high ? { low, high, flat_seconds: flat } : undefined;
}

/** The range of both together. */
export function widestRange(one: TrainedRange | undefined, other: TrainedRange | undefined): TrainedRange | undefined {
  if (!one || !other) return one ?? other;
  return { low: Math.min(one.low, other.low), high: Math.max(one.high, other.high), flat_seconds: Math.max(one.flat_seconds, other.flat_seconds) };
}
