import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bestLag, computeFeatures, createSpectrum, defaultGroups, fallArrival, featurePlan, featureTable, meanCoherence, waveLocation, type FeatureOptions } from '../../src/signal/index.js';
import { createRandom, createShannon, leastSquares, coefficientsOf, studentTwoSided } from '../../src/numeric/index.js';
import type { Table } from '../../src/table/table.js';
import { describeShared, sharedFile } from '../shared.js';
import { column, table } from './series.js';

const only = (...names: string[]): FeatureOptions['groups'] => Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, names.includes(name)])) as FeatureOptions['groups'];

function values(series: Table, names: { name: string; quantity: 'pressure' | 'flow' | 'other'; position_m?: number }[], options: Partial<FeatureOptions>, start = 0): Record<string, number> {
  const plan = featurePlan(names.map((signal) => ({ unit: 'u', ...signal })), { windowSize: 40, wavelet: 'db2', waveletLevel: 3, groups: {}, stepSize: 2, ...options });
  const matrix = computeFeatures(series, Int32Array.of(start), plan);
  return Object.fromEntries(plan.features.map(({ name }, f) => [name, matrix[f]!]));
}

test('every feature of a full plan and of the reference has a name, a formula, a unit and the rows it needs', () => {
  const line = [['P1', 0], ['P2', 5], ['P3', 9]].map(([name, at]) => ({ name: String(name), unit: 'Pa', quantity: 'pressure' as const, position_m: Number(at) }));
  const flows = [['Q1', 0], ['Q2', 9]].map(([name, at]) => ({ name: String(name), unit: 'kg/s', quantity: 'flow' as const, position_m: Number(at) }));
  const groups = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, true])) as FeatureOptions['groups'];
  const options: FeatureOptions = { windowSize: 40, wavelet: 'db2', waveletLevel: 3, stepSize: 2, stepSeconds: 1, includeRaw: true, groups: { ...groups, tsfresh_minimal: false }, levelEdges: { pressure: [1, 2] } };
  const { features } = featurePlan([...line, ...flows], options);
  for (const list of [features, featureTable()]) {
    for (const feature of list) {
      expect(feature.name).not.toBe('');
      expect(feature.formula.length).toBeGreaterThan(3);
      expect([feature.name, feature.unit]).not.toEqual([feature.name, '']);
      expect(feature.rows).toBeGreaterThanOrEqual(40);
    }
  }
  expect(new Set(features.map(({ group }) => group))).toEqual(new Set(featureTable().map(({ group }) => group).filter((group) => group !== 'tsfresh_minimal')));
  const keys = featureTable().map(({ group, name }) => `${group} ${name}`);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a sine of 1.25 Hz is found there, and the band energies are the variance', () => {
  const x = Float64Array.from({ length: 40 }, (_, i) => 7 + 3 * Math.sin(2 * Math.PI * 1.25 * i * 0.1 + 0.4) + 0.01 * Math.cos(i * 2.9));
  const found = values(table([column('X', x)]), [{ name: 'X', quantity: 'other' }], { groups: only('spectral', 'time_statistics'), stepSeconds: 0.1 });
  expect(found['X_dominant_frequency']).toBeCloseTo(1.25, 6);
  const energies = [1, 2, 3, 4].map((b) => found[`X_spectral_energy_${b}`]!);
  expect(energies.reduce((sum, e) => sum + e, 0)).toBeCloseTo(found['X_std']! ** 2, 5);
  expect(energies[1]! / 4.5).toBeCloseTo(1, 2);
  expect(values(table([column('X', x)]), [{ name: 'X', quantity: 'other' }], { groups: only('spectral') })['X_dominant_frequency']).toBeCloseTo(0.125, 6);
  expect(values(table([column('X', new Float64Array(41).fill(0.1))]), [{ name: 'X', quantity: 'other' }], { groups: only('spectral'), windowSize: 41 })).toMatchObject({ X_dominant_frequency: NaN, X_spectral_entropy: 0, X_spectral_energy_4: 0 });
});

test('the spectrum holds the variance for even, odd and prime lengths', () => {
  for (const n of [40, 45, 47, 300]) {
    const random = createRandom(n);
    const x = Float64Array.from({ length: n }, () => random.normal());
    const mean = x.reduce((sum, v) => sum + v, 0) / n;
    const spectrum = createSpectrum(n);
    const total = spectrum.run(x, 0, mean);
    const nyquist = n % 2 === 0 ? spectrum.power[spectrum.bins - 1]! : 0;
    expect((2 * total - nyquist) / n).toBeCloseTo(x.reduce((sum, v) => sum + (v - mean) ** 2, 0), 9);
  }
});

test('a delayed signal has its lag, either way, and a copy has coherence 1', () => {
  const random = createRandom(3);
  const noise = Float64Array.from({ length: 60 }, () => random.normal());
  const delayed = (rows: number): Float64Array => noise.subarray(20 - rows, 60 - rows);
  const out = new Float64Array(2);
  const lag = (x: Float64Array, y: Float64Array): number[] => {
    bestLag(x, y, 0, 40, 10, new Float64Array(40), new Float64Array(40), out, 0);
    return [...out];
  };
  expect(lag(delayed(0), delayed(6))[0]).toBe(6);
  expect(lag(delayed(6), delayed(0))[0]).toBe(-6);
  expect(lag(delayed(0), delayed(0).map((v) => 5 - 2 * v))).toEqual([0, expect.closeTo(-1, 12)]);
  expect(lag(delayed(0), new Float64Array(40).fill(0.1))).toEqual([NaN, NaN]);
  const coherence = meanCoherence(300);
  const long = Float64Array.from({ length: 600 }, () => random.normal());
  expect(coherence(long, long.map((v) => 1 - 3 * v), 0)).toBeCloseTo(1, 12);
  expect(coherence(long, long.slice(300), 0)).toBeLessThan(0.3);
  expect(meanCoherence(10)(long, long, 0)).toBeNaN();
});

