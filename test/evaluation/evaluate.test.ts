import { describe, expect, it } from 'vitest';
import { compareDetectors, evaluate, leakFreeSeconds, phaseCode, phasesOf, sizeReversals, type ScoredCase } from '../../src/evaluation/index.js';
import { options, sketch } from './scoredCase.js';

describe('phasesOf', () => {
  it('goes by the last row: warm-up first, a leak before a recovery', () => {
    const time = Float64Array.from({ length: 12 }, (_, i) => (i + 1) * 10);
    const leak = (start: number, end: number) => ({ start, end, peakFlow: 1 });
    const leaks = [{ name: 'a', intervals: [leak(45, 60), leak(75, 90)] }];
    const names = [...phasesOf(time, leaks, { warmupSeconds: 30, recoverySeconds: 20 })].map((code) => 'whlr'[code]).join('');
    expect(names).toBe('wwhhllrllrrh');
    const moved = phasesOf(time.map((t) => t + 1e4), [{ name: 'a', intervals: [leak(10_045, 10_060), leak(10_075, 10_090)] }], { warmupSeconds: 30, recoverySeconds: 20, startSeconds: 1e4 });
    expect([...moved].map((code) => 'whlr'[code]).join('')).toBe(names);
  });
});

describe('leakFreeSeconds', () => {
  it('leaves out warm-up, leaks and recovery', () => {
    expect(leakFreeSeconds(sketch({ alarm: '............', warmup: 30, leaks: [[45, 60]], recovery: 20 }))).toBe((12 - 2 - 2 - 2) * 10);
  });
});

