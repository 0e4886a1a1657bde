import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decomposition, dwt, maxLevel, wavedec, wavelet, waveletNames } from '../../src/signal/index.js';
import { describeShared, sharedFile } from '../shared.js';
import { signal } from './series.js';

test.each(waveletNames.map((name) => [name]))('%s is orthonormal, and its high-pass filter removes polynomials', (name) => {
  const { decLo, decHi, recLo, recHi } = wavelet(name);
  const size = decLo.length;
  const exact = name.startsWith('sym') ? 2e-11 : 4e-15;
  for (let shift = 0; shift < size; shift += 2) {
    let low = 0, high = 0, mixed = 0;
    for (let k = 0; k + shift < size; k++) {
      low += recLo[k]! * recLo[k + shift]!;
      high += recHi[k]! * recHi[k + shift]!;
      mixed += recLo[k]! * recHi[k + shift]!;
    }
    expect(Math.abs(low - (shift === 0 ? 1 : 0))).toBeLessThan(exact);
    expect(Math.abs(high - (shift === 0 ? 1 : 0))).toBeLessThan(exact);
    expect(Math.abs(mixed)).toBeLessThan(exact);
  }
  expect(Math.abs(recLo.reduce((sum, tap) => sum + tap, 0) - Math.SQRT2)).toBeLessThan(exact);
  const vanishing = name.startsWith('coif') ? 2 * Number(name.slice(4)) : size / 2;
  for (let power = 0; power < vanishing; power++) {
    // Centred and scaled to [-1, 1], so that high powers do not drown in rounding.
    let moment = 0;
    for (let k = 0; k < size; k++) moment += recHi[k]! * ((2 * k - size + 1) / size) ** power;
    expect(Math.abs(moment)).toBeLessThan(exact);
  }
  expect([...decLo]).toEqual([...recLo].reverse());
  expect([...decHi]).toEqual([...recHi].reverse());
});

test('a cubic has no db4 detail away from its ends', () => {
  const x = Float64Array.from({ length: 64 }, (_, i) => 1 + i - 0.3 * i ** 2 + 0.01 * i ** 3);
  const { bands, coefficients } = wavedec(x, wavelet('db4'), 1);
  const detail = coefficients.subarray(bands.offsets[1]!);
  expect(Math.max(...detail.subarray(4, 31).map(Math.abs))).toBeLessThan(1e-9);
  expect(Math.abs(detail[0]!)).toBeGreaterThan(1e-3);
});

test('level, name and room for the coefficients are checked', () => {
  expect(() => wavelet('db21')).toThrow(/"db21" is not known; allowed: haar, db1/);
  expect(() => wavelet('constructor')).toThrow(/not known/);
  expect(() => decomposition(40, wavelet('db2'), 0)).toThrow(/level 0/);
  expect(() => wavedec(new Float64Array(40), wavelet('db2'), 2, new Float64Array(3))).toThrow(/do not fit/);
});

test('writes only its own places', () => {
  const x = signal(40, 2);
  const out = new Float64Array(100).fill(7);
  const plan = decomposition(20, wavelet('db3'), 2);
  plan.run(x, 10, out, 30);
  expect([...out.subarray(0, 30), ...out.subarray(30 + plan.bands.total)].every((v) => v === 7)).toBe(true);
  expect([...out.subarray(30, 30 + plan.bands.total)]).toEqual([...wavedec(x.slice(10, 30), wavelet('db3'), 2).coefficients]);
  expect(dwt(x, 0, 3, wavelet('db3'), out, 0, new Float64Array(9), 0)).toBe(4);
});

interface Golden {
  filters: Record<string, Record<'dec_lo' | 'dec_hi' | 'rec_lo' | 'rec_hi', number[]>>;
  max_level: { n: number; wavelet: string; level: number }[];
  cases: { n: number; seed: number; wavelet: string; level: number; lengths: number[]; coefficients: number[][] | null; first_last_sum: number[][] }[];
}

describeShared('against PyWavelets', () => {
  const golden = JSON.parse(readFileSync(sharedFile('golden/wavelets.json'), 'utf8')) as Golden;

  test('filters', () => {
    for (const [name, expected] of Object.entries(golden.filters)) {
      const found = wavelet(name);
      const near = (a: Float64Array, b: number[]): void => {
        expect(a.length).toBe(b.length);
        b.forEach((tap, k) => expect(Math.abs(a[k]! - tap)).toBeLessThanOrEqual(2e-16));
      };
      near(found.decLo, expected.dec_lo);
      near(found.decHi, expected.dec_hi);
      near(found.recLo, expected.rec_lo);
      near(found.recHi, expected.rec_hi);
    }
  });

  test('deepest level', () => {
    for (const { n, wavelet: name, level } of golden.max_level) expect([n, name, maxLevel(n, name)]).toEqual([n, name, level]);
  });

  test('coefficients, to 1e-12 of the largest in the signal', () => {
    for (const { n, seed, wavelet: name, level, lengths, coefficients, first_last_sum } of golden.cases) {
      const found = wavedec(signal(n, seed), wavelet(name), level);
      expect([...found.bands.lengths]).toEqual(lengths);
      lengths.forEach((length, b) => {
        const band = found.coefficients.subarray(found.bands.offsets[b], found.bands.offsets[b]! + length);
        const [first, last, sum, squares] = first_last_sum[b] as [number, number, number, number];
        const scale = 1e-12 * 50 * 2 ** (level / 2);
        expect(Math.abs(band[0]! - first)).toBeLessThan(scale);
        expect(Math.abs(band.at(-1)! - last)).toBeLessThan(scale);
        expect(Math.abs(band.reduce((a, v) => a + v, 0) - sum)).toBeLessThan(scale * length);
        expect(Math.abs(band.reduce((a, v) => a + v * v, 0) - squares) / squares).toBeLessThan(1e-12);
        coefficients?.[b]!.forEach((value, k) => expect(Math.abs(band[k]! - value)).toBeLessThan(scale));
      });
    }
  });
});
