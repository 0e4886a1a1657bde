import { proportion } from './proportion.js';
import { summarizeDelays } from './summaries.js';
import type { CaseEvent, SizeBin } from './types.js';

const percentEdges = [0, 0.5, 1, 2, 5, 10, 20, 50];

/** Lower edges of the bins: of percentages fixed ones, of kg/s the 1-2-5 steps that span the sizes. */
export function sizeEdgesFor(unit: '% of flow' | 'kg/s', sizes: readonly number[]): readonly number[] {
  if (unit === '% of flow') return percentEdges;
  const positive = sizes.filter((size) => size > 0);
  if (positive.length === 0) return [0];
  const lowest = Math.floor(Math.log10(Math.min(...positive)));
  const highest = Math.max(...positive);
  const edges = [0];
  for (let exponent = lowest; 10 ** exponent <= highest; exponent++) {
    for (const digit of [1, 2, 5]) {
      const edge = Number(`${digit}e${exponent}`);
      if (edge <= highest) edges.push(edge);
    }
  }
  return edges;
}

/** Recall and delay of the events (excluded ones apart) in each bin [edge, next edge); empty bins are left out. */
export function delayBySize(
  events: readonly CaseEvent[],
  edges: readonly number[],
  unit: '% of flow' | 'kg/s',
  resolution: number,
  confidence: number,
): SizeBin[] {
  return edges.flatMap((lower, i) => {
    const upper = edges[i + 1] ?? null;
    const inside = events.filter(
      (event) => event.outcome !== 'excluded' && event.size >= lower && (upper === null || event.size < upper),
    );
    if (inside.length === 0) return [];
    const delays = inside.flatMap((event) => event.delay ?? []);
    const range = upper === null ? `${lower} or more` : `${lower} to ${upper}`;
    return [
      {
        label: unit === 'kg/s' ? `${range} kg/s` : `${range} %`,
        lower,
        upper,
        recall: proportion(delays.length, inside.length, confidence),
        delay: summarizeDelays(delays, resolution),
      },
    ];
  });
}
