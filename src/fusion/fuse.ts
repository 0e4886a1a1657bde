import { PenstockError } from '../errors/index.js';
import { decide, type DecisionOptions } from './decide.js';
import { hazardFilter } from './hazardFilter.js';
import { fitStackedScore, logRatios, type StackedScore } from './stackedScore.js';

/** A detector by the name of its scores. Probabilities enter as log-odds, in which evidence adds; statistics enter as they are. */
export interface FusedDetector {
  readonly name: string;
  readonly kind: 'probability' | 'statistic';
}

/** Detectors that look at the same sensors: what they say is one piece of evidence. */
export interface DetectorGroup {
  readonly name: string;
  readonly detectors: readonly FusedDetector[];
}

/** What fusion knows beside the likelihood ratios: found by calibration. */
export interface FusionSettings {
  /** Probability that a leak begins within one window length. */
  readonly onsetHazard: number;
  /** Probability that a leak ends within one window length. */
  readonly endHazard: number;
  /** Factor of every group's log-likelihood ratio: below 1 where groups still have something in common. */
  readonly weight: number;
  /** Most that one update may say, as a natural logarithm of a likelihood ratio. */
  readonly logRatioLimit: number;
  readonly decision: DecisionOptions;
}

/** A fused detector: likelihood ratios per group and the settings of the filter. */
export interface FusionModel {
  readonly groups: readonly (DetectorGroup & { readonly stacked: StackedScore })[];
  readonly settings: FusionSettings;
  /** step / window: windows overlap by the rest, and what overlaps is no new evidence. At least 1 where windows do not. */
  readonly updateShare: number;
}

/** Scores of one case: one value per window and detector. */
export interface FusionCase {
  readonly group: string;
  readonly scores: Readonly<Record<string, Float64Array>>;
  /** 1 = leak, 0 = healthy, -1 = neither: warm-up and recovery teach nothing. */
  readonly labels: Int8Array;
}

export interface Fused {
  /** Natural logarithm of the likelihood ratio of each window, all groups together, unweighted by overlap. */
  readonly logRatio: Float64Array;
  readonly probability: Float64Array;
  /** 1 where the alarm is on. */
  readonly alarm: Float64Array;
}

/** Likelihood ratios of each group, fitted to the labelled windows of all cases given. */
export function fitGroups(groups: readonly DetectorGroup[], cases: readonly FusionCase[]): FusionModel['groups'] {
  return groups.map((group) => {
    const inputs = group.detectors.map((detector) => concatenate(cases.map((one) => select(detectorInput(detector, one.scores), one.labels))));
    const labels = concatenate(cases.map((one) => Float64Array.from(one.labels.filter((label) => label >= 0))));
    return { ...group, stacked: fitStackedScore(inputs, labels) };
  });
}

/** Log-likelihood ratio of every window of a case by each group alone, without a limit; NaN where the group knows nothing. */
export function groupLogRatios(groups: FusionModel['groups'], scores: FusionCase['scores']): Float64Array[] {
  return groups.map(({ detectors, stacked }) => logRatios(stacked, detectors.map((detector) => detectorInput(detector, scores)), Infinity));
}

/** The sum over groups, each held to [-limit, limit]; NaN where no group knows anything. */
export function sumLogRatios(parts: readonly Float64Array[], limit: number): Float64Array {
  const out = new Float64Array(parts[0]?.length ?? 0).fill(NaN);
  for (const part of parts) for (let i = 0; i < out.length; i++) {
    const value = part[i]!;
    if (!Number.isNaN(value)) out[i] = (Number.isNaN(out[i]!) ? 0 : out[i]!) + Math.max(-limit, Math.min(limit, value));
  }
  return out;
}

/** Log-likelihood ratio of every window of a case, summed over groups; NaN where no group knows anything. */
export function caseLogRatio(groups: FusionModel['groups'], scores: FusionCase['scores'], limit: number): Float64Array {
  return sumLogRatios(groupLogRatios(groups, scores), limit);
}

/** The fold of each case: cases of one group share a fold, so that a case and its twin are never fitted to judge each other. */
export function foldsByGroup(cases: readonly { readonly group: string }[], folds: number): number[] {
  const names = [...new Set(cases.map((one) => one.group))].sort();
  const foldOf = new Map(names.map((name, i) => [name, i % folds]));
  return cases.map((one) => foldOf.get(one.group)!);
}

/** Log-likelihood ratios of every case by each group, fitted to the cases of the other folds (`foldsByGroup`). */
export function outOfFoldGroupRatios(groups: readonly DetectorGroup[], cases: readonly FusionCase[], folds: number): Float64Array[][] {
  const foldOf = foldsByGroup(cases, folds);
  const out = new Array<Float64Array[]>(cases.length);
  for (const fold of new Set(foldOf)) {
    const fitted = fitGroups(groups, cases.filter((_, i) => foldOf[i] !== fold));
    cases.forEach((one, i) => {
      if (foldOf[i] === fold) out[i] = groupLogRatios(fitted, one.scores);
    });
  }
  return out;
}

/** The same, summed over groups. Calibration on in-sample ratios would believe the detectors too much. */
export function outOfFoldLogRatios(groups: readonly DetectorGroup[], cases: readonly FusionCase[], { folds, limit }: { folds: number; limit: number }): Float64Array[] {
  return outOfFoldGroupRatios(groups, cases, folds).map((parts) => sumLogRatios(parts, limit));
}

/**
 * The filter and the decision over log-likelihood ratios that were found before. Windows that overlap are no new evidence, so that each
 * probability comes from the chain of windows that do not: this one, the one a window length earlier, and so on. There are as many
 * chains as steps in a window, each with its own filter, and every step has an answer at once.
 */
export function fuseLogRatios(logRatio: Float64Array, settings: FusionSettings, updateShare: number): Fused {
  const { onsetHazard, endHazard, weight, decision } = settings;
  const chains = Math.max(1, Math.ceil(1 / updateShare - 1e-9));
  const probability = new Float64Array(logRatio.length);
  for (let chain = 0; chain < chains; chain++) {
    const evidence = new Float64Array(Math.max(0, Math.ceil((logRatio.length - chain) / chains)));
    for (let i = 0; i < evidence.length; i++) evidence[i] = logRatio[chain + i * chains]! * weight;
    const filtered = hazardFilter(evidence, { onsetHazard, endHazard, prior: onsetHazard });
    for (let i = 0; i < evidence.length; i++) probability[chain + i * chains] = filtered[i]!;
  }
  return { logRatio, probability, alarm: decide(probability, decision) };
}

/** Fuses the scores of a case. */
export function fuse(model: FusionModel, scores: FusionCase['scores']): Fused {
  return fuseLogRatios(caseLogRatio(model.groups, scores, model.settings.logRatioLimit), model.settings, model.updateShare);
}

function detectorInput({ name, kind }: FusedDetector, scores: FusionCase['scores']): Float64Array {
  const values = scores[name];
  if (!values) throw new PenstockError('fusion/invalid', `there are no scores of the detector ${name}; found ${Object.keys(scores).join(', ')}`, { key: 'detectors' });
  return kind === 'statistic' ? values : values.map((p) => Math.log(Math.max(p, 1e-6) / Math.max(1 - p, 1e-6)));
}

function select(values: Float64Array, labels: Int8Array): Float64Array {
  return values.filter((_, i) => labels[i]! >= 0);
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
