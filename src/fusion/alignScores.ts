/**
 * Scores given at times of their own, at other times: the newest one until each time, NaN where there is none or it is older than
 * `mostAge` seconds. Both times ascend. Nothing of the future is used.
 */
export function alignScores(at: ArrayLike<number>, time: ArrayLike<number>, score: ArrayLike<number>, mostAge: number): Float64Array {
  const out = new Float64Array(at.length).fill(NaN);
  // Times of two grids that mean the same moment may differ in their last digits.
  const tolerance = 1e-6 * Math.max(mostAge, 1e-3);
  let next = 0;
  for (let i = 0; i < at.length; i++) {
    while (next < time.length && time[next]! <= at[i]! + tolerance) next++;
    if (next > 0 && at[i]! - time[next - 1]! <= mostAge + tolerance) out[i] = score[next - 1]!;
  }
  return out;
}
