import { energyEntropy } from '../statistics/entropy.js';
import { bandLayout } from '../wavelets/decompose.js';
import { wavelet } from '../wavelets/wavelet.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';
import { squared } from './units.js';

const perBand = 6;

/** Per wavelet band: energy, its share, mean, spread, peak and entropy. */
export const bandStatistics: FeatureGroup = {
  name: 'band_statistics',
  needsWavelets: true,
  definitions(signals, options) {
    const { names } = bandLayout(options.windowSize, wavelet(options.wavelet).decLo.length, options.waveletLevel);
    return signals.flatMap(({ name, unit }) =>
      names.flatMap((band): FeatureDefinition[] => {
        const define = (suffix: string, formula: string, of: string): FeatureDefinition =>
          ({ name: `${name}_${band}_${suffix}`, formula: `${formula}, c = ${band}`, unit: of, signal: name, group: 'band_statistics' });
        return [
          define('energy', 'E = sum c^2', squared(unit)),
          define('relative_energy', 'E / sum of E over all bands; 0 where all are 0', '1'),
          define('mean', 'mean c', unit),
          define('std', 'population standard deviation of c', unit),
          define('max', 'max |c|', unit),
          define('entropy', '-sum p log p, p = c^2 / E; 0 where E is 0', 'nat'),
        ];
      }));
  },
  kernel: () => (view, out, offset) => {
    const { lengths, offsets } = view.bands!;
    for (const coefficients of view.coefficients) {
      const first = offset;
      let total = 0;
      for (let b = 0; b < lengths.length; b++, offset += perBand) {
        bandOf(coefficients, offsets[b]!, lengths[b]!, out, offset);
        total += out[offset]!;
      }
      for (let at = first; at < offset; at += perBand) out[at + 1] = total === 0 ? 0 : out[at]! / total;
    }
  },
};

/** Writes energy, (a place for the share), mean, std, max |c| and entropy of one band. */
function bandOf(c: Float64Array, from: number, n: number, out: Float64Array, at: number): void {
  let energy = 0;
  let sum = 0;
  let peak = 0;
  for (let i = from; i < from + n; i++) {
    const value = c[i]!;
    sum += value;
    energy += value * value;
    const size = Math.abs(value);
    if (size > peak) peak = size;
  }
  const mean = sum / n;
  let spread = 0;
  for (let i = from; i < from + n; i++) spread += (c[i]! - mean) ** 2;
  out[at] = energy;
  out[at + 2] = mean;
  out[at + 3] = Math.sqrt(spread / n);
  out[at + 4] = Number.isNaN(energy) ? NaN : peak;
  out[at + 5] = energyEntropy(c, from, n, energy);
}
