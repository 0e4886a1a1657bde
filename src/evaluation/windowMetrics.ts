import { averagePrecision, confusionAt, rocAuc } from '../metrics/index.js';
import { phaseCode, type ScoredCase, type WindowMetrics } from './types.js';

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

const noWindows = { trueNegatives: 0, falsePositives: 0, falseNegatives: 0, truePositives: 0 };

/** Metrics of the pooled windows. A window exceeds where its score is at least the threshold. */
export function windowMetrics({ scores, labels, missing }: ScoredWindows, threshold: number): WindowMetrics {
  const { falsePositives, falseNegatives, truePositives, trueNegatives } = scores.length > 0 ? confusionAt(labels, scores, threshold) : noWindows;
  const positives = truePositives + falseNegatives;
  const negatives = trueNegatives + falsePositives;
  const bothClasses = positives > 0 && negatives > 0;
  return {
    windows: scores.length,
    positives,
    missingScores: missing,
    confusion: { trueNegative: trueNegatives, falsePositive: falsePositives, falseNegative: falseNegatives, truePositive: truePositives },
    precision: ratio(truePositives, truePositives + falsePositives),
    recall: ratio(truePositives, positives),
    f1: ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives),
    auc: bothClasses ? rocAuc(labels, scores) : null,
    averagePrecision: positives > 0 ? averagePrecision(labels, scores) : null,
  };
}

/** Undefined, and not 0, where there is nothing to divide by: a report must not show a case without leaks as recall 0. */
function ratio(count: number, total: number): number | null {
  return total > 0 ? count / total : null;
}
