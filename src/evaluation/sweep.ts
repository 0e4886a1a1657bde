import { matchChecked } from '../metrics/index.js';
import { proportion } from './proportion.js';
import { summarizeDelays } from './summaries.js';
import type { MatchOptions, ScoredCase, ThresholdPoint } from './types.js';
import { confusionOf, ratio } from './windowMetrics.js';

interface Counts {
  events: number;
  falseAlarms: number;
  readonly delays: number[];
  readonly windows: [trueNegative: number, falsePositive: number, falseNegative: number, truePositive: number];
}

/** Counts cases at several thresholds; all other rules are those of `options`. */
export function openSweep(thresholds: readonly number[], { offThreshold, persistence, holdOffSeconds, graceSeconds }: MatchOptions) {
  const all = thresholds.map((): Counts => ({ events: 0, falseAlarms: 0, delays: [], windows: [0, 0, 0, 0] }));
  return {
    add(scored: ScoredCase): void {
      thresholds.forEach((threshold, t) => {
        const { events, alarms } = matchChecked(scored, { threshold, offThreshold, persistence, holdOffSeconds, graceSeconds });
        const counts = all[t]!;
        for (const event of events) {
          if (event.outcome === 'excluded') continue;
          counts.events++;
          if (event.delay !== undefined) counts.delays.push(event.delay);
        }
        for (const alarm of alarms) if (alarm.kind === 'false') counts.falseAlarms++;
        const { trueNegative, falsePositive, falseNegative, truePositive } = confusionOf(scored, { threshold });
        [trueNegative, falsePositive, falseNegative, truePositive].forEach((count, i) => (counts.windows[i]! += count));
      });
    },
    result(leakFreeSeconds: number, resolution: number, confidence: number): ThresholdPoint[] {
      return thresholds.map((threshold, t) => {
        const { events, falseAlarms, delays, windows: [trueNegative, falsePositive, falseNegative, truePositive] } = all[t]!;
        return {
          threshold, falseAlarms,
          recall: proportion(delays.length, events, confidence),
          delay: summarizeDelays(delays, resolution),
          falseAlarmsPerHour: ratio(falseAlarms, leakFreeSeconds / 3600),
          truePositiveRate: ratio(truePositive, truePositive + falseNegative),
          falsePositiveRate: ratio(falsePositive, falsePositive + trueNegative),
        };
      });
    },
  };
}

const probabilities = [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995];
const multiples = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.1, 1.25, 1.5, 2, 3, 5, 10];

/** Thresholds worth looking at beside a detector's own: fixed ones for probabilities, multiples of it otherwise. Ascending. */
export function sweepAround(threshold: number): number[] {
  const others = threshold > 0 && threshold <= 1 ? probabilities : multiples.map((factor) => factor * threshold);
  return [...new Set([...others, threshold])].sort((a, b) => a - b);
}
