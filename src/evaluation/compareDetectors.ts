import { PenstockError } from '../errors/index.js';
import { scheduleShared, scheduleWarning } from './controls.js';
import { evaluate } from './evaluate.js';
import type { Evaluation, EvaluationOptions, Proportion, ScoredCase } from './types.js';

const baselines: readonly string[] = ['clock_only', 'imbalance'];

/** The scores of one detector on the cases, and the options (threshold above all) that belong to it. */
export interface DetectorScores {
  readonly cases: readonly ScoredCase[];
  readonly options: EvaluationOptions;
}

export interface DetectorRow {
  readonly detector: string;
  readonly auc: number | null;
  readonly withinCaseAuc: number | null;
  readonly averagePrecision: number | null;
  readonly eventRecall: Proportion;
  readonly medianDelay: number | null;
  readonly p90Delay: number | null;
  readonly falseAlarms: number;
  readonly falseAlarmsPerHour: number | null;
  readonly threshold: number;
}

export interface Comparison {
  readonly rows: readonly DetectorRow[];
  readonly evaluations: Readonly<Record<string, Evaluation>>;
  /** True where the clock-only baseline shows that the leak schedule is shared; null without that baseline. */
  readonly scheduleShared: boolean | null;
  /** What a reader must know before believing the first row. */
  readonly warnings: readonly string[];
}

/**
 * Evaluates several detectors on the same cases, the baselines `clock_only` and `imbalance` among them, by the same rules.
 * The first entry is the one that is reported; the others say what its numbers are worth.
 */
export function compareDetectors(detectors: Readonly<Record<string, DetectorScores>>): Comparison {
  return compareEvaluations(Object.fromEntries(Object.entries(detectors).map(([name, { cases, options }]) => [name, evaluate(cases, options)])));
}

/** The same for evaluations that are there already. */
export function compareEvaluations(evaluations: Readonly<Record<string, Evaluation>>): Comparison {
  checkSameCases(evaluations);
  const rows = Object.entries(evaluations).map(([name, evaluation]) => rowOf(name, evaluation));
  const shared = clockVerdict(evaluations['clock_only']);
  return { rows, evaluations, scheduleShared: shared, warnings: warningsOf(rows, shared) };
}

function rowOf(detector: string, evaluation: Evaluation): DetectorRow {
  return {
    detector,
    auc: evaluation.windows.auc,
    withinCaseAuc: evaluation.withinCaseAuc,
    averagePrecision: evaluation.windows.averagePrecision,
    eventRecall: evaluation.eventRecall,
    medianDelay: evaluation.delay.median,
    p90Delay: evaluation.delay.p90,
    falseAlarms: evaluation.falseAlarms.count,
    falseAlarmsPerHour: evaluation.falseAlarms.perHour,
    threshold: evaluation.options.threshold,
  };
}

function clockVerdict(clock: Evaluation | undefined): boolean | null {
  if (!clock || clock.windows.auc === null) return null;
  return scheduleShared(clock.windows.auc);
}

function warningsOf(rows: readonly DetectorRow[], shared: boolean | null): string[] {
  const warnings: string[] = [];
  if (shared === true) warnings.push(scheduleWarning);
  if (shared === null) warnings.push('no clock-only baseline: whether train and test share a leak schedule is not known');
  const [first, ...others] = rows;
  for (const other of others) {
    if (first && baselines.includes(other.detector) && other.detector !== 'clock_only' && asGood(other, first)) {
      warnings.push(`${other.detector} does as well as ${first.detector}: nothing here shows what the model adds`);
    }
  }
  return warnings;
}

/** As many events, no more false alarms, no later. */
function asGood(other: DetectorRow, first: DetectorRow): boolean {
  return (
    other.eventRecall.count >= first.eventRecall.count &&
    other.falseAlarms <= first.falseAlarms &&
    (other.medianDelay ?? Infinity) <= (first.medianDelay ?? Infinity)
  );
}

function checkSameCases(evaluations: Readonly<Record<string, Evaluation>>): void {
  const [first, ...others] = Object.entries(evaluations).map(([name, { cases }]) => [name, cases.map((one) => one.caseId).join('\n')] as const);
  for (const [name, ids] of others) {
    if (first && ids !== first[1]) {
      throw new PenstockError('evaluation/invalid', `${name} was scored on other cases than ${first[0]}; one comparison needs the same cases in the same order`);
    }
  }
}
