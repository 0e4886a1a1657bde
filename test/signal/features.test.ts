import { expect, test } from 'vitest';
import { computeFeatures, defaultGroups, featurePlan, windowIndex, wavedec, wavelet, type FeatureOptions, type SignalDescription } from '../../src/signal/index.js';
import type { Table } from '../../src/table/table.js';
import { column, lineSeries, table } from './series.js';

const signals: SignalDescription[] = [
  { name: 'PT|IN', unit: 'Pa', position_m: 0, quantity: 'pressure' },
  { name: 'PT|OUT', unit: 'Pa', position_m: 1000, quantity: 'pressure' },
  { name: 'PT|MID', unit: 'Pa', position_m: 400, quantity: 'pressure' },
  { name: 'GT|IN', unit: 'kg/s', position_m: 0, quantity: 'flow' },
  { name: 'GT|OUT', unit: 'kg/s', position_m: 1000, quantity: 'flow' },
  { name: 'TM|IN', unit: 'C', quantity: 'temperature' },
];

const all = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, !name.startsWith('tsfresh')])) as FeatureOptions['groups'];
const options: FeatureOptions = { windowSize: 40, wavelet: 'db2', waveletLevel: 3, groups: all, includeRaw: true, stepSize: 2, stepSeconds: 0.5, levelEdges: { flow: [49, 50] } };
const plan = featurePlan(signals, options);
const startsOf = (rows: number, step = 2): Int32Array => Int32Array.from({ length: Math.floor((rows - 40) / step) + 1 }, (_, w) => w * step);
const bytes = (matrix: Float32Array): string => Buffer.from(matrix.buffer, matrix.byteOffset, matrix.byteLength).toString('hex');
const same = (a: string, b: string): void => expect(a === b, 'same bytes').toBe(true);

function only(...names: (keyof typeof defaultGroups)[]): FeatureOptions['groups'] {
  return Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, names.includes(name as never)])) as FeatureOptions['groups'];
}

function valueOf(matrix: Float32Array, name: string, window = 0, of = plan): number {
  const at = of.features.findIndex((feature) => feature.name === name);
  if (at < 0) throw new Error(`no feature ${name}`);
  return matrix[window * of.features.length + at]!;
}

test('every feature is named once and documented, and the plan is plain data', () => {
  const names = plan.features.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const feature of plan.features) {
    expect(feature.formula.length).toBeGreaterThan(3);
    expect(feature.unit).not.toBe('');
    expect(feature.name).not.toMatch(/time|row_|index|label|leak/i);
  }
  expect(names).toEqual(expect.arrayContaining(['PT|IN_raw_39', 'PT|IN_cA3_0', 'PT|IN_cD1_energy', 'PT|IN_mean', 'GT|OUT_spectral_entropy',
    'GT|IN_onset_score', 'flow_imbalance_slope', 'PT|IN-PT|MID_drop_mean', 'PT|MID-PT|OUT_drop_mean', 'PT|IN-PT|OUT_drop_mean', 'PT|MID_kink_last',
    'PT|OUT~GT|OUT_derivative_correlation', 'TM|IN_mean_delta_pct']));
  expect(structuredClone(plan)).toEqual(plan);
  expect(plan.features.filter(({ group }) => group === 'raw')).toHaveLength(6 * 40);
});

test('every column is written: none keeps what another window left', () => {
  const series = lineSeries(200);
  const both = computeFeatures(series, Int32Array.of(10, 60), plan);
  expect(both).toHaveLength(2 * plan.features.length);
  same(bytes(both.slice(plan.features.length)), bytes(computeFeatures(series, Int32Array.of(60), plan)));
  // Noise without a fall has no wave, and a case of 60 windows knows no longer calm.
  const missing = plan.features.filter((_, f) => !Number.isFinite(both[plan.features.length + f]!)).map(({ name }) => name);
  expect(missing).toEqual(expect.arrayContaining(['PT|IN~PT|OUT_wave_dt', 'PT|IN~PT|OUT_wave_age']));
  expect(missing.filter((name) => !/_wave_|stability_duration$/.test(name))).toEqual([]);
});

test('each group alone gives the same values as all together', () => {
  const series = lineSeries(120);
  const starts = startsOf(120, 9);
  const together = computeFeatures(series, starts, plan);
  for (const name of Object.keys(defaultGroups) as (keyof typeof defaultGroups)[]) {
    if (name.startsWith('tsfresh')) continue;
    const alone = featurePlan(signals, { ...options, includeRaw: false, groups: only(name) });
    const matrix = computeFeatures(series, starts, alone);
    alone.features.forEach((feature) => starts.forEach((_, w) => expect(valueOf(matrix, feature.name, w, alone)).toBe(valueOf(together, feature.name, w))));
  }
});

