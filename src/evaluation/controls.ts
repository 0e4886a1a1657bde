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
export function shiftedLabels(cases: Iterable<ScoredCase>, options: ShiftOptions): ShiftedLabels {
  const control = openShiftedLabels(options);
  for (const scored of cases) control.add(scored);
  return control.result();
}

/** The same, one case at a time; nothing of a case is kept but sums. */
export function openShiftedLabels({ repeats, seed }: ShiftOptions): { add(scored: ScoredCase): void; result(): ShiftedLabels } {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new PenstockError('evaluation/invalid', `repeats is ${repeats}; a whole number from 1 on is allowed`, { key: 'repeats' });
  }
  const shifted = Array.from({ length: repeats }, openWeightedAuc);
  const unshifted = openWeightedAuc();
  let cases = 0;
  return {
    add(scored) {
      const ranked = rankedCase(scored);
      if (!ranked) return;
      cases++;
      unshifted.add(ranked, 0);
      // A stream of its own for each case: the order of the cases does not matter.
      const random = createRandom(seed).derive(ranked.caseId);
      for (const one of shifted) one.add(ranked, random.integer(0, ranked.labels.length - 1));
    },
    result() {
      const aucs = shifted.map((one) => one.result()).filter((auc) => auc !== null);
      const auc = aucs.length > 0 ? aucs.reduce((sum, value) => sum + value, 0) / repeats : null;
      const passed = auc === null || cases < enoughCases ? null : auc >= band[0] && auc <= band[1];
      return {
        auc,
        unshiftedAuc: unshifted.result(),
        lowest: auc === null ? null : Math.min(...aucs),
        highest: auc === null ? null : Math.max(...aucs),
        repeats, cases, passed,
        statement: shiftStatement(auc, cases, repeats, passed),
      };
    },
  };
}

/** AUC within each case that has both classes, weighted by positives x negatives; null where there is no such case. */
export function withinCaseAuc(cases: Iterable<ScoredCase>): number | null {
  const within = openWithinCaseAuc();
  for (const scored of cases) within.add(scored);
  return within.result();
}

/** The same, one case at a time. */
export function openWithinCaseAuc(): { add(scored: ScoredCase): void; result(): number | null } {
  const sums = openWeightedAuc();
  return {
    add(scored) {
      const ranked = rankedCase(scored);
      if (ranked) sums.add(ranked, 0);
    },
    result: sums.result,
  };
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

/** Undefined where the case has only one class. */
function rankedCase(scored: ScoredCase): RankedCase | undefined {
  const windows = scoredWindows([scored]);
  let positives = 0;
  for (const label of windows.labels) positives += label;
  if (positives === 0 || positives === windows.labels.length) return undefined;
  return { caseId: scored.caseId, labels: windows.labels, ranks: midranks(windows), positives };
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

/** Mann-Whitney: sum over cases of U / sum of positives x negatives, labels read `shift` windows further on. */
function openWeightedAuc(): { add(ranked: RankedCase, shift: number): void; result(): number | null } {
  let won = 0;
  let pairs = 0;
  return {
    add({ labels, ranks, positives }, shift) {
      const n = labels.length;
      let rankSum = 0;
      for (let i = 0; i < n; i++) {
        const from = i + shift;
        if (labels[from < n ? from : from - n] === 1) rankSum += ranks[i]!;
      }
      won += rankSum - (positives * (positives + 1)) / 2;
      pairs += positives * (n - positives);
    },
    result: () => (pairs > 0 ? won / pairs : null),
  };
}

function shiftStatement(auc: number | null, cases: number, repeats: number, passed: boolean | null): string {
  if (auc === null) return 'Shifted labels: no case has both leak and leak-free windows, so the control says nothing.';
  const found = `Shifted labels: mean AUC ${auc.toFixed(3)} within ${cases} ${cases === 1 ? 'case' : 'cases'} over ${repeats} repeats`;
  if (passed === null) return `${found}; below ${enoughCases} cases its spread is too wide for a verdict.`;
  return passed
    ? `${found}, inside ${band[0]} to ${band[1]}.`
    : `${found}, outside ${band[0]} to ${band[1]}: the scores know the labels in a way that the evaluation rewards.`;
}
