import { deviation, mean } from '../statistics/moments.js';
import type { FeatureDefinition, FeatureGroup, FeatureOptions } from './group.js';

const perSignal = 7;
/** Windows that `stability_duration` looks back at most: without a cap it would be a clock. */
const mostWindows = 60;

/**
 * The window against those before it in the same case, each of which starts `stepSize` rows earlier. They are read from the
 * case's own rows, so that any choice of windows in any order gives the same values. NaN where a case does not reach back so far.
 */
export const temporalContext: FeatureGroup = {
  name: 'temporal_context',
  needsWavelets: false,
  definitions: (signals, options) =>
    signals.flatMap(({ name, unit }): FeatureDefinition[] => {
      const define = (suffix: string, formula: string, of: string, windows: number): FeatureDefinition =>
        ({ name: `${name}_${suffix}`, formula, unit: of, signal: name, group: 'temporal_context', rows: options.windowSize + windows * options.stepSize! });
      const prev = `prev: the window ${options.stepSize} rows earlier, NaN where there is none`;
      return [
        define('mean_prev', `mean of prev; ${prev}`, unit, 1),
        define('mean_delta', `mean x - mean of prev; ${prev}`, unit, 1),
        define('mean_delta_pct', `(mean x - mean of prev) / mean of prev, as a share, NaN where that is 0; ${prev}`, '1', 1),
        define('std_ratio', `std x / std of prev, NaN where that is 0; ${prev}`, '1', 1),
        define('mean_slope3', '(mean x - mean of the window two before) / 2; NaN where there is none', unit, 2),
        define('trend3', '1 where the means of the last three windows rise and by more than the std of the oldest in all, -1 where they fall so, else 0; NaN where there are not three', '1', 2),
        define('stability_duration', `windows before this one, one after another, whose mean lies within one std x of mean x, at most ${mostWindows}; NaN where the case begins before the first that does not`, '1', mostWindows),
      ];
    }),
  kernel(_signals, options: FeatureOptions) {
    const step = options.stepSize!;
    return ({ columns, start, size }, out, offset) => {
      for (let s = 0; s < columns.length; s++) {
        const x = columns[s]!;
        const now = mean(x, start, size);
        const std = deviation(x, start, size, now);
        out.fill(NaN, offset, offset + perSignal);
        if (start >= step) previousWindow(x, start - step, size, now, std, out, offset);
        if (start >= 2 * step) trend(x, start, size, step, now, out, offset + 4);
        out[offset + 6] = stableWindows(x, start, size, step, now, std);
        offset += perSignal;
      }
    };
  },
};

function previousWindow(x: Float64Array, before: number, size: number, now: number, std: number, out: Float64Array, at: number): void {
  const previous = mean(x, before, size);
  const spread = deviation(x, before, size, previous);
  out[at] = previous;
  out[at + 1] = now - previous;
  out[at + 2] = previous === 0 ? NaN : (now - previous) / previous;
  out[at + 3] = spread <= Number.EPSILON * Math.abs(previous) * 4 ? NaN : std / spread;
}

function trend(x: Float64Array, start: number, size: number, step: number, now: number, out: Float64Array, at: number): void {
  const middle = mean(x, start - step, size);
  const oldest = mean(x, start - 2 * step, size);
  const change = now - oldest;
  out[at] = change / 2;
  if (Number.isNaN(change + middle)) return;
  const clear = Math.abs(change) > deviation(x, start - 2 * step, size, oldest);
  const steady = (middle - oldest) * change > 0 && (now - middle) * change > 0;
  out[at + 1] = clear && steady ? Math.sign(change) : 0;
}

/**
 * The sum moves from window to window by the rows that enter and leave: it starts anew from this window's own rows, so it
 * depends on the rows looked at alone. A missing value ends the count like a change.
 */
function stableWindows(x: Float64Array, start: number, size: number, step: number, now: number, std: number): number {
  if (Number.isNaN(now)) return NaN;
  const band = Math.max(std, 8 * Number.EPSILON * Math.abs(now)) * size;
  // Sums of differences from the present mean: small numbers, so nothing is lost along sixty windows.
  let sum = 0;
  for (let i = start; i < start + size; i++) sum += x[i]! - now;
  for (let count = 1; count <= mostWindows; count++) {
    const from = start - count * step;
    if (from < 0) return NaN;
    if (step < size) {
      for (let i = 0; i < step; i++) sum += x[from + i]! - x[from + size + i]!;
    } else {
      sum = 0;
      for (let i = from; i < from + size; i++) sum += x[i]! - now;
    }
    if (!(Math.abs(sum) <= band)) return count - 1;
  }
  return mostWindows;
}
