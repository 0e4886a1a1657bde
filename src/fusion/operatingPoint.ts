import { leakFreeSeconds, matchChecked, phaseCode, type MatchOptions, type ScoredCase } from '../metrics/index.js';

/** What a detector did on one case. Times in seconds. */
export interface CaseTally {
  /** Leaks that count, and of those the delays of the ones that were found. */
  readonly events: number;
  readonly delays: readonly number[];
  readonly falseAlarms: number;
  readonly leakFreeSeconds: number;
}

/** Counts a case that is known to be in order (`matchEvents` checks it) by the rules of events. */
export function tallyCase(scored: ScoredCase, rules: MatchOptions): CaseTally {
  const { events, alarms } = matchChecked(scored, rules);
  const counted = events.filter(({ outcome }) => outcome !== 'excluded');
  return {
    events: counted.length, delays: counted.flatMap(({ delay }) => delay ?? []),
    falseAlarms: alarms.filter(({ kind }) => kind === 'false').length, leakFreeSeconds: leakFreeSeconds(scored),
  };
}

export interface CalibrationGoal {
  /** False alarms per month of 30 leak-free days that are acceptable. */
  readonly maxFalseAlarmsPerMonth: number;
  /** Share of a found leak's worth that is lost when it is found after `delaySeconds` or later; in proportion before. */
  readonly delayWeight: number;
  readonly delaySeconds: number;
}

const monthSeconds = 30 * 24 * 3600;

/** False alarms that the goal allows in the leak-free time of the cases: whole ones only. */
export function allowedFalseAlarms(tallies: readonly CaseTally[], { maxFalseAlarmsPerMonth }: CalibrationGoal): number {
  const months = tallies.reduce((sum, one) => sum + one.leakFreeSeconds, 0) / monthSeconds;
  return Math.floor(maxFalseAlarmsPerMonth * months * (1 + 1e-12));
}

/**
 * How good an operating point is, higher is better: within the allowed false alarms the mean worth of a leak, 0 for a missed one and
 * 1 - delayWeight * min(1, delay / delaySeconds) for a found one; beyond them minus the number of alarms too many, whatever was found.
 */
export function calibrationValue(tallies: readonly CaseTally[], goal: CalibrationGoal): number {
  const tooMany = tallies.reduce((sum, one) => sum + one.falseAlarms, 0) - allowedFalseAlarms(tallies, goal);
  if (tooMany > 0) return -tooMany;
  const events = tallies.reduce((sum, one) => sum + one.events, 0);
  if (events === 0) return 0;
  let worth = 0;
  for (const { delays } of tallies) for (const delay of delays) worth += 1 - goal.delayWeight * Math.min(1, delay / goal.delaySeconds);
  return worth / events;
}

/** Where a detector stands on all cases. */
export interface OperatingPoint {
  readonly threshold: number;
  readonly tallies: readonly CaseTally[];
}

/** So many thresholds are looked at: places in the sorted scores of leak windows, which are where detections are won or lost. */
const mostThresholds = 200;

/**
 * The highest threshold at which a detector finds at least `wanted` leaks of these very cases; where it never does, the one at which it
 * finds most. Chosen in hindsight, so that it flatters the detector: good to hold another one against. Cases must be in order.
 */
export function operatingPointFor(cases: readonly ScoredCase[], wanted: number, rules: Omit<MatchOptions, 'threshold'>): OperatingPoint {
  let best: (OperatingPoint & { readonly found: number }) | undefined;
  for (const threshold of thresholdsOf(cases)) {
    const tallies = cases.map((scored) => tallyCase(scored, { ...rules, threshold }));
    const found = tallies.reduce((sum, { delays }) => sum + delays.length, 0);
    if (!best || found > best.found) best = { threshold, tallies, found };
    if (found >= wanted) break;
  }
  const { threshold, tallies } = best ?? { threshold: Infinity, tallies: cases.map((scored) => tallyCase(scored, { ...rules, threshold: Infinity })) };
  return { threshold, tallies };
}

function thresholdsOf(cases: readonly ScoredCase[]): number[] {
  const scores = cases.flatMap(({ score, phase }) => Array.from(score.filter((value, i) => phase[i] === phaseCode.leak && !Number.isNaN(value)))).sort((a, b) => b - a);
  const step = Math.max(1, scores.length / mostThresholds);
  return [...new Set(Array.from({ length: Math.min(mostThresholds, scores.length) }, (_, i) => scores[Math.floor(i * step)]!))];
}
