import { deviation, mean } from '../statistics/moments.js';
import { slope } from '../statistics/shape.js';
import type { FeatureDefinition, FeatureGroup } from './group.js';
import { perRow } from './units.js';

const perSignal = 11;

/**
 * Changes inside the window, free of the level. An onset shows first in the last rows, so the newest rows (the last eighth,
 * at least 2) are set against the older half, whose own spread gives the yardstick of `onset_score`.
 */
export const differences: FeatureGroup = {
  name: 'differences',
  needsWavelets: false,
  definitions: (signals, { windowSize }) => {
    const { half, tail } = parts(windowSize);
    const older = `x[0..${half - 1}]`;
    const newest = `x[${windowSize - tail}..${windowSize - 1}]`;
    return signals.flatMap(({ name, unit }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, of: string): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula, unit: of, signal: name, group: 'differences' });
      return [
        define('last_minus_first', `x[${windowSize - 1}] - x[0]`, unit),
        define('last_minus_mean', `x[${windowSize - 1}] - mean x`, unit),
        define('half_change', `mean of the newer half - mean of the older half`, unit),
        define('onset_change', `mean ${newest} - mean ${older}`, unit),
        define('onset_score', `onset_change / population standard deviation of ${older}; NaN where that is 0`, '1'),
        define('onset_slope', `least squares over ${newest}`, perRow(unit)),
        define('max_fall', 'largest x[i] - x[j], i < j', unit),
        define('max_rise', 'largest x[j] - x[i], i < j', unit),
        define('min_step', 'smallest x[i+1] - x[i]', unit),
        define('max_step', 'largest x[i+1] - x[i]', unit),
        define('last_fall', `max ${older} - x[${windowSize - 1}]`, unit),
      ];
    });
  },
  kernel: (_signals, { windowSize }) => {
    const { half, tail } = parts(windowSize);
    return ({ columns, start, size }, out, offset) => {
      const end = start + size;
      for (const x of columns) {
        const last = x[end - 1]!;
        const older = mean(x, start, half);
        const spread = deviation(x, start, half, older);
        const change = mean(x, end - tail, tail) - older;
        out[offset] = last - x[start]!;
        out[offset + 1] = last - mean(x, start, size);
        out[offset + 2] = mean(x, end - half, half) - older;
        out[offset + 3] = change;
        // A spread that is rounding of the mean is no yardstick.
        out[offset + 4] = spread <= Number.EPSILON * Math.abs(older) * 4 ? NaN : change / spread;
        out[offset + 5] = slope(x, end - tail, tail);
        swings(x, start, end, out, offset + 6);
        out[offset + 10] = highest(x, start, half) - last;
        offset += perSignal;
      }
    };
  },
};

/** Rows of the older half and of the newest part. */
function parts(windowSize: number): { half: number; tail: number } {
  return { half: windowSize >> 1, tail: Math.max(2, windowSize >> 3) };
}

function highest(x: Float64Array, from: number, n: number): number {
  let top = x[from]!;
  for (let i = from + 1; i < from + n; i++) top = Math.max(top, x[i]!);
  return top;
}

/** Writes the largest fall and rise, the smallest and the largest step; NaN where a value is missing. */
function swings(x: Float64Array, start: number, end: number, out: Float64Array, at: number): void {
  let top = x[start]!;
  let bottom = top;
  let fall = 0;
  let rise = 0;
  let down = Infinity;
  let up = -Infinity;
  for (let i = start + 1; i < end; i++) {
    const value = x[i]!;
    const step = value - x[i - 1]!;
    fall = Math.max(fall, top - value);
    rise = Math.max(rise, value - bottom);
    down = Math.min(down, step);
    up = Math.max(up, step);
    top = Math.max(top, value);
    bottom = Math.min(bottom, value);
  }
  out[at] = fall;
  out[at + 1] = rise;
  out[at + 2] = down;
  out[at + 3] = up;
}
