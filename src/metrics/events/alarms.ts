import { PenstockError } from '../../errors/index.js';
import { phaseCode, phaseNames, regimeNames, type Alarm, type AlarmOptions, type ScoredCase } from './types.js';

/**
 * The alarms of a case: rising edges of `score >= threshold` held for `persistence` windows, merged where the alarm
 * returns within the hold-off of its last end; with an `offThreshold` they last until the score is below that. Windows in warm-up raise nothing; an alarm that is on when the warm-up
 * ends is raised there and marked as carried over. A missing score (NaN) does not exceed and ends a run.
 */
export function alarms(scored: ScoredCase, options: AlarmOptions): Alarm[] {
  checkAlarmOptions(options);
  return mergeWithinHoldOff(scored, risingEdges(scored, options), options.holdOffSeconds);
}

interface Run {
  first: number;
  last: number;
  carried: boolean;
}

/** The threshold of each regime, by its code. */
export function limitsOf({ threshold, regimeThresholds }: Pick<AlarmOptions, 'threshold' | 'regimeThresholds'>): Float64Array {
  return Float64Array.from(regimeNames, (name) => regimeThresholds?.[name] ?? threshold);
}

function risingEdges(scored: ScoredCase, options: AlarmOptions): Run[] {
  const { threshold, persistence, offThreshold = Infinity } = options;
  const { regime } = scored;
  const limits = limitsOf(options);
  const runs: Run[] = [];
  let current: Run | undefined;
  let exceeding = 0;
  let on = false;
  let onInWarmup = false;
  for (let i = 0; i < scored.score.length; i++) {
    const limit = regime ? limits[regime[i]!]! : threshold;
    exceeding = scored.score[i]! >= limit ? exceeding + 1 : 0;
    on = exceeding >= persistence || (on && scored.score[i]! >= Math.min(offThreshold, limit));
    if (scored.phase[i] === phaseCode.warmup) {
      onInWarmup = on;
      current = undefined;
      continue;
    }
    if (!on) current = undefined;
    else if (current) current.last = i;
    else {
      current = { first: i, last: i, carried: onInWarmup };
      runs.push(current);
    }
    onInWarmup = false;
  }
  return runs;
}

function mergeWithinHoldOff(scored: ScoredCase, runs: readonly Run[], holdOffSeconds: number): Alarm[] {
  const { time } = scored;
  const merged: Run[] = [];
  for (const run of runs) {
    const previous = merged.at(-1);
    if (previous && !run.carried && time[run.first]! - time[previous.last]! <= holdOffSeconds) previous.last = run.last;
    else merged.push({ ...run });
  }
  return merged.map(({ first, last, carried }) => ({
    index: first,
    time: time[first]!,
    end: time[last]!,
    peakScore: highest(scored.score, first, last),
    phase: phaseNames[scored.phase[first]!]!,
    carriedFromWarmup: carried,
  }));
}

function highest(score: Float64Array, first: number, last: number): number {
  let peak = -Infinity;
  for (let i = first; i <= last; i++) if (score[i]! > peak) peak = score[i]!;
  return peak;
}

function checkAlarmOptions({ threshold, offThreshold = threshold, persistence, holdOffSeconds, regimeThresholds = {} }: AlarmOptions): void {
  if ([threshold, offThreshold, ...Object.values(regimeThresholds)].some(Number.isNaN)) throw new PenstockError('evaluation/invalid', 'threshold is not a number', { key: 'threshold' });
  if (!Number.isInteger(persistence) || persistence < 1) {
    throw new PenstockError('evaluation/invalid', `persistence is ${persistence}; a whole number of windows from 1 on is allowed`, {
      key: 'persistence',
    });
  }
  if (!(holdOffSeconds >= 0)) {
    throw new PenstockError('evaluation/invalid', `the hold-off is ${holdOffSeconds} s; 0 or more is allowed`, { key: 'holdOffSeconds' });
  }
}
