import { normalCdf, rankValues } from '../../numeric/index.js';
import type { PruneOptions } from '../shouldPrune.js';
import { bestTrial, type Trial } from '../trials.js';
import { reportValue } from './reports.js';
import type { WilcoxonSettings } from './settings.js';

export function wilcoxonPrunes({ pThreshold = 0.1, startupSteps = 2 }: WilcoxonSettings, trials: readonly Trial[], { reports, direction }: PruneOptions): boolean {
  const best = bestTrial(trials, direction);
  if (!best?.reports || ![...reports, ...best.reports].every((report) => Number.isFinite(reportValue(report)))) return false;
  const ofBest = new Map(best.reports.map((report) => [report.step, reportValue(report)]));
  const sign = direction === 'minimize' ? 1 : -1;
  const differences = reports.filter(({ step }) => ofBest.has(step)).map((report) => sign * (reportValue(report) - ofBest.get(report.step)!));
  if (differences.length < Math.max(startupSteps, 2)) return false;
  const average = reports.reduce((sum, report) => sum + reportValue(report), 0) / reports.length;
  // A trial whose average is no worse than the best one's is not ended, whatever the ranks say.
  return signedRankP(differences) < pThreshold && sign * average > sign * best.value!;
}

/**
 * p-value of Wilcoxon's signed-rank test that the differences tend to be above 0; half the rank of a difference of 0 counts as positive
 * ("zsplit"). Up to 50 differences over all patterns of signs, ties included; beyond by the normal approximation without
 * continuity correction.
 */
export function signedRankP(differences: readonly number[]): number {
  const n = differences.length;
  const { ranks, ties } = rankValues(Float64Array.from(differences, Math.abs));
  let above = 0, split = 0;
  differences.forEach((difference, i) => {
    if (difference > 0) above += ranks[i]!;
    else if (difference === 0) split += ranks[i]! / 2;
  });
  if (n <= 50) return exactUpper(above, ranks.filter((_, i) => differences[i] !== 0));
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48);
  return deviation === 0 ? 1 : normalCdf(((n * (n + 1)) / 4 - above - split) / deviation);
}

/** Share of the patterns of signs whose positive ranks add up to `sum` or more. Ranks are whole or halves. */
function exactUpper(sum: number, ranks: Float64Array): number {
  const most = ranks.reduce((total, rank) => total + 2 * rank, 0);
  let shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(most + 1);
    for (let s = 0; s <= most; s++) next[s] = 0.5 * (shares[s]! + (s >= 2 * rank ? shares[s - 2 * rank]! : 0));
    shares = next;
  }
  let p = 0;
  for (let s = 2 * sum; s <= most; s++) p += shares[s]!;
  return p;
}
