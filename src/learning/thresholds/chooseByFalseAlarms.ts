import { PenstockError } from '../../errors/index.js';
import { leakFreeSeconds, matchChecked, matchEvents, poissonUpperBound, type MatchOptions, type ScoredCase } from '../../metrics/index.js';

export interface FalseAlarmTarget extends Omit<MatchOptions, 'threshold' | 'regimeThresholds'> {
  /** False alarms per month of 30 days that are acceptable. */
  readonly perMonth: number;
}

export interface ThresholdByFalseAlarms {
  /** A window exceeds when its score is at least this. */
  readonly threshold: number;
  readonly strategy: 'target_false_alarms';
  /** False alarms on the given cases at the threshold, and how many the target allows there. */
  readonly falseAlarms: number;
  readonly allowed: number;
  readonly leakFreeHours: number;
  /** One-sided 95 % upper bound of the monthly rate that the given cases prove. */
  readonly perMonthUpper: number;
  /** Leak events of the given cases: found and counted. */
  readonly detected: number;
  readonly events: number;
  /** Where the leak-free time is too short to tell the target rate from a lower one. */
  readonly warning?: string;
}

const monthSeconds = 30 * 24 * 3600;

/**
 * The lowest threshold whose false alarms stay within the target, counted in events by the rules of the evaluation: runs of
 * windows with persistence, merged within the hold-off, raised in leak-free time. It is the lowest one below which the count
 * first exceeds what the target allows: at still lower thresholds alarms merge until one never ends, which is not fewer alarms.
 *
 * `allowed` is the target times the leak-free months, rounded down. With less leak-free time than one allowed alarm takes, the
 * threshold is that of no false alarm, and a warning says what this proves. Choose on validation cases.
 */
export function chooseByFalseAlarms(cases: readonly ScoredCase[], target: FalseAlarmTarget): ThresholdByFalseAlarms {
  const { perMonth, ...rules } = target;
  if (!(perMonth >= 0 && Number.isFinite(perMonth))) {
    throw new PenstockError('learning/invalid-parameter', `target_false_alarms is ${perMonth}; a number per month, 0 or more, is needed`, { key: 'target_false_alarms' });
  }
  const seconds = cases.reduce((sum, scored) => sum + leakFreeSeconds(scored), 0);
  if (seconds === 0) throw new PenstockError('learning/invalid-data', 'there is no leak-free time to count false alarms in', { key: 'target_false_alarms' });
  const months = seconds / monthSeconds;
  // A target such as 0.1 per month in 10 months allows 1, though the product is a rounding unit below.
  const allowed = Math.floor(perMonth * months * (1 + 1e-12));
  const { threshold, falseAlarms } = descend(cases, rules, allowed);
  const events = cases.flatMap((scored) => matchEvents(scored, { ...rules, threshold }).events).filter(({ outcome }) => outcome !== 'excluded');
  return {
    threshold, strategy: 'target_false_alarms', falseAlarms, allowed, leakFreeHours: seconds / 3600,
    perMonthUpper: poissonUpperBound(falseAlarms) / months,
    detected: events.filter(({ outcome }) => outcome === 'detected').length, events: events.length,
    ...unresolved(perMonth, months, allowed),
  };
}

/**
 * Walks the distinct scores from the highest down. A step recounts only the cases in which it makes a run of windows that is
 * long enough for an alarm, and the walk ends where the count exceeds what is allowed, which is early wherever alarms are rare.
 */
function descend(cases: readonly ScoredCase[], rules: Omit<MatchOptions, 'threshold' | 'regimeThresholds'>, allowed: number): { threshold: number; falseAlarms: number } {
  const windows = windowsByScore(cases);
  if (windows.order.length === 0) throw new PenstockError('learning/invalid-data', 'no window has a score, so no threshold can be chosen');
  const scoreAt = (place: number): number => windows.score[windows.order[place]!]!;
  const exceeds = new Uint8Array(windows.score.length);
  const counts = new Int32Array(cases.length);
  let total = 0;
  // Above the highest score nothing exceeds. Matching there checks every case once, before the walk leaves that out.
  let best = { threshold: above(scoreAt(0)), falseAlarms: 0 };
  for (const scored of cases) matchEvents(scored, { ...rules, threshold: best.threshold });
  for (let at = 0; at < windows.order.length; ) {
    const threshold = scoreAt(at);
    const from = at;
    while (at < windows.order.length && scoreAt(at) === threshold) exceeds[windows.order[at++]!] = 1;
    for (const of of casesWithRuns(windows, exceeds, from, at, rules.persistence)) {
      const found = falseAlarmsOf(cases[of]!, { ...rules, threshold });
      total += found - counts[of]!;
      counts[of] = found;
    }
    if (total > allowed) break;
    best = { threshold, falseAlarms: total };
  }
  return best;
}

/** The windows of all cases one after the other. */
interface Windows {
  readonly score: Float64Array;
  readonly of: Uint32Array;
  /** Places of the windows with a score, the highest first. */
  readonly order: Uint32Array;
}

function windowsByScore(cases: readonly ScoredCase[]): Windows {
  const length = cases.reduce((sum, scored) => sum + scored.score.length, 0);
  const score = new Float64Array(length);
  const of = new Uint32Array(length);
  let at = 0;
  cases.forEach((scored, c) => {
    score.set(scored.score, at);
    of.fill(c, at, at += scored.score.length);
  });
  const order = Uint32Array.from(score.keys()).filter((place) => !Number.isNaN(score[place]!)).sort((a, b) => score[b]! - score[a]!);
  return { score, of, order };
}

/** Cases in which one of the windows at places `from` to `to` of the order stands in a run of at least `persistence` windows. */
function casesWithRuns({ of, order }: Windows, exceeds: Uint8Array, from: number, to: number, persistence: number): Set<number> {
  const found = new Set<number>();
  for (let place = from; place < to; place++) {
    const window = order[place]!;
    if (found.has(of[window]!)) continue;
    const inRun = (at: number): boolean => exceeds[at] === 1 && of[at] === of[window];
    let run = 1;
    for (let at = window - 1; run < persistence && at >= 0 && inRun(at); at--) run++;
    for (let at = window + 1; run < persistence && at < exceeds.length && inRun(at); at++) run++;
    if (run >= persistence) found.add(of[window]!);
  }
  return found;
}

function falseAlarmsOf(scored: ScoredCase, options: MatchOptions): number {
  return matchChecked(scored, options).alarms.filter(({ kind }) => kind === 'false').length;
}

/** The next number above. */
function above(value: number): number {
  return value + Math.max(Math.abs(value) * Number.EPSILON, Number.MIN_VALUE);
}

function unresolved(perMonth: number, months: number, allowed: number): { warning?: string } {
  if (allowed >= 1) return {};
  const hours = (months * monthSeconds) / 3600;
  const needed = perMonth > 0 ? `${(720 / perMonth).toFixed(0)} leak-free hours would allow one alarm` : 'no time is long enough to prove it';
  return {
    warning: `${hours.toPrecision(3)} leak-free hours are too few for a target of ${perMonth} per month (${needed}): the threshold is the lowest without a false alarm, `
      + `which proves no more than ${(poissonUpperBound(0) / months).toPrecision(3)} per month at one-sided 95 %`,
  };
}
