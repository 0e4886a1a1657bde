/**
 * Features from the best to the worst score. Equal scores fall back to the next measure, and at last to the name, so that the order of the
 * columns never decides. NaN scores come last.
 */
export function rankFeatures(names: readonly string[], scores: readonly Float64Array[]): Int32Array {
  return Int32Array.from(names.keys()).sort((a, b) => {
    for (const score of scores) {
      const [x, y] = [orLast(score[a]!), orLast(score[b]!)];
      if (x !== y) return y > x ? 1 : -1;
    }
    return names[a]! < names[b]! ? -1 : 1;
  });
}

function orLast(score: number): number {
  return Number.isNaN(score) ? -Infinity : score;
}

/**
 * The share of rankings (folds) in which each feature is among the first `top`. A feature that carries nothing gets there by chance in one fold
 * or another; one that is needed gets there in all. `counts` says for each ranking how many of its features count at all, such as those with any gain.
 */
export function topShare(rankings: readonly Int32Array[], top: number, features: number, counts: readonly number[] = []): Float64Array {
  const share = new Float64Array(features);
  for (const [fold, ranking] of rankings.entries()) {
    for (const feature of ranking.subarray(0, Math.min(top, counts[fold] ?? top))) share[feature]! += 1 / rankings.length;
  }
  // Sums of thirds are not whole.
  return share.map((value) => Math.round(value * rankings.length) / Math.max(1, rankings.length));
}
