import { autocorrelation1, zeroCrossings1, zeroCrossings2 } from '../statistics/shape.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';

const perSignal = 4;

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
        define('entropy_energy', '-sum p log p, p = x^2 / sum x^2; 0 where all are 0', 'nat'),
      ];
    }),
  reserves: () => ({ places: 1, numbers: 8 }),
  kernel(_signals, _options, kernels) {
    const bandAt = kernels.reserve(8);
    const band = kernels.floats(bandAt, 5);
    return ({ columns, rowsAt, start, size }, out, offset) => {
      for (let s = 0; s < columns.length; s++) {
        const x = columns[s]!;
        kernels.band(rowsAt[s]!, size, kernels.tables, bandAt);
        if (Number.isFinite(band[0]!)) {
          // A constant may have no exact mean in floating point; its spread is then rounding.
          out[offset] = zeroCrossings1(x, start, size);
          out[offset + 1] = zeroCrossings2(x, start, size);
          out[offset + 2] = out[offset] === 0 && flat(x, start, size) ? NaN : autocorrelation1(x, start, size, band[1]!);
          out[offset + 3] = band[4]!;
        } else out.fill(NaN, offset, offset + perSignal);
        offset += perSignal;
      }
    };
  },
};

function flat(x: Float64Array, from: number, n: number): boolean {
  for (let i = from + 1; i < from + n; i++) if (x[i] !== x[from]) return false;
  return true;
}
