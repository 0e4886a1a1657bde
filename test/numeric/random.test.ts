import { describe, expect, test } from 'vitest';
import { createRandom, lcg } from '../../src/numeric/random.js';

function moments(values: readonly number[]): { mean: number; variance: number; skew: number; kurtosis: number } {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const power = (p: number): number => values.reduce((sum, x) => sum + (x - mean) ** p, 0) / n;
  const variance = power(2);
  return { mean, variance, skew: power(3) / variance ** 1.5, kurtosis: power(4) / variance ** 2 - 3 };
}

describe('random', () => {
  test('the same seed gives the same numbers, another seed others', () => {
    const draw = (seed: number | string): number[] => Array.from({ length: 8 }, createRandom(seed).bits);
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    // frozen: a change here changes every simulated campaign
    expect(draw('penstock')).toMatchInlineSnapshot(`
      [
        496991016,
        2058545700,
        3809706256,
        2400441467,
        1028687684,
        2352755286,
        1300552299,
        383693905,
      ]
    `);
  });

  test('derived streams depend on seed and name alone', () => {
    const a = createRandom(1), b = createRandom(1);
    b.uniform();
    b.normal();
    expect(b.derive('x').bits()).toBe(a.derive('x').bits());
    expect(a.derive('x').bits()).not.toBe(a.derive('y').bits());
    expect(createRandom(2).derive('x').bits()).not.toBe(a.derive('x').bits());
  });

  test('uniform fills 20 bins evenly and is uncorrelated from draw to draw', () => {
    const random = createRandom(3);
    const values = Array.from({ length: 100_000 }, () => random.uniform());
    const bins = new Array<number>(20).fill(0);
    for (const u of values) bins[Math.floor(u * 20)]!++;
    const chiSquare = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    // 19 degrees of freedom: 99.99 % lie below 50.8
    expect(chiSquare).toBeLessThan(50.8);
    let lagged = 0;
    for (let i = 1; i < values.length; i++) lagged += (values[i - 1]! - 0.5) * (values[i]! - 0.5);
    expect(Math.abs(lagged / values.length * 12)).toBeLessThan(0.013);
  });

  test('normal has the moments of a normal', () => {
    const random = createRandom(4);
    const n = 100_000;
    const { mean, variance, skew, kurtosis } = moments(Array.from({ length: n }, () => random.normal(10, 2)));
    expect(Math.abs(mean - 10)).toBeLessThan(4 * 2 / Math.sqrt(n));
    expect(Math.abs(variance / 4 - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
    expect(Math.abs(skew)).toBeLessThan(4 * Math.sqrt(6 / n));
    expect(Math.abs(kurtosis)).toBeLessThan(4 * Math.sqrt(24 / n));
  });

  test('integer reaches both ends and nothing beyond; permutation holds each number once', () => {
    const random = createRandom(5);
    const seen = new Set(Array.from({ length: 500 }, () => random.integer(-2, 3)));
    expect([...seen].sort((a, b) => a - b)).toEqual([-2, -1, 0, 1, 2, 3]);
    const order = random.permutation(50);
    expect([...order]).not.toEqual([...order].sort((a, b) => a - b));
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  });

  test('the linear congruential generator follows its recurrence exactly', () => {
    let s = 42n;
    const expected = Array.from({ length: 1000 }, () => {
      s = (1664525n * s + 1013904223n) % 4294967296n;
      return Number(s) / 4294967296;
    });
    expect([...lcg(1000, 42)]).toEqual(expected);
  });
});
