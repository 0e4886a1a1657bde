import { bandLayout } from '../wavelets/decompose.js';
import { wavelet } from '../wavelets/wavelet.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';

/** Every coefficient of the multilevel transform: cA_L, cD_L, ..., cD_1. */
export const waveletCoefficients: FeatureGroup = {
  name: 'wavelet_coefficients',
  needsWavelets: true,
  definitions(signals, options) {
    const bands = bandLayout(options.windowSize, wavelet(options.wavelet).decLo.length, options.waveletLevel);
    return signals.flatMap(({ name, unit }) =>
      bands.names.flatMap((band, b) =>
        Array.from({ length: bands.lengths[b]! }, (_, k): FeatureDefinition => ({
          name: `${name}_${band}_${k}`,
          formula: `${band}[${k}] of wavedec(x, '${options.wavelet}', mode='symmetric', level=${options.waveletLevel})`,
          unit,
          signal: name,
          group: 'wavelet_coefficients',
        }))));
  },
  patterns: ({ name, unit }, options) => [{
    name: `${name}_<band>_<k>`,
    formula: `coefficient k of a band (cA_L, cD_L, ..., cD_1) of wavedec(x, '${options.wavelet}', mode='symmetric', level=L)`,
    unit, signal: name, group: 'wavelet_coefficients',
  }],
  kernel: () => ({ coefficients }, out, offset) => {
    for (let s = 0; s < coefficients.length; s++) {
      out.set(coefficients[s]!, offset);
      offset += coefficients[s]!.length;
    }
  },
};
