import { averagePrecisionOf, limitsOf, rocAucOf, thresholdCounts } from '../metrics/index.js';
import { phaseCode, type AlarmOptions, type Confusion, type ScoredCase, type WindowMetrics } from './types.js';

/** Labels and scores of the windows that count: neither warm-up nor recovery, and with a score. */
export interface ScoredWindows {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
  readonly missing: number;
}

export function scoredWindows(cases: readonly ScoredCase[]): ScoredWindows {
  let counted = 0;
  let missing = 0;
  forEachScored(cases, (scored, i) => (Number.isNaN(scored.score[i]!) ? missing++ : counted++));
  const scores = new Float64Array(counted);
  const labels = new Int32Array(counted);
  let at = 0;
  forEachScored(cases, (scored, i) => {
    if (Number.isNaN(scored.score[i]!)) return;
    scores[at] = scored.score[i]!;
    labels[at++] = scored.label[i]!;
  });
  return { scores, labels, missing };
}

function forEachScored(cases: readonly ScoredCase[], visit: (scored: ScoredCase, i: number) => void): void {
  for (const scored of cases) {
    for (let i = 0; i < scored.phase.length; i++) {
      const phase = scored.phase[i];
      if (phase === phaseCode.healthy || phase === phaseCode.leak) visit(scored, i);
    }
  }
}

/** How many of the windows that count lie outside the range of the training; null where that is not known. */
export function windowsOutside(one: ScoredCase): number | null {
  const { outside } = one;
  if (!outside) return null;
  let count = 0;
  forEachScored([one], ({ score }, i) => {
    if (outside[i] === 1 && !Number.isNaN(score[i]!)) count++;
  });
  return count;
}

const noCounts: Confusion = { trueNegative: 0, falsePositive: 0, falseNegative: 0, truePositive: 0 };

/** Windows by what was true and what was said, at a threshold or at those of their regimes. */
export function confusionOf(scored: ScoredCase, options: Pick<AlarmOptions, 'threshold' | 'regimeThresholds'>): Confusion {
  const limits = limitsOf(options);
  const counts = [0, 0, 0, 0];
  forEachScored([scored], (one, i) => {
    const score = one.score[i]!;
    if (Number.isNaN(score)) return;
    counts[2 * one.label[i]! + (score >= (one.regime ? limits[one.regime[i]!]! : options.threshold) ? 1 : 0)]!++;
  });
  return { trueNegative: counts[0]!, falsePositive: counts[1]!, falseNegative: counts[2]!, truePositive: counts[3]! };
}

export function addConfusions(all: readonly Confusion[]): Confusion {
  return all.reduce((sum, one) => ({
    trueNegative: sum.trueNegative + one.trueNegative, falsePositive: sum.falsePositive + one.falsePositive,
    falseNegative: sum.falseNegative + one.falseNegative, truePositive: sum.truePositive + one.truePositive,
  }), noCounts);
}

/** Metrics of windows from their counts, and the areas where there are such. */
export function windowMetrics(confusion: Confusion, missingScores: number, areas: { auc: number | null; averagePrecision: number | null }): WindowMetrics {
  const { trueNegative, falsePositive, falseNegative, truePositive } = confusion;
  const positives = truePositive + falseNegative;
  return {
    windows: positives + trueNegative + falsePositive,
    positives, missingScores, confusion,
    precision: ratio(truePositive, truePositive + falsePositive),
    recall: ratio(truePositive, positives),
    f1: ratio(2 * truePositive, 2 * truePositive + falsePositive + falseNegative),
    auc: areas.auc, averagePrecision: areas.averagePrecision,
  };
}

/** Areas under the curves of one case. */
export function areasOf({ scores, labels }: ScoredWindows): { auc: number | null; averagePrecision: number | null } {
  if (scores.length === 0) return { auc: null, averagePrecision: null };
  const counts = thresholdCounts(labels, scores);
  const { positives, negatives } = counts;
  return { auc: positives > 0 && negatives > 0 ? rocAucOf(counts) : null, averagePrecision: positives > 0 ? averagePrecisionOf(counts) : null };
}

/** Undefined, and not 0, where there is nothing to divide by: a report must not show a case without leaks as recall 0. */
export function ratio(count: number, total: number): number | null {
  return total > 0 ? count / total : null;
}
