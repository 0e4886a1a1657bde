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
  kernel: () => (view, out, offset) => {
    const { total } = view.bands!;
    for (const coefficients of view.coefficients) {
      for (let i = 0; i < total; i++) out[offset++] = coefficients[i]!;
    }
  },
};
