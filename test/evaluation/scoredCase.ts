import { phasesOf, type LeakInterval, type MatchOptions, type ScoredCase } from '../../src/evaluation/index.js';

export const options: MatchOptions = { threshold: 0.5, persistence: 1, holdOffSeconds: 0, graceSeconds: 0 };

interface Sketch {
  /** One character per window: `#` exceeds, `.` does not, `?` has no score. */
  readonly alarm: string;
  readonly leaks?: readonly (readonly [start: number, end: number])[];
  readonly warmup?: number;
  readonly recovery?: number;
  readonly step?: number;
  readonly caseId?: string;
  readonly meanFlow?: number;
  readonly peakFlow?: number;
}

/** A case drawn as text: window i ends at (i + 1) x step seconds, by default 10 s. Each interval is a leak of its own. */
export function sketch({ alarm, leaks = [], warmup = 0, recovery = 0, step = 10, caseId = 'case', meanFlow, peakFlow = 2 }: Sketch): ScoredCase {
  const intervals = leaks.map(([start, end]): LeakInterval => ({ start, end, peakFlow }));
  const time = Float64Array.from(alarm, (_, i) => (i + 1) * step);
  const caseLeaks = intervals.map((interval, i) => ({ name: `L${i + 1}`, intervals: [interval] }));
  return {
    caseId,
    group: caseId,
    time,
    score: Float64Array.from(alarm, (mark) => (mark === '#' ? 0.9 : mark === '?' ? NaN : 0.1)),
    label: Int32Array.from(time, (t) => (intervals.some(({ start, end }) => t >= start && t <= end) ? 1 : 0)),
    phase: phasesOf(time, caseLeaks, { warmupSeconds: warmup, recoverySeconds: recovery }),
    leaks: caseLeaks,
    stepSeconds: step,
    ...(meanFlow === undefined ? {} : { meanFlow }),
  };
}
