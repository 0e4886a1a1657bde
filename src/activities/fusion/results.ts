import { evaluate, type Evaluation, type ScoredCase } from '../../evaluation/index.js';
import { operatingPointFor, pairedBootstrap, type DetectorGroup, type OperatingPoint, type PairedDifference } from '../../fusion/index.js';
import { chooseByFalseAlarms } from '../../learning/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { alarmScore, fuseParts, type CalibrationCase, type CalibrationRules } from './calibrate.js';
import type { Settled } from './settle.js';

/** What a detector, or the fusion, did on cases that chose nothing about it. */
export interface DetectorResult {
  readonly detector: string;
  readonly evaluation: Evaluation;
  /** Of a single detector, by fold: the threshold that the other folds gave. */
  readonly thresholds: readonly number[];
  /** Of all scored windows, whatever the threshold. */
  readonly auc: number | null;
  /** Of a single detector: what it would have cost to find as many leaks as the fusion, its threshold chosen in hindsight. */
  readonly asMany?: OperatingPoint;
}

export interface Claim {
  /** The single detector that finds as many leaks as the fusion with fewest false alarms. */
  readonly against: string;
  readonly holds: boolean;
  readonly margin: number;
  /** Fusion minus the single detector, over case groups. */
  readonly falseAlarms: PairedDifference;
  readonly detections: PairedDifference;
  readonly statement: string;
}

type Unscored = Omit<ScoredCase, 'score'>;

export interface Judged {
  readonly singles: readonly DetectorResult[];
  readonly fused: DetectorResult;
  readonly claim: Claim;
  /** False alarms per month that single detectors were held to. */
  readonly perMonth: number;
  /** Per case the fusion by settings and ratios of the other folds. */
  readonly series: readonly { readonly log_ratio: Float64Array; readonly probability: Float64Array; readonly alarm: Float64Array }[];
}

/** Where nothing is calibrated, single detectors still need what they may do wrong. */
const defaultCap = 1;

/** Every detector alone and the fusion, on cases that chose nothing about them, and what may be claimed. */
export function judge(of: {
  readonly cases: readonly CalibrationCase[]; readonly scores: readonly Readonly<Record<string, Float64Array>>[]; readonly groups: readonly DetectorGroup[];
  readonly settled: Settled; readonly folds: readonly number[]; readonly rules: CalibrationRules; readonly config: LdsBayesianConfig;
}): Judged {
  const { settled, folds, config } = of;
  const perMonth = config.calibration?.max_false_alarms_per_month ?? defaultCap;
  const cases = of.cases.map(({ scored }) => scored);
  const series = of.cases.map(({ parts }, i) => {
    const fused = fuseParts(parts, settled.of(i), of.rules);
    return { log_ratio: fused.logRatio, probability: fused.probability, alarm: alarmScore(fused, settled.of(i)) };
  });
  const fused = fusedResult(cases, series.map(({ alarm }) => alarm), series.map(({ probability }) => probability), config);
  const names = of.groups.flatMap(({ detectors }) => detectors.map(({ name }) => name));
  const singles = names.map((name) => {
    const scores = of.scores.map((own) => own[name]!);
    const single = singleResult(name, cases, scores, folds, config, perMonth);
    return atAsMany(single, fused.evaluation.eventRecall.count, cases.map((one, i) => ({ ...one, score: scores[i]! })), config);
  });
  return { singles, fused, series, perMonth, claim: claimOf(fused, singles, config) };
}

/** A single detector with, for every fold, the threshold that is within the allowed false alarms on the other folds. */
function singleResult(
  detector: string, cases: readonly Unscored[], scores: readonly Float64Array[], folds: readonly number[], config: LdsBayesianConfig, perMonth: number,
): DetectorResult {
  const rules = { persistence: config.alarm_rules.persistence, holdOffSeconds: config.alarm_rules.hold_off_seconds, graceSeconds: config.alarm_rules.grace_seconds };
  const scored = cases.map((one, i): ScoredCase => ({ ...one, score: scores[i]! }));
  const thresholds = new Map([...new Set(folds)].sort((a, b) => a - b).map((fold) =>
    [fold, chooseByFalseAlarms(scored.filter((_, i) => folds[i] !== fold), { ...rules, perMonth }).threshold] as const));
  // A score minus its threshold is at least 0 exactly where the score is at least the threshold.
  const shifted = scored.map((one, i): ScoredCase => ({ ...one, score: one.score.map((value) => value - thresholds.get(folds[i]!)!) }));
  return { detector, thresholds: [...thresholds.values()], evaluation: evaluate(shifted, { ...rules, threshold: 0 }), auc: evaluate(scored, { ...rules, threshold: 0 }).windows.auc };
}

