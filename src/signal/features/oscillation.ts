import { energy, energyEntropy, spectralEntropy } from '../statistics/entropy.js';
import { moment, momentCount, moments } from '../statistics/moments.js';
import { autocorrelation1, zeroCrossings1, zeroCrossings2 } from '../statistics/shape.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';

const perSignal = 5;

/** How restless a signal is, independent of its level: a leak oscillates where a pump or valve moves smoothly. */
export const oscillation: FeatureGroup = {
  name: 'oscillation',
  needsWavelets: false,
  definitions: (signals) =>
    signals.flatMap(({ name }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, unit: string): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula, unit, signal: name, group: 'oscillation' });
      return [
        define('zero_crossings_d1', 'sign changes of the first difference, zeros skipped', '1'),
        define('zero_crossings_d2', 'sign changes of the second difference, zeros skipped', '1'),
        define('autocorr1', 'sum (x[i]-m)(x[i+1]-m) / sum (x[i]-m)^2; NaN where x is constant', '1'),
        define('spectral_entropy', '-sum p log p, p = |rfft(x - mean)|^2 without bin 0 as shares; 0 where x is constant', 'nat'),
        define('entropy_energy', '-sum p log p, p = x^2 / sum x^2; 0 where all are 0', 'nat'),
      ];
    }),
  kernel(_signals, { windowSize }) {
    const entropy = spectralEntropy(windowSize);
    const scratch = new Float64Array(momentCount);
    return ({ columns, start, size }, out, offset) => {
      for (const x of columns) {
        moments(x, start, size, scratch, 0);
        const mean = scratch[moment.mean]!;
        if (Number.isNaN(mean)) out.fill(NaN, offset, offset + perSignal);
        else {
          out[offset] = zeroCrossings1(x, start, size);
          out[offset + 1] = zeroCrossings2(x, start, size);
          out[offset + 2] = autocorrelation1(x, start, size, mean);
          out[offset + 3] = entropy(x, start, mean);
          out[offset + 4] = energyEntropy(x, start, size, energy(x, start, size));
        }
        offset += perSignal;
      }
    };
  },
};