test('values of a closed-form leak onset', () => {
  const rows = 40;
  const fall = (level: number, size: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => level + (i % 2) * 2 - (i < 35 ? 0 : size));
  const series = table([
    column('PT|IN', fall(1000, 30)), column('PT|MID', fall(800, 70)), column('PT|OUT', fall(500, 50)),
    column('GT|IN', fall(9, -6)), column('GT|OUT', fall(9, 4)), column('TM|IN', new Float64Array(rows).fill(20)),
  ]);
  const matrix = computeFeatures(series, Int32Array.of(0), plan);
  const value = (name: string): number => valueOf(matrix, name);
  expect(value('PT|IN_last_minus_first')).toBe(-28);
  expect(value('PT|IN_max_fall')).toBe(32);
  expect(value('PT|IN_max_rise')).toBe(2);
  expect(value('PT|IN_max_step')).toBe(2);
  expect(value('PT|IN_min_step')).toBe(-28);
  expect(value('PT|IN_last_fall')).toBe(30);
  expect(value('PT|IN_half_change')).toBe(-7.5);
  expect(value('PT|IN_onset_change')).toBeCloseTo(-29.8, 4);
  expect(value('PT|IN_onset_score')).toBe(value('PT|IN_onset_change'));
  expect(value('PT|IN-PT|OUT_drop_last')).toBe(520);
  expect(value('flow_imbalance_mean')).toBe(1.25);
  expect(value('flow_imbalance_last')).toBe(10);
  expect(value('flow_imbalance_change')).toBe(2.5);
  expect(value('flow_imbalance_score')).toBeNaN();
  expect(value('PT|MID_kink_last')).toBeCloseTo(800 - 70 + 2 - (0.6 * 972 + 0.4 * 452), 3);
  expect(value('TM|IN_skew')).toBeNaN();
  expect(value('TM|IN_onset_score')).toBeNaN();
  expect(value('TM|IN_spectral_entropy')).toBe(0);
  expect(value('TM|IN_mean_prev')).toBeNaN();
});

test('band features are those of the bands, and the shares add up to 1', () => {
  const series = lineSeries(60);
  const matrix = computeFeatures(series, Int32Array.of(7), plan);
  const x = (series.columns[3]!.values as Float64Array).slice(7, 47);
  const { bands, coefficients } = wavedec(x, wavelet('db2'), 3);
  let shares = 0;
  bands.names.forEach((band, b) => {
    const c = [...coefficients.subarray(bands.offsets[b], bands.offsets[b]! + bands.lengths[b]!)];
    const energy = c.reduce((sum, v) => sum + v * v, 0);
    const close = (name: string, expected: number): void => expect(Math.abs(valueOf(matrix, `PT|OUT_${band}_${name}`) - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected) + 1e-9);
    close('energy', energy);
    close('max', Math.max(...c.map(Math.abs)));
    close('mean', c.reduce((sum, v) => sum + v, 0) / c.length);
    close('entropy', -c.map((v) => (v * v) / energy).reduce((sum, p) => sum + (p > 0 ? p * Math.log(p) : 0), 0));
    c.forEach((v, k) => close(String(k), v));
    shares += valueOf(matrix, `PT|OUT_${band}_relative_energy`);
  });
  expect(shares).toBeCloseTo(1, 6);
});

test('chosen statistics are those of the whole group', () => {
  const series = lineSeries(120);
  const values = { band_statistics: ['entropy', 'energy'], time_statistics: ['p75', 'mad', 'mean'] };
  const few = featurePlan(signals, { ...options, includeRaw: false, groups: only('band_statistics', 'time_statistics'), values });
  expect(few.features.slice(0, 2).map(({ name }) => name)).toEqual(['PT|IN_cA3_energy', 'PT|IN_cA3_entropy']);
  expect(few.features).toHaveLength(6 * (4 * 2 + 3));
  const starts = startsOf(120, 13);
  const some = computeFeatures(series, starts, few);
  const every = computeFeatures(series, starts, plan);
  few.features.forEach(({ name }) => starts.forEach((_, w) => expect(valueOf(some, name, w, few)).toBe(valueOf(every, name, w))));
});

test('temporal context is the window before of the same case', () => {
  const series = lineSeries(100);
  const matrix = computeFeatures(series, startsOf(100), plan);
  expect(valueOf(matrix, 'GT|IN_mean_prev', 0)).toBeNaN();
  for (const w of [1, 5, 30]) {
    expect(valueOf(matrix, 'GT|IN_mean_prev', w)).toBe(valueOf(matrix, 'GT|IN_mean', w - 1));
    expect(valueOf(matrix, 'GT|IN_std_ratio', w)).toBeCloseTo(valueOf(matrix, 'GT|IN_std', w) / valueOf(matrix, 'GT|IN_std', w - 1), 5);
  }
});

