import type { DelaySummary, ScoreSummary } from './types.js';

/** Linear-interpolated quantile of numbers in ascending order; null of none. */
export function quantile(sorted: ArrayLike<number>, q: number): number | null {
  if (sorted.length === 0) return null;
  const position = q * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (high - low) * (position - below);
}

/** Delays in seconds of detected events; `resolution` is the largest step they were measured with. */
export function summarizeDelays(delays: readonly number[], resolution: number): DelaySummary {
  const sorted = [...delays].sort((a, b) => a - b);
  return { count: sorted.length, median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9), max: sorted.at(-1) ?? null, resolution };
}

export function summarizeScores(scores: Float64Array): ScoreSummary {
  const sorted = scores.filter((score) => !Number.isNaN(score)).sort();
  return { count: sorted.length, median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: sorted.at(-1) ?? null };
}
