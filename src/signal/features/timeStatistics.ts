import { moment, momentCount, moments } from '../statistics/moments.js';
import { quantilesOf } from '../statistics/quantiles.js';
import { meanAbsoluteDifference, slope } from '../statistics/shape.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';
import { perRow } from './units.js';

const perSignal = 15;
const median = 9;
const mad = 12;

/** Levels, spread and shape of the values. Levels tell the operating point, and so the case: judge models without them too. */
export const timeStatistics: FeatureGroup = {
  name: 'time_statistics',
  needsWavelets: false,
  definitions: (signals) =>
    signals.flatMap(({ name, unit }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, of: string): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula, unit: of, signal: name, group: 'time_statistics' });
      return [
        define('mean', 'mean x', unit),
        define('std', 'population standard deviation of x', unit),
        define('min', 'min x', unit),
        define('max', 'max x', unit),
        define('skew', 'm3 / m2^1.5; NaN where x is constant', '1'),
        define('kurtosis', 'm4 / m2^2 - 3; NaN where x is constant', '1'),
        define('rms', 'sqrt(mean x^2)', unit),
        ...['05', '25'].map((p) => define(`p${p}`, `percentile ${Number(p)} of x, linear interpolation`, unit)),
        define('median', 'median x', unit),
        ...['75', '95'].map((p) => define(`p${p}`, `percentile ${p} of x, linear interpolation`, unit)),
        define('mad', 'median |x - median x|', unit),
        define('mean_abs_diff', 'mean |x[i+1] - x[i]|', unit),
        define('slope', 'least squares against the row', perRow(unit)),
      ];
    }),
  kernel(_signals, { windowSize }) {
    const quantiles = quantilesOf(windowSize, [0.05, 0.25, 0.5, 0.75, 0.95]);
    return ({ columns, start, size }, out, offset) => {
      for (const x of columns) {
        moments(x, start, size, out, offset);
        if (Number.isNaN(out[offset + moment.mean]!)) out.fill(NaN, offset + momentCount, offset + perSignal);
        else {
          quantiles.levels(x, start, out, offset + momentCount);
          out[offset + mad] = quantiles.deviation(x, start, out[offset + median]!);
          out[offset + 13] = meanAbsoluteDifference(x, start, size);
          out[offset + 14] = slope(x, start, size);
        }
        offset += perSignal;
      }
    };
  },
};
