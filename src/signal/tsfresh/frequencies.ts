import { each, over, type Calculator } from './calculator.js';
import { binnedEntropy } from './levels.js';
import { text } from './names.js';
import { numberCwtPeaks } from './cwtPeaks.js';

const parts = ['real', 'imag', 'abs', 'angle'] as const;
const widths = [2, 5, 10, 20];
const coefficients = 15;

/** What the Fourier and wavelet transforms tell. */
export const frequencyCalculators: readonly Calculator[] = [
  {
    name: 'fft_coefficient', unit: 'x', formula: 'attr (real, imag, abs, or angle in degrees) of rfft(x)[coeff]; NaN beyond n / 2',
    parameters: parts.flatMap((part) => Array.from({ length: 100 }, (_, k) => ({ attr: text(part), coeff: String(k) }))),
    run: ({ spectrum: { re, im } }) => Float64Array.from({ length: 400 }, (_, at) => {
      const k = at % 100;
      if (k >= re.length) return NaN;
      const part = parts[Math.floor(at / 100)];
      if (part === 'real') return re[k]!;
      if (part === 'imag') return im[k]!;
      return part === 'abs' ? Math.hypot(re[k]!, im[k]!) : (Math.atan2(im[k]!, re[k]!) * 180) / Math.PI;
    }),
  },
  {
    name: 'fft_aggregated', unit: '1', formula: 'centroid, variance, skew or kurtosis of k weighted by |rfft(x)[k]|, as tsfresh forms them (its kurtosis ends in -3 centroid)',
    parameters: ['centroid', 'variance', 'skew', 'kurtosis'].map((type) => ({ aggtype: text(type) })),
    run: ({ spectrum: { re, im } }) => aggregated(Float64Array.from(re, (real, k) => Math.hypot(real, im[k]!))),
  },
  each('spkt_welch_density', 'x^2', 'Welch density at bin coeff: Hann segments of at most 256 rows, overlap half', over('coeff', [2, 5, 8]), ({ density }, k) => density[k] ?? NaN),
  each('fourier_entropy', '1', 'entropy in nats of the Welch density over its maximum in bins of equal width', over('bins', [2, 3, 5, 10, 100]), ({ density }, bins) => {
    const top = density.reduce((a, b) => Math.max(a, b), 0);
    const scaled = density.map((value) => value / top);
    return binnedEntropy(scaled, scaled.reduce((a, b) => Math.min(a, b), Infinity), 1, bins);
  }),
  {
    name: 'cwt_coefficients', unit: 'x', formula: 'row coeff of the continuous transform with the Mexican hat at width w',
    parameters: widths.flatMap((w) => Array.from({ length: coefficients }, (_, k) => ({ coeff: String(k), w: String(w), widths: '(2, 5, 10, 20)' }))),
    run: ({ x }) => Float64Array.from(widths.flatMap((w) => Array.from({ length: coefficients }, (_, k) => (k < x.length ? mexicanHat(x, w, k) : NaN)))),
  },
  each('number_cwt_peaks', '1', 'ridges of the transforms with Ricker wavelets of widths 1 .. n that stand out of the noise', over('n', [1, 5]), ({ x }, most) => numberCwtPeaks(x, most)),
];

function aggregated(y: Float64Array): number[] {
  const total = y.reduce((sum, v) => sum + v, 0);
  const moment = (power: number): number => y.reduce((sum, v, k) => sum + v * k ** power, 0) / total;
  const centroid = moment(1);
  const variance = moment(2) - centroid ** 2;
  if (variance < 0.5) return [centroid, variance, NaN, NaN];
  return [
    centroid, variance,
    (moment(3) - 3 * centroid * variance - centroid ** 3) / variance ** 1.5,
    (moment(4) - 4 * centroid * moment(3) + 6 * moment(2) * centroid ** 2 - 3 * centroid) / variance ** 2,
  ];
}

const points = 4096;
const hat = integratedHat();

/** Running integral of 2 / (sqrt(3) pi^(1/4)) (1 - t^2) exp(-t^2 / 2) on 4096 points from -8 to 8. */
function integratedHat(): Float64Array {
  const step = 16 / (points - 1);
  let sum = 0;
  return Float64Array.from({ length: points }, (_, i) => {
    const t = -8 + i * step;
    sum += (2 / (Math.sqrt(3) * Math.PI ** 0.25)) * (1 - t * t) * Math.exp((-t * t) / 2);
    return sum * step;
  });
}

/** As pywt.cwt: minus sqrt(w) times the difference of the convolution with the integrated wavelet, the middle rows kept. */
function mexicanHat(x: Float64Array, w: number, row: number): number {
  const step = 16 / (points - 1);
  let size = 16 * w + 1;
  while (Math.floor((size - 1) / (w * step)) >= points) size--;
  const tap = (i: number): number => hat[Math.floor((size - 1 - i) / (w * step))]!;
  const convolved = (at: number): number => {
    let sum = 0;
    for (let i = Math.max(0, at - x.length + 1); i < size && i <= at; i++) sum += tap(i) * x[at - i]!;
    return sum;
  };
  const at = row + Math.floor((size - 2) / 2);
  return -Math.sqrt(w) * (convolved(at + 1) - convolved(at));
}
