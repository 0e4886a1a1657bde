import { describe, expect, it } from 'vitest';
import { checkedLags, checkHealthy, lagMatrix, openEnvelope, outsideEnvelope, residualSeries, withoutSignal, type Scorer } from '../../src/learning/index.js';
import { createRandom } from '../../src/numeric/index.js';
import type { Table } from '../../src/table/index.js';
import { thrown } from '../thrown.js';

const a = Float64Array.of(1, 2, 3, 4, 5);
const b = Float64Array.of(10, 20, 30, 40, 50);
const c = Float64Array.of(100, 200, 300, 400, 500);

describe('what a regressor sees', () => {
  it('is every other signal at every lag, held before the first row, and never the signal itself', () => {
    expect([...lagMatrix([a, b, c], 1, [0, 2], Int32Array.of(1, 4))]).toEqual([2, 1, 200, 100, 5, 3, 500, 300]);
  });

  it('is the same when it is taken from the matrix of all signals', () => {
    const rows = Int32Array.of(0, 3, 4);
    const all = lagMatrix([a, b, c], -1, [0, 1, 2], rows);
    for (const own of [0, 1, 2]) expect(withoutSignal(all, 3, 3, own)).toEqual(lagMatrix([a, b, c], own, [0, 1, 2], rows));
  });

  it('does not reach beyond a window', () => {
    expect(checkedLags([8, 0, 2, 8], 40)).toEqual([0, 2, 8]);
    expect(thrown(() => checkedLags([0, 40], 40))).toMatchObject({ code: 'learning/invalid-parameter', place: { key: 'observer.lags' } });
  });
});

describe('a leaking case planted into the healthy rows', () => {
  const flags = Int32Array.from({ length: 100 }, (_, row) => (row >= 50 && row < 60 ? 1 : 0));

  it('is refused by its flag, by its flow, and where only a lag reaches back to it', () => {
    for (const [rows, truth] of [[Int32Array.of(10, 55), { flags }], [Int32Array.of(55), { flows: [new Float64Array(100), Float64Array.from(flags, (flag) => -3 * flag)] }], [Int32Array.of(63), { flags }]] as const) {
      const error = thrown(() => checkHealthy('case_7', rows, [0, 4], truth));
      expect(error).toMatchObject({ code: 'learning/invalid-data', place: { file: 'case_7' } });
      expect((error as Error).message).toMatch(/case "case_7" leaks at row 5\d.*leak-free rows alone/);
    }
  });

  it('is told from healthy rows before and after', () => {
    expect(() => checkHealthy('case_7', Int32Array.of(0, 49, 64, 99), [0, 4], { flags })).not.toThrow();
    expect(() => checkHealthy('case_8', Int32Array.of(3), [0, 4], {})).not.toThrow();
  });
});

describe('the envelope', () => {
  it('holds what was learnt from, and marks what lies outside or is missing', () => {
    const envelope = openEnvelope(['a', 'b']);
    envelope.add([a, b], Int32Array.of(1, 2));
    envelope.add([Float64Array.of(7), Float64Array.of(25)], Int32Array.of(0));
    const ranges = envelope.end();
    expect(ranges).toEqual([{ signal: 'a', low: 2, high: 7 }, { signal: 'b', low: 20, high: 30 }]);
    expect([...outsideEnvelope([Float64Array.of(1, 2, 7, 8, NaN, 3), Float64Array.of(25, 25, 25, 25, 25, 31)], ranges)]).toEqual([1, 0, 0, 1, 1, 1]);
  });
});

describe('residuals', () => {
  const series = (rows: number): Table => {
    const random = createRandom(4);
    const flow = Float64Array.from({ length: rows }, () => random.normal(100, 5));
    const column = (name: string, values: Float64Array, role: 'measured' | 'clock' | 'truth') => ({ name, values, unit: 'kg/s', role, attributes: { position_m: '0' } });
    return { rows, metadata: { x: 'y' }, columns: [column('time', Float64Array.from(flow.keys()), 'clock'), column('in', flow, 'measured'), column('out', flow.map((value) => 2 * value), 'measured'), column('LEAK', new Float64Array(rows), 'truth')] };
  };
  const settings = {
    signals: [{ name: 'in', unit: 'kg/s', role: 'measured' }, { name: 'out', unit: 'kg/s', role: 'measured' }], lags: [0],
    envelope: [{ signal: 'in', low: 0, high: 1000 }, { signal: 'out', low: 0, high: 200 }], regressors: [{ signal: 'out', file: 'observer/regressor_0.onnx' }],
  } as const;
  const double: Scorer = { columns: 1, outputs: 1, score: (values) => Promise.resolve(Float64Array.from(values, (value) => 2 * value)), close: () => Promise.resolve() };

  it('are measured minus expected, beside time and truth, with unit and position of the signal', async () => {
    const rows = 20_000;
    const { series: made, outside } = await residualSeries(series(rows), settings, [double]);
    expect(made.columns.map(({ name, role }) => `${name} ${role}`)).toEqual(['time clock', 'LEAK truth', 'residual out measured']);
    expect(made.columns[2]).toMatchObject({ unit: 'kg/s', attributes: { position_m: '0' } });
    // Regressors see float32.
    expect(Math.max(...Float64Array.from(made.columns[2]!.values as Float64Array, Math.abs))).toBeLessThan(2e-5);
    const [values] = series(rows).columns.filter(({ name }) => name === 'in').map((column) => column.values as Float64Array);
    expect(outside.reduce((sum, flag) => sum + flag, 0)).toBe(values!.filter((value) => 2 * value > 200).length);
  });

  it('are refused where a signal is missing, or is truth', async () => {
    const { columns, ...rest } = series(10);
    await expect(residualSeries({ ...rest, columns: columns.slice(0, 2) }, settings, [double])).rejects.toMatchObject({ code: 'table/column-missing' });
    await expect(residualSeries({ ...rest, columns: columns.map((column) => ({ ...column, role: 'truth' })) }, settings, [double])).rejects.toMatchObject({ code: 'table/role' });
  });
});
