import { PenstockError } from '../errors/index.js';
import { limitsOf, matchEvents } from '../metrics/index.js';
import { caseAlarms, caseEvents, caseResult, windowsInAlarm } from './caseResults.js';
import { openWithinCaseAuc } from './controls.js';
import { mapByPosition, mapBySize } from './detectionMap.js';
import { falseAlarmSummary } from './falseAlarms.js';
import { proportion } from './proportion.js';
import { openTally } from './scoreTally.js';
import { delayBySize, sizeEdgesFor } from './sizeBins.js';
import { quantile, summarizeDelays } from './summaries.js';
import { openSweep } from './sweep.js';
import {
  phaseCode, regimeNames,
  type CaseAlarm, type CaseEvent, type CaseResult, type Evaluation, type EvaluationOptions, type Matching, type RegimeResult, type ReleaseSummary, type ScoredCase,
} from './types.js';
import { addConfusions, confusionOf, ratio, scoredWindows, windowMetrics } from './windowMetrics.js';

/** An evaluation that is given its cases one by one and keeps of each its rows in the report, not its windows. */
export interface OpenEvaluation {
  /** Throws `evaluation/invalid` on a case that is given twice or does not fit together. */
  add(scored: ScoredCase): Matching;
  result(): Evaluation;
}

/**
 * What a detector did on the cases: events with their delays, false alarms in leak-free time, window metrics, all with
 * intervals. Times in seconds, flows in kg/s. Throws `evaluation/invalid` on inputs that do not fit together.
 */
export function evaluate(cases: Iterable<ScoredCase>, options: EvaluationOptions): Evaluation {
  const evaluation = openEvaluation(options);
  for (const scored of cases) evaluation.add(scored);
  return evaluation.result();
}

/** The same, one case at a time. */
export function openEvaluation(options: EvaluationOptions): OpenEvaluation {
  const confidence = checkConfidence(options.confidence ?? 0.95);
  const sizeEdges = options.sizeEdges && checkEdges(options.sizeEdges);
  const limits = limitsOf(options);
  const { threshold, offThreshold = threshold, regimeThresholds, persistence, holdOffSeconds, graceSeconds, sweep = [] } = options;
  const names = new Set<string>();
  const withoutLeaks = new Set<string>();
  const cases: CaseResult[] = [];
  const events: Omit<CaseEvent, 'size'>[] = [];
  const alarms: CaseAlarm[] = [];
  const flows = new Map<string, number | undefined>();
  const tally = openTally();
  const within = openWithinCaseAuc();
  const swept = openSweep(sweep, options);
  const healthyByRegime = regimeNames.map(() => ({ windows: 0, seconds: 0, seen: false }));
  let [healthy, inAlarm] = [0, 0];

  return {
    add(scored) {
      if (names.has(scored.caseId)) throw new PenstockError('evaluation/invalid', `case ${scored.caseId} is given twice`, { key: scored.caseId });
      names.add(scored.caseId);
      if (scored.leaks.every(({ intervals }) => intervals.length === 0)) withoutLeaks.add(scored.caseId);
      const matching = matchEvents(scored, options);
      const windows = scoredWindows([scored]);
      tally.add(windows.scores, windows.labels);
      within.add(scored);
      swept.add(scored);
      cases.push(caseResult(scored, matching, confusionOf(scored, options)));
      flows.set(scored.caseId, scored.meanFlow);
      alarms.push(...caseAlarms(scored, matching, events.length));
      events.push(...caseEvents(scored, matching));
      const alarmed = windowsInAlarm(scored, matching);
      healthy += alarmed.healthy;
      inAlarm += alarmed.inAlarm;
      countRegimes(scored, healthyByRegime);
      return matching;
    },
    result() {
      const sizeUnit = sizeUnitOf(events, flows);
      const sized = events.map((event): CaseEvent => ({ ...event, size: sizeOf(event, sizeUnit, flows.get(event.caseId)) }));
      const counted = sized.filter((event) => event.outcome !== 'excluded');
      const edges = sizeEdges ?? checkEdges(sizeEdgesFor(sizeUnit, counted.map((event) => event.size)));
      const delays = counted.flatMap((event) => event.delay ?? []);
      const resolution = cases.reduce((most, { stepSeconds }) => Math.max(most, stepSeconds), 0);
      const secondsOf = (some: readonly CaseResult[]): number => some.reduce((sum, one) => sum + one.leakFreeSeconds, 0);
      const leakFreeSeconds = secondsOf(cases);
      const falseAlarms = alarms.filter(({ kind }) => kind === 'false');
      const areas = tally.summary();
      const known = [...flows.values()].filter((flow) => flow !== undefined);
      const missing = cases.reduce((sum, { windows }) => sum + windows.missingScores, 0);
      const windows = windowMetrics(addConfusions(cases.map((one) => one.windows.confusion)), missing, areas);
      return {
        options: { threshold, offThreshold, regimeThresholds: regimeThresholds ?? {}, persistence, holdOffSeconds, graceSeconds, sizeEdges: edges, confidence, sweep },
        meanFlow: known.length > 0 ? known.reduce((sum, flow) => sum + flow, 0) / known.length : null,
        cases, events: sized, alarms,
        eventRecall: proportion(delays.length, counted.length, confidence),
        excludedEvents: sized.length - counted.length,
        delay: summarizeDelays(delays, resolution),
        sizeUnit,
        delayBySize: delayBySize(sized, edges, sizeUnit, resolution, confidence),
        bySize: mapBySize(sized, edges, sizeUnit, confidence),
        byPosition: mapByPosition(sized, confidence),
        release: releaseOf(counted),
        regimes: regimeNames.flatMap((regime, code): RegimeResult[] => {
          const { windows, seconds, seen } = healthyByRegime[code]!;
          if (!seen) return [];
          const own = counted.filter((event) => event.regime === regime);
          const found = own.flatMap((event) => event.delay ?? []);
          return [{
            regime, threshold: limits[code]!, windows,
            recall: proportion(found.length, own.length, confidence), delay: summarizeDelays(found, resolution),
            falseAlarms: falseAlarmSummary(falseAlarms.filter((alarm) => alarm.regime === regime).length, seconds, null, confidence),
          }];
        }),
        thresholds: swept.result(leakFreeSeconds, resolution, confidence),
        roc: areas.roc,
        falseAlarms: falseAlarmSummary(falseAlarms.length, leakFreeSeconds, healthy > 0 ? inAlarm / healthy : null, confidence),
        falseAlarmsWithoutLeaks: falseAlarmSummary(falseAlarms.filter(({ caseId }) => withoutLeaks.has(caseId)).length, secondsOf(cases.filter(({ caseId }) => withoutLeaks.has(caseId))), null, confidence),
        recoveryAlarms: alarms.filter(({ kind }) => kind === 'recovery').length,
        windows,
        outside: outsideOf(cases, windows.windows),
        withinCaseAuc: within.result(),
      };
    },
  };
}

