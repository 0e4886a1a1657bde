import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { locateWave, waveLocation, type PressureSensor } from '../../src/signal/index.js';
import { thrown } from '../thrown.js';

const speed = 1000;
const time = Float64Array.from({ length: 600 }, (_, i) => i);

/** A wave from `origin` at 400 s with a front that smears over `smear` seconds, on sensors with noise; its fall is 3e4 Pa and halves every 10 km. */
function sensors(origin: number, { noise = 1000, smear = 2, seed = 1, places = [0, 5000, 10_000, 20_000] }: { noise?: number; smear?: number; seed?: number; places?: number[] } = {}): PressureSensor[] {
  const random = createRandom(seed);
  return places.map((position) => {
    const way = Math.abs(position - origin);
    const fall = 3e4 * 2 ** (-way / 10_000);
    return { position, pressure: time.map((t) => 2e6 - fall / (1 + Math.exp(-(t - 400 - way / speed) / smear)) + noise * random.normal()) };
  });
}
const search = { from: 360, to: 420, waveSpeed: speed, width: 10 };

describe('the origin of a pressure wave', () => {
  test('lies where the falls of all sensors fit, within the resolution where they are clear', () => {
    for (const origin of [2000, 7300, 12_000, 17_700]) {
      const found = locateWave(time, sensors(origin, { noise: 0 }), search)!;
      expect(found.resolution).toBe(500);
      expect(Math.abs(found.position - origin), String(origin)).toBeLessThan(found.resolution);
      expect(Math.abs(found.time - 400)).toBeLessThan(1);
      expect(Math.abs(locateWave(time, sensors(origin), search)!.position - origin), `${origin} with noise`).toBeLessThan(3 * found.resolution);
    }
  });

  test('is said of nothing but falls that stand out, and of rows that are there', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const quiet = sensors(1e9, { seed });
      expect(locateWave(time, quiet, search)).toBeUndefined();
    }
    expect(locateWave(time.subarray(0, 300), sensors(7300).map((one) => ({ ...one, pressure: one.pressure.subarray(0, 300) })), search)).toBeUndefined();
    expect(locateWave(time, sensors(7300), { ...search, from: 100, to: 200 })).toBeUndefined();
  });

  test('does without a sensor that is silent, and takes missing values for the last ones', () => {
    const four = sensors(7300, { noise: 0 });
    const gaps = four.map(({ position, pressure }, s) => ({ position, pressure: pressure.map((value, row) => (s === 1 || row % 7 === s ? NaN : value)) }));
    expect(Math.abs(locateWave(time, gaps, search)!.position - 7300)).toBeLessThan(500);
  });

  test('of two sensors is what their difference of arrivals says', () => {
    const [a, b] = [0, 20_000];
    const found = locateWave(time, sensors(7300, { noise: 0, places: [a, b] }), search)!;
    expect(Math.abs(found.position - waveLocation(b - a, speed, (7300 - 12_700) / speed))).toBeLessThan(500);
  });

  test('needs two places, a speed and a width', () => {
    expect(thrown(() => locateWave(time, sensors(7300, { places: [5000] }), search)).message).toMatch(/two places are needed/);
    expect(thrown(() => locateWave(time, sensors(7300), { ...search, waveSpeed: 0 })).code).toBe('signal/invalid');
    expect(thrown(() => locateWave(time, sensors(7300), { ...search, width: NaN })).code).toBe('signal/invalid');
  });
});

test('a wave between two sensors is located by the formula of the handbook, with the flow and without it', () => {
  expect(waveLocation(100_000, 1000, 10)).toBe(55_000);
  expect(waveLocation(100_000, 1000, 10, 2)).toBeCloseTo(54_899.98, 9);
});