test('a missing value stays in its own signal and in the windows that hold it', () => {
  const series = lineSeries(120);
  const broken: Table = { ...series, columns: series.columns.map((c) => (c.name === 'TM|IN' ? { ...c, values: (c.values as Float64Array).with(50, NaN) } : c)) };
  const starts = Int32Array.of(4, 20, 60);
  const before = computeFeatures(series, starts, plan);
  const after = computeFeatures(broken, starts, plan);
  const width = plan.features.length;
  plan.features.forEach(({ name, signal, group }, f) => {
    if (signal !== 'TM|IN') for (const w of [0, 1, 2]) expect(after[w * width + f]).toBe(before[w * width + f]);
    else {
      // The last window looks back to the missing row only to count how long it has been calm.
      for (const w of name.endsWith('stability_duration') ? [0] : [0, 2]) expect(after[w * width + f]).toBe(before[w * width + f]);
      if (['time_statistics', 'oscillation', 'band_statistics'].includes(group) && !/_c[AD]\d_/.test(name)) expect([name, after[width + f]]).toEqual([name, NaN]);
    }
  });
});

test('shape features do not move with the operating level', () => {
  const series = lineSeries(120);
  const higher: Table = { ...series, columns: series.columns.map((c) => (c.role === 'measured' ? { ...c, values: (c.values as Float64Array).map((v) => v + 4096) } : c)) };
  const free = featurePlan(signals, { ...options, includeRaw: false, groups: only('differences') });
  const starts = startsOf(120);
  const a = computeFeatures(series, starts, free);
  const b = computeFeatures(higher, starts, free);
  a.forEach((v, i) => expect(Math.abs(b[i]! - v)).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(v))));
  const details = featurePlan(signals, { ...options, includeRaw: false, groups: only('band_statistics') });
  const c = computeFeatures(series, starts, details);
  const d = computeFeatures(higher, starts, details);
  details.features.forEach(({ name }, f) => {
    if (!/_cD\d_(energy|max|std)$/.test(name)) return;
    starts.forEach((_, w) => {
      const at = w * details.features.length + f;
      expect(Math.abs(d[at]! - c[at]!)).toBeLessThanOrEqual(1e-5 * Math.abs(c[at]!));
    });
  });
});

test('the rows of an index are windows of the plan', () => {
  const series = lineSeries(150);
  const index = windowIndex(series, { windowSize: 40, stepSize: 2, label: 'last', warmupSeconds: 0, recoverySeconds: 0, leaks: [] });
  const starts = index.columns.find(({ name }) => name === 'start_row')!.values as Int32Array;
  expect(computeFeatures(series, starts, plan)).toHaveLength(index.rows * plan.features.length);
});

test('wrong options and columns are refused', () => {
  const refuse = (wrong: Partial<FeatureOptions>, message: RegExp): void => expect(() => featurePlan(signals, { ...options, ...wrong })).toThrow(message);
  refuse({ waveletLevel: 4 }, /waveletLevel is 4; with db2 and windows of 40 rows, 1 to 3 are allowed/);
  refuse({ waveletLevel: 0 }, /waveletLevel is 0/);
  refuse({ wavelet: 'db20', waveletLevel: 1 }, /none is possible/);
  refuse({ wavelet: 'morlet' }, /"morlet" is not known/);
  refuse({ windowSize: 3 }, /windowSize is 3/);
  refuse({ groups: { waves: true } as never }, /feature group "waves" is not known; allowed: wavelet_coefficients/);
  refuse({ groups: only(), includeRaw: false }, /no feature is left/);
  refuse({ groups: only('temporal_context'), stepSize: 0 }, /needs stepSize/);
  refuse({ stepSeconds: 0 }, /stepSeconds is 0/);
  refuse({ values: { band_statistics: ['power'] } }, /band_statistics has no statistic "power"; allowed: energy, relative_energy/);
  refuse({ levelEdges: { speed: [1, 2] } }, /names "speed", which is no quantity and no signal/);
  refuse({ levelEdges: { flow: [2, 1] } }, /must rise/);
  expect(() => featurePlan([], options)).toThrow(/no signal/);
  expect(() => featurePlan([signals[0]!, signals[0]!], options)).toThrow(/given twice/);
  const series = lineSeries(60);
  const using = (name: string) => (): Float32Array => computeFeatures(series, Int32Array.of(0), featurePlan([{ name, unit: '', quantity: 'other' }], options));
  expect(using('LEAK')).toThrow(expect.objectContaining({ code: 'table/role' }));
  expect(using('TIME')).toThrow(expect.objectContaining({ code: 'table/role' }));
  expect(using('PT|NOWHERE')).toThrow(expect.objectContaining({ code: 'table/column-missing' }));
  for (const start of [-1, 21]) expect(() => computeFeatures(series, Int32Array.of(start), plan)).toThrow(/does not lie within the 60 rows/);
});
