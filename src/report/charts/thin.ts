export interface Thinned {
  readonly x: Float64Array;
  /** NaN where the line breaks. */
  readonly y: Float64Array;
}

/**
 * At most two points per pixel: the lowest and the highest value of each, in their order, so that no peak is lost. `x` is
 * ascending. Missing values break the line.
 */
export function thin(x: ArrayLike<number>, y: ArrayLike<number>, pixels: number): Thinned {
  const n = x.length;
  const columns = Math.max(1, Math.floor(pixels));
  if (n <= 2 * columns) return { x: Float64Array.from(x), y: Float64Array.from(y) };
  const left = x[0]!;
  const scale = columns / (x[n - 1]! - left || 1);
  const outX: number[] = [];
  const outY: number[] = [];
  for (let from = 0, to = 0; from < n; from = to) {
    const column = columnOf(x[from]!, left, scale, columns);
    let low = -1;
    let high = -1;
    for (to = from; to < n && columnOf(x[to]!, left, scale, columns) === column; to++) {
      const value = y[to]!;
      if (!Number.isFinite(value)) continue;
      if (low < 0 || value < y[low]!) low = to;
      if (high < 0 || value > y[high]!) high = to;
    }
    const first = Math.min(low, high);
    const second = Math.max(low, high);
    outX.push(x[first < 0 ? from : first]!);
    outY.push(first < 0 ? NaN : y[first]!);
    if (second > first) {
      outX.push(x[second]!);
      outY.push(y[second]!);
    }
  }
  return { x: Float64Array.from(outX), y: Float64Array.from(outY) };
}

function columnOf(value: number, left: number, scale: number, columns: number): number {
  return Math.min(columns - 1, Math.floor((value - left) * scale));
}
