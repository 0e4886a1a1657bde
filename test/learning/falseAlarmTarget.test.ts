import { describe, expect, it } from 'vitest';
import { chooseByFalseAlarms, chooseThreshold } from '../../src/learning/index.js';
import { evaluate, phasesOf, type ScoredCase } from '../../src/evaluation/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { goldenScores } from '../metrics/goldenScores.js';

describe('the threshold of the lowest cost', () => {
  const { labels, scores } = goldenScores();
  const costOf = (threshold: number, miss: number, falseAlarm: number): number =>
    scores.reduce((sum, score, i) => sum + (labels[i] === 1 && score < threshold ? miss : labels[i] === 0 && score >= threshold ? falseAlarm : 0), 0);

  it.each([[1, 1], [10, 1], [1, 10], [3, 2]])('is none better among all scores (%f a miss, %f a false alarm)', (miss, falseAlarm) => {
    const found = chooseThreshold(labels, scores, { strategy: 'cost', costs: { miss, falseAlarm } });
    const all = [...new Set(scores)].map((threshold) => ({ threshold, cost: costOf(threshold, miss, falseAlarm) }));
    const least = Math.min(...all.map(({ cost }) => cost));
    expect(found.cost).toBe(least);
    expect(found.threshold).toBe(Math.max(...all.filter(({ cost }) => cost === least).map(({ threshold }) => threshold)));
  });

  it('moves down as misses get dearer, respects the recall, and says when silence is cheaper', () => {
    const at = (miss: number, minRecall?: number) => chooseThreshold(labels, scores, { strategy: 'cost', costs: { miss, falseAlarm: 1 }, ...(minRecall !== undefined && { minRecall }) });
    expect(at(10).threshold).toBeLessThan(at(0.5).threshold);
    expect(at(0.5, 0.9).recall).toBeGreaterThanOrEqual(0.9);
    expect(chooseThreshold([0, 1], [0.9, 0.1], { strategy: 'cost', costs: { miss: 1, falseAlarm: 5 } }).warning).toContain('no alarm at all (1)');
    expect(() => chooseThreshold(labels, scores, { strategy: 'cost' })).toThrow('needs the costs');
    expect(() => chooseThreshold(labels, scores, { strategy: 'cost', costs: { miss: -1, falseAlarm: 1 } })).toThrow('miss is -1');
  });
});

const day = 86_400;
/** Cases of ten days with a window every other minute, one leak each. Noise seldom exceeds; leaks do. */
function cases(count: number, seed: number): ScoredCase[] {
  return Array.from({ length: count }, (_, c) => {
    const random = createRandom(seed).derive(`${c}`);
    const windows = (10 * day) / 120;
    const time = Float64Array.from({ length: windows }, (_, i) => 120 * (i + 1));
    const leaks = [{ name: 'L', intervals: [{ start: 5 * day, end: 5.1 * day, peakFlow: 1 }] }];
    const phase = phasesOf(time, leaks, { warmupSeconds: 3600, recoverySeconds: 1800 });
    const label = Int32Array.from(phase, (code) => (code === 2 ? 1 : 0));
    let level = 0;
    const score = Float64Array.from(time, (_, i) => (level = 0.7 * level + random.normal()) + 6 * label[i]!);
    return { caseId: `${c}`, group: `${c}`, time, score, label, phase, leaks, stepSeconds: 120 };
  });
}
const rules = { persistence: 3, holdOffSeconds: 600, graceSeconds: 300 };

describe('the threshold of a target of false alarms', () => {
  const some = cases(6, 1);

  it('keeps to the target by the rules of the evaluation, and is the lowest to do so', () => {
    const found = chooseByFalseAlarms(some, { ...rules, perMonth: 5 });
    expect(found.leakFreeHours / 24).toBeCloseTo(59.03, 2);
    expect(found.allowed).toBe(9);
    const evaluated = evaluate(some, { ...rules, threshold: found.threshold });
    expect(evaluated.falseAlarms.count).toBe(found.falseAlarms);
    expect(found.falseAlarms).toBeLessThanOrEqual(9);
    expect(found.warning).toBeUndefined();
    expect([found.detected, found.events]).toEqual([6, 6]);
    const lower = Math.max(...some.flatMap(({ score }) => [...score].filter((value) => value < found.threshold)));
    expect(evaluate(some, { ...rules, threshold: lower }).falseAlarms.count).toBeGreaterThan(9);
  });

  it('does not take the alarm that never ends for a low rate', () => {
    expect(evaluate(some, { ...rules, threshold: -100 }).falseAlarms.count).toBeLessThanOrEqual(6);
    expect(chooseByFalseAlarms(some, { ...rules, perMonth: 5 }).threshold).toBeGreaterThan(0);
  });

  it('allows more alarms at a lower threshold', () => {
    const thresholds = [0.5, 5, 20].map((perMonth) => chooseByFalseAlarms(some, { ...rules, perMonth }).threshold);
    expect(thresholds[0]).toBeGreaterThan(thresholds[1]!);
    expect(thresholds[1]).toBeGreaterThan(thresholds[2]!);
  });

  it('says when the leak-free time is too short', () => {
    const found = chooseByFalseAlarms(cases(1, 3), { ...rules, perMonth: 1 });
    expect(found).toMatchObject({ allowed: 0, falseAlarms: 0 });
    expect(found.warning).toMatch(/^23\d leak-free hours are too few for a target of 1 per month \(720 leak-free hours would allow one alarm\).*9\.\d\d per month/);
  });

  it('refuses cases without leak-free time or scores', () => {
    const [one] = cases(1, 1);
    expect(() => chooseByFalseAlarms([{ ...one!, phase: one!.phase.map(() => 0) }], { ...rules, perMonth: 1 })).toThrow('no leak-free time');
    expect(() => chooseByFalseAlarms([{ ...one!, score: one!.score.map(() => NaN) }], { ...rules, perMonth: 1 })).toThrow('no window has a score');
    expect(() => chooseByFalseAlarms([one!], { ...rules, perMonth: -1 })).toThrow('0 or more');
  });
});
