import { line } from 'd3-shape';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathThrough } from '../../src/report/charts/pathThrough.js';

it('draws what d3-shape draws, with gaps, points alone and places outside', () => {
  const value = fc.oneof({ weight: 4, arbitrary: fc.double({ min: -50, max: 2000, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(NaN) });
  fc.assert(fc.property(fc.array(value, { maxLength: 30 }), (y) => {
    const x = Float64Array.from(y, (_, i) => i / 7);
    const [scaleX, scaleY] = [(v: number) => 3.3 * v + 0.1, (v: number) => 500 - 0.7 * v];
    const reference = line<number>((i) => scaleX(x[i]!), (i) => scaleY(y[i]!)).defined((i) => Number.isFinite(y[i]!)).digits(2);
    expect(pathThrough(x, y, scaleX, scaleY)).toBe(reference(y.map((_, i) => i)) ?? '');
  }));
});