/** Percentages only where every case with a leak says its flow: two units in one table would not compare. */
function sizeUnitOf(events: readonly { readonly caseId: string }[], flows: ReadonlyMap<string, number | undefined>): '% of flow' | 'kg/s' {
  return events.length > 0 && events.every(({ caseId }) => Math.abs(flows.get(caseId) ?? 0) > 0) ? '% of flow' : 'kg/s';
}

function sizeOf({ peakFlow }: { readonly peakFlow: number }, unit: '% of flow' | 'kg/s', meanFlow: number | undefined): number {
  return unit === 'kg/s' ? Math.abs(peakFlow) : (100 * Math.abs(peakFlow)) / Math.abs(meanFlow!);
}

function countRegimes({ regime, phase, stepSeconds }: ScoredCase, all: readonly { windows: number; seconds: number; seen: boolean }[]): void {
  if (!regime) return;
  for (let i = 0; i < phase.length; i++) {
    if (phase[i] === phaseCode.warmup) continue;
    const one = all[regime[i]!]!;
    one.seen = true;
    one.windows++;
    if (phase[i] === phaseCode.healthy) one.seconds += stepSeconds;
  }
}

function outsideOf(cases: readonly CaseResult[], windows: number): Evaluation['outside'] {
  if (cases.every((one) => one.outside === null)) return null;
  const count = cases.reduce((sum, one) => sum + (one.outside ?? 0), 0);
  return { count, share: ratio(count, windows) };
}

function releaseOf(counted: readonly CaseEvent[]): ReleaseSummary {
  const known = counted.filter((event) => event.released !== undefined);
  const found = known.filter((event) => event.delay !== undefined).map((event) => event.released!).sort((a, b) => a - b);
  return { count: found.length, median: quantile(found, 0.5), p90: quantile(found, 0.9), total: known.length > 0 ? known.reduce((sum, event) => sum + event.released!, 0) : null };
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
