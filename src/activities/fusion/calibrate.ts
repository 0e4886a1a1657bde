import {
  calibrationValue, decide, fuseLogRatios, sumLogRatios, tallyCase, type CalibrationGoal, type CaseTally, type Fused, type FusionSettings,
} from '../../fusion/index.js';
import type { ScoredCase } from '../../evaluation/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { isBetter, suggestDistinct, type Params, type SearchSpace, type Trial } from '../../tuning/index.js';

/** The settings of the filter by their keys in the configuration. */
export type FilterParams = Required<{ [Key in keyof LdsBayesianConfig['filter']]: number }>;

/** A case as the calibration sees it: its truth, and the log-likelihood ratios by groups fitted to other cases. */
export interface CalibrationCase {
  readonly scored: Omit<ScoredCase, 'score'>;
  readonly parts: readonly Float64Array[];
}

export interface CalibrationRules {
  /** step / window of the fusion's windows. */
  readonly updateShare: number;
  readonly holdOffSeconds: number;
  readonly graceSeconds: number;
}

/** A trial with what it did on every case, in their order: which trial is best on some of the cases follows from it. */
export interface CalibrationTrial {
  readonly number: number;
  /** As searched. */
  readonly searched: Params;
  readonly params: FilterParams;
  readonly value: number;
  readonly tallies: readonly CaseTally[];
}

/** What is taken for settings that are neither given nor calibrated, and tried first where they are calibrated. */
export const defaultFilter: FilterParams = { onset_hazard: 1e-4, end_hazard: 1e-3, weight: 0.5, log_ratio_limit: 4, theta_on: 0.99, theta_off: 0.5, persistence: 2 };

/** Thresholds are searched as odds: those of interest lie close below 1. The lower one is a share of the upper one's odds. */
const wholeSpace = {
  onset_hazard: { type: 'float', low: 1e-7, high: 1e-2, log: true },
  end_hazard: { type: 'float', low: 1e-6, high: 0.1, log: true },
  weight: { type: 'float', low: 0.05, high: 1 },
  log_ratio_limit: { type: 'float', low: 0.5, high: 10, log: true },
  theta_on: { type: 'float', low: 1, high: 1e6, log: true },
  theta_off: { type: 'float', low: 1e-3, high: 1, log: true },
  persistence: { type: 'int', low: 1, high: 6 },
} as const satisfies SearchSpace;

/**
 * Searches the settings that are not given. `finished` are trials that an earlier attempt made; `onTrial` keeps each new one. The table
 * follows from seed, cases and settings alone, however often it is interrupted.
 */
export async function calibrate(
  cases: readonly CalibrationCase[], rules: CalibrationRules, given: Partial<FilterParams>, search: NonNullable<LdsBayesianConfig['calibration']>,
  finished: readonly CalibrationTrial[], onTrial: (trial: CalibrationTrial) => Promise<void>,
): Promise<CalibrationTrial[]> {
  const space = Object.fromEntries(Object.entries(wholeSpace).filter(([name]) => given[name as keyof FilterParams] === undefined)) as SearchSpace;
  const goal = goalOf(search);
  const trials = [...finished];
  const wanted = Object.keys(space).length === 0 ? 1 : search.n_trials;
  while (trials.length < wanted) {
    const number = trials.length;
    const searched = number === 0 ? searchedFrom({ ...defaultFilter, ...given }, space)
      : suggestDistinct({ type: 'tpe' }, space, trials.map(asTrial), { seed: search.seed, number, direction: 'maximize' });
    const params = paramsFrom(searched, given);
    const tallies = tryParams(cases, params, rules);
    const trial = { number, searched, params, value: calibrationValue(tallies, goal), tallies };
    trials.push(trial);
    await onTrial(trial);
  }
  return trials;
}

/** What settings do on every case. */
export function tryParams(cases: readonly CalibrationCase[], params: FilterParams, rules: CalibrationRules): CaseTally[] {
  const { holdOffSeconds, graceSeconds } = rules;
  const match = { threshold: params.theta_on, offThreshold: params.theta_off, persistence: params.persistence, holdOffSeconds, graceSeconds };
  return cases.map(({ scored, parts }) => tallyCase({ ...scored, score: fuseParts(parts, params, rules).probability }, match));
}

/** The trial that is best on some of the cases; the earlier one of equals. */
export function bestOn(trials: readonly CalibrationTrial[], goal: CalibrationGoal, counts: (place: number) => boolean): CalibrationTrial {
  let best: { trial: CalibrationTrial; value: number } | undefined;
  for (const trial of trials) {
    const value = calibrationValue(trial.tallies.filter((_, place) => counts(place)), goal);
    if (!best || isBetter(value, best.value, 'maximize')) best = { trial, value };
  }
  return best!.trial;
}

export function fuseParts(parts: readonly Float64Array[], params: FilterParams, { updateShare }: Pick<CalibrationRules, 'updateShare'>): Fused {
  return fuseLogRatios(sumLogRatios(parts, params.log_ratio_limit), settingsOf(params), updateShare);
}

/** Alarms of a fused case as a score that is 1 while one is on. */
export function alarmScore({ probability }: Fused, params: FilterParams): Float64Array {
  return decide(probability, settingsOf(params).decision);
}

export function settingsOf(params: FilterParams): FusionSettings {
  return {
    onsetHazard: params.onset_hazard, endHazard: params.end_hazard, weight: params.weight, logRatioLimit: params.log_ratio_limit,
    decision: { on: params.theta_on, off: params.theta_off, persistence: params.persistence },
  };
}

export function goalOf(search: NonNullable<LdsBayesianConfig['calibration']>): CalibrationGoal {
  return { maxFalseAlarmsPerMonth: search.max_false_alarms_per_month, delayWeight: search.delay_weight, delaySeconds: search.delay_seconds };
}

function paramsFrom(searched: Params, given: Partial<FilterParams>): FilterParams {
  const own = { ...defaultFilter, ...(searched as Partial<FilterParams>), ...given };
  const onOdds = given.theta_on === undefined ? own.theta_on : odds(given.theta_on);
  // A lower threshold that is given holds also where the upper one is searched below it.
  const offOdds = given.theta_off === undefined ? onOdds * own.theta_off : Math.min(onOdds, odds(given.theta_off));
  return { ...own, theta_on: given.theta_on ?? onOdds / (1 + onOdds), theta_off: offOdds / (1 + offOdds) };
}

function searchedFrom(params: FilterParams, space: SearchSpace): Params {
  const own: FilterParams = { ...params, theta_on: odds(params.theta_on), theta_off: odds(params.theta_off) / odds(params.theta_on) };
  return Object.fromEntries(Object.keys(space).map((name) => [name, own[name as keyof FilterParams]]));
}

function odds(probability: number): number {
  return probability / (1 - probability);
}

function asTrial({ number, searched, value }: CalibrationTrial): Trial {
  return { number, state: 'complete', params: searched, value };
}
