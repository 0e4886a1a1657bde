import { leakFreeSeconds } from '../metrics/index.js';
import { quantile, summarizeScores } from './summaries.js';
import { phaseCode, phaseNames, regimeNames, type CaseAlarm, type CaseEvent, type CaseResult, type Confusion, type Matching, type Phase, type Regime, type ScoredCase } from './types.js';
import { areasOf, scoredWindows, windowMetrics, windowsOutside } from './windowMetrics.js';

/** What the report says of one case. */
export function caseResult(scored: ScoredCase, matching: Matching, confusion: Confusion): CaseResult {
  const counted = matching.events.filter((event) => event.outcome !== 'excluded');
  const delays = counted.flatMap((event) => event.delay ?? []).sort((a, b) => a - b);
  const alarmsOf = (kind: CaseAlarm['kind']): number => matching.alarms.filter((alarm) => alarm.kind === kind).length;
  const windows = scoredWindows([scored]);
  return {
    caseId: scored.caseId,
    group: scored.group,
    durationSeconds: scored.time.length > 0 ? scored.time.at(-1)! - scored.time[0]! + scored.stepSeconds : 0,
    stepSeconds: scored.stepSeconds,
    leakFreeSeconds: leakFreeSeconds(scored),
    events: counted.length,
    detected: delays.length,
    falseAlarms: alarmsOf('false'),
    recoveryAlarms: alarmsOf('recovery'),
    medianDelay: quantile(delays, 0.5),
    phaseCounts: phaseCounts(scored),
    scoreHealthy: summarizeScores(scoresIn(scored, phaseCode.healthy)),
    scoreLeak: summarizeScores(scoresIn(scored, phaseCode.leak)),
    windows: windowMetrics(confusion, windows.missing, areasOf(windows)),
    outside: windowsOutside(scored),
  };
}

function scoresIn({ score, phase }: ScoredCase, code: number): Float64Array {
  return score.filter((_, i) => phase[i] === code);
}

function phaseCounts(scored: ScoredCase): Record<Phase, number> {
  const counts = { warmup: 0, healthy: 0, leak: 0, recovery: 0 };
  for (const code of scored.phase) counts[phaseNames[code]!]++;
  return counts;
}

/** Events with what only the case knows of them; `size` follows when all cases are known. */
export function caseEvents(scored: ScoredCase, matching: Matching): Omit<CaseEvent, 'size'>[] {
  return matching.events.map((event) => ({
    ...event, caseId: scored.caseId, lineLength: scored.lineLength, regime: regimeAt(scored, lastBefore(scored.time, event.onset)),
    ...releasedBy(scored, event.onset, event.end, event.alarmTime),
  }));
}

/** Alarms of a case; their event numbers count on from those of the cases before. */
export function caseAlarms(scored: ScoredCase, matching: Matching, eventsBefore: number): CaseAlarm[] {
  return matching.alarms.map((alarm) => ({
    ...alarm, caseId: scored.caseId, regime: regimeAt(scored, alarm.index), event: alarm.event === undefined ? undefined : alarm.event + eventsBefore,
  }));
}

/** Healthy windows of the case, and those of them in which an alarm was on. */
export function windowsInAlarm(scored: ScoredCase, { alarms }: Pick<Matching, 'alarms'>): { healthy: number; inAlarm: number } {
  let healthy = 0;
  let inAlarm = 0;
  let next = 0;
  for (let i = 0; i < scored.time.length; i++) {
    while (next < alarms.length && alarms[next]!.end < scored.time[i]!) next++;
    if (scored.phase[i] !== phaseCode.healthy) continue;
    healthy++;
    if (next < alarms.length && alarms[next]!.time <= scored.time[i]!) inAlarm++;
  }
  return { healthy, inAlarm };
}

function regimeAt({ regime }: ScoredCase, window: number): Regime | undefined {
  return regime ? regimeNames[regime[Math.max(0, window)] ?? -1] : undefined;
}

/** The window that ends last before or at a time; -1 where none does. */
function lastBefore(time: Float64Array, seconds: number): number {
  let low = 0;
  let high = time.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (time[middle]! <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** A leak that flowed alone has lost nothing before its onset and loses nothing after its end, so that whole windows measure it exactly. */
function releasedBy({ time, released }: ScoredCase, onset: number, end: number, alarmTime: number | undefined): { released?: number; releasedInAll?: number } {
  if (!released) return {};
  const at = (window: number): number => (window < 0 ? 0 : released[Math.min(window, released.length - 1)] ?? NaN);
  const before = at(lastBefore(time, onset));
  const last = lastBefore(time, end);
  const inAll = at(last >= 0 && time[last] === end ? last : last + 1) - before;
  const until = alarmTime === undefined ? inAll : Math.min(at(lastBefore(time, alarmTime)) - before, inAll);
  return Number.isNaN(inAll) || Number.isNaN(until) ? {} : { released: until, releasedInAll: inAll };
}
