import { describe, expect, it } from 'vitest';
import { canonicalNames, convertUnits, fitsColumn, isVariable, matchesAny, misspelt } from '../../src/olga/index.js';
import type { Column, Table } from '../../src/table/table.js';

const columns = ['time', 'PT|POSITION=INLET', 'PT|POSITION=LINE@42M', 'GT|BOUNDARY|BRANCH=LINE|PIPE=Pipe-1|NR=2', 'GTLEAK|LEAK=HOLE', 'PT|SECTION|BRANCH=LINE|PIPE=Pipe-1|NR=2', 'HT|GLOBAL', 'CONTR|CONTROLLER=CONTROL (a+b)'];

describe('patterns of columns', () => {
  const named = columns.map((name) => ({ name }));

  it.each([
    ['PT', []], ['pt@inlet', [1]], ['PT@LINE@42M', [2]], ['PT@LINE', [5]], ['*@Pipe-1', [3, 5]], ['GT*', [3, 4]], ['GT|*', [3]], ['PT|POSITION=?NLET', [1]],
    ['*', [0, 1, 2, 3, 4, 5, 6, 7]], ['PT|position=inlet', [1]], ['contr@control (a+b)', [7]], ['P*@*42*', [2]], ['HT@GLOBAL', [6]],
  ])('%j means columns %j', (pattern, expected) => {
    expect(columns.filter((_, at) => fitsColumn(named[at]!, pattern))).toEqual(expected.map((at) => columns[at]));
    expect(misspelt(named, [pattern]) === undefined).toBe(expected.length > 0);
  });

  it('name what is near a pattern that fits nothing', () => {
    for (const [pattern, near] of [['PT@INLT', '"PT@INLET"'], ['GTLAEK', '"GTLEAK@HOLE"'], ['P+', '"PT@INLET"']] as const) expect(misspelt(named, ['PT@INLET', pattern])).toContain(near);
    expect(misspelt([], ['x'])).toBe('"x"; nearest of 0: none');
    expect(isVariable(named[1]!, 'pt')).toBe(true);
    expect(matchesAny('case_7', ['case_?'])).toBe(true);
    expect(matchesAny('case_17', ['case_?'])).toBe(false);
  });
});

describe('canonical names', () => {
  const table = (...names: readonly string[]): Table => ({
    rows: 1, metadata: {}, columns: names.map((name) => ({ name, values: Float64Array.of(1), unit: '', role: name === 'time' ? 'clock' : name.startsWith('GTLEAK') ? 'truth' : 'measured' })),
  });

  it('are the variable at its place, in capitals, for signals alone', () => {
    const named = canonicalNames(table(...columns)).columns;
    expect(named.map(({ name }) => name)).toEqual([
      'time', 'PT@INLET', 'PT@LINE@42M', 'GT@BOUNDARY.LINE.PIPE-1.2', 'GTLEAK|LEAK=HOLE', 'PT@SECTION.LINE.PIPE-1.2', 'HT@GLOBAL', 'CONTR@CONTROL (A+B)',
    ]);
    expect(named[1]!.attributes).toEqual({ name: 'PT', file_name: 'PT|POSITION=INLET' });
    expect(fitsColumn(named[3]!, 'GT@Pipe-1')).toBe(true);
    expect(canonicalNames({ rows: 1, metadata: {}, columns: named }).columns).toEqual(named);
  });

  it('leave the names alone that would be the same', () => {
    expect(canonicalNames(table('PT|POSITION=A', 'PT|BRANCH=A', 'PT|POSITION=B')).columns.map(({ name }) => name)).toEqual(['PT|POSITION=A', 'PT|BRANCH=A', 'PT@B']);
  });
});

describe('convertUnits', () => {
  const column = (name: string, unit: string, values: Column['values'], role: Column['role'] = 'measured'): Column => ({ name, unit, role, values });
  const table: Table = {
    rows: 2, metadata: { a: 'b' },
    columns: [
      column('time', 's', Float64Array.of(0, 60), 'clock'), column('PT', 'PA', Float64Array.of(101_325, 2e5)), column('TM', 'C', Float64Array.of(-40, 100)), column('GT', 'KG/S', Float64Array.of(1, -2)),
      column('QG', 'SM3/S', Float64Array.of(1, NaN)), column('KAPPA', '1/Pa', Float64Array.of(1e-9, 2e-9)), column('X', 'FURLONG', Float64Array.of(1, 2)), column('VALVOP', '', Float64Array.of(0, 1)),
      column('POS', 'M', Float32Array.of(1, 2)), column('id', '', ['a', 'b'], 'id'), column('SSP', 'M/S', Float64Array.of(1, 2)),
    ],
  };
  const shown = (of: Table): [string, unknown[]][] => of.columns.map(({ unit, values }) => [unit, [...values]]);

  it('to metric units', () => {
    expect(shown(convertUnits(table, { system: 'metric' }))).toEqual([
      ['s', [0, 60]], ['bara', [1.01325, 2]], ['C', [-40, 100]], ['kg/s', [1, -2]], ['Sm3/h', [3600, NaN]], ['1/bar', [1e-4, 2e-4]], ['FURLONG', [1, 2]], ['', [0, 1]], ['m', [1, 2]], ['', ['a', 'b']], ['m/s', [1, 2]],
    ]);
    expect(convertUnits(table, { system: 'metric' }).columns[1]!.attributes).toEqual({ file_unit: 'PA' });
    expect(convertUnits(table, { system: 'metric' }).metadata).toEqual({ a: 'b' });
    expect(table.columns[1]!.values).toEqual(Float64Array.of(101_325, 2e5));
  });

  it('to SI and field units, and to units of choice', () => {
    const si = convertUnits(table, { system: 'si' });
    expect(si.columns[1]!.unit).toBe('Pa');
    expect(si.columns[1]!.values).toBe(table.columns[1]!.values);
    expect(si.columns[2]!.unit).toBe('K');
    for (const [row, kelvin] of [233.15, 373.15].entries()) expect(si.columns[2]!.values[row]).toBeCloseTo(kelvin, 12);
    const field = convertUnits(table, { system: 'field' });
    expect(field.columns[1]!.values[0]).toBeCloseTo(14.695948775513, 10);
    expect([...field.columns[2]!.values].map((value) => Math.round(Number(value) * 1e9) / 1e9)).toEqual([-40, 212]);
    const own = convertUnits(table, { units: { pressure: 'barg', massFlow: 't/h' } });
    expect(own.columns[1]).toMatchObject({ unit: 'barg', values: Float64Array.of(0, 98_675 / 1e5) });
    expect(own.columns[3]!.values[0]).toBeCloseTo(3.6, 12);
    expect(own.columns[2]!.unit).toBe('C');
    expect(() => convertUnits(table, { units: { pressure: 'furlong' } })).toThrow(expect.objectContaining({ code: 'table/invalid', message: expect.stringContaining('pressure') }));
  });

  it('and back gives the same numbers', () => {
    const there = convertUnits(table, { system: 'field' });
    const back = convertUnits(there, { units: { pressure: 'PA', temperature: 'C', massFlow: 'KG/S' } });
    for (const at of [1, 2, 3]) for (const [row, value] of back.columns[at]!.values.entries()) expect(value).toBeCloseTo(Number(table.columns[at]!.values[row]), 8);
    expect(back.columns[1]!.attributes).toEqual({ file_unit: 'PA' });
  });
});
