/** Where a rising function reaches a value, by bisection of an interval to 1e-10 of its length; the nearer end where it does not. */
export function solveRising(f: (x: number) => number, value: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (high - low > 1e-10 * (to - from)) {
    const middle = (low + high) / 2;
    if (f(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
