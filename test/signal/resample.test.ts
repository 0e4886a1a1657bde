import fc from 'fast-check';
import { expect, test } from 'vitest';
import { medianStep, resampleTable, sampleAge } from '../../src/signal/index.js';
import type { Table } from '../../src/table/table.js';
import { column, table } from './series.js';

const valuesOf = (series: Table, name: string): unknown[] => Array.from(series.columns.find((c) => c.name === name)!.values as ArrayLike<unknown>);

test('holds the latest row until the next, in every kind of column', () => {
  const series = table([
    column('TIME', Float64Array.of(10, 10.4, 11, 13), 'clock', 's'),
    column('PT', Float64Array.of(1, 2, NaN, 4), 'measured', 'Pa'),
    column('VALVE', Float32Array.of(0.5, 0.25, 0.125, 0), 'operational'),
    column('LEAK', Int32Array.of(0, 0, 1, 0), 'truth'),
    column('state', ['a', 'b', 'c', 'd'], 'id'),
  ]);
  const found = resampleTable(series, 0.5);
  expect(found.rows).toBe(7);
  expect(valuesOf(found, 'TIME')).toEqual([10, 10.5, 11, 11.5, 12, 12.5, 13]);
  expect(valuesOf(found, 'PT')).toEqual([1, 2, NaN, NaN, NaN, NaN, 4]);
  expect(valuesOf(found, 'VALVE')).toEqual([0.5, 0.25, 0.125, 0.125, 0.125, 0.125, 0]);
  expect(valuesOf(found, 'LEAK')).toEqual([0, 0, 1, 1, 1, 1, 0]);
  expect(valuesOf(found, 'state')).toEqual(['a', 'b', 'c', 'c', 'c', 'c', 'd']);
  expect((valuesOf(found, sampleAge) as number[]).map((age) => Math.round(age * 1e9) / 1e9)).toEqual([0, 0.1, 0, 0.5, 1, 1.5, 0]);
  expect(found.columns.map(({ name, role, unit, values }) => [name, role, unit, values.constructor.name])).toEqual([
    ['TIME', 'clock', 's', 'Float64Array'], ['PT', 'measured', 'Pa', 'Float64Array'], ['VALVE', 'operational', '', 'Float32Array'],
    ['LEAK', 'truth', '', 'Int32Array'], ['state', 'id', '', 'Array'], [sampleAge, 'clock', 's', 'Float64Array'],
  ]);
  expect(found.metadata).toEqual({ case_id: 'c1', resample_seconds: '0.5' });
});

test('unordered rows are put in order, the row written last wins at one time, rows without time are left out', () => {
  const found = resampleTable(table([
    column('time', Float64Array.of(2, 0, NaN, 1, 1, 3), 'clock', 's'),
    column('PT', Float64Array.of(20, 0, 99, 10, 11, 30)),
  ]), 1);
  expect(valuesOf(found, 'time')).toEqual([0, 1, 2, 3]);
  expect(valuesOf(found, 'PT')).toEqual([0, 11, 20, 30]);
});

test('k * step that rounds below the recorded time still counts as reached', () => {
  const time = Float64Array.from({ length: 2000 }, (_, i) => Number((i / 10).toFixed(1)));
  const found = resampleTable(table([column('time', time, 'clock', 's'), column('row', Float64Array.from(time.keys()))]), 0.1);
  expect(valuesOf(found, 'row')).toEqual([...time.keys()]);
});

test('no row later than the grid time is used: another future gives the same past', () => {
  fc.assert(fc.property(
    fc.array(fc.record({ step: fc.double({ min: 0.01, max: 3, noNaN: true }), value: fc.double({ noNaN: true }) }), { minLength: 2, maxLength: 40 }),
    fc.nat(), fc.double({ min: 0.1, max: 2, noNaN: true }),
    (rows, cutAt, step) => {
      let t = 0;
      const time = Float64Array.from(rows, (row) => (t += row.step));
      const value = Float64Array.from(rows, (row) => row.value);
      const cut = 1 + (cutAt % (rows.length - 1));
      const make = (values: Float64Array): Table => resampleTable(table([column('time', time, 'clock', 's'), column('PT', values)]), step);
      const found = make(value);
      const other = make(value.map((v, i) => (i < cut ? v : -1 - i)));
      const grid = valuesOf(found, 'time') as number[];
      const known = grid.filter((g) => g < time[cut]! - 1e-5).length;
      expect(valuesOf(other, 'PT').slice(0, known)).toEqual(valuesOf(found, 'PT').slice(0, known));
      const one = make(value).columns[1]!.values;
      grid.forEach((g, i) => {
        const until = time.findLastIndex((at) => at <= g + 1e-6 * step);
        expect(one[i]).toBe(value[until]);
      });
    },
  ));
});

test('median step', () => {
  expect(medianStep(Float64Array.of(0, 1, 3, 3, 4, 4.5))).toBe(1);
  expect(medianStep(Float64Array.of(4, 0, 1, NaN))).toBe(2);
  expect(medianStep(Float64Array.of(7, 7))).toBeNaN();
  expect(medianStep(new Float64Array(0))).toBeNaN();
});

test('an empty series stays empty; a wrong step or no time column is refused', () => {
  const empty = table([column('time', new Float64Array(0), 'clock', 's'), column('PT', new Float64Array(0))]);
  expect(resampleTable(empty, 1).rows).toBe(0);
  const one = table([column('time', Float64Array.of(0, 1e9), 'clock', 's')]);
  for (const step of [0, -1, NaN, Infinity, 1e-3]) expect(() => resampleTable(one, step)).toThrow(expect.objectContaining({ code: 'signal/invalid' }));
  expect(() => resampleTable(table([column('PT', new Float64Array(3))]), 1)).toThrow(expect.objectContaining({ code: 'table/column-missing' }));
});
