import { describe, expect, it } from 'vitest';
import { evaluate, regimeNames, regimesOf, releasedMass, sweepAround, type RegimeRule } from '../../src/evaluation/index.js';
import { openTally } from '../../src/evaluation/scoreTally.js';
import { averagePrecision, rocAuc } from '../../src/metrics/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { options, sketch } from './scoredCase.js';
import { simulatedScores } from './simulatedScores.js';

describe('openTally', () => {
  const random = createRandom(4);
  const labels = Int32Array.from({ length: 30_000 }, () => (random.uniform() < 0.2 ? 1 : 0));
  const probabilities = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-(random.normal() * 3 + 3 * label))));
  const anything = Float64Array.from(labels, (label) => random.normal() * 50 + 60 * label);

  it.each([['probabilities', probabilities], ['any scores', anything]])('gives the areas of %s, exactly while there are few and closely when they are counted in bins', (_, scores) => {
    const exact = openTally();
    const binned = openTally(1000);
    for (let from = 0; from < scores.length; from += 700) {
      exact.add(scores.subarray(from, from + 700), labels.subarray(from, from + 700));
      binned.add(scores.subarray(from, from + 700), labels.subarray(from, from + 700));
    }
    expect(exact.summary()).toMatchObject({ auc: rocAuc(labels, scores), averagePrecision: averagePrecision(labels, scores), exact: true });
    const { auc, averagePrecision: ap, exact: isExact, roc } = binned.summary();
    expect(isExact).toBe(false);
    expect(Math.abs(auc! - rocAuc(labels, scores))).toBeLessThan(1e-4);
    expect(Math.abs(ap! - averagePrecision(labels, scores))).toBeLessThan(1e-3);
    expect(roc.falsePositiveRate.length).toBeLessThanOrEqual(401);
    expect([roc.falsePositiveRate.at(-1), roc.truePositiveRate.at(-1)]).toEqual([1, 1]);
  });
});

describe('regimesOf', () => {
  const rule: RegimeRule = { shutInPercent: 2, transientPercent: 5, transientSeconds: 10, slackPressure: 1 };
  const time = Float64Array.from({ length: 60 }, (_, i) => i);
  const flow = time.map((t) => (t < 20 ? 100 : t < 40 ? 110 : 0));
  const pressure = time.map((t) => (t === 50 ? 0.5 : 30));
  const names = (f = flow, p = pressure, r = rule) => [...regimesOf({ time, flows: [f], pressures: [p] }, r)].map((code) => regimeNames[code]![0] === 's' ? regimeNames[code]!.slice(0, 2) : 'tr').join(' ');

  it('tells steady from transient, shut-in and slack, by the past alone', () => {
    const seen = names().split(' ');
    expect(seen.slice(0, 20).every((name) => name === 'st')).toBe(true);
    expect(seen.slice(20, 30).every((name) => name === 'tr')).toBe(true);
    expect(seen.slice(31, 40).every((name) => name === 'st')).toBe(true);
    expect(seen[50]).toBe('sl');
    expect(seen.slice(40, 50).every((name) => name === 'sh')).toBe(true);
    expect(names(flow, pressure, { ...rule, slackPressure: null }).split(' ')[50]).toBe('sh');
  });

  it('needs no flow and passes over what is missing', () => {
    const gaps = flow.map((value, i) => (i % 3 === 0 ? NaN : value));
    expect(names(gaps).split(' ')[22]).toBe('tr');
    expect([...regimesOf({ time, flows: [], pressures: [] }, rule)].every((code) => regimeNames[code] === 'steady')).toBe(true);
  });
});

describe('releasedMass', () => {
  it('is the trapezoid of the flow, in between too', () => {
    const released = releasedMass([0, 1, 3, 4], [0, -2, -2, 0], [0, 0.5, 1, 2, 3.5, 9]);
    [0, 0.25, 1, 3, 5.75, 6].forEach((value, i) => expect(released[i]).toBeCloseTo(value, 12));
  });
});

describe('evaluate', () => {
  it('counts by regime, with the thresholds of the regimes, and sweeps thresholds without them', () => {
    const drawn = sketch({ alarm: '.#..####....', leaks: [[45, 85]] });
    const regime = Uint8Array.from(drawn.score, (_, i) => (i < 3 ? 2 : 1));
    const one = evaluate([{ ...drawn, regime }], { ...options, regimeThresholds: { transient: 0.95 }, sweep: sweepAround(0.5) });
    expect(one.falseAlarms.count).toBe(0);
    expect(one.windows.confusion).toEqual({ trueNegative: 8, falsePositive: 0, falseNegative: 0, truePositive: 4 });
    expect(one.regimes.map(({ regime: name, threshold, recall, falseAlarms }) => [name, threshold, recall.count, recall.total, falseAlarms.count])).toEqual([['steady', 0.5, 1, 1, 0], ['transient', 0.95, 0, 0, 0]]);
    expect(one.thresholds.find(({ threshold }) => threshold === 0.5)).toMatchObject({ falseAlarms: 1, recall: { count: 1 } });
    expect(evaluate([{ ...drawn, regime }], options).regimes[1]).toMatchObject({ regime: 'transient', falseAlarms: { count: 1, leakFreeSeconds: 30 } });
  });

  it('maps detection by size, time and place, and the mass that left until the alarm', () => {
    const drawn = sketch({ alarm: '....#.......', leaks: [[41, 80]], meanFlow: 100, peakFlow: 3 });
    // 0.5 kg/s from 41 s on: at 50 s 4.5 kg, at 80 s 19.5 kg
    const released = drawn.time.map((t) => 0.5 * Math.min(39, Math.max(0, t - 41)));
    const leaks = drawn.leaks.map((leak) => ({ ...leak, position: 900 }));
    const result = evaluate([{ ...drawn, released, leaks, lineLength: 1000 }, { ...sketch({ caseId: 'missed', alarm: '............', leaks: [[41, 80]], meanFlow: 100, peakFlow: 3 }) }], options);
    expect(result.events[0]).toMatchObject({ released: 4.5, releasedInAll: 19.5, delay: 9 });
    expect(result.release).toMatchObject({ count: 1, median: 4.5, total: 4.5 });
    expect(result.bySize.within).toEqual([10, 30, 60]);
    expect(result.bySize.rows.map(({ label, within, recall }) => [label, within.map(({ count }) => count), recall.total])).toEqual([['2 to 5 %', [1, 1, 1], 2]]);
    expect(result.byPosition.rows.map(({ label, recall }) => [label, recall.total])).toEqual([['80 to 100 % of the line', 1]]);
  });

  it('says of many cases what it says of them in any order', () => {
    const cases = simulatedScores({ cases: 20, skill: 2, seed: 9 });
    const forward = evaluate(cases, { ...options, threshold: 0.7, sweep: [0.5, 0.8] });
    const backward = evaluate([...cases].reverse(), { ...options, threshold: 0.7, sweep: [0.5, 0.8] });
    for (const key of ['eventRecall', 'falseAlarms', 'delay', 'delayBySize', 'thresholds', 'windows', 'bySize'] as const) expect(backward[key], key).toEqual(forward[key]);
  });
});
