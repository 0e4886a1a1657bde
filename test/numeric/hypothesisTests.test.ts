import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustForDiscoveries, createRandom, fisherExact, kendallTau, kolmogorovSmirnov, lcg, mannWhitney, rankValues, sortedOrder } from '../../src/numeric/index.js';

/** 1,000 sums of twelve uniform numbers about 0, and 500 that are wider and shifted: the inputs of the golden drift numbers. */
const reference = rowSums(lcg(12_000, 1)).map((value) => value - 6);
const current = rowSums(lcg(6000, 2)).map((value) => (value - 6) * 1.2 + 0.3);

describe('ranking', () => {
  it('sorts as a stable comparison sort does, NaN last', () => {
    const value = fc.oneof(fc.double(), fc.constantFrom(0, -0, 1, -1, Infinity, -Infinity, NaN), fc.integer({ min: -3, max: 3 }));
    fc.assert(fc.property(fc.array(value, { maxLength: 60 }), fc.boolean(), (list, single) => {
      const values = single ? Float32Array.from(list) : Float64Array.from(list);
      const plain = Array.from(values.keys()).sort((a, b) => {
        const [x, y] = [values[a]!, values[b]!];
        return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || (x < y ? -1 : x > y ? 1 : 0) || a - b;
      });
      expect(Array.from(sortedOrder(values))).toEqual(plain);
    }));
  });

  it('gives equal values the mean of their ranks', () => {
    const { ranks, distinct, ties } = rankValues(Float64Array.of(3, 1, 0, -0, 3, 3));
    expect(Array.from(ranks)).toEqual([5, 3, 1.5, 1.5, 5, 5]);
    expect([distinct, ties]).toEqual([3, 6 + 24]);
  });
});

describe('tests of two samples', () => {
  it('are those of SciPy on the golden samples', () => {
    const { ranked, marked } = twoSamples(reference, current);
    expect(mannWhitney(ranked, marked).statistic).toBe(198_864);
    near(mannWhitney(ranked, marked).p, 1.0061045541821054e-10);
    expect(kolmogorovSmirnov(ranked, marked).statistic).toBeCloseTo(0.183, 14);
    near(kolmogorovSmirnov(ranked, marked).p, 3.448098049474668e-10);
    const few = twoSamples(reference.subarray(0, 50), current.subarray(0, 40));
    near(kolmogorovSmirnov(few.ranked, few.marked).p, 0.13227638798242955);
  });

  it('correct for ties', () => {
    const values = lcg(60, 21).map((u) => Math.floor(u * 8));
    const marked = Uint8Array.from(lcg(60, 23), (u) => (u < 0.4 ? 1 : 0));
    const ranked = rankValues(values);
    expect(mannWhitney(ranked, marked).statistic).toBe(358.5);
    near(mannWhitney(ranked, marked).p, 0.19478671955715943);
    near(kolmogorovSmirnov(ranked, marked).p, 0.6351759426151886);
  });

  it('take the limit of Kolmogorov for large samples, within a few per cent of the exact p', () => {
    const { ranked, marked } = twoSamples(lcg(2500, 31), lcg(1500, 32).map((u) => u ** 1.05));
    const { statistic, p } = kolmogorovSmirnov(ranked, marked);
    expect(statistic).toBeCloseTo(0.030133333333333335, 12);
    expect(Math.abs(p / 0.355886184639112 - 1)).toBeLessThan(0.02);
  });

  it('have no answer where one sample is empty, and 1 where all values are equal', () => {
    const ranked = rankValues(Float64Array.of(1, 2));
    expect(mannWhitney(ranked, [0, 0]).p).toBeNaN();
    expect(kolmogorovSmirnov(ranked, [1, 1]).p).toBeNaN();
    expect(mannWhitney(rankValues(Float64Array.of(1, 1, 1)), [1, 0, 0]).p).toBe(1);
    expect(kolmogorovSmirnov(rankValues(Float64Array.of(1, 1, 1)), [1, 0, 0]).p).toBe(1);
  });
});

