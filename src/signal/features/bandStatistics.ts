import { bandLayout } from '../wavelets/decompose.js';
import { wavelet } from '../wavelets/wavelet.js';
import { chosenValues } from './chosenValues.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';
import { squared } from './units.js';

const statistics = [
  { name: 'energy', formula: 'E = sum c^2', unit: squared },
  { name: 'relative_energy', formula: 'E / sum of E over all bands; 0 where all are 0', unit: () => '1' },
  { name: 'mean', formula: 'mean c', unit: (unit: string) => unit },
  { name: 'std', formula: 'population standard deviation of c', unit: (unit: string) => unit },
  { name: 'max', formula: 'max |c|', unit: (unit: string) => unit },
  { name: 'entropy', formula: '-sum p log p, p = c^2 / E; 0 where E is 0', unit: () => 'nat' },
] as const;
const names = statistics.map(({ name }) => name);
const perBand = statistics.length;
const share = 1;
const entropy = 5;

/** Per wavelet band: energy, its share, mean, spread, peak and entropy. */
export const bandStatistics: FeatureGroup = {
  name: 'band_statistics',
  needsWavelets: true,
  definitions(signals, options) {
    const bands = bandLayout(options.windowSize, wavelet(options.wavelet).decLo.length, options.waveletLevel).names;
    const chosen = chosenValues('band_statistics', names, options).map((at) => statistics[at]!);
    return signals.flatMap((signal) =>
      bands.flatMap((band) =>
        chosen.map(({ name, formula, unit }): FeatureDefinition =>
          ({ name: `${signal.name}_${band}_${name}`, formula: `${formula}, c = ${band}`, unit: unit(signal.unit), signal: signal.name, group: 'band_statistics' }))));
  },
  patterns: (signal) => statistics.map(({ name, formula, unit }) => ({
    name: `${signal.name}_<band>_${name}`, formula: `${formula}, c = the coefficients of cA_L, cD_L, ... or cD_1`, unit: unit(signal.unit), signal: signal.name, group: 'band_statistics',
  })),
  reserves: () => ({ places: 1, numbers: 8 }),
  kernel(_signals, options, kernels) {
    const chosen = Int32Array.from(chosenValues('band_statistics', names, options));
    const tables = chosen.includes(entropy) ? kernels.tables : 0;
    const bandAt = kernels.reserve(8);
    const band = kernels.floats(bandAt, 5);
    const found = new Float64Array(perBand * (options.waveletLevel + 1));
    return ({ bands, coefficientsAt }, out, offset) => {
      const { lengths, offsets } = bands!;
      for (let s = 0; s < coefficientsAt.length; s++) {
        let total = 0;
        for (let b = 0, at = 0; b < lengths.length; b++, at += perBand) {
          kernels.band(coefficientsAt[s]! + 8 * offsets[b]!, lengths[b]!, tables, bandAt);
          total += found[at] = band[0]!;
          for (let k = 1; k < 5; k++) found[at + 1 + k] = band[k]!;
        }
        for (let b = 0, at = 0; b < lengths.length; b++, at += perBand) {
          found[at + share] = total === 0 ? 0 : found[at]! / total;
          for (let k = 0; k < chosen.length; k++) out[offset++] = found[at + chosen[k]!]!;
        }
      }
    };
  },
};
