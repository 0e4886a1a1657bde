import { PenstockError } from '../../errors/index.js';
import { thresholdCounts, type ThresholdCounts } from '../../metrics/index.js';

/**
 * `fixed` takes `value`; `max_f1` the highest F1; `auto` the same; `min_recall` the highest precision. `min_recall` needs
 * `minRecall`, the other searches respect it when given.
 */
export type ThresholdStrategy = 'fixed' | 'auto' | 'max_f1' | 'min_recall';

export interface ThresholdOptions {
  readonly strategy: ThresholdStrategy;
  /** For `fixed`: an alarm is a score of at least this. */
  readonly value?: number;
  /** Fraction of leak windows that must be found, 0 to 1. */
  readonly minRecall?: number;
}

export interface ChosenThreshold {
  /** A row is positive when its score is at least this. */
  readonly threshold: number;
  readonly strategy: ThresholdStrategy;
  /** On the given rows; a ratio without denominator is 0. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly warning?: string;
}

/**
 * Chooses the score from which on a row counts as positive, among the distinct scores. Ties go to the higher threshold. A
 * warning says when a fixed value misses `minRecall` (the lowest score always reaches it) or when no row is positive.
 *
 * Labels are 0 or 1; choose on validation rows, never on those that the report is about.
 */
export function chooseThreshold(labels: ArrayLike<number>, scores: ArrayLike<number>, options: ThresholdOptions): ChosenThreshold {
  const { strategy, minRecall } = options;
  if (minRecall !== undefined && !(minRecall >= 0 && minRecall <= 1)) throw invalid('min_recall', `min_recall is ${minRecall}; a fraction from 0 to 1 is needed`);
  if (strategy === 'min_recall' && minRecall === undefined) throw invalid('min_recall', 'the threshold strategy min_recall needs a value for min_recall');
  const candidates = thresholdCounts(labels, scores);
  if (strategy === 'fixed') return fixedThreshold(candidates, options);
  if (candidates.positives === 0) {
    return { threshold: 0.5, strategy, precision: 0, recall: 0, f1: 0, warning: 'no row is positive, so no threshold can be chosen; 0.5 is used' };
  }
  return search(candidates, options);
}

function fixedThreshold(candidates: ThresholdCounts, { value, minRecall, strategy }: ThresholdOptions): ChosenThreshold {
  if (value === undefined || !Number.isFinite(value)) throw invalid('detection_threshold', `the threshold strategy fixed needs a number; ${value} was given`);
  // Candidates descend; the last one not below the value has the same rows above it.
  let at = -1;
  while (at + 1 < candidates.thresholds.length && candidates.thresholds[at + 1]! >= value) at++;
  const quality = qualityAt(candidates, at);
  return { threshold: value, strategy, ...quality, ...shortfall(quality.recall, minRecall) };
}

function search(candidates: ThresholdCounts, { strategy, minRecall = 0 }: ThresholdOptions): ChosenThreshold {
  let best = -1;
  let bestValue = -1;
  // From the highest threshold down, so that only a strict improvement replaces a higher threshold.
  for (let i = 0; i < candidates.thresholds.length; i++) {
    const quality = qualityAt(candidates, i);
    if (quality.recall < minRecall) continue;
    const value = strategy === 'min_recall' ? quality.precision : quality.f1;
    if (value > bestValue) {
      best = i;
      bestValue = value;
    }
  }
  return { threshold: candidates.thresholds[best]!, strategy, ...qualityAt(candidates, best) };
}

function qualityAt({ truePositives, predicted, positives }: ThresholdCounts, i: number): { precision: number; recall: number; f1: number } {
  const hits = i < 0 ? 0 : truePositives[i]!;
  const alarms = i < 0 ? 0 : predicted[i]!;
  return {
    precision: alarms === 0 ? 0 : hits / alarms,
    recall: positives === 0 ? 0 : hits / positives,
    f1: alarms + positives === 0 ? 0 : (2 * hits) / (alarms + positives),
  };
}

function shortfall(recall: number, minRecall: number | undefined): { warning?: string } {
  if (minRecall === undefined || recall >= minRecall) return {};
  return { warning: `the fixed threshold reaches a recall of ${recall}; min_recall asks for ${minRecall}` };
}

function invalid(key: string, message: string): PenstockError {
  return new PenstockError('learning/invalid-parameter', message, { key });
}
