import { placesOf, select } from '../statistics/quantiles.js';
import type { WindowKernels } from './windowKernels.js';

/** Quantiles of windows that lie in the kernels' memory. */
export interface WindowQuantiles {
  /** Quantiles at the prepared levels of the numbers at `address`, least and largest being known and finite, to `out` from 0 on. */
  run(address: number, min: number, max: number, out: Float64Array): void;
}

/** Numbers that `windowQuantiles` reserves for windows of `n`, in `quantilePlaces` places. */
export function quantileNumbers(n: number): number {
  return 4 * (n + 2) + 32;
}

export const quantilePlaces = 4;

/** Most levels that one preparation takes. */
const mostRanks = 32;

export function windowQuantiles(kernels: WindowKernels, n: number, levels: readonly number[]): WindowQuantiles {
  const places = placesOf(n, levels);
  const count = places.ranks.length;
  if (count > mostRanks) throw new RangeError(`${count} places of quantiles; at most ${mostRanks} are allowed`);
  const countsAt = kernels.reserve(n + 2);
  const bucketsAt = kernels.reserve(n + 2);
  const gatheredAt = kernels.reserve(n + 2);
  const ranksAt = kernels.reserve(mostRanks);
  kernels.words(countsAt, n + 2).fill(0);
  const gathered = kernels.floats(gatheredAt, n + 2);
  const ranks = kernels.words(ranksAt, mostRanks);
  return {
    run(address, min, max, out) {
      // A width that is 0 or beyond range leaves one bucket for all; so does one so small that the ratio overflows.
      const ratio = n / (max - min);
      for (let r = 0; r < count; r++) ranks[r] = places.ranks[r]!;
      const kept = kernels.gather(address, n, min, Number.isFinite(ratio) ? ratio : 0, ranksAt, count, countsAt, bucketsAt, gatheredAt);
      if (kept > 48) for (let r = 0; r < count; r++) select(gathered, 0, kept - 1, ranks[r]!);
      for (let l = 0; l < places.count; l++) {
        const below = gathered[ranks[places.low[l]!]!]!;
        const above = gathered[ranks[places.high[l]!]!]!;
        const part = places.part[l]!;
        out[l] = part < 0.5 ? below + (above - below) * part : above - (above - below) * (1 - part);
      }
    },
  };
}
