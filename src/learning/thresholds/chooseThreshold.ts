import { PenstockError } from '../../errors/index.js';
import { thresholdCounts, type ThresholdCounts } from '../../metrics/index.js';

/**
 * `fixed` takes `value`; `max_f1` the highest F1; `auto` the same; `min_recall` the highest precision; `cost` the lowest cost of
 * missed and false windows. `min_recall` needs `minRecall`, the other searches respect it when given; `cost` needs `costs`.
 */
export type ThresholdStrategy = 'fixed' | 'auto' | 'max_f1' | 'min_recall' | 'cost';

export interface ThresholdOptions {
  readonly strategy: ThresholdStrategy;
  /** For `fixed`: an alarm is a score of at least this. */
  readonly value?: number;
  /** Fraction of leak windows that must be found, 0 to 1. */
  readonly minRecall?: number;
  /** For `cost`: what a leak window without an alarm and an alarm without a leak cost; both 0 or more, in the same unit. */
  readonly costs?: { readonly miss: number; readonly falseAlarm: number };
}

export interface ChosenThreshold {
  /** A row is positive when its score is at least this. */
  readonly threshold: number;
  readonly strategy: ThresholdStrategy;
  /** On the given rows; a ratio without denominator is 0. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** For `cost`: what the given rows cost at the threshold. */
  readonly cost?: number;
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
  if (strategy === 'cost') checkCosts(options.costs);
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

function search(candidates: ThresholdCounts, { strategy, minRecall = 0, costs }: ThresholdOptions): ChosenThreshold {
  let best = -1;
  let bestValue = -Infinity;
  // From the highest threshold down, so that only a strict improvement replaces a higher threshold.
  for (let i = 0; i < candidates.thresholds.length; i++) {
    const quality = qualityAt(candidates, i);
    if (quality.recall < minRecall) continue;
    const value = strategy === 'cost' ? -costAt(candidates, i, costs!) : strategy === 'min_recall' ? quality.precision : quality.f1;
    if (value > bestValue) {
      best = i;
      bestValue = value;
    }
  }
  const found = { threshold: candidates.thresholds[best]!, strategy, ...qualityAt(candidates, best) };
  return strategy === 'cost' ? { ...found, cost: -bestValue, ...dearerThanSilence(candidates, -bestValue, costs!) } : found;
}

type Costs = NonNullable<ThresholdOptions['costs']>;

/** At place -1 there is no alarm at all. */
function costAt({ truePositives, predicted, positives }: ThresholdCounts, i: number, { miss, falseAlarm }: Costs): number {
  const hits = i < 0 ? 0 : truePositives[i]!;
  const alarms = i < 0 ? 0 : predicted[i]!;
  return miss * (positives - hits) + falseAlarm * (alarms - hits);
}

function dearerThanSilence(candidates: ThresholdCounts, cost: number, costs: Costs): { warning?: string } {
  const silence = costAt(candidates, -1, costs);
  return cost > silence ? { warning: `every threshold costs more (${cost} at best) than no alarm at all (${silence})` } : {};
}

function checkCosts(costs: ThresholdOptions['costs']): void {
  if (!costs) throw invalid('costs', 'the threshold strategy cost needs the costs of a miss and of a false alarm');
  for (const [key, value] of Object.entries(costs)) {
    if (!(value >= 0 && Number.isFinite(value))) throw invalid(`costs.${key}`, `the cost ${key} is ${value}; a number from 0 on is needed`);
  }
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
