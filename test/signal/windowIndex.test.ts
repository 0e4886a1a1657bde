import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leakIntervals, resampleTable, windowIndex, type Leak, type WindowOptions } from '../../src/signal/index.js';
import type { Table } from '../../src/table/table.js';
import { column, table } from './series.js';

const valuesOf = (found: Table, name: string): unknown[] => Array.from(found.columns.find((c) => c.name === name)!.values as ArrayLike<unknown>);

/** One row per second from `from` on. */
function seconds(rows: number, from = 0): Table {
  return table([
    column('TIME', Float64Array.from({ length: rows }, (_, i) => from + i), 'clock', 's'),
    column('PT', new Float64Array(rows)),
    column('LEAK_FLOW_kg_s', Float64Array.from({ length: rows }, (_, i) => i / 10), 'truth', 'kg/s'),
  ]);
}

const leaks: Leak[] = [
  { intervals: [{ start: 10, end: 14 }, { start: 30, end: 33 }], position_m: 120, diameter_m: 0.01 },
  { intervals: [{ start: 32, end: 40 }], position_m: 700 },
];

const options: WindowOptions = { windowSize: 5, stepSize: 1, label: 'last', warmupSeconds: 6, recoverySeconds: 3, leaks };

test('labels, phase and truth follow every interval of every leak, by the last row', () => {
  const found = windowIndex(seconds(50), options);
  const times = valuesOf(found, 'end_time') as number[];
  expect(times).toEqual(Array.from({ length: 46 }, (_, w) => w + 4));
  const leaking = (t: number): boolean => (t >= 10 && t <= 14) || (t >= 30 && t <= 40);
  expect(valuesOf(found, 'label')).toEqual(times.map((t) => (leaking(t) ? 1 : 0)));
  expect(valuesOf(found, 'phase')).toEqual(times.map((t) => (t < 6 ? 'warmup' : leaking(t) ? 'leak' : (t > 14 && t <= 17) || (t > 40 && t <= 43) ? 'recovery' : 'healthy')));
  const at = (name: string, t: number): unknown => valuesOf(found, name)[t - 4];
  expect([9, 10, 14, 15, 33, 34, 41].map((t) => at('since_onset_s', t))).toEqual([NaN, 0, 4, NaN, 3, 2, NaN]);
  expect([9, 10, 33, 34].map((t) => at('leak_position_m', t))).toEqual([NaN, 120, 120, 700]);
  expect([10, 34].map((t) => at('leak_diameter_m', t))).toEqual([0.01, NaN]);
  expect(at('leak_flow_kg_s', 20)).toBe(2);
});

test('position and diameter come from the series where the leak does not say', () => {
  const series = seconds(20);
  const withTruth: Table = { ...series, columns: [...series.columns, column('LEAK_POSITION_M', new Float64Array(20).fill(55), 'truth', 'm')] };
  const found = windowIndex(withTruth, { ...options, leaks: [{ intervals: [{ start: 10, end: 12 }] }] });
  expect(valuesOf(found, 'leak_position_m').slice(4, 11)).toEqual([NaN, NaN, 55, 55, 55, NaN, NaN]);
});

test('label rules', () => {
  const label = (rule: WindowOptions['label']): unknown[] => valuesOf(windowIndex(seconds(20), { ...options, label: rule }), 'label');
  const leakingRows = Array.from({ length: 16 }, (_, w) => Array.from({ length: 5 }, (_unused, i) => w + i).filter((t) => t >= 10 && t <= 14).length);
  expect(label('any')).toEqual(leakingRows.map((n) => (n > 0 ? 1 : 0)));
  expect(label('majority')).toEqual(leakingRows.map((n) => (n > 2.5 ? 1 : 0)));
  expect(label({ fraction: 0.6 })).toEqual(leakingRows.map((n) => (n > 3 ? 1 : 0)));
  expect(label({ fraction: 0.5 })).toEqual(label('majority'));
  expect(label({ fraction: 0 })).toEqual(label('any'));
});

test('number and bounds of the windows', () => {
  fc.assert(fc.property(fc.nat(200), fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 30 }), (rows, windowSize, stepSize) => {
    const found = windowIndex(seconds(rows), { ...options, windowSize, stepSize });
    expect(found.rows).toBe(rows < windowSize ? 0 : Math.floor((rows - windowSize) / stepSize) + 1);
    const starts = valuesOf(found, 'start_row') as number[];
    const ends = valuesOf(found, 'end_row') as number[];
    starts.forEach((start, w) => {
      expect([start, ends[w]]).toEqual([w * stepSize, w * stepSize + windowSize]);
      expect(ends[w]!).toBeLessThanOrEqual(rows);
    });
    for (const { name, values } of found.columns) expect([name, values.length]).toEqual([name, found.rows]);
  }));
});

