/**
 * Mass that has left by leaks up to each of `at`, in kg: the trapezoid of |flow| (kg/s) over the recorded rows, the last piece with
 * the flow interpolated. Rows and `at` in ascending order of time (s). NaN from the first flow on that was not recorded.
 */
export function releasedMass(time: ArrayLike<number>, flow: ArrayLike<number>, at: ArrayLike<number>): Float64Array {
  const released = new Float64Array(at.length);
  let sum = 0;
  let row = 0;
  for (let i = 0; i < at.length; i++) {
    while (row + 1 < time.length && time[row + 1]! <= at[i]!) {
      sum += trapezoid(time[row]!, time[row + 1]!, Math.abs(flow[row]!), Math.abs(flow[row + 1]!));
      row++;
    }
    const rest = at[i]! - (time[row] ?? Infinity);
    if (!(rest > 0) || row + 1 >= time.length) {
      released[i] = sum;
      continue;
    }
    const from = Math.abs(flow[row]!);
    const share = rest / (time[row + 1]! - time[row]!);
    released[i] = sum + trapezoid(time[row]!, at[i]!, from, from + share * (Math.abs(flow[row + 1]!) - from));
  }
  return released;
}

function trapezoid(from: number, to: number, a: number, b: number): number {
  return to > from ? ((to - from) * (a + b)) / 2 : 0;
}
