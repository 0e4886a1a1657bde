import { evaluate, type Evaluation, type ScoredCase } from '../../evaluation/index.js';
import { pairedBootstrap, type DetectorGroup, type PairedDifference } from '../../fusion/index.js';
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
}

export interface Claim {
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
  const singles = names.map((name) => singleResult(name, cases, of.scores.map((scores) => scores[name]!), folds, config, perMonth));
  return { singles, fused, series, perMonth, claim: claimOf(fused, bestSingle(singles), config) };
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

/** The single detector that finds most leaks; of equals the one with fewer false alarms, then the quicker one. */
function bestSingle(results: readonly DetectorResult[]): DetectorResult {
  const order = ({ evaluation: { eventRecall, falseAlarms, delay } }: DetectorResult): number[] => [-eventRecall.count, falseAlarms.count, delay.median ?? Infinity];
  return results.toSorted((a, b) => {
    const [left, right] = [order(a), order(b)];
    const at = left.findIndex((value, i) => value !== right[i]);
    return at < 0 ? 0 : left[at]! - right[at]!;
  })[0]!;
}

/** No more false alarms than the single detector, within the margin, at as many detections: by drawing case groups with replacement. */
function claimOf(fused: DetectorResult, single: DetectorResult, { claim_margin: margin, seed }: LdsBayesianConfig): Claim {
  const [a, b] = [byGroup(fused.evaluation), byGroup(single.evaluation)];
  const falseAlarms = pairedBootstrap(a.falseAlarms, b.falseAlarms, { seed });
  const detections = pairedBootstrap(a.detected, b.detected, { seed });
  const holds = falseAlarms.upper <= margin && detections.difference >= 0;
  const signed = (value: number): string => (value > 0 ? `+${value}` : `${value}`);
  return {
    against: single.detector, holds, margin, falseAlarms, detections,
    statement: `${holds ? 'Holds' : 'Does not hold'}: against ${single.detector}, the best single detector, the fusion has ${signed(falseAlarms.difference)} false alarms `
      + `(upper 95 % bound ${signed(falseAlarms.upper)}, margin ${margin}) and finds ${signed(detections.difference)} leaks (95 % bounds ${signed(detections.lower)} to ${signed(detections.upper)}), `
      + `over ${a.falseAlarms.length} case groups.`,
  };
}

/** Cases of a group are not independent, so that they are drawn together. */
function byGroup({ cases }: Evaluation): { falseAlarms: number[]; detected: number[] } {
  const sums = new Map<string, { falseAlarms: number; detected: number }>();
  for (const { group, falseAlarms, detected } of cases) {
    const sum = sums.get(group) ?? { falseAlarms: 0, detected: 0 };
    sums.set(group, { falseAlarms: sum.falseAlarms + falseAlarms, detected: sum.detected + detected });
  }
  const ordered = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  return { falseAlarms: ordered.map((sum) => sum.falseAlarms), detected: ordered.map((sum) => sum.detected) };
}