describe('evaluate', () => {
  const found = sketch({ caseId: 'found', alarm: '....###.....', leaks: [[41, 80]], meanFlow: 100, peakFlow: 3 });
  const missed = sketch({ caseId: 'missed', alarm: '.#..........', leaks: [[41, 80]], meanFlow: 100, peakFlow: 0.7 });
  const free = sketch({ caseId: 'free', alarm: '..#....#....' });

  it('gives every event, its recall with the Wilson interval, and delays with their resolution', () => {
    const evaluation = evaluate([found, missed, free], options);
    expect(evaluation.events.map(({ caseId, outcome, delay }) => [caseId, outcome, delay])).toEqual([['found', 'detected', 9], ['missed', 'missed', undefined]]);
    expect(evaluation.eventRecall).toMatchObject({ count: 1, total: 2, value: 0.5 });
    // Wilson for 1 of 2 at z = 1.959964
    expect(evaluation.eventRecall.lower).toBeCloseTo(0.0945312, 6);
    expect(evaluation.eventRecall.upper).toBeCloseTo(0.9054688, 6);
    expect(evaluation.delay).toEqual({ count: 1, median: 9, p90: 9, max: 9, resolution: 10 });
  });

  it('counts the scored windows outside the range of the training, and lets them change nothing else', () => {
    const drawn = sketch({ caseId: 'outside', alarm: '##?.###.....', leaks: [[41, 80]], warmup: 15, recovery: 10 });
    const outside = Uint8Array.from([1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1]);
    // Left out: the first window (warm-up), the third (no score), the ninth (recovery).
    const known = evaluate([{ ...drawn, outside }, { ...free, outside: new Uint8Array(12) }], options);
    expect([known.outside, known.windows.windows, known.cases.map((one) => one.outside)]).toEqual([{ count: 3, share: 3 / 21 }, 21, [3, 0]]);
    const unknown = evaluate([drawn, free], options);
    expect(unknown.outside).toBeNull();
    const without = ({ cases, ...rest }: typeof known) => ({ ...rest, outside: null, cases: cases.map((one) => ({ ...one, outside: null })) });
    expect(without(known)).toEqual(unknown);
  });

  it('bins events by their share of the flow, or by kg/s where a leaking case has no flow', () => {
    const byShare = evaluate([found, missed, free], options);
    expect(byShare.delayBySize.map(({ label, recall }) => [label, recall.count, recall.total])).toEqual([['0.5 to 1 %', 0, 1], ['2 to 5 %', 1, 1]]);
    const { meanFlow: _, ...unknown } = missed;
    const byFlow = evaluate([found, unknown, free], options);
    expect(byFlow.delayBySize.map(({ label, recall }) => [label, recall.count, recall.total])).toEqual([['0.5 to 1 kg/s', 0, 1], ['2 or more kg/s', 1, 1]]);
    expect(evaluate([found, missed], { ...options, sizeEdges: [1] }).delayBySize.map(({ label }) => label)).toEqual(['0 to 1 %', '1 or more %']);
  });

  it('counts false alarms in leak-free time only and refuses a monthly rate from little of it', () => {
    const { falseAlarms, alarms } = evaluate([found, missed, free], options);
    expect(falseAlarms).toMatchObject({ count: 3, leakFreeSeconds: 280, monthly: null });
    expect(falseAlarms.statement).toMatch(/^3 false alarms in 0\.078 leak-free hours .*0\.62 to 8\.77.*No monthly rate: it takes 30 leak-free days/);
    expect(falseAlarms.timeInAlarm).toBeCloseTo(3 / 28, 12);
    expect(alarms.filter(({ kind }) => kind === 'detection').map(({ event }) => event)).toEqual([0]);
  });

  it('counts those of cases without any leak apart, where every noise is there once', () => {
    const { falseAlarmsWithoutLeaks } = evaluate([found, missed, free], options);
    expect(falseAlarmsWithoutLeaks).toMatchObject({ count: 2, leakFreeSeconds: 120, monthly: null });
    const leakOutOfSight = sketch({ caseId: 'early', alarm: '#...........', leaks: [[5, 15]], warmup: 40 });
    expect(evaluate([leakOutOfSight, free], options).falseAlarmsWithoutLeaks).toMatchObject({ count: 2, leakFreeSeconds: 120 });
  });

  it('allows 3.0 false alarms per month after 30 days without one', () => {
    const days = sketch({ caseId: 'month', alarm: '.'.repeat(720), step: 3600 });
    const { falseAlarms } = evaluate([days], options);
    expect(falseAlarms.monthly!.rate).toBe(0);
    expect(falseAlarms.monthly!.upperOneSided).toBeCloseTo(2.9957, 4);
    expect(falseAlarms.monthly!.upper).toBeCloseTo(3.6889, 4);
    expect(evaluate([sketch({ caseId: 'less', alarm: '.'.repeat(719), step: 3600 })], options).falseAlarms.monthly).toBeNull();
  });

  it('shows an alarm that is raised once and never falls by its time in alarm', () => {
    const stuck = evaluate([sketch({ alarm: '#'.repeat(100) })], options).falseAlarms;
    expect(stuck).toMatchObject({ count: 1, timeInAlarm: 1 });
  });

  it('takes window metrics over scored windows alone', () => {
    const drawn = sketch({ alarm: '##..?###.##.', leaks: [[55, 85]], warmup: 25, recovery: 20 });
    // warm-up 10, 20; healthy 30, 40, (50 without score), 110, 120; leak 60 70 80; recovery 90, 100
    const { windows, cases } = evaluate([drawn], options);
    expect(windows).toMatchObject({ windows: 7, positives: 3, missingScores: 1, confusion: { trueNegative: 3, falsePositive: 1, falseNegative: 0, truePositive: 3 }, precision: 0.75, recall: 1 });
    expect(windows.auc).toBeCloseTo((3 * 3 + 3 * 0.5) / 12, 12);
    expect(cases[0]).toMatchObject({ phaseCounts: { warmup: 2, healthy: 5, leak: 3, recovery: 2 }, leakFreeSeconds: 50 });
  });

  it('has no number where nothing can be divided, and none that JSON loses', () => {
    for (const cases of [[], [free], [sketch({ caseId: 'empty', alarm: '' })]] satisfies ScoredCase[][]) {
      const evaluation = evaluate(cases, options);
      expect(evaluation.eventRecall).toEqual({ count: 0, total: 0, value: null, lower: 0, upper: 1 });
      expect(evaluation.windows.recall).toBeNull();
      expect(evaluation.windows.auc).toBeNull();
      expect(JSON.parse(JSON.stringify(evaluation))).toEqual(withoutUndefined(evaluation));
    }
  });

  it('does not count a false alarm for a case without leaks as a missed twin', () => {
    const twin = { ...found, caseId: 'twin', leaks: [], label: new Int32Array(12), phase: new Uint8Array(12).fill(phaseCode.healthy) };
    expect(evaluate([twin], options)).toMatchObject({ eventRecall: { total: 0 }, falseAlarms: { count: 1 } });
  });

  it('refuses a case given twice and options that mean nothing', () => {
    expect(() => evaluate([found, found], options)).toThrow(/case found is given twice/);
    expect(() => evaluate([found], { ...options, confidence: 1 })).toThrow(/confidence is 1/);
    expect(() => evaluate([found], { ...options, sizeEdges: [NaN] })).toThrow(/size edges/);
  });
});

