/** The share of values at most x, at 100 evenly spaced x from the smallest to the largest value. */
export interface EmpiricalDistribution {
  readonly x: Float64Array;
  readonly share: Float64Array;
}

/** Of the objective values of one study, or, on the common range `[low, high]`, of several to compare. */
export function empiricalDistribution(values: ArrayLike<number>, range?: readonly [low: number, high: number], points = 100): EmpiricalDistribution {
  const sorted = Float64Array.from(values).filter((value) => !Number.isNaN(value)).sort();
  const [low, high] = range ?? [sorted[0] ?? NaN, sorted.at(-1) ?? NaN];
  // The last point exactly, so that no value is missed by rounding.
  const x = Float64Array.from({ length: points }, (_, i) => (i === points - 1 ? high : low + ((high - low) * i) / (points - 1)));
  let below = 0;
  const share = x.map((limit) => {
    while (below < sorted.length && sorted[below]! <= limit) below++;
    return below / sorted.length;
  });
  return { x, share };
}