test('a wave is timed between rows, noise has none, and the leak lies where the times put it', () => {
  const front = (at: number): Float64Array => Float64Array.from({ length: 40 }, (_, i) => 100 + 0.1 * Math.sin(7 * i) - 20 / (1 + Math.exp(-(i - at) / 0.8)));
  expect(fallArrival(front(17.3), 0, 40)).toBeCloseTo(17.3, 1);
  expect(fallArrival(front(100), 0, 40)).toBeNaN();
  const series = table([column('A', front(14)), column('B', front(20)), column('M', front(9))]);
  const pressures = [['A', 0], ['M', 300], ['B', 1000]].map(([name, at]) => ({ name: String(name), quantity: 'pressure' as const, position_m: Number(at) }));
  const found = values(series, pressures, { groups: only('pressure_wave'), stepSeconds: 0.5 });
  expect(found['A~B_wave_dt']).toBeCloseTo(-3, 1);
  expect(found['A~B_wave_age']).toBeCloseTo(12.5, 1);
});

describeShared('against the golden numbers', () => {
  const golden = JSON.parse(readFileSync(sharedFile('golden/extra.json'), 'utf8')) as { npw_x: number; npw_x_v2: number };
  test('wave location', () => {
    expect(waveLocation(100_000, 1000, 10)).toBeCloseTo(golden.npw_x, 6);
    expect(waveLocation(100_000, 1000, 10, 2)).toBeCloseTo(golden.npw_x_v2, 6);
  });
});

test('trend and calm look back through the case', () => {
  const x = Float64Array.from({ length: 400 }, (_, i) => 10 + Math.sin(i) * 0.5 + (i >= 200 ? 5 : 0) + (i >= 300 ? (i - 300) * 0.5 : 0));
  const at = (start: number): Record<string, number> => values(table([column('X', x)]), [{ name: 'X', quantity: 'other' }], { groups: only('temporal_context') }, start);
  expect(at(30)['X_stability_duration']).toBeNaN();
  expect(at(150)['X_stability_duration']).toBe(60);
  // The window at 220 is calm back to the one that holds three rows of before, whose mean lies 15/40 below.
  const calm = at(220)['X_stability_duration']!;
  expect(calm).toBeGreaterThan(10);
  expect(calm).toBeLessThan(14);
  expect(at(350)).toMatchObject({ X_trend3: 0, X_mean_slope3: expect.closeTo(1, 1) });
  const steep = x.map((v, i) => (i >= 300 ? v + 30 * (i - 300) : v));
  expect(values(table([column('X', steep)]), [{ name: 'X', quantity: 'other' }], { groups: only('temporal_context'), stepSize: 40 }, 300)['X_trend3']).toBe(0);
  expect(values(table([column('X', steep)]), [{ name: 'X', quantity: 'other' }], { groups: only('temporal_context'), stepSize: 20 }, 355)['X_trend3']).toBe(1);
  expect(values(table([column('X', steep.map((v) => -v))]), [{ name: 'X', quantity: 'other' }], { groups: only('temporal_context'), stepSize: 20 }, 355)['X_trend3']).toBe(-1);
});

test('levels are bands of the mean', () => {
  for (const [mean, level] of [[9, 0], [10, 1], [19, 1], [20, 2]] as const) {
    expect(values(table([column('X', new Float64Array(40).fill(mean))]), [{ name: 'X', quantity: 'flow' }], { groups: only('operational_context'), levelEdges: { flow: [10, 20] } })).toEqual({ X_level: level });
  }
});

test('entropies of shares are those of the logarithm', () => {
  const random = createRandom(8);
  const shannon = createShannon(200);
  for (const n of [1, 2, 3, 50, 199]) {
    const raw = Float64Array.from({ length: n }, () => random.uniform() ** 20);
    const total = raw.reduce((sum, v) => sum + v, 0);
    let expected = 0;
    raw.forEach((v, i) => {
      const p = (shannon.shares[i] = v / total);
      if (p > 0) expected -= p * Math.log(p);
    });
    expect(Math.abs(shannon.entropy(n) - expected)).toBeLessThan(1e-13);
  }
  shannon.shares.fill(0);
  expect(shannon.entropy(10)).toBe(0);
});

test('least squares reproduces a polynomial and its nested residuals; Student has its tails', () => {
  const at = Float64Array.from({ length: 12 }, (_, i) => i / 4);
  const powers = [0, 1, 2, 3].map((p) => at.map((t) => t ** p));
  const fit = leastSquares(powers, at.map((t) => 2 - t + 0.5 * t ** 3));
  expect([...coefficientsOf(fit)]).toEqual([2, -1, 0, 0.5].map((c) => expect.closeTo(c, 10)));
  expect(fit.residuals[4]).toBeLessThan(1e-24);
  const mean = leastSquares(powers.slice(0, 1), at);
  expect(mean.residuals[1]).toBeCloseTo(at.reduce((sum, t) => sum + (t - 1.375) ** 2, 0), 10);
  // Two-sided tails: t(1) is Cauchy's, 2/pi acot t; t(2) is 1 - t / sqrt(2 + t^2).
  expect(studentTwoSided(3, 1)).toBeCloseTo((2 / Math.PI) * Math.atan(1 / 3), 13);
  expect(studentTwoSided(1.5, 2)).toBeCloseTo(1 - 1.5 / Math.sqrt(4.25), 13);
});
