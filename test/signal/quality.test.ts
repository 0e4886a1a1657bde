import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { checkQuality, massBalance, type ColumnLimits, type QualityOptions } from '../../src/signal/index.js';
import type { Column, Table } from '../../src/table/table.js';
import { column, table } from './series.js';

const none: QualityOptions = { columns: new Map(), timeOrder: false };
const series = (values: number[], times = values.map((_, i) => i)): Table =>
  table([column('time', Float64Array.from(times), 'clock', 's'), column('PT', Float64Array.from(values))]);
const ofColumn = (values: number[], limits: ColumnLimits, times?: number[]) => checkQuality(series(values, times), { ...none, columns: new Map([['PT', limits]]) }).findings;

describe('a column', () => {
  it('is held to its range, limits included', () => {
    expect(ofColumn([1, 2, 3, NaN], { range: [1, 3] })).toEqual([]);
    expect(ofColumn([1, 0.5, 3, 4, NaN], { range: [1, 3] })).toEqual([{ code: 'range', column: 'PT', count: 2, first_s: 1, detail: '0.5 is not in 1 .. 3' }]);
  });

  it('may stay the same for so long, and missing values are no flat line', () => {
    const values = [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3, NaN, NaN, NaN, NaN, NaN, NaN];
    expect(ofColumn(values, { flatLineSeconds: 4 })).toEqual([]);
    expect(ofColumn(values, { flatLineSeconds: 2.5 })).toEqual([{ code: 'flat-line', column: 'PT', count: 2, first_s: 3, detail: '2 for 3 s' }]);
  });

  it('may change so fast, by its time and not by its rows', () => {
    expect(ofColumn([0, 10, 20, 0], { perSecond: 1 }, [0, 10, 20, 40])).toEqual([]);
    expect(ofColumn([0, 10, 20, 0], { perSecond: 1 }, [0, 10, 15, 40])).toEqual([{ code: 'rate-of-change', column: 'PT', count: 1, first_s: 15, detail: '2 per second' }]);
    expect(ofColumn([0, 10, 20], { perSecond: 1 }, [0, 0, 0])).toEqual([]);
  });
});

describe('the time', () => {
  it('runs forwards', () => {
    const order = (times: number[]) => checkQuality(series(times, times), { ...none, timeOrder: true }).findings;
    expect(order([0, 1, 3, 4])).toEqual([]);
    expect(order([0, 1, 1, 0.5, 2])).toMatchObject([{ code: 'time-order', column: 'time', count: 2, first_s: 1 }]);
  });

  it('has no gaps, by default none of five median steps', () => {
    const gaps = (times: number[], seconds?: number) => checkQuality(series(times, times), { ...none, gaps: seconds === undefined ? {} : { seconds } }).findings;
    expect(gaps([0, 1, 2, 7, 8])).toEqual([]);
    expect(gaps([0, 1, 2, 7.5, 8])).toMatchObject([{ code: 'gap', column: 'time', count: 1, first_s: 2, detail: 'no row for 5.5 s' }]);
    expect(gaps([0, 1, 2, 7, 8], 4)).toMatchObject([{ count: 1 }]);
  });
});

describe('the mass balance', () => {
  const rows = 1000;
  const options = { steadySeconds: 100, steadyPercent: 0.2, tolerancePercent: 1 };
  const values = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
  const at = (name: string, unit: string, position: number | undefined, of: (i: number) => number): Column => ({
    ...column(name, values(of), 'measured', unit), attributes: { name: name.split('|')[0]!, ...(position !== undefined && { position_m: String(position) }) },
  });
  const time = values((i) => i);
  const line = (change: { inlet?: (i: number) => number; outlet?: (i: number) => number; leak?: (i: number) => number; pressure?: (i: number) => number; unit?: string; place?: number | undefined } = {}): Table => {
    const { inlet = () => 100, outlet = () => 100, leak = () => 0, pressure = () => 5e6, unit = 'KG/S' } = change;
    const place = 'place' in change ? change.place : 10_000;
    return table([
      column('time', time, 'clock', 's'), at('GT|OUT', unit, place, outlet), at('GT|IN', unit, 0, inlet), at('PT|IN', 'PA', 0, pressure), column('LEAK_FLOW_kg_s', values(leak), 'truth', 'kg/s'),
    ]);
  };

  it('closes with what leaks, and finds what is missing without it', () => {
    const leak = (i: number): number => (i >= 500 ? 5 : 0);
    const random = createRandom(1);
    const noisy = (level: number) => (): number => level * (1 + 0.0025 * random.normal());
    expect(massBalance(line({ inlet: noisy(100), outlet: noisy(100) }), time, options)).toMatchObject({ findings: [] });
    expect(massBalance(line({ leak, outlet: (i) => 100 - leak(i) }), time, options)).toEqual({ findings: [], stretches: 9 });
    expect(massBalance(line({ outlet: (i) => 100 - leak(i) }), time, options)).toEqual({
      stretches: 9, findings: [{ code: 'mass-balance', column: 'GT|IN - GT|OUT', count: 4, first_s: 500, detail: '5.000 kg/s, 5.00 % of the flow' }],
    });
  });

  it('says nothing where the line packs, moves or has missing values', () => {
    expect(massBalance(line({ outlet: () => 90, pressure: (i) => 5e6 * (1 + i / 1000) }), time, options)).toMatchObject({ findings: [], skipped: 'no stretch is steady' });
    expect(massBalance(line({ inlet: (i) => 100 + i, outlet: (i) => 50 + i }), time, options)).toMatchObject({ findings: [], stretches: 0 });
    expect(massBalance(line({ inlet: (i) => (i % 50 === 0 ? NaN : 100) }), time, options)).toMatchObject({ findings: [], skipped: 'no stretch is steady' });
    expect(massBalance(line({ inlet: (i) => (i === 0 ? NaN : 100), outlet: () => 90 }), time, options)).toMatchObject({ stretches: 8, findings: [{ count: 8 }] });
  });

  it('says why it cannot be drawn up', () => {
    expect(massBalance(line({ place: undefined }), time, options).skipped).toMatch(/no two mass flows/);
    expect(massBalance(line({ unit: 'T/H' }), time, options).skipped).toBe('GT|IN is in "T/H", not in kg/s');
    expect(massBalance(line({ inlet: () => 0 }), time, options).skipped).toMatch(/mean of GT\|IN is 0/);
    expect(checkQuality(line({ unit: 'T/H' }), { ...none, massBalance: options })).toMatchObject({ findings: [], massBalanceSkipped: expect.any(String) });
  });
});