/** The fusion by alarms that are on or off already, settings and likelihood ratios of each case being those of the other folds. */
function fusedResult(cases: readonly Unscored[], alarms: readonly Float64Array[], probabilities: readonly Float64Array[], config: LdsBayesianConfig): DetectorResult {
  const rules = { threshold: 0.5, persistence: 1, holdOffSeconds: config.alarm_rules.hold_off_seconds, graceSeconds: config.alarm_rules.grace_seconds };
  const judged = (scores: readonly Float64Array[]): Evaluation => evaluate(cases.map((one, i): ScoredCase => ({ ...one, score: scores[i]! })), rules);
  return { detector: 'fusion', thresholds: [], evaluation: judged(alarms), auc: judged(probabilities).windows.auc };
}

type Compared = DetectorResult & { readonly asMany: OperatingPoint };

/** A single detector at the threshold, chosen in hindsight, at which it finds as many leaks as the fusion. */
function atAsMany(single: DetectorResult, wanted: number, cases: readonly ScoredCase[], { alarm_rules: rules }: LdsBayesianConfig): Compared {
  const asMany = operatingPointFor(cases, wanted, { persistence: rules.persistence, holdOffSeconds: rules.hold_off_seconds, graceSeconds: rules.grace_seconds });
  return { ...single, asMany };
}

/** That with fewest false alarms there; of equals the one that finds more, there or out of fold. */
function bestSingle(singles: readonly Compared[]): Compared {
  return singles.toSorted((a, b) => countsOf(a.asMany).falseAlarms - countsOf(b.asMany).falseAlarms || countsOf(b.asMany).found - countsOf(a.asMany).found
    || b.evaluation.eventRecall.count - a.evaluation.eventRecall.count)[0]!;
}

export function countsOf({ tallies }: OperatingPoint): { found: number; falseAlarms: number } {
  return { found: tallies.reduce((sum, { delays }) => sum + delays.length, 0), falseAlarms: tallies.reduce((sum, one) => sum + one.falseAlarms, 0) };
}

/**
 * No more false alarms than the best single detector, within the margin, at as many detections: by drawing case groups with replacement.
 * The fusion is judged out of fold, the single detector in hindsight, so that the comparison leans towards the single one. It does not hold
 * where some single detector, out of fold too, finds more leaks with no more false alarms.
 */
function claimOf(fused: DetectorResult, singles: readonly Compared[], { claim_margin: margin, seed }: LdsBayesianConfig): Claim {
  const single = bestSingle(singles);
  const better = singles.find(({ evaluation }) => evaluation.eventRecall.count > fused.evaluation.eventRecall.count && evaluation.falseAlarms.count <= fused.evaluation.falseAlarms.count);
  const groups = fused.evaluation.cases.map(({ group }) => group);
  const differenceOf = (a: readonly number[], b: readonly number[]): PairedDifference => pairedBootstrap(byGroup(groups, a), byGroup(groups, b), { seed });
  const falseAlarms = differenceOf(fused.evaluation.cases.map((one) => one.falseAlarms), single.asMany.tallies.map((one) => one.falseAlarms));
  const detections = differenceOf(fused.evaluation.cases.map((one) => one.detected), single.asMany.tallies.map(({ delays }) => delays.length));
  const holds = falseAlarms.upper <= margin && detections.difference >= 0 && !better;
  const signed = (value: number): string => (value > 0 ? `+${value}` : `${value}`);
  const { found, falseAlarms: count } = countsOf(single.asMany);
  return {
    against: single.detector, holds, margin, falseAlarms, detections,
    statement: `${holds ? 'Holds' : 'Does not hold'}: the fusion finds ${fused.evaluation.eventRecall.count} leaks with ${fused.evaluation.falseAlarms.count} false alarms; ${single.detector}, the best single detector, `
      + `finds ${found} with ${count} at a threshold chosen for that in hindsight. Difference of false alarms ${signed(falseAlarms.difference)}, upper 95 % bound ${signed(falseAlarms.upper)}, margin ${margin}, `
      + `over ${new Set(groups).size} case groups.`
      + (better ? ` ${better.detector} alone is better out of fold: ${better.evaluation.eventRecall.count} leaks with ${better.evaluation.falseAlarms.count} false alarms.` : ''),
  };
}

/** Cases of a group are not independent, so that they are drawn together. */
function byGroup(groups: readonly string[], values: readonly number[]): number[] {
  const sums = new Map<string, number>();
  groups.forEach((group, i) => sums.set(group, (sums.get(group) ?? 0) + values[i]!));
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}
