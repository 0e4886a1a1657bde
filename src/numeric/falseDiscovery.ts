import { sortedOrder } from './ranking.js';

/**
 * p values adjusted so that keeping those up to q bounds the expected share of false discoveries by q: by Benjamini and Yekutieli (2001),
 * which holds however the tests depend on each other, or with `independent` by Benjamini and Hochberg (1995). NaN stays NaN and does not count.
 */
export function adjustForDiscoveries(p: Float64Array, { independent = false }: { independent?: boolean } = {}): Float64Array {
  const order = sortedOrder(p);
  const adjusted = new Float64Array(p.length).fill(NaN);
  let tests = p.length;
  while (tests > 0 && Number.isNaN(p[order[tests - 1]!]!)) tests--;
  let penalty = 1;
  if (!independent) for (let i = 2; i <= tests; i++) penalty += 1 / i;
  let least = 1;
  for (let rank = tests; rank >= 1; rank--) {
    const at = order[rank - 1]!;
    least = Math.min(least, (p[at]! * tests * penalty) / rank);
    adjusted[at] = least;
  }
  return adjusted;
}
