import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { applyNoise, quantityOf, type Sensor } from '../../src/signal/index.js';
import type { Table } from '../../src/table/table.js';
import { column, table } from './series.js';

const rows = 4000;
const time = Float64Array.from({ length: rows }, (_, i) => i);

function read(truth: Float64Array, sensor: Sensor, seed: string | number = 1, times = time): Float64Array {
  const series = table([column('time', times, 'clock', 's'), column('PT', truth, 'measured', 'PA'), column('LEAK', new Int32Array(truth.length), 'truth')]);
  const noisy = applyNoise(series, new Map([['PT', sensor]]), createRandom(seed));
  expect(noisy.columns[0]).toBe(series.columns[0]);
  expect(noisy.columns[2]).toBe(series.columns[2]);
  return noisy.columns[1]!.values as Float64Array;
}

const flat = new Float64Array(rows).fill(100);
const ramp = Float64Array.from(time);
const mean = (values: Float64Array): number => values.reduce((sum, v) => sum + v, 0) / values.length;
const deviation = (values: Float64Array): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((v) => (v - middle) ** 2)));
};

describe('a sensor', () => {
  it('shows the truth where nothing is on', () => {
    expect(read(ramp, {})).toEqual(ramp);
  });

  it('scatters with the deviation given, around the truth', () => {
    const readings = read(flat, { gaussian: 2 });
    expect(deviation(readings)).toBeGreaterThan(1.9);
    expect(deviation(readings)).toBeLessThan(2.1);
    expect(Math.abs(mean(readings) - 100)).toBeLessThan(0.15);
  });

  it('has one bias and one drift per seed, which differ between seeds', () => {
    const biases = Array.from({ length: 200 }, (_, seed) => {
      const readings = read(flat.subarray(0, 10), { bias: 3 }, seed, time.subarray(0, 10));
      expect(new Set(readings).size).toBe(1);
      return readings[0]! - 100;
    });
    expect(deviation(Float64Array.from(biases))).toBeGreaterThan(2.5);
    expect(deviation(Float64Array.from(biases))).toBeLessThan(3.5);
    const drifting = read(flat, { driftPerHour: 5 });
    expect(drifting[0]).toBe(100);
    expect(drifting[3600]! - 100).toBeCloseTo(2 * (drifting[1800]! - 100), 9);
    expect(drifting[3600]).not.toBe(100);
  });

  it('reports multiples of its quantisation, and nothing that moves less than its deadband', () => {
    const readings = read(ramp.map((v) => v / 10), { quantisation: 0.5 });
    expect(readings.filter((value) => !Number.isInteger(value * 2))).toHaveLength(0);
    expect(Array.from(read(ramp, { deadband: 3 }).subarray(0, 8))).toEqual([0, 0, 0, 3, 3, 3, 6, 6]);
  });

  it('reads at its scans and holds in between; never a value from later, also with a late clock', () => {
    const scanned = read(ramp, { scanSeconds: 10 });
    const changes = Array.from(time.keys()).filter((i) => i > 0 && scanned[i] !== scanned[i - 1]);
    expect(new Set(changes.slice(1).map((row, i) => row - changes[i]!))).toEqual(new Set([10]));
    const late = read(ramp, { clockSkewSeconds: 8 });
    const delays = new Set(Array.from(late.subarray(20), (v, i) => i + 20 - v));
    expect(delays.size).toBe(1);
    const [delay] = [...delays];
    expect(delay).toBeGreaterThan(0);
    expect(delay).toBeLessThanOrEqual(9);
    for (const sensor of [{ scanSeconds: 7, clockSkewSeconds: 5 }, { scanSeconds: 0.3 }, { scanSeconds: 1.5, clockSkewSeconds: 0.2 }]) {
      expect(read(ramp, sensor).filter((value, row) => value > row)).toHaveLength(0);
    }
  });

  it('gets stuck about as often as told, each time so long', () => {
    const long = Float64Array.from({ length: 72_000 }, (_, i) => i);
    const readings = read(long, { stuck: { probabilityPerHour: 0.9, seconds: 60 } }, 3, long);
    const lengths: number[] = [];
    for (let i = 1, run = 0; i < readings.length; i++) {
      if (readings[i] === readings[i - 1]) run++;
      else if (run > 0) {
        lengths.push(run + 1);
        run = 0;
      }
    }
    // 20 hours with -ln(1 - 0.9) = 2.3 failures each
    expect(lengths.length).toBeGreaterThan(25);
    expect(lengths.length).toBeLessThan(70);
    expect(new Set(lengths)).toEqual(new Set([60]));
  });

  it('loses readings, as missing or by showing the one before', () => {
    const lost = read(ramp, { dropout: { probability: 0.1, shows: 'nan' } });
    const missing = lost.filter(Number.isNaN).length;
    expect(missing).toBeGreaterThan(300);
    expect(missing).toBeLessThan(500);
    const held = read(ramp, { dropout: { probability: 0.1, shows: 'hold' } });
    expect(held).toEqual(lost.map((value, row) => (Number.isNaN(value) ? held[row - 1] ?? NaN : row)));
  });

  it('goes on after a restart, and keeps missing values missing', () => {
    const times = Float64Array.from([0, 1, 2, 3, 1, 2, 3, 4]);
    expect(Array.from(read(Float64Array.from([0, 1, 2, 3, 11, 12, 13, 14]), {}, 1, times))).toEqual([0, 1, 2, 3, 11, 12, 13, 14]);
    expect(Array.from(read(Float64Array.from([1, NaN, 3]), { gaussian: 0, deadband: 0.5 }, 1, time.subarray(0, 3)))).toEqual([1, NaN, 3]);
  });
});

