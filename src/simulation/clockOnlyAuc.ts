import { PenstockError } from '../errors/index.js';
import type { CampaignOptions } from './campaignTypes.js';
import type { CaseSpec } from './caseTypes.js';
import { planCampaign, type CampaignPlan } from './designCampaign.js';
import { openIntervals } from './schedule.js';

export interface ClockOptions {
  /** Seconds at the start of each run that are not scored. Default `recommendedWarmupSeconds`. */
  readonly warmupSeconds?: number;
  /** Seconds between two scored times. Default 1. */
  readonly stepSeconds?: number;
  /** Width in seconds within which the classifier cannot tell times apart. Default 30. */
  readonly binSeconds?: number;
}

/**
 * What to leave out at the start so that the clock tells nothing: the time before the earliest onset. Runs start from a steady
 * state, so nothing needs to settle; but time that never holds a leak is healthy by the clock alone.
 */
export function recommendedWarmupSeconds(durationSeconds: number, earliestOnset = 0.1): number {
  return durationSeconds * earliestOnset;
}

/**
 * ROC-AUC of the best classifier that sees the time only: P(leak | time bin) counted on `train`, scored on `test`. The label of a
 * time is the state at that time. On a large campaign as both, it is the bound that no clock can beat; a design is honest where it
 * stays within 0.5 +- 0.05.
 * @throws PenstockError `simulation/invalid` where `test` has no leak or nothing but leaks after the warm-up
 */
export function clockOnlyAuc(train: readonly CaseSpec[], test: readonly CaseSpec[], options: ClockOptions = {}): number {
  return clockOnlyAucOf(train.map(timedCase), test.map(timedCase), options);
}

/**
 * What a clock scores on a campaign that learned when leaks are from a campaign of the same design and another seed. Parts of one
 * stratified campaign would not do: where one part has more early leaks, the other has fewer.
 */
export function clockAucOfDesign(options: CampaignOptions, cases: readonly TimedCase[], clock: ClockOptions = {}): number {
  const other = planCampaign({ ...options, seed: options.seed + 1_000_003, cases: Math.min(options.cases, mostLearned), leakFree: Math.min(options.leakFree ?? 0, mostLearned) });
  return clockOnlyAucOf(other.names.flatMap((name) => timed(other, name)), cases, clock);
}

/** Nothing of a case that no line of the campaign can run. */
function timed(plan: CampaignPlan, name: string): TimedCase[] {
  try {
    return [timedCase(plan.design(name))];
  } catch (error) {
    if (error instanceof PenstockError && error.code === 'simulation/invalid') return [];
    throw error;
  }
}

/** More cases to learn from change the clock's score little. */
const mostLearned = 400;

/** All that the clock knows of a case. */
export interface TimedCase {
  readonly durationSeconds: number;
  readonly intervals: readonly { readonly start: number; readonly end: number }[];
}

function timedCase(spec: CaseSpec): TimedCase {
  return { durationSeconds: spec.durationSeconds, intervals: spec.leak.diameter > 0 ? openIntervals(spec.leak.opening, spec.durationSeconds) : [] };
}

function clockOnlyAucOf(train: readonly TimedCase[], test: readonly TimedCase[], options: ClockOptions): number {
  const learned = countByTime(train, options);
  const scored = countByTime(test, options);
  const bins = scored.leaking.map((leaking, i) => {
    const seen = (learned.leaking[i] ?? 0) + (learned.healthy[i] ?? 0);
    return { leaking, healthy: scored.healthy[i]!, score: seen > 0 ? learned.leaking[i]! / seen : 0 };
  });
  bins.sort((a, b) => a.score - b.score);
  let leakingAll = 0, healthyBelow = 0, ranked = 0;
  for (let i = 0; i < bins.length;) {
    let leaking = 0, healthy = 0;
    const { score } = bins[i]!;
    for (; i < bins.length && bins[i]!.score === score; i++) {
      leaking += bins[i]!.leaking;
      healthy += bins[i]!.healthy;
    }
    ranked += leaking * (healthyBelow + 0.5 * healthy);
    healthyBelow += healthy;
    leakingAll += leaking;
  }
  if (leakingAll === 0 || healthyBelow === 0) throw new PenstockError('simulation/invalid', `found ${leakingAll} leaking and ${healthyBelow} healthy times after the warm-up; both are needed`, { key: 'test' });
  return ranked / (leakingAll * healthyBelow);
}

function countByTime(cases: readonly TimedCase[], options: ClockOptions): { leaking: number[]; healthy: number[] } {
  const { stepSeconds = 1, binSeconds = 30 } = options;
  const leaking: number[] = [];
  const healthy: number[] = [];
  for (const { durationSeconds, intervals } of cases) {
    const warmup = options.warmupSeconds ?? recommendedWarmupSeconds(durationSeconds);
    for (let i = Math.ceil(warmup / stepSeconds); i * stepSeconds <= durationSeconds; i++) {
      const t = i * stepSeconds;
      const bin = Math.floor(t / binSeconds);
      while (leaking.length <= bin) {
        leaking.push(0);
        healthy.push(0);
      }
      const counts = intervals.some((one) => t > one.start && t < one.end) ? leaking : healthy;
      counts[bin] = counts[bin]! + 1;
    }
  }
  return { leaking, healthy };
}
