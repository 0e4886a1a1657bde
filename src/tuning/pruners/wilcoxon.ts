import { normalCdf } from '../../numeric/index.js';
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
 * p-value of Wilcoxon's signed-rank test that the differences tend to be above 0. Half the rank of a difference of 0 counts as positive
 * ("zsplit"). Exact up to 50 differences without ties or zeros, else by the normal approximation without continuity
 * correction, as scipy chooses.
 */
export function signedRankP(differences: readonly number[]): number {
  const n = differences.length;
  const sizes = Float64Array.from(differences, Math.abs);
  const { ranks, ties } = averageRanks(sizes);
  let above = 0, zeros = 0;
  differences.forEach((difference, i) => {
    if (difference > 0) above += ranks[i]!;
    else if (difference === 0) {
      zeros++;
      above += ranks[i]! / 2;
    }
  });
  if (n <= 50 && ties === 0 && zeros === 0) return exactUpper(above, n);
  const mean = (n * (n + 1)) / 4;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24 - ties / 48);
  return deviation === 0 ? 1 : normalCdf((mean - above) / deviation);
}

/** Ranks from 1; equals share their average. `ties` is the sum of t^3 - t over groups of t equals. */
function averageRanks(values: Float64Array): { ranks: Float64Array; ties: number } {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  let ties = 0;
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to + 1) / 2;
    ties += (to - from) ** 3 - (to - from);
  }
  return { ranks, ties };
}

/** Share of the 2^n sign patterns whose positive ranks add up to `sum` or more. */
function exactUpper(sum: number, n: number): number {
  const most = (n * (n + 1)) / 2;
  let shares = new Float64Array(most + 1);
  shares[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    const next = new Float64Array(most + 1);
    for (let s = 0; s <= most; s++) next[s] = 0.5 * (shares[s]! + (s >= rank ? shares[s - rank]! : 0));
    shares = next;
  }
  let p = 0;
  for (let s = Math.ceil(sum); s <= most; s++) p += shares[s]!;
  return p;
}
