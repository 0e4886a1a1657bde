import { PenstockError } from '../../errors/index.js';
import { alarms } from './alarms.js';
import { checkCase } from './checkCase.js';
import {
  phaseCode,
  type Alarm,
  type AlarmKind,
  type CaseLeak,
  type ClassifiedAlarm,
  type LeakEvent,
  type Matching,
  type MatchOptions,
  type ScoredCase,
} from './types.js';

/**
 * Matches the leak intervals of a case and its alarms one to one. An event is detected exactly when an alarm rises inside
 * [onset, end + grace]; an alarm that is already on at onset detects nothing unless it re-arms. Delay counts from the true
 * onset. Of the alarms left over only those raised in leak-free time are false.
 */
export function matchEvents(scored: ScoredCase, options: MatchOptions): Matching {
  checkCase(scored);
  return matchChecked(scored, options);
}

/** The same for a case that is known to be in order: a sweep of thresholds checks it once. */
export function matchChecked(scored: ScoredCase, options: MatchOptions): Matching {
  if (!(options.graceSeconds >= 0)) {
    throw new PenstockError('evaluation/invalid', `the grace is ${options.graceSeconds} s; 0 or more is allowed`, { key: 'graceSeconds' });
  }
  const raised = alarms(scored, options);
  const candidates = eventsOf(scored);
  const alarmOf = assign(candidates, raised, options.graceSeconds);
  const eventOf = new Map([...alarmOf].map(([event, alarm]) => [alarm, event]));
  return {
    events: candidates.map((candidate, i) => settle(candidate, raised, alarmOf.get(i))),
    alarms: raised.map((alarm, i): ClassifiedAlarm => {
      const event = eventOf.get(i);
      return { ...alarm, kind: event === undefined ? kindOf(alarm, scored) : 'detection', event };
    }),
  };
}

interface Candidate {
  readonly leak: CaseLeak;
  readonly interval: number;
  readonly onset: number;
  readonly end: number;
  readonly peakFlow: number;
  readonly reason: string;
}

function eventsOf(scored: ScoredCase): Candidate[] {
  const { warmupEnd, lastTime } = observed(scored);
  const candidates = scored.leaks.flatMap((leak) =>
    leak.intervals.map(({ start, end, peakFlow }, i): Candidate => {
      const reason = start <= warmupEnd ? 'onset in warm-up' : start > lastTime ? 'onset after the last window' : '';
      return { leak, interval: i + 1, onset: start, end, peakFlow, reason };
    }),
  );
  return candidates.sort((a, b) => a.onset - b.onset || a.end - b.end);
}

function observed({ time, phase }: ScoredCase): { warmupEnd: number; lastTime: number } {
  let warmupEnd = -Infinity;
  for (let i = 0; i < time.length && phase[i] === phaseCode.warmup; i++) warmupEnd = time[i]!;
  return { warmupEnd, lastTime: time.at(-1) ?? -Infinity };
}

/**
 * Event number -> alarm number. Alarms in order of time each take the open event that ends first: for intervals this
 * finds as many pairs as any assignment can.
 */
function assign(candidates: readonly Candidate[], raised: readonly Alarm[], grace: number): Map<number, number> {
  const alarmOf = new Map<number, number>();
  raised.forEach((alarm, a) => {
    if (alarm.carriedFromWarmup) return;
    let best: number | undefined;
    candidates.forEach((candidate, e) => {
      if (candidate.reason !== '' || alarmOf.has(e)) return;
      if (alarm.time < candidate.onset || alarm.time > candidate.end + grace) return;
      if (best === undefined || candidate.end < candidates[best]!.end) best = e;
    });
    if (best !== undefined) alarmOf.set(best, a);
  });
  return alarmOf;
}

function settle(candidate: Candidate, raised: readonly Alarm[], alarmIndex: number | undefined): LeakEvent {
  const { leak, interval, onset, end, peakFlow, reason } = candidate;
  const alarm = alarmIndex === undefined ? undefined : raised[alarmIndex];
  const common = { leak: leak.name, interval, onset, end, peakFlow, position: leak.position, diameter: leak.diameter, reason };
  if (alarm) return { ...common, outcome: 'detected', alarmTime: alarm.time, delay: alarm.time - onset };
  const on = raised.some((other) => (other.time < onset || other.carriedFromWarmup) && other.end >= onset && other.time <= end);
  const outcome = reason !== '' ? 'excluded' : on ? 'already-on' : 'missed';
  return { ...common, outcome, alarmTime: undefined, delay: undefined };
}

function kindOf(alarm: Alarm, { leaks }: ScoredCase): AlarmKind {
  const duringLeak = leaks.some((leak) => leak.intervals.some(({ start, end }) => alarm.time >= start && alarm.time <= end));
  if (alarm.phase === 'healthy' && !duringLeak) return 'false';
  if (alarm.carriedFromWarmup) return 'carried';
  return alarm.phase === 'recovery' ? 'recovery' : 'repeat';
}
