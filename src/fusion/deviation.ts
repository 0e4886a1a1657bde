/**
 * How far the newest rows lie from those before, in spreads of those before: the mean of the last `short` rows against mean and
 * standard deviation of the `long` rows that end where they begin. Signed; NaN until there are enough rows. A pressure fall by a passing
 * negative wave, and a lasting change of flow, both show.
 */
export function deviation(x: Float64Array, short: number, long: number): Float64Array {
  const out = new Float64Array(x.length).fill(NaN);
  // Sums about the first value: those of squares about 0 would lose the digits of small changes on a high level.
  const origin = x.find((value) => !Number.isNaN(value)) ?? 0;
  const sum = new Float64Array(x.length + 1);
  const square = new Float64Array(x.length + 1);
  const missing = new Float64Array(x.length + 1);
  for (let i = 0; i < x.length; i++) {
    const value = Number.isNaN(x[i]!) ? 0 : x[i]! - origin;
    sum[i + 1] = sum[i]! + value;
    square[i + 1] = square[i]! + value * value;
    missing[i + 1] = missing[i]! + (Number.isNaN(x[i]!) ? 1 : 0);
  }
  for (let end = short + long; end <= x.length; end++) {
    const split = end - short;
    const begin = split - long;
    if (missing[end]! > missing[begin]!) continue;
    const before = (sum[split]! - sum[begin]!) / long;
    const variance = Math.max(0, (square[split]! - square[begin]!) / long - before * before);
    const now = (sum[end]! - sum[split]!) / short;
    const spread = Math.sqrt(variance);
    const floor = 1e-9 * Math.abs(origin) + 1e-300;
    out[end - 1] = (now - before) / Math.max(spread, floor);
  }
  return out;
}
