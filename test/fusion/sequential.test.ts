import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { cusum, cusumRunLength, cusumThreshold, fitAutoregression, sprt, sprtBoundsForRate, waldBounds, waldSamples, walkEnd, whiten } from '../../src/fusion/index.js';
import { thrown } from '../thrown.js';

const day = 86_400;
const month = 30 * day;

/** How often a statistic rises above its bound: an excursion is one alarm. */
function risingEdges(statistic: Float64Array, bound: number): number {
  let edges = 0;
  for (let i = 1; i < statistic.length; i++) if (statistic[i]! >= bound && !(statistic[i - 1]! >= bound)) edges++;
  return edges;
}

function noise(n: number, phi: number, seed: number): Float64Array {
  const random = createRandom(seed);
  const x = new Float64Array(n);
  const drive = Math.sqrt(1 - phi * phi);
  for (let i = 0; i < n; i++) x[i] = (i > 0 ? phi * x[i - 1]! : 0) + (i > 0 ? drive : 1) * random.normal();
  return x;
}

describe('the sequential probability ratio test', () => {
  test('has the bounds and the sample number of Wald', () => {
    const { upper, lower } = waldBounds(0.001, 0.05);
    expect(upper).toBeCloseTo(6.856461984594587, 12);
    expect(lower).toBeCloseTo(-2.9947317732204075, 12);
    expect(waldSamples(0.001, 0.05, 1)).toBeCloseTo(12.727804593407674, 10);
  });

  test('errs no more often per test than alpha says', () => {
    const { upper, lower } = waldBounds(0.001, 0.05);
    const { above, samples } = walkEnd({ upper, lower, mean: -0.5, deviation: 1, below: 'stop' });
    expect(above).toBeLessThan(0.001);
    expect(samples).toBeGreaterThan(waldSamples(0.05, 0.001, 1));
  });

  // Alpha 0.001 per test would give some 197 alarms a month at one sample per second.
  test.each([[0, 'independent'], [0.9, 'autocorrelated']])('gives the false alarms asked for on noise of phi %f (%s)', (phi) => {
    const perMonth = 120;
    const [months, interval] = [2, 1];
    const x = noise((months * month) / interval, phi, 11);
    const healthy = fitAutoregression([x.subarray(0, 200_000)]);
    const z = whiten(x, healthy);
    const bounds = sprtBoundsForRate((perMonth * interval) / month, 1, 0.05);
    const alarms = risingEdges(sprt(z, 1, bounds), bounds.upper);
    // 240 are expected; 4 standard deviations of a Poisson count.
    expect(Math.abs(alarms - perMonth * months)).toBeLessThan(4 * Math.sqrt(perMonth * months));
  });

  test('finds a shift soon and holds its alarm while the shift lasts', () => {
    const x = noise(2000, 0, 3);
    for (let i = 1000; i < 1500; i++) x[i]! += 1.5;
    const bounds = sprtBoundsForRate(1 / month, 1, 0.05);
    const statistic = sprt(x, 1, bounds);
    const on = statistic.findIndex((value) => value >= bounds.upper);
    expect(on).toBeGreaterThanOrEqual(1000);
    expect(on).toBeLessThan(1040);
    expect(statistic.subarray(1100, 1500).filter((value) => value < bounds.upper)).toHaveLength(0);
    expect(statistic[1600]).toBeLessThan(bounds.upper);
  });

  test('refuses rates that no bounds give', () => {
    expect(thrown(() => sprtBoundsForRate(0, 1, 0.05)).code).toBe('fusion/invalid');
    expect(thrown(() => sprtBoundsForRate(0.5, 1, 0.05)).code).toBe('fusion/invalid');
    expect(thrown(() => sprtBoundsForRate(0.01, -1, 0.05)).code).toBe('fusion/invalid');
  });
});

describe('the cumulative sum', () => {
  test('adds what lies above the reference value and never falls below 0', () => {
    const out = cusum(Float64Array.of(0.2, -0.1, 0.4, 1.2, 0.9, 1.5, 1.1, 1.3), 0.5);
    [0, 0, 0, 0.7, 1.1, 2.1, 2.7, 3.5].forEach((value, i) => expect(out[i]).toBeCloseTo(value, 12));
  });

  // Published run lengths of the one-sided chart with k = 0.5 (Montgomery, Introduction to Statistical Quality Control, table 9.3 gives two-sided halves).
  test('has the run lengths of the literature', () => {
    expect(cusumRunLength(4, 0.5)).toBeCloseTo(335.4, 0);
    expect(cusumRunLength(5, 0.5)).toBeCloseTo(930.9, 0);
    expect(cusumRunLength(4, 0.5, 1)).toBeCloseTo(8.34, 1);
    expect(cusumThreshold(930.9, 0.5)).toBeCloseTo(5, 3);
  });

  test.each([0, 0.9])('gives the false alarms asked for on noise of phi %f', (phi) => {
    const perMonth = 120;
    const x = noise(2 * month, phi, 12);
    const z = whiten(x, fitAutoregression([x.subarray(0, 200_000)]));
    const h = cusumThreshold(month / perMonth, 0.5);
    // A chart that has alarmed starts again: the run length counts from 0.
    let [sum, alarms] = [0, 0];
    for (const value of z) {
      sum = Math.max(0, sum + value - 0.5);
      if (sum < h) continue;
      alarms++;
      sum = 0;
    }
    expect(Math.abs(alarms - 2 * perMonth)).toBeLessThan(4 * Math.sqrt(2 * perMonth));
  });
});

describe('whitening', () => {
  test('makes autocorrelated noise independent, of deviation 1', () => {
    const x = noise(100_000, 0.9, 5).map((value) => 3 + 2 * value);
    const model = fitAutoregression([x]);
    expect(model.phi).toBeCloseTo(0.9, 2);
    expect(model.mean).toBeCloseTo(3, 0);
    const z = whiten(x, model);
    let [square, product] = [0, 0];
    for (let i = 1; i < z.length; i++) {
      square += z[i]! ** 2;
      product += z[i]! * z[i - 1]!;
    }
    expect(square / z.length).toBeCloseTo(1, 2);
    expect(product / square).toBeCloseTo(0, 2);
  });

  test('starts anew after a gap', () => {
    const z = whiten(Float64Array.of(1, 2, NaN, 4), { mean: 0, phi: 0.5, deviation: 1 });
    [Math.sqrt(0.75), 1.5, NaN, 4 * Math.sqrt(0.75)].forEach((value, i) => (i === 2 ? expect(z[i]).toBeNaN() : expect(z[i]).toBeCloseTo(value, 12)));
    expect(thrown(() => fitAutoregression([new Float64Array(100).fill(2)])).code).toBe('fusion/invalid');
  });
});