test('a later clock moves everything but the truth', () => {
  const moved = leaks.map((leak) => ({ ...leak, intervals: leak.intervals.map(({ start, end }) => ({ start: start + 10_000, end: end + 10_000 })) }));
  const a = windowIndex(seconds(50), options);
  const b = windowIndex(seconds(50, 10_000), { ...options, leaks: moved });
  for (const { name, role } of a.columns) if (role === 'truth') expect([name, valuesOf(b, name)]).toEqual([name, valuesOf(a, name)]);
});

test('roles: nothing in the index may be model input', () => {
  const found = windowIndex(seconds(50), options);
  expect(found.columns.map(({ name, role }) => `${name} ${role}`)).toEqual([
    'window_index clock', 'start_row clock', 'end_row clock', 'start_time clock', 'end_time clock', 'gap clock', 'restart clock', 'label truth',
    'leak_flow_kg_s truth', 'leak_position_m truth', 'leak_diameter_m truth', 'since_onset_s truth', 'phase truth',
  ]);
});

test('a restart is flagged in the windows that hold rows of both runs, before and after resampling', () => {
  const series = seconds(30);
  const restarted: Table = { ...series, columns: [...series.columns, column('segment', Int32Array.from({ length: 30 }, (_, i) => (i < 12 ? 0 : i < 14 ? 1 : 2)), 'clock')] };
  const spans = (w: number): number => ((w < 12 && w + 4 >= 12) || (w < 14 && w + 4 >= 14) ? 1 : 0);
  const expected = Array.from({ length: 26 }, (_, w) => spans(w));
  expect(expected.filter((flag) => flag === 1)).toHaveLength(6);
  expect(valuesOf(windowIndex(restarted, options), 'restart')).toEqual(expected);
  expect(valuesOf(windowIndex(resampleTable(restarted, 1), options), 'restart')).toEqual(expected);
  expect(valuesOf(windowIndex(series, options), 'restart')).toEqual(new Array(26).fill(0));
});

test('a gap is flagged in the windows that span it, before and after resampling', () => {
  const time = Float64Array.from([...Array(10).keys(), ...Array.from({ length: 10 }, (_, i) => 30 + i)]);
  const series = table([column('TIME', time, 'clock', 's'), column('PT', time)]);
  const quiet = { ...options, leaks: [] };
  const spans = (w: number): number => (w <= 9 && w + 4 >= 10 ? 1 : 0);
  expect(valuesOf(windowIndex(series, quiet), 'gap')).toEqual(Array.from({ length: 16 }, (_, w) => spans(w)));
  expect(valuesOf(windowIndex(series, { ...quiet, gapSeconds: 21 }), 'gap')).toEqual(new Array(16).fill(0));
  const even = windowIndex(resampleTable(series, 1), quiet);
  // Rows held for more than five steps: times 15 to 29.
  expect(valuesOf(even, 'gap')).toEqual(Array.from({ length: 36 }, (_, w) => (w + 4 >= 15 && w <= 29 ? 1 : 0)));
});

test('intervals of flags', () => {
  const time = Float64Array.of(0, 1, 2, 3, 4, 5, 6);
  expect(leakIntervals(time, [1, 0, 1, 1, 0, 0, 1])).toEqual([{ start: 0, end: 0 }, { start: 2, end: 3 }, { start: 6, end: 6 }]);
  expect(leakIntervals(time, [0, 0, 0, 0, 0, 0, 0])).toEqual([]);
});

test.each<[Partial<WindowOptions>]>([
  [{ windowSize: 1 }], [{ windowSize: 2.5 }], [{ stepSize: 0 }], [{ label: { fraction: 1 } }], [{ label: { fraction: -0.1 } }],
  [{ warmupSeconds: -1 }], [{ recoverySeconds: NaN }], [{ gapSeconds: -1 }],
])('refuses %j', (wrong) => {
  expect(() => windowIndex(seconds(20), { ...options, ...wrong })).toThrow(expect.objectContaining({ code: 'signal/invalid' }));
});

test('refuses times out of order', () => {
  const series = table([column('TIME', Float64Array.of(0, 2, 1), 'clock', 's')]);
  expect(() => windowIndex(series, options)).toThrow(/time at row 2 is 1 after 2/);
});
