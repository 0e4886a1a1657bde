import { fallArrival } from '../statistics/pressureWave.js';
import { along } from './alongLine.js';
import type { FeatureDefinition, FeatureGroup, FeatureOptions, SignalDescription } from './group.js';

/**
 * The negative pressure wave of an onset, between the first and the last pressure along the line: when it arrives where.
 * A window must hold the arrival at both, so it should be longer than the wave's way along the line.
 */
export const pressureWave: FeatureGroup = {
  name: 'pressure_wave',
  needsWavelets: false,
  definitions(signals, options) {
    const pair = ends(signals);
    if (!pair) return [];
    const [a, b] = pair.map((index) => signals[index]!.name) as [string, string];
    const unit = unitOf(options);
    const arrival = 'arrival: x crosses halfway from the mean of the oldest to that of the newest quarter, straight between rows; NaN where that fall is below 8 standard deviations of the oldest quarter';
    const define = (suffix: string, formula: string): FeatureDefinition => ({ name: `${a}~${b}_${suffix}`, formula, unit, group: 'pressure_wave' });
    return [
      define('wave_dt', `arrival at ${a} - arrival at ${b}; ${arrival}; resolution one row, or half the way of the wave in it`),
      define('wave_age', `time from the earlier arrival to the last row; ${arrival}`),
    ];
  },
  kernel(signals, options) {
    const pair = ends(signals);
    const step = options.stepSeconds ?? 1;
    return ({ columns, start, size }, out, offset) => {
      if (!pair) return;
      const a = fallArrival(columns[pair[0]]!, start, size);
      const b = fallArrival(columns[pair[1]]!, start, size);
      out[offset] = (a - b) * step;
      out[offset + 1] = (size - 1 - (Number.isNaN(a) ? b : Number.isNaN(b) ? a : Math.min(a, b))) * step;
    };
  },
};

function ends(signals: readonly SignalDescription[]): [number, number] | undefined {
  const pressures = along(signals, 'pressure');
  return pressures.length > 1 ? [pressures[0]!.index, pressures.at(-1)!.index] : undefined;
}

function unitOf({ stepSeconds }: FeatureOptions): string {
  return stepSeconds === undefined ? 'row' : 's';
}
