import fc from 'fast-check';
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

const all = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, true])) as FeatureOptions['groups'];
const options: FeatureOptions = { windowSize: 40, wavelet: 'db2', waveletLevel: 3, groups: all, includeRaw: true, stepSize: 2 };
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
    'PT|OUT~GT|OUT_coherence', 'TM|IN_mean_delta_pct']));
  expect(structuredClone(plan)).toEqual(plan);
  expect(plan.features.filter(({ group }) => group === 'raw')).toHaveLength(6 * 40);
});

test('every column is written: none keeps what another window left', () => {
  const series = lineSeries(200);
  const starts = Int32Array.of(10, 60);
  const both = computeFeatures(series, starts, plan);
  expect(both).toHaveLength(2 * plan.features.length);
  same(bytes(both.slice(plan.features.length)), bytes(computeFeatures(series, Int32Array.of(60), plan)));
  expect([...both].every(Number.isFinite)).toBe(true);
});

test('each group alone gives the same values as all together', () => {
  const series = lineSeries(120);
  const starts = startsOf(120, 9);
  const together = computeFeatures(series, starts, plan);
  for (const name of Object.keys(defaultGroups) as (keyof typeof defaultGroups)[]) {
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
      for (const w of [0, 2]) expect(after[w * width + f]).toBe(before[w * width + f]);
      if (['time_statistics', 'oscillation', 'band_statistics'].includes(group) && !/_c[AD]\d_/.test(name)) expect([name, after[width + f]]).toEqual([name, NaN]);
    }
  });
});

// What follows is what makes a result honest: a row knows its own window and nothing else.

test('another future gives the same bytes', () => {
  const series = lineSeries(160);
  const starts = startsOf(100);
  const expected = bytes(computeFeatures(series, starts, plan));
  fc.assert(fc.property(fc.array(fc.nat(), { minLength: 62, maxLength: 62 }), (keys) => {
    const future = keys.map((key, i) => ({ key, row: 98 + i })).sort((a, b) => a.key - b.key).map(({ row }) => row);
    const order = [...Array(98).keys(), ...future];
    const shuffled: Table = { ...series, columns: series.columns.map((c) => ({ ...c, values: (c.values as Float64Array).map((_, i) => (c.values[order[i]!] as number)) })) };
    same(bytes(computeFeatures(shuffled, startsOf(98), plan)), expected.slice(0, startsOf(98).length * plan.features.length * 8));
  }), { numRuns: 20 });
});

test('10,000 s later, with other labels and row numbers: the same bytes', () => {
  const series = lineSeries(160);
  const starts = startsOf(160);
  const later: Table = {
    ...series,
    columns: [
      column('row', Int32Array.from({ length: 160 }, (_, i) => i), 'clock'),
      ...series.columns.map((c) => {
        if (c.role === 'clock') return { ...c, values: (c.values as Float64Array).map((t) => t + 10_000) };
        if (c.role === 'truth') return { ...c, values: (c.values as Int32Array).map((v) => 1 - v) };
        return c;
      }),
    ].reverse(),
  };
  same(bytes(computeFeatures(later, starts, plan)), bytes(computeFeatures(series, starts, plan)));
});

test('without its first rows a case gives the same bytes beyond the lookback', () => {
  const whole = computeFeatures(lineSeries(200), startsOf(200), plan);
  const late = computeFeatures(lineSeries(140, 1, 60), startsOf(140), plan);
  const width = plan.features.length;
  same(bytes(late.slice(width)), bytes(whole.slice(31 * width)));
});

test('the order of cases and of windows does not matter', () => {
  const cases = [1, 2, 3].map((seed) => lineSeries(90, seed));
  const starts = startsOf(90);
  const forward = cases.map((series) => bytes(computeFeatures(series, starts, plan)));
  const backward = cases.toReversed().map((series) => bytes(computeFeatures(series, starts, plan))).reverse();
  forward.forEach((expected, i) => same(backward[i]!, expected));
  expect(new Set(forward).size).toBe(3);
  const width = plan.features.length;
  const reversed = computeFeatures(cases[0]!, starts.toReversed(), plan);
  const rowOf = (text: string, w: number): string => text.slice(w * width * 8, (w + 1) * width * 8);
  const backwards = bytes(reversed);
  expect(starts.every((_, w) => rowOf(backwards, starts.length - 1 - w) === rowOf(forward[0]!, w))).toBe(true);
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
  expect(() => featurePlan([], options)).toThrow(/no signal/);
  expect(() => featurePlan([signals[0]!, signals[0]!], options)).toThrow(/given twice/);
  const series = lineSeries(60);
  const using = (name: string) => (): Float32Array => computeFeatures(series, Int32Array.of(0), featurePlan([{ name, unit: '', quantity: 'other' }], options));
  expect(using('LEAK')).toThrow(expect.objectContaining({ code: 'table/role' }));
  expect(using('TIME')).toThrow(expect.objectContaining({ code: 'table/role' }));
  expect(using('PT|NOWHERE')).toThrow(expect.objectContaining({ code: 'table/column-missing' }));
  for (const start of [-1, 21]) expect(() => computeFeatures(series, Int32Array.of(start), plan)).toThrow(/does not lie within the 60 rows/);
});
