import { expect, test } from 'vitest';
import { createFft, createRandom } from '../../src/numeric/index.js';

test('equals the sum that defines it, for lengths of every kind', () => {
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 20, 30, 31, 40, 49, 60, 64, 77, 100, 101, 150]) {
    const random = createRandom(n);
    const re = Float64Array.from({ length: n }, () => random.normal());
    const im = Float64Array.from({ length: n }, () => random.normal());
    const foundRe = re.slice(), foundIm = im.slice();
    const fft = createFft(n);
    for (let repeat = 0; repeat < 2; repeat++) {
      foundRe.set(re);
      foundIm.set(im);
      fft.forward(foundRe, foundIm);
    }
    for (let k = 0; k < n; k++) {
      let sumRe = 0, sumIm = 0;
      for (let i = 0; i < n; i++) {
        const angle = (-2 * Math.PI * ((i * k) % n)) / n;
        sumRe += re[i]! * Math.cos(angle) - im[i]! * Math.sin(angle);
        sumIm += re[i]! * Math.sin(angle) + im[i]! * Math.cos(angle);
      }
      expect(Math.abs(foundRe[k]! - sumRe)).toBeLessThan(1e-12 * n);
      expect(Math.abs(foundIm[k]! - sumIm)).toBeLessThan(1e-12 * n);
    }
  }
  expect(() => createFft(0)).toThrow(/length 0/);
});
