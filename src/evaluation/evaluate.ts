import { PenstockError } from '../errors/index.js';
import { withinCaseAuc } from './controls.js';
import { falseAlarmSummary } from './falseAlarms.js';
import { matchEvents } from './matchEvents.js';
import { leakFreeSeconds } from './phases.js';
import { proportion } from './proportion.js';
import { delayBySize, sizeEdgesFor } from './sizeBins.js';
import { quantile, summarizeDelays, summarizeScores } from './summaries.js';
import {
  phaseCode,
  phaseNames,
  type CaseAlarm,
  type CaseEvent,
  type CaseResult,
  type Evaluation,
  type EvaluationOptions,
  type Matching,
  type Phase,
  type ScoredCase,
} from './types.js';
import { scoredWindows, windowMetrics } from './windowMetrics.js';

/**
 * What a detector did on the cases: events with their delays, false alarms in leak-free time, window metrics, all with
 * intervals. Times in seconds, flows in kg/s. Throws `evaluation/invalid` on inputs that do not fit together.
 */
export function evaluate(cases: readonly ScoredCase[], options: EvaluationOptions): Evaluation {
  const confidence = checkConfidence(options.confidence ?? 0.95);
  checkNames(cases);
  const matchings = cases.map((scored) => matchEvents(scored, options));
  const sizeUnit = sizeUnitOf(cases);
  const events = cases.flatMap((scored, c) => caseEvents(scored, matchings[c]!, sizeUnit));
  const alarms = caseAlarms(cases, matchings);
  const counted = events.filter((event) => event.outcome !== 'excluded');
  const delays = counted.flatMap((event) => event.delay ?? []);
  const resolution = Math.max(0, ...cases.map((scored) => scored.stepSeconds));
  const sizeEdges = checkEdges(options.sizeEdges ?? sizeEdgesFor(sizeUnit, counted.map((event) => event.size)));
  const count = (kind: CaseAlarm['kind']): number => alarms.filter((alarm) => alarm.kind === kind).length;
  const { threshold, persistence, holdOffSeconds, graceSeconds } = options;
  return {
    options: { threshold, persistence, holdOffSeconds, graceSeconds, sizeEdges, confidence },
    cases: cases.map((scored, c) => caseResult(scored, matchings[c]!, threshold)),
    events,
    alarms,
    eventRecall: proportion(delays.length, counted.length, confidence),
    excludedEvents: events.length - counted.length,
    delay: summarizeDelays(delays, resolution),
    sizeUnit,
    delayBySize: delayBySize(events, sizeEdges, sizeUnit, resolution, confidence),
    falseAlarms: falseAlarmSummary(
      count('false'),
      cases.reduce((sum, scored) => sum + leakFreeSeconds(scored), 0),
      timeInAlarm(cases, matchings),
      confidence,
    ),
    recoveryAlarms: count('recovery'),
    windows: windowMetrics(scoredWindows(cases), threshold),
    withinCaseAuc: withinCaseAuc(cases),
  };
}

/** Percentages only where every case with a leak says its flow: two units in one table would not compare. */
function sizeUnitOf(cases: readonly ScoredCase[]): '% of flow' | 'kg/s' {
  const leaking = cases.filter((scored) => scored.leaks.some((leak) => leak.intervals.length > 0));
  return leaking.length > 0 && leaking.every(({ meanFlow }) => meanFlow !== undefined && Math.abs(meanFlow) > 0) ? '% of flow' : 'kg/s';
}

function caseEvents(scored: ScoredCase, matching: Matching, unit: '% of flow' | 'kg/s'): CaseEvent[] {
  return matching.events.map((event) => {
    const flow = Math.abs(event.peakFlow);
    return { ...event, caseId: scored.caseId, size: unit === 'kg/s' ? flow : (100 * flow) / Math.abs(scored.meanFlow!) };
  });
}

/** Alarms of all cases; their event numbers count through the events of all cases. */
function caseAlarms(cases: readonly ScoredCase[], matchings: readonly Matching[]): CaseAlarm[] {
  const all: CaseAlarm[] = [];
  let eventsBefore = 0;
  cases.forEach((scored, c) => {
    const { events, alarms } = matchings[c]!;
    for (const alarm of alarms) {
      all.push({ ...alarm, caseId: scored.caseId, event: alarm.event === undefined ? undefined : alarm.event + eventsBefore });
    }
    eventsBefore += events.length;
  });
  return all;
}

function caseResult(scored: ScoredCase, matching: Matching, threshold: number): CaseResult {
  const counted = matching.events.filter((event) => event.outcome !== 'excluded');
  const delays = counted.flatMap((event) => event.delay ?? []).sort((a, b) => a - b);
  const alarmsOf = (kind: CaseAlarm['kind']): number => matching.alarms.filter((alarm) => alarm.kind === kind).length;
  const scoresIn = (code: number): number[] => [...scored.score].filter((_, i) => scored.phase[i] === code);
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
    scoreHealthy: summarizeScores(scoresIn(phaseCode.healthy)),
    scoreLeak: summarizeScores(scoresIn(phaseCode.leak)),
    windows: windowMetrics(scoredWindows([scored]), threshold),
  };
}

function phaseCounts(scored: ScoredCase): Record<Phase, number> {
  const counts = { warmup: 0, healthy: 0, leak: 0, recovery: 0 };
  for (const code of scored.phase) counts[phaseNames[code]!]++;
  return counts;
}

function timeInAlarm(cases: readonly ScoredCase[], matchings: readonly Matching[]): number | null {
  let healthy = 0;
  let inAlarm = 0;
  cases.forEach((scored, c) => {
    const { alarms } = matchings[c]!;
    let next = 0;
    for (let i = 0; i < scored.time.length; i++) {
      while (next < alarms.length && alarms[next]!.end < scored.time[i]!) next++;
      if (scored.phase[i] !== phaseCode.healthy) continue;
      healthy++;
      if (next < alarms.length && alarms[next]!.time <= scored.time[i]!) inAlarm++;
    }
  });
  return healthy > 0 ? inAlarm / healthy : null;
}

function checkNames(cases: readonly ScoredCase[]): void {
  const seen = new Set<string>();
  for (const { caseId } of cases) {
    if (seen.has(caseId)) throw new PenstockError('evaluation/invalid', `case ${caseId} is given twice`, { key: caseId });
    seen.add(caseId);
  }
}

function checkConfidence(confidence: number): number {
  if (confidence > 0.5 && confidence < 1) return confidence;
  throw new PenstockError('evaluation/invalid', `confidence is ${confidence}; above 0.5 and below 1 is allowed`, { key: 'confidence' });
}

function checkEdges(edges: readonly number[]): number[] {
  const sorted = [...edges].sort((a, b) => a - b);
  if (sorted.length === 0 || sorted.some((edge) => !(edge >= 0) || !Number.isFinite(edge))) {
    throw new PenstockError('evaluation/invalid', `size edges are [${edges.join(', ')}]; numbers from 0 on are allowed`, { key: 'sizeEdges' });
  }
  return sorted[0] === 0 ? sorted : [0, ...sorted];
}
