import { deviation, mean } from '../statistics/moments.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';

const perSignal = 4;

/**
 * The window against the one before it in the same case, which starts `stepSize` rows earlier. It is read from the case's own
 * rows, so that any choice of windows in any order gives the same values. NaN where a case has no earlier window.
 */
export const temporalContext: FeatureGroup = {
  name: 'temporal_context',
  needsWavelets: false,
  definitions: (signals, { stepSize }) =>
    signals.flatMap(({ name, unit }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, of: string): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula: `${formula}; prev: the window ${stepSize} rows earlier, NaN where there is none`, unit: of, signal: name, group: 'temporal_context' });
      return [
        define('mean_prev', 'mean of prev', unit),
        define('mean_delta', 'mean x - mean of prev', unit),
        define('mean_delta_pct', '(mean x - mean of prev) / mean of prev, NaN where that is 0', '1'),
        define('std_ratio', 'std x / std of prev, NaN where that is 0', '1'),
      ];
    }),
  kernel(_signals, { stepSize }) {
    const step = stepSize!;
    return ({ columns, start, size }, out, offset) => {
      const before = start - step;
      if (before < 0) {
        out.fill(NaN, offset, offset + perSignal * columns.length);
        return;
      }
      for (const x of columns) {
        const now = mean(x, start, size);
        const previous = mean(x, before, size);
        const spread = deviation(x, before, size, previous);
        out[offset] = previous;
        out[offset + 1] = now - previous;
        out[offset + 2] = previous === 0 ? NaN : (now - previous) / previous;
        out[offset + 3] = spread <= Number.EPSILON * Math.abs(previous) * 4 ? NaN : deviation(x, start, size, now) / spread;
        offset += perSignal;
      }
    };
  },
};
