import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import {
  computeFeatures, defaultGroups, energy, energyEntropy, featurePlan, maxLevel, meanAbsoluteDifference, moments, quantilesOf, slope, wavedec, wavelet, type FeatureOptions,
} from '../../src/signal/index.js';
import { column, table } from './series.js';

const groups = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, ['wavelet_coefficients', 'band_statistics', 'time_statistics'].includes(name)])) as FeatureOptions['groups'];
const root = new URL('../../', import.meta.url);

test('the bytes are those of the text', async () => {
  const script = new URL('scripts/assembleKernels.mjs', root).href;
  const { kernels, kernelBytes } = (await import(script)) as { kernels: readonly string[]; kernelBytes(kernel: string): Promise<string> };
  for (const kernel of kernels) expect(readFileSync(new URL(`${kernel}Bytes.ts`, root), 'utf8')).toBe(await kernelBytes(kernel));
});

/** The same features by the plain functions. */
function plainly(x: Float64Array, level: number): Map<string, number> {
  const found = new Map<string, number>();
  const { bands, coefficients } = wavedec(x, wavelet('db2'), level);
  bands.names.forEach((band, b) => {
    const c = coefficients.slice(bands.offsets[b], bands.offsets[b]! + bands.lengths[b]!);
    const m = new Float64Array(7);
    moments(c, 0, c.length, m, 0);
    c.forEach((value, k) => found.set(`${band}_${k}`, value));
    found.set(`${band}_energy`, energy(c, 0, c.length)).set(`${band}_mean`, m[0]!).set(`${band}_std`, m[1]!).set(`${band}_max`, Math.max(...c.map(Math.abs)));
    found.set(`${band}_entropy`, energyEntropy(c, 0, c.length, energy(c, 0, c.length)));
  });
  const m = new Float64Array(7);
  moments(x, 0, x.length, m, 0);
  ['mean', 'std', 'min', 'max', 'skew', 'kurtosis', 'rms'].forEach((name, i) => found.set(name, m[i]!));
  const quantiles = quantilesOf(x.length, [0.05, 0.25, 0.5, 0.75, 0.95]);
  const q = new Float64Array(5);
  quantiles.levels(x, 0, q, 0);
  ['p05', 'p25', 'median', 'p75', 'p95'].forEach((name, i) => found.set(name, q[i]!));
  found.set('mad', quantiles.deviation(x, 0, q[2]!)).set('mean_abs_diff', meanAbsoluteDifference(x, 0, x.length)).set('slope', slope(x, 0, x.length));
  return found;
}

test('kernels and plain functions agree, for windows of every length and values of every kind', () => {
  const random = createRandom(5);
  const kinds: Record<string, (i: number) => number> = {
    noise: () => random.normal(),
    'noise on a level': () => 5e6 + 3000 * random.normal(),
    ties: () => random.integer(0, 3),
    'one outlier': (i) => (i === 2 ? 1e9 : random.uniform()),
    'tiny numbers': () => random.normal() * 1e-150,
    constant: () => 0.1,
    zeros: () => 0,
    step: (i) => (i < 7 ? 3 : 8),
  };
  for (const [kind, value] of Object.entries(kinds)) {
    for (const n of [6, 7, 12, 13, 24, 39, 40, 41, 64, 97, 300]) {
      const level = maxLevel(n, 'db2');
      const x = Float64Array.from({ length: n }, (_, i) => value(i));
      const plan = featurePlan([{ name: 'X', unit: '', quantity: 'other' }], { windowSize: n, wavelet: 'db2', waveletLevel: level, groups });
      const around = Float64Array.of(9e9, -9e9, 7, ...x, 9e9, NaN, -9e9);
      const found = computeFeatures(table([column('X', around)]), Int32Array.of(3), plan);
      const expected = plainly(x, level);
      const scale = Math.max(...x.map(Math.abs));
      plan.features.forEach(({ name }, f) => {
        const own = name.slice(2);
        if (own.endsWith('relative_energy')) return;
        // Bands that hold nothing but rounding have any entropy.
        if (own.endsWith('_entropy') && expected.get(own.replace('entropy', 'energy'))! <= 1e-24 * scale ** 2) return;
        const want = Math.fround(expected.get(own)!);
        // What is 0 but for rounding is not compared digit by digit.
        const near = Object.is(found[f], want) || Math.abs(found[f]! - want) <= 3e-7 * Math.abs(want) + 1e-13 * scale ** (own.endsWith('energy') ? 2 : 1) + (own.endsWith('entropy') ? 1e-12 : 0);
        if (!near) expect([kind, n, own, found[f]]).toEqual([kind, n, own, want]);
      });
    }
  }
});

test('a missing or infinite value is not lost in pairs', () => {
  for (const bad of [NaN, Infinity, -Infinity]) {
    for (const at of [0, 1, 38, 39]) {
      const x = Float64Array.from({ length: 40 }, (_, i) => (i === at ? bad : Math.sin(i)));
      const plan = featurePlan([{ name: 'X', unit: '', quantity: 'other' }], { windowSize: 40, wavelet: 'db2', waveletLevel: 3, groups: { ...groups, wavelet_coefficients: false, band_statistics: false } });
      expect([...computeFeatures(table([column('X', x)]), Int32Array.of(0), plan)].every(Number.isNaN), `${bad} at ${at}`).toBe(true);
    }
  }
});

test('memory grows with what is asked for, and results do not depend on what was computed before', () => {
  const random = createRandom(6);
  const long = table([column('X', Float64Array.from({ length: 40_000 }, () => random.normal()))]);
  const run = (windowSize: number): Float32Array => computeFeatures(long, Int32Array.of(3), featurePlan([{ name: 'X', unit: '', quantity: 'other' }], { windowSize, wavelet: 'db2', waveletLevel: 2, groups }));
  const small = run(40);
  expect([...run(30_000)].every(Number.isFinite)).toBe(true);
  expect(run(40)).toEqual(small);
});
