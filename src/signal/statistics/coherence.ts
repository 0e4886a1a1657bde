import { createFft } from '../../numeric/fft.js';

/**
 * Prepares the mean magnitude-squared coherence of two signals over windows of `n` values (Welch): segments of a quarter of
 * the window (rounded down to an even number without prime factors above 5, at least 8), overlapping by half, Hann-windowed,
 * each without its mean; the mean over k = 1 .. m / 2 of |sum X* Y|^2 / (sum |X|^2 sum |Y|^2). Bins without power in either count as 0.
 * NaN where n is below 16 (one segment agrees with anything) or a value is missing.
 */
export function meanCoherence(n: number): (x: Float64Array, y: Float64Array, from: number) => number {
  const m = segmentOf(n);
  const hop = m / 2;
  const segments = Math.floor((n - m) / hop) + 1;
  if (segments < 2) return () => NaN;
  const fft = createFft(m);
  const hann = Float64Array.from({ length: m }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / m));
  const re = new Float64Array(m);
  const im = new Float64Array(m);
  const bins = m / 2;
  const sums = new Float64Array(4 * (bins + 1));
  return (x, y, from) => {
    sums.fill(0);
    for (let s = 0; s < segments; s++) {
      const at = from + s * hop;
      let meanX = 0, meanY = 0;
      for (let i = 0; i < m; i++) {
        meanX += x[at + i]!;
        meanY += y[at + i]!;
      }
      meanX /= m;
      meanY /= m;
      // One complex transform serves both signals: x is its real part, y its imaginary one.
      for (let i = 0; i < m; i++) {
        re[i] = hann[i]! * (x[at + i]! - meanX);
        im[i] = hann[i]! * (y[at + i]! - meanY);
      }
      fft.forward(re, im);
      addCross(re, im, m, sums);
    }
    let coherence = 0;
    for (let k = 1; k <= bins; k++) {
      const powers = sums[4 * k]! * sums[4 * k + 1]!;
      if (powers !== 0) coherence += (sums[4 * k + 2]! ** 2 + sums[4 * k + 3]! ** 2) / powers;
    }
    return coherence / bins;
  };
}

function segmentOf(n: number): number {
  for (let m = 2 * (n >> 3); m > 8; m -= 2) {
    let rest = m;
    for (const prime of [2, 3, 5]) while (rest % prime === 0) rest /= prime;
    if (rest === 1) return m;
  }
  return 8;
}

/** Adds |X|^2, |Y|^2 and the parts of X* Y per bin, from the transform of x + i y. */
function addCross(re: Float64Array, im: Float64Array, m: number, sums: Float64Array): void {
  for (let k = 1; k <= m / 2; k++) {
    const b = m - k;
    const xr = (re[k]! + re[b]!) / 2, xi = (im[k]! - im[b]!) / 2;
    const yr = (im[k]! + im[b]!) / 2, yi = (re[b]! - re[k]!) / 2;
    sums[4 * k]! += xr * xr + xi * xi;
    sums[4 * k + 1]! += yr * yr + yi * yi;
    sums[4 * k + 2]! += xr * yr + xi * yi;
    sums[4 * k + 3]! += xr * yi - xi * yr;
  }
}