describe('compareDetectors', () => {
  const leaks = [[41, 80]] as const;
  const skilled = [sketch({ alarm: '....####....', leaks }), sketch({ caseId: 'two', alarm: '....####....', leaks })];
  const blind = [sketch({ alarm: '.#....#..#..', leaks }), sketch({ caseId: 'two', alarm: '#....#......', leaks })];

  it('warns that a clock finds the leaks as well', () => {
    const { scheduleShared, warnings, rows } = compareDetectors({ model: { cases: skilled, options }, clock_only: { cases: skilled, options } });
    expect(scheduleShared).toBe(true);
    expect(warnings).toContain('schedule shared by train and test: not evidence of skill');
    expect(rows.map(({ detector, auc }) => [detector, auc])).toEqual([['model', 1], ['clock_only', 1]]);
  });

  it('warns that a plain imbalance does as well, and says nothing where the model is better', () => {
    const clock_only = { cases: blind, options };
    expect(compareDetectors({ model: { cases: skilled, options }, clock_only, imbalance: { cases: skilled, options } }).warnings).toEqual([
      'imbalance does as well as model: nothing here shows what the model adds',
    ]);
    expect(compareDetectors({ model: { cases: skilled, options }, clock_only, imbalance: { cases: blind, options } }).warnings).toEqual([]);
  });

  it('says when there is no clock to compare with, and refuses other cases', () => {
    expect(compareDetectors({ model: { cases: skilled, options } })).toMatchObject({ scheduleShared: null, warnings: [expect.stringMatching(/no clock-only baseline/)] });
    expect(() => compareDetectors({ model: { cases: skilled, options }, clock_only: { cases: skilled.slice(1), options } })).toThrow(/same cases/);
  });
});

function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== undefined).map(([key, inner]) => [key, withoutUndefined(inner)]));
}

describe('sizeReversals', () => {
  const row = (label: string, found: readonly [number, number], atAll: readonly [number, number]) => ({
    label, lower: 0, upper: null, within: [{ count: 0, total: 0, value: null, lower: found[0], upper: found[1] }], recall: { count: 0, total: 0, value: null, lower: atAll[0], upper: atAll[1] },
  });

  it('names a larger size that lies below a smaller one by more than both intervals, and nothing else', () => {
    const rows = [row('small', [0.2, 0.4], [0.5, 0.7]), row('middle', [0.4, 0.6], [0.3, 0.5]), row('large', [0.1, 0.19], [0.9, 1])];
    expect(sizeReversals({ within: [60], rows })).toEqual([
      { smaller: 'small', larger: 'large', within: 60, lowerOfSmaller: 0.2, upperOfLarger: 0.19 },
      { smaller: 'middle', larger: 'large', within: 60, lowerOfSmaller: 0.4, upperOfLarger: 0.19 },
    ]);
    expect(sizeReversals({ within: [60], rows: [row('small', [0, 0.1], [0.51, 0.7]), row('large', [0, 0.1], [0.3, 0.5])] })).toMatchObject([{ within: null }]);
    expect(sizeReversals({ within: [60], rows: rows.slice(0, 2) })).toEqual([]);
  });
});
