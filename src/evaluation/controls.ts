import { PenstockError } from '../errors/index.js';
import { createRandom } from '../numeric/index.js';
import type { ScoredCase } from './types.js';
import { scoredWindows, type ScoredWindows } from './windowMetrics.js';

export interface ShiftOptions {
  readonly repeats: number;
  readonly seed: number;
}

export interface ShiftedLabels {
  /** Mean over the repeats of the within-case AUC; null where no case has both classes. */
  readonly auc: number | null;
  /** Of the unshifted labels, for comparison. */
  readonly unshiftedAuc: number | null;
  readonly lowest: number | null;
  readonly highest: number | null;
  readonly repeats: number;
  /** Cases with both classes: only these count. */
  readonly cases: number;
  /** From 40 cases on the mean must lie in 0.45 to 0.55; with fewer the spread alone is larger, and this is null. */
  readonly passed: boolean | null;
  readonly statement: string;
}

const enoughCases = 40;
const band = [0.45, 0.55] as const;

/**
 * Control by labels shifted circularly, independently in each case: scores that know something of the leaks fall to 0.5.
 * The AUC is taken within each case and averaged with weights positives x negatives; pooled over cases it would reward
 * knowing which case leaks more, which the shift leaves in place.
 */
export function shiftedLabels(cases: readonly ScoredCase[], { repeats, seed }: ShiftOptions): ShiftedLabels {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new PenstockError('evaluation/invalid', `repeats is ${repeats}; a whole number from 1 on is allowed`, { key: 'repeats' });
  }
  const ranked = rankedCases(cases);
  // A stream of its own for each case: the order of the cases does not matter.
  const randoms = ranked.map(({ caseId }) => createRandom(seed).derive(caseId));
  const aucs: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    aucs.push(weightedAuc(ranked, (n, c) => randoms[c]!.integer(0, n - 1)));
  }
  const auc = ranked.length > 0 ? aucs.reduce((sum, value) => sum + value, 0) / repeats : null;
  const passed = auc === null || ranked.length < enoughCases ? null : auc >= band[0] && auc <= band[1];
  return {
    auc,
    unshiftedAuc: withinCaseAuc(cases),
    lowest: auc === null ? null : Math.min(...aucs),
    highest: auc === null ? null : Math.max(...aucs),
    repeats,
    cases: ranked.length,
    passed,
    statement: shiftStatement(auc, ranked.length, repeats, passed),
  };
}

/** AUC within each case that has both classes, weighted by positives x negatives; null where there is no such case. */
export function withinCaseAuc(cases: readonly ScoredCase[]): number | null {
  const ranked = rankedCases(cases);
  return ranked.length > 0 ? weightedAuc(ranked, () => 0) : null;
}

/** Where time features alone reach more than this, the leak schedule of the test cases was known from training. */
const clockLimit = 0.6;

export const scheduleWarning = 'schedule shared by train and test: not evidence of skill';

/** True where the AUC of the clock-only baseline shows that the schedule is shared. */
export function scheduleShared(clockAuc: number): boolean {
  return clockAuc > clockLimit;
}

interface RankedCase {
  readonly caseId: string;
  readonly labels: Int32Array;
  readonly ranks: Float64Array;
  readonly positives: number;
}

function rankedCases(cases: readonly ScoredCase[]): RankedCase[] {
  return cases.flatMap((scored) => {
    const windows = scoredWindows([scored]);
    let positives = 0;
    for (const label of windows.labels) positives += label;
    if (positives === 0 || positives === windows.labels.length) return [];
    return [{ caseId: scored.caseId, labels: windows.labels, ranks: midranks(windows), positives }];
  });
}

/** Ranks from 1, ties sharing their mean. */
function midranks({ scores }: ScoredWindows): Float64Array {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[a]! - scores[b]! || a - b);
  const ranks = new Float64Array(scores.length);
  for (let from = 0, to = 0; from < order.length; from = to) {
    while (to < order.length && scores[order[to]!] === scores[order[from]!]) to++;
    for (let k = from; k < to; k++) ranks[order[k]!] = (from + 1 + to) / 2;
  }
  return ranks;
}

/** Mann-Whitney: sum over cases of U / sum of positives x negatives, labels read `shiftOf` windows further on. */
function weightedAuc(ranked: readonly RankedCase[], shiftOf: (windows: number, c: number) => number): number {
  let won = 0;
  let pairs = 0;
  ranked.forEach(({ labels, ranks, positives }, c) => {
    const n = labels.length;
    const shift = shiftOf(n, c);
    let rankSum = 0;
    for (let i = 0; i < n; i++) {
      const from = i + shift;
      if (labels[from < n ? from : from - n] === 1) rankSum += ranks[i]!;
    }
    won += rankSum - (positives * (positives + 1)) / 2;
    pairs += positives * (n - positives);
  });
  return won / pairs;
}

function shiftStatement(auc: number | null, cases: number, repeats: number, passed: boolean | null): string {
  if (auc === null) return 'Shifted labels: no case has both leak and leak-free windows, so the control says nothing.';
  const found = `Shifted labels: mean AUC ${auc.toFixed(3)} within ${cases} ${cases === 1 ? 'case' : 'cases'} over ${repeats} repeats`;
  if (passed === null) return `${found}; below ${enoughCases} cases its spread is too wide for a verdict.`;
  return passed
    ? `${found}, inside ${band[0]} to ${band[1]}.`
    : `${found}, outside ${band[0]} to ${band[1]}: the scores know the labels in a way that the evaluation rewards.`;
}