describe('noise on a series', () => {
  const everything: Sensor = {
    gaussian: 1, bias: 1, driftPerHour: 1, quantisation: 0.1, deadband: 0.2, stuck: { probabilityPerHour: 0.5, seconds: 30 },
    dropout: { probability: 0.01, shows: 'nan' }, scanSeconds: 2, clockSkewSeconds: 1,
  };

  it('is the same for the same seed and column, and another for another seed or column', () => {
    const series: Table = table([column('time', time, 'clock', 's'), column('A', flat), column('B', flat)]);
    const sensors = new Map([['A', everything], ['B', everything]]);
    const once = applyNoise(series, sensors, createRandom('case'));
    expect(applyNoise(series, sensors, createRandom('case'))).toEqual(once);
    expect(applyNoise(series, new Map([['B', everything]]), createRandom('case')).columns[2]).toEqual(once.columns[2]);
    expect(once.columns[1]!.values).not.toEqual(once.columns[2]!.values);
    expect(applyNoise(series, sensors, createRandom('other')).columns[1]!.values).not.toEqual(once.columns[1]!.values);
  });

  it('adds the same error to two series that differ, as a case and its twin do', () => {
    const sensor: Sensor = { gaussian: 1, bias: 2, driftPerHour: 3 };
    const a = read(flat, sensor);
    const b = read(ramp, sensor);
    expect(a.filter((value, row) => Math.abs(value - 100 - (b[row]! - row)) > 1e-9)).toHaveLength(0);
  });

  it('leaves the other effects their draws when one is turned on', () => {
    const plain = read(flat, { gaussian: 1 });
    const losing = read(flat, { gaussian: 1, dropout: { probability: 0.2, shows: 'nan' } });
    expect(losing.map((value, row) => (Number.isNaN(value) ? plain[row]! : value))).toEqual(plain);
  });

  it('is refused on truth, clock and id columns', () => {
    for (const role of ['truth', 'clock', 'id'] as const) {
      const series = table([column('time', time, 'clock', 's'), column('X', flat, role)]);
      expect(() => applyNoise(series, new Map([['X', { gaussian: 1 }]]), createRandom(1))).toThrowError(expect.objectContaining({ code: 'table/role' }));
    }
  });
});

it('tells quantities by their units', () => {
  const units = { PA: 'pressure', bara: 'pressure', 'KG/S': 'flow', 'm3/h': 'flow', C: 'temperature', K: 'temperature', '': 'other', RPM: 'other', constructor: 'other' };
  for (const [unit, quantity] of Object.entries(units)) expect(quantityOf(column('X', flat, 'measured', unit)), unit).toBe(quantity);
});
