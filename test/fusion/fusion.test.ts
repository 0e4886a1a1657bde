import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { rocAuc } from '../../src/metrics/index.js';
import {
  balanceResidual, combineBeliefs, decide, deviation, fitBalance, fitStackedScore, hazardFilter, independentPosterior, logRatios, pairedBootstrap,
} from '../../src/fusion/index.js';
import { thrown } from '../thrown.js';

describe('combining detectors', () => {
  test('that err independently multiplies their likelihood ratios', () => {
    const rates = [{ truePositive: 0.9, falsePositive: 0.01 }, { truePositive: 0.8, falsePositive: 0.05 }, { truePositive: 0.7, falsePositive: 0.1 }];
    const of = (...alarms: number[]): number => independentPosterior(0.001, rates, alarms.map(Boolean));
    expect(of(1, 1, 1)).toBeCloseTo(0.9098294069861901, 12);
    expect(of(1, 1, 0)).toBeCloseTo(0.3245436105476674, 12);
    expect(of(1, 0, 0)).toBeCloseTo(0.006282393591958536, 12);
    expect(of(0, 0, 0)).toBeCloseTo(7.095473318625599e-6, 15);
    expect(of(0, 1, 1)).toBeCloseTo(0.011197648493816294, 12);
  });

  test('by Dempster\'s rule leaves open what both leave open', () => {
    const { conflict, leak, none, unknown } = combineBeliefs({ leak: 0.7, none: 0.1, unknown: 0.2 }, { leak: 0.6, none: 0.2, unknown: 0.2 });
    [[conflict, 0.2], [leak, 0.85], [none, 0.1], [unknown, 0.05]].forEach(([found, expected]) => expect(found).toBeCloseTo(expected!, 12));
  });
});

describe('the hazard filter', () => {
  test('follows the forward recursion', () => {
    const out = hazardFilter(new Float64Array(6).fill(Math.log(90)), { onsetHazard: 1e-4 });
    [0.00900900909740362, 0.4527338701439622, 0.9867497469497172, 0.9998508353758124, 0.9999983425365618, 0.999999981585551]
      .forEach((value, i) => expect(out[i]).toBeCloseTo(value, 12));
  });

  test('comes back from certainty, and takes a missing score for no evidence', () => {
    const certain = [...new Array<number>(200).fill(10), NaN, ...new Array<number>(200).fill(-10)];
    const out = hazardFilter(Float64Array.from(certain), { onsetHazard: 1e-4, endHazard: 1e-3 });
    expect(out[199]).toBeGreaterThan(0.999);
    expect(out[200]).toBeGreaterThan(0.99);
    expect(out.at(-1)).toBeLessThan(1e-6);
    expect(thrown(() => hazardFilter(Float64Array.of(1), { onsetHazard: 1 })).code).toBe('fusion/invalid');
  });
});

describe('the stacked score', () => {
  const random = createRandom(4);
  const n = 6000;
  const labels = Int32Array.from({ length: n }, (_, i) => (i % 5 === 0 ? 1 : 0));
  const common = Float64Array.from(labels, (label) => label + random.normal());
  const [first, second, third] = [0.3, 0.3, 2].map((spread) => common.map((value, i) => (spread === 2 ? labels[i]! + random.normal() : value + spread * random.normal())));

  test('does not count the same evidence twice', () => {
    const fitted = fitStackedScore([first!, second!, third!], labels);
    const ratios = logRatios(fitted, [first!, second!, third!], 20);
    // The true log ratio of N(1, s^2) against N(0, s^2) is (x - 1/2) / s^2; the two noisy copies together are worth their mean.
    const truth = first!.map((value, i) => ((value + second![i]!) / 2 - 0.5) / (1 + 0.045) + (third![i]! - 0.5));
    let worst = 0;
    for (let i = 0; i < n; i++) worst = Math.max(worst, Math.abs(ratios[i]! - truth[i]!));
    expect(worst).toBeLessThan(1);
    expect(rocAuc(labels, ratios)).toBeGreaterThan(Math.max(rocAuc(labels, first!), rocAuc(labels, third!)));
  });

  test('is the most likely score also where rare leaks stand out far and some healthy windows further', () => {
    const rows = 6000;
    const draw = createRandom(11);
    const rare = Int32Array.from({ length: rows }, (_, i) => (i % 40 === 0 ? 1 : 0));
    const clear = Float64Array.from(rare, (leak) => -6 + 0.5 * draw.normal() + (leak && draw.uniform() < 0.8 ? 3 : 0));
    const bursts = Float64Array.from(rare, (leak) => (leak ? 3 + 5 * draw.uniform() : draw.uniform() < 0.01 ? 60 * draw.uniform() : draw.normal()));
    const { intercept, weights, means, deviations } = fitStackedScore([clear, bursts], rare);
    // At the top the derivative of the likelihood is zero: errors have nothing left in common with an input.
    const slopes = [0, 0, 0];
    for (let i = 0; i < rows; i++) {
      const at = [1, (clear[i]! - means[0]!) / deviations[0]!, (bursts[i]! - means[1]!) / deviations[1]!];
      const error = rare[i]! - 1 / (1 + Math.exp(-(intercept * at[0]! + weights[0]! * at[1]! + weights[1]! * at[2]!)));
      for (let j = 0; j < 3; j++) slopes[j]! += error * at[j]!;
    }
    // The ridge takes its share of the weights.
    expect(Math.abs(slopes[0]!)).toBeLessThan(1e-4 * rows);
    for (const j of [1, 2]) expect(Math.abs(slopes[j]! - 1e-3 * rows * weights[j - 1]!)).toBeLessThan(1e-4 * rows);
  });

  test('holds its ratios within the limit, and knows nothing where no detector does', () => {
    const fitted = fitStackedScore([first!, second!], labels);
    expect([...logRatios(fitted, [Float64Array.of(1e6, -1e6, NaN), Float64Array.of(0, 0, NaN)], 5)]).toEqual([5, -5, NaN]);
    expect(thrown(() => fitStackedScore([first!], new Int32Array(n))).code).toBe('fusion/invalid');
  });
});

