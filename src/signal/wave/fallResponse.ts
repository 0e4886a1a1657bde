/** Falls of a signal between rows, in noise units: `value[i]` at `time[i]`, rising. */
export interface FallResponse {
  readonly time: Float64Array;
  readonly value: Float64Array;
}

/** Rows before the search that tell the noise, s. */
const noiseSeconds = 300;

/**
 * How much lower a signal is for `width` seconds from each row of [from, to] on than for as long before, in standard deviations of that
 * difference. Noise is that of one row to the next (median of the differences, so that steps and drifts do not count), at least 1e-5 of
 * the level. Missing values keep the last one.
 */
export function fallResponse(time: Float64Array, x: Float64Array, { from, to, width }: { from: number; to: number; width: number }): FallResponse {
  const sums = new Float64Array(x.length + 1);
  const origin = x.find((value) => !Number.isNaN(value)) ?? 0;
  let held = origin;
  const differences: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const before = held;
    if (!Number.isNaN(x[i]!)) held = x[i]!;
    sums[i + 1] = sums[i]! + held - origin;
    if (i > 0 && time[i]! > from - noiseSeconds && time[i]! <= to) differences.push(Math.abs(held - before));
  }
  // The median of |N(0, 1)| is 0.6745; a difference has twice the variance of a row.
  const middle = differences.sort((a, b) => a - b)[differences.length >> 1] ?? 0;
  const noise = Math.max(middle / (0.6745 * Math.SQRT2), 1e-5 * Math.abs(origin), Number.MIN_VALUE);

  const times: number[] = [];
  const values: number[] = [];
  let [begin, end] = [0, 0];
  for (let i = 1; i < x.length && time[i]! <= to; i++) {
    if (time[i]! < from || time[i]! - width < time[0]! || time[i]! + width > time.at(-1)!) continue;
    while (time[begin]! < time[i]! - width) begin++;
    while (end < x.length && time[end]! < time[i]! + width) end++;
    const [earlier, later] = [i - begin, end - i];
    if (earlier === 0 || later === 0) continue;
    times.push((time[i]! + time[i - 1]!) / 2);
    values.push(((sums[i]! - sums[begin]!) / earlier - (sums[end]! - sums[i]!) / later) / (noise * Math.sqrt(1 / earlier + 1 / later)));
  }
  return { time: Float64Array.from(times), value: Float64Array.from(values) };
}

/** A response at `start`, `start + step`, ..., straight between its rows; 0 where it is not known. */
export function onGrid({ time, value }: FallResponse, { start, step, count }: { start: number; step: number; count: number }): Float64Array {
  const out = new Float64Array(count);
  let row = 0;
  for (let n = 0; n < count; n++) {
    const at = start + n * step;
    while (row + 1 < time.length && time[row + 1]! < at) row++;
    if (row + 1 >= time.length || at < time[row]!) continue;
    const share = (at - time[row]!) / (time[row + 1]! - time[row]!);
    out[n] = share > 1 ? 0 : value[row]! + share * (value[row + 1]! - value[row]!);
  }
  return out;
}

/** The grid at a place between two of its points; 0 beyond its ends. */
export function readAt(grid: Float64Array, at: number): number {
  const below = Math.floor(at);
  if (below < 0 || below + 1 >= grid.length) return 0;
  return grid[below]! + (at - below) * (grid[below + 1]! - grid[below]!);
}
