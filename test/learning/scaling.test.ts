import { describe, expect, it } from 'vitest';
import { applyScaler, fitScaler, type ScalerKind } from '../../src/learning/index.js';
import { distance, scikitLearn } from './numeric.js';

const flat = (rows: (number | null)[][]): Float64Array => Float64Array.from(rows.flat(), (value) => value ?? NaN);
const x = { rows: 12, columns: 5, values: flat(scikitLearn.scalers.x) };
const column = (values: number[]) => ({ rows: values.length, columns: 1, values: Float64Array.from(values) });

describe('scalers', () => {
  it.each<ScalerKind>(['standard', 'minmax', 'robust'])('%s has the values of scikit-learn, with missing values and a constant column', (kind) => {
    expect(distance(applyScaler(fitScaler(kind, x), x), scikitLearn.scalers[kind].flat())).toBeLessThan(1e-12);
  });

  it.each<[ScalerKind, number[]]>([
    ['standard', [-0.9128709292, -0.6085806195, -0.6085806195, 0.3042903097, 1.8257418584]],
    ['minmax', [0, 1 / 9, 1 / 9, 4 / 9, 1]],
    ['robust', [-1 / 3, 0, 0, 1, 2.6666666667]],
  ])('%s of one column', (kind, expected) => {
    const values = column([1, 2, 2, 5, 10]);
    expect(distance(applyScaler(fitScaler(kind, values), values), expected)).toBeLessThan(1e-10);
  });

  it('is plain JSON and gives float32 what it was given', () => {
    const scaler = fitScaler('standard', x);
    const narrow = { ...x, values: Float32Array.from(x.values) };
    const again = applyScaler(JSON.parse(JSON.stringify(scaler)) as typeof scaler, narrow);
    expect(again).toBeInstanceOf(Float32Array);
    expect(distance(again, scikitLearn.scalers.standard.flat())).toBeLessThan(1e-6);
  });

  it('leaves a column without values as it is, and refuses another shape', () => {
    expect(fitScaler('robust', column([NaN, NaN]))).toEqual({ kind: 'robust', center: [0], scale: [1] });
    expect(() => applyScaler(fitScaler('minmax', column([1, 2])), x)).toThrow('knows 1 columns; the matrix has 5');
    expect(() => fitScaler('minmax', { rows: 2, columns: 2, values: new Float32Array(3) })).toThrow('need 4');
  });
});