describe('the decision', () => {
  test('goes on after persistence and off below the lower bound', () => {
    const p = Float64Array.of(0.95, 0.2, 0.95, 0.96, 0.7, NaN, 0.6, 0.4, 0.8);
    expect([...decide(p, { on: 0.9, off: 0.5, persistence: 2 })]).toEqual([0, 0, 0, 1, 1, 1, 1, 0, 0]);
  });
});

describe('the balance', () => {
  const n = 600;
  const pressure = Float64Array.from({ length: n }, (_, i) => 2e6 + 1e5 * Math.sin(i / 40));
  const interval = 2;
  const capacity = 3e-4;
  const signals = (leak: number) => ({
    interval, pressures: [pressure], outflow: new Float64Array(n).fill(100),
    inflow: Float64Array.from(pressure, (p, i) => 100.5 + (i > 400 ? leak : 0) + (i > 0 ? (capacity * (p - pressure[i - 1]!)) / interval : 0)),
  });

  test('takes out what the line packs, so that a leak shows as its flow', () => {
    const model = fitBalance([{ signals: signals(0), healthy: new Uint8Array(n).fill(1) }], 5);
    expect(model.bias).toBeCloseTo(0.5, 6);
    expect(model.capacities[0]).toBeCloseTo(capacity, 9);
    const residual = balanceResidual(signals(4), model, 5);
    expect(residual[300]).toBeCloseTo(0, 6);
    expect(residual[500]).toBeCloseTo(4, 6);
    expect(residual[2]).toBeNaN();
  });
});

describe('the deviation', () => {
  test('is the fall in spreads of what was before, whatever the level', () => {
    const random = createRandom(9);
    const x = Float64Array.from({ length: 400 }, (_, i) => 5e6 + 100 * random.normal() - (i >= 300 ? 1000 : 0));
    const out = deviation(x, 5, 60);
    expect(out.subarray(0, 64).every(Number.isNaN)).toBe(true);
    expect(Math.abs(out[200]!)).toBeLessThan(3);
    expect(out[304]).toBeLessThan(-7);
    expect(out[304]).toBeGreaterThan(-13);
    // No row of the future counts.
    expect([...deviation(x.subarray(0, 250), 5, 60)]).toEqual([...out.subarray(0, 250)]);
  });
});

describe('the paired bootstrap', () => {
  test('keeps the two detectors of a case together', () => {
    const a = Float64Array.from({ length: 200 }, (_, i) => (i % 10 === 0 ? 30 : 0));
    const same = pairedBootstrap(a, a);
    expect(same).toEqual({ difference: 0, lower: 0, upper: 0 });
    const worse = pairedBootstrap(a.map((value) => value + 1), a);
    expect(worse).toEqual({ difference: 200, lower: 200, upper: 200 });
    const half = pairedBootstrap(Float64Array.from({ length: 400 }, (_, i) => i % 2), new Float64Array(400));
    // A sum of 400 coins: standard deviation 10, so that 1.645 of them is 16.4.
    expect(half.lower).toBeGreaterThan(200 - 20);
    expect(half.lower).toBeLessThan(200 - 13);
    expect(pairedBootstrap(a, a.map(() => 1), { seed: 2 })).toEqual(pairedBootstrap(a, a.map(() => 1), { seed: 2 }));
  });
});
