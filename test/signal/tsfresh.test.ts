import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { computeFeatures, defaultGroups, featurePlan, parseTsfreshName, tsfreshFeatures, tsfreshName, tsfreshValues, type FeatureOptions, type TsfreshSet } from '../../src/signal/index.js';
import { lcg } from '../../src/numeric/index.js';
import { describeShared, sharedFile } from '../shared.js';
import { column, table } from './series.js';

const noise = lcg(200, 42);
const x = noise.map((u, t) => Math.sin(0.1 * t) + 0.5 * Math.cos(0.37 * t) + 0.01 * t + 0.4 * (u - 0.5));

function named(series: Float64Array, set: TsfreshSet, stepSeconds?: number): Map<string, number> {
  const values = tsfreshValues(series, set, stepSeconds);
  return new Map(tsfreshFeatures(set).map(({ calculator, parameters }, i) => [tsfreshName({ kind: 'x', calculator: calculator.name, parameters }), values[i]!]));
}

describeShared('against tsfresh itself', () => {
  const golden = JSON.parse(readFileSync(sharedFile('golden/tsfresh_200.json'), 'utf8').replace(/\bNaN\b/g, 'null')) as Record<string, number | boolean | null>;
  test('all 782 values are within 1e-6', () => {
    const found = named(x, 'comprehensive');
    const apart = Object.entries(golden).filter(([name, value]) => {
      const own = found.get(`x__${name}`);
      if (own === undefined) return true;
      return value === null ? !Number.isNaN(own) : !(Math.abs(own - Number(value)) <= 1e-6 * Math.abs(Number(value)));
    });
    expect(Object.keys(golden)).toHaveLength(782);
    expect(apart.map(([name, value]) => [name, value, found.get(`x__${name}`)])).toEqual([]);
  });
});

test('the sets have their sizes, and each name comes apart and together again', () => {
  expect(tsfreshFeatures('minimal')).toHaveLength(10);
  expect(tsfreshFeatures('efficient')).toHaveLength(782);
  expect(tsfreshFeatures('comprehensive')).toHaveLength(788);
  const names = [...named(x, 'comprehensive').keys()];
  expect(new Set(names).size).toBe(788);
  for (const name of names) expect(tsfreshName(parseTsfreshName(name)!)).toBe(name);
  expect(names).toContain('x__agg_linear_trend__attr_"slope"__chunk_len_5__f_agg_"mean"');
  expect(names).toContain('x__range_count__max_1000000000000.0__min_0');
  expect(parseTsfreshName('PT|IN__cwt_coefficients__coeff_3__w_5__widths_(2, 5, 10, 20)')).toEqual({ kind: 'PT|IN', calculator: 'cwt_coefficients', parameters: { coeff: '3', w: '5', widths: '(2, 5, 10, 20)' } });
  expect(parseTsfreshName('PT|IN_mean')).toBeUndefined();
});

test('the trend against time is the trend against the row over the hours of a row', () => {
  const found = named(x, 'efficient', 30);
  expect(found.get('x__linear_trend_timewise__attr_"slope"')).toBeCloseTo(found.get('x__linear_trend__attr_"slope"')! * 120, 9);
});

test('groups of features carry these values under these names', () => {
  const groups = (name: string): FeatureOptions['groups'] => Object.fromEntries(Object.keys(defaultGroups).map((key) => [key, key === name])) as FeatureOptions['groups'];
  const series = table([column('X', x)]);
  for (const set of ['minimal', 'efficient'] as const) {
    const plan = featurePlan([{ name: 'x', unit: 'bar', quantity: 'other' }], { windowSize: 60, wavelet: 'db2', waveletLevel: 3, groups: groups(`tsfresh_${set}`) });
    const found = computeFeatures({ ...series, columns: [column('x', x)] }, Int32Array.of(50), plan);
    const expected = named(x.slice(50, 110), set);
    plan.features.forEach(({ name }, f) => expect([name, found[f]]).toEqual([name, Math.fround(expected.get(name)!)]));
    expect(plan.features).toHaveLength(expected.size);
  }
});

test('short, constant and broken series give numbers or NaN, never an error', () => {
  for (const n of [1, 2, 3, 4, 5, 10, 12]) expect(named(x.slice(0, n), 'comprehensive').get('x__length')).toBe(n);
  const constant = named(new Float64Array(50).fill(0.1), 'comprehensive');
  expect(constant.get('x__variance')).toBeLessThan(1e-30);
  expect(constant.get('x__autocorrelation__lag_3')).toBeNaN();
  expect(named(x.slice(0, 50).with(7, NaN), 'efficient').get('x__maximum')).toBeNaN();
});

test('a series of 1,000 rows takes little time', () => {
  const long = lcg(1000, 7).map((u, t) => Math.sin(0.1 * t) + u);
  tsfreshValues(long, 'efficient');
  let best = Infinity;
  for (let repeat = 0; repeat < 8; repeat++) {
    const before = process.cpuUsage();
    tsfreshValues(long, 'efficient');
    const used = process.cpuUsage(before);
    best = Math.min(best, (used.user + used.system) / 1000);
  }
  expect(best).toBeLessThan(60);
});
