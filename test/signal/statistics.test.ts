import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  autocorrelation1, differenceCorrelation, energy, energyEntropy, meanAbsoluteDifference, moment, momentCount,
  moments, quantilesOf, slope, spectralEntropy, zeroCrossings1, zeroCrossings2,
} from '../../src/signal/index.js';
import { describeShared, sharedFile } from '../shared.js';
import { signal } from './series.js';

/** All statistics of a whole signal by the names of the golden file, computed in the middle of a longer array. */
function statistics(x: Float64Array): Record<string, number> {
  const n = x.length;
  const from = 3;
  const padded = Float64Array.of(9e9, NaN, -9e9, ...x, NaN, 9e9);
  const m = new Float64Array(momentCount + 2);
  moments(padded, from, n, m, 1);
  const q = new Float64Array(5);
  const quantiles = quantilesOf(n, [0.05, 0.25, 0.5, 0.75, 0.95]);
  quantiles.levels(padded, from, q, 0);
  const [p05, p25, median, p75, p95] = q as unknown as [number, number, number, number, number];
  const mean = m[1 + moment.mean]!;
  return {
    mean, std: m[1 + moment.std]!, min: m[1 + moment.min]!, max: m[1 + moment.max]!, median, p05, p25, p75, p95,
    skew: m[1 + moment.skew]!, kurtosis: m[1 + moment.kurtosis]!, rms: m[1 + moment.rms]!,
    mad: quantiles.deviation(padded, from, median), slope: slope(padded, from, n), mean_abs_diff: meanAbsoluteDifference(padded, from, n),
    zero_crossings_d1: zeroCrossings1(padded, from, n), spectral_entropy: spectralEntropy(n)(padded, from, mean),
    entropy_energy: energyEntropy(padded, from, n, energy(padded, from, n)), autocorr1: autocorrelation1(padded, from, n, mean),
  };
}

describeShared('against NumPy and SciPy', () => {
  const golden = JSON.parse(readFileSync(sharedFile('golden/statistics.json'), 'utf8')) as { cases: ({ input: string } & Record<string, number | null>)[] };
  const inputs: Record<string, Float64Array> = {
    'signal(7,1)': signal(7, 1), 'signal(40,2)': signal(40, 2), 'signal(300,4)': signal(300, 4),
    'constant(40, 3.25)': new Float64Array(40).fill(3.25), 'step(40)': Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : 1)),
  };
  test.each(golden.cases.map((row) => [row.input, row] as const))('%s', (input, { input: _, ...expected }) => {
    const found = statistics(inputs[input]!);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, value] of Object.entries(expected)) {
      if (value === null) expect([name, found[name]]).toEqual([name, NaN]);
      else expect([name, Math.abs(found[name]! - value) <= 1e-10 * Math.max(Math.abs(value), 1e-3)]).toEqual([name, true]);
    }
  });
});

test('quantiles are those of the sorted values, for ties, outliers and any size of numbers', () => {
  const values = fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ noNaN: true, min: -1e-300, max: 1e-300 }), fc.double({ noNaN: true, min: -1e150, max: 1e150 }), fc.constantFrom(-1e9, 0, 1e-9));
  fc.assert(fc.property(fc.array(values, { minLength: 1, maxLength: 60 }), fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }), (x, levels) => {
    const out = new Float64Array(levels.length + 1);
    const quantiles = quantilesOf(x.length, levels);
    quantiles.levels(Float64Array.of(7, ...x), 1, out, 1);
    const linear = (all: number[], q: number): number => {
      const sorted = all.toSorted((a, b) => a - b);
      const place = q * (sorted.length - 1);
      const low = Math.floor(place);
      const above = sorted[Math.min(low + 1, sorted.length - 1)]!;
      return sorted[low]! + (above - sorted[low]!) * (place - low);
    };
    const near = (found: number, expected: number): void => expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-12 * Math.max(...x.map(Math.abs)) + 1e-322);
    levels.forEach((q, l) => near(out[l + 1]!, linear(x, q)));
    const median = linear(x, 0.5);
    near(quantiles.deviation(Float64Array.from(x), 0, median), linear(x.map((v) => Math.abs(v - median)), 0.5));
  }), { numRuns: 300 });
});

test('a missing or infinite value makes every statistic of it NaN, and ends', () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    const found = statistics(signal(40, 2).with(17, bad));
    for (const name of ['mean', 'std', 'min', 'max', 'skew', 'rms', 'median', 'p95', 'mad', 'spectral_entropy']) expect([bad, name, found[name]]).toEqual([bad, name, NaN]);
  }
});

test('a constant that has no exact mean is still constant', () => {
  const found = statistics(new Float64Array(300).fill(0.1));
  expect(found).toMatchObject({ mean: 0.1, std: 0, skew: NaN, kurtosis: NaN, spectral_entropy: 0, autocorr1: NaN, slope: 0, mad: 0 });
});

test('spectral entropy of two equal cosines is log 2, for even, odd and prime lengths', () => {
  for (const n of [40, 300, 301, 307, 64, 9]) {
    const x = Float64Array.from({ length: n }, (_, i) => 5 + Math.cos((2 * Math.PI * 2 * i) / n) + Math.cos((2 * Math.PI * 3 * i) / n));
    expect(spectralEntropy(n)(x, 0, 5)).toBeCloseTo(Math.log(2), 10);
  }
});

test('coherence and crossings of closed-form signals', () => {
  const x = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i));
  expect(differenceCorrelation(x, x.map((v) => 3 - 2 * v), 0, 50)).toBeCloseTo(-1, 12);
  expect(differenceCorrelation(x, new Float64Array(50).fill(1), 0, 50)).toBeNaN();
  expect(zeroCrossings1(Float64Array.of(0, 1, 1, 2, 1, 1, 0, 3), 0, 8)).toBe(2);
  expect(zeroCrossings2(Float64Array.of(0, 1, 4, 9, 12, 13, 16), 0, 7)).toBe(2);
  expect(slope(Float64Array.of(1e9, 1e9 + 2, 1e9 + 4), 0, 3)).toBe(2);
});
