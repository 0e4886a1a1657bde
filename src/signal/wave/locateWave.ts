import { PenstockError } from '../../errors/index.js';
import { fallResponse, onGrid, readAt } from './fallResponse.js';

/** A pressure along the line. */
export interface PressureSensor {
  /** m */
  readonly position: number;
  /** Any unit, the same for all sensors; one value per row, NaN where there is none. */
  readonly pressure: Float64Array;
}

export interface WaveSearch {
  /** The wave started within [from, to], s. */
  readonly from: number;
  readonly to: number;
  /** m/s */
  readonly waveSpeed: number;
  /** Time on each side of a front over which levels are averaged, s. */
  readonly width: number;
}

/** Where and when a negative pressure wave began. */
export interface WaveOrigin {
  /** m, between the first and the last sensor. */
  readonly position: number;
  /** s */
  readonly time: number;
  /** How far the fall stands out of the noise of the readings, in standard deviations, all sensors together. */
  readonly strength: number;
  /** Half the way of the wave in one row, m: no place is known more finely from arrivals at rows. */
  readonly resolution: number;
}

/** Falls that stand out less than this are noise. */
export const leastWaveStrength = 6;

/**
 * The origin of a negative pressure wave: of all places x and times t0 the one where the falls that the sensors saw at
 * t0 + |x - position| / waveSpeed are largest, as the root of the sum of their squares in noise units. A fall is the mean of the `width` seconds
 * before less that of those after: a cross-correlation with a step, which is greatest halfway up a smeared front, not at its foot. The flow's
 * own velocity v is left out; it shifts the place by at most v / (2 waveSpeed) of the length. `time` rises, s.
 * Undefined where no fall stands out, or the rows do not reach.
 * @throws PenstockError `signal/invalid` for fewer than two places, or a speed or width that is not positive
 */
export function locateWave(time: Float64Array, sensors: readonly PressureSensor[], { from, to, waveSpeed, width }: WaveSearch): WaveOrigin | undefined {
  if (!(waveSpeed > 0 && width > 0)) throw new PenstockError('signal/invalid', `a wave of ${waveSpeed} m/s with fronts of ${width} s cannot be looked for; both must be positive`);
  const places = sensors.map(({ position }) => position);
  const [first, last] = [Math.min(...places), Math.max(...places)];
  if (!(last > first)) throw new PenstockError('signal/invalid', `the pressures lie at ${places.join(', ') || 'no place'} m; two places are needed`);
  if (time.length < 2 || !(to >= from)) return undefined;
  const row = (time.at(-1)! - time[0]!) / (time.length - 1);
  const grid = { start: from, step: row / 2, count: Math.ceil((to - from + (last - first) / waveSpeed) / (row / 2)) + 2 };
  const falls = sensors.map(({ pressure }) => onGrid(fallResponse(time, pressure, { from, to: to + (last - first) / waveSpeed, width }), grid));

  const parts = Math.max(100, Math.min(400, Math.ceil((8 * (last - first)) / (waveSpeed * row))));
  const starts = Math.floor((to - from) / grid.step) + 1;
  let best = { sum: 0, position: 0, time: 0 };
  for (let k = 0; k <= parts; k++) {
    const position = first + ((last - first) * k) / parts;
    const delays = places.map((place) => Math.abs(place - position) / waveSpeed / grid.step);
    for (let n = 0; n < starts; n++) {
      let sum = 0;
      for (let s = 0; s < falls.length; s++) {
        const fall = readAt(falls[s]!, n + delays[s]!);
        if (fall > 0) sum += fall * fall;
      }
      if (sum > best.sum) best = { sum, position, time: from + n * grid.step };
    }
  }
  const strength = Math.sqrt(best.sum);
  return strength >= leastWaveStrength ? { position: best.position, time: best.time, strength, resolution: (waveSpeed * row) / 2 } : undefined;
}