describe("Kendall's tau", () => {
  it('is that of SciPy on the golden samples and with ties', () => {
    const golden = kendallTau(reference.slice(0, 100), rankValues(current.slice(0, 100)));
    near(golden.statistic, 0.058585858585858595);
    near(golden.p, 0.38777806259683567);
    const tied = kendallTau(lcg(60, 21).map((u) => Math.floor(u * 8)), rankValues(lcg(60, 22).map((u) => Math.floor(u * 5))));
    near(tied.statistic, -0.057363140410751336);
    near(tied.p, 0.5732791007330459);
  });

  it('is 1 for a rising line, -1 for a falling one, unknown for a constant', () => {
    const rising = Float64Array.from({ length: 30 }, (_, i) => i);
    expect(kendallTau(rising, rankValues(rising)).statistic).toBe(1);
    expect(kendallTau(rising.map((x) => -x), rankValues(rising)).statistic).toBe(-1);
    expect(kendallTau(rising.fill(2), rankValues(Float64Array.from(lcg(30, 1)))).p).toBeNaN();
  });
});

describe("Fisher's exact test", () => {
  it.each([
    [[8, 2, 1, 5], 20, 0.034965034965034975],
    [[0, 10, 10, 0], 0, 1.082508822446903e-5],
    [[30, 12, 25, 40], 4, 0.0013984420973880024],
    [[3, 0, 2, 4], Infinity, 0.16666666666666669],
    [[1000, 1200, 900, 700], 0.6481481481481481, 5.947069705430947e-11],
  ] as const)('is that of SciPy: %j', ([a, b, c, d], odds, p) => {
    expect(fisherExact(a, b, c, d).statistic).toBeCloseTo(odds, 12);
    near(fisherExact(a, b, c, d).p, p);
    near(fisherExact(c, d, a, b).p, p);
  });

  it('says nothing of a table with an empty margin', () => {
    expect(fisherExact(3, 4, 0, 0)).toEqual({ statistic: NaN, p: 1 });
  });
});

describe('adjusted p values', () => {
  const p = Float64Array.of(0.0001, 0.004, 0.019, 0.03, 0.05, 0.2, 0.5, 0.9);

  it('are those of statsmodels, by Benjamini and Yekutieli, and by Benjamini and Hochberg', () => {
    for (const [i, wanted] of [0.00217429, 0.04348571, 0.13770476, 0.16307143, 0.21742857, 0.7247619, 1, 1].entries()) expect(Math.abs(adjustForDiscoveries(p)[i]! - wanted)).toBeLessThan(1e-8);
    const independent = adjustForDiscoveries(p, { independent: true });
    for (const [i, wanted] of [0.0008, 0.016, 0.05066667, 0.06, 0.08, 0.26666667, 0.57142857, 0.9].entries()) expect(Math.abs(independent[i]! - wanted)).toBeLessThan(1e-8);
  });

  it('do not depend on the order, and leave out what was not tested', () => {
    const order = createRandom(1).permutation(8);
    const shuffled = adjustForDiscoveries(Float64Array.from([...order].map((i) => p[i]!)));
    expect(Array.from(shuffled)).toEqual([...order].map((i) => adjustForDiscoveries(p)[i]));
    expect(Array.from(adjustForDiscoveries(Float64Array.of(NaN, 0.01, NaN)))).toEqual([NaN, 0.01, NaN]);
  });
});

function twoSamples(first: Float64Array, second: Float64Array) {
  return { ranked: rankValues(Float64Array.of(...first, ...second)), marked: Uint8Array.from({ length: first.length + second.length }, (_, i) => (i < first.length ? 1 : 0)) };
}

function rowSums(values: Float64Array): Float64Array {
  return Float64Array.from({ length: values.length / 12 }, (_, row) => values.subarray(row * 12, row * 12 + 12).reduce((sum, value) => sum + value, 0));
}

function near(found: number, wanted: number): void {
  expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(1e-8);
}
