import { describe, expect, it } from 'vitest';
import { battledimScore, earlyDetection, minimumLeak } from '../../src/evaluation/index.js';

describe('earlyDetection', () => {
  const leak = { first: 50, last: 109 };
  const from = (first: number, on: (row: number) => boolean = () => true) => Int32Array.from({ length: 150 }, (_, row) => (row >= first && row < 120 && on(row) ? 1 : 0));

  it('gives the scores of LeakDB: at once, 5 and 20 steps late, and flickering', () => {
    expect(earlyDetection(from(50), leak)).toBe(100);
    expect(earlyDetection(from(55), leak)).toBeCloseTo(82.0797, 4);
    expect(earlyDetection(from(70), leak)).toBeCloseTo(38.0226, 4);
    expect(earlyDetection(from(50, (row) => row % 2 === 0), leak)).toBe(0);
    expect(earlyDetection(from(130), leak)).toBe(0);
  });

  it('refuses a leak outside the series', () => {
    expect(() => earlyDetection([0, 1], { first: 0, last: 5 })).toThrow(/row 0 to 5 of 2/);
  });
});

describe('battledimScore', () => {
  const flow = Float64Array.from({ length: 100 }, () => 10);
  const leaks = [{ startRow: 10, endRow: 29, flow }, { startRow: 50, endRow: 99, flow }];

  it('pays for water saved, less the way to the leak, and charges false alarms', () => {
    const score = battledimScore(leaks, [{ row: 20, distance: [150, 900] }, { row: 25, distance: [10, 900] }, { row: 40, distance: [0, 0] }], 0.5);
    // 10 rows of half an hour at 10 m3/h
    expect(score).toEqual({ euros: 50 * 0.8 - 250 - 500, truePositives: 1, falsePositives: 1, falseNegatives: 1 });
  });

  it('gives all that can be saved to a perfect file', () => {
    expect(battledimScore(leaks, leaks.map(({ startRow }, l) => ({ row: startRow, distance: [l * 1000, 1000 - l * 1000] })), 1)).toEqual({
      euros: (20 + 50) * 10 * 0.8, truePositives: 2, falsePositives: 0, falseNegatives: 0,
    });
  });
});

describe('minimumLeak', () => {
  it('falls with the averaging time to the floor of the meters', () => {
    // 500 m3/h, meters 0.25 %, line pack 2 m3, 95 %
    const percent = (minutes: number) => (minimumLeak({ inlet: 1.25, outlet: 1.25, linePack: 2 * 3600 }, minutes * 60) / 500) * 100;
    const seen = [5, 10, 30, 60, 360, 1440].map(percent);
    [13.323, 6.6885, 2.3232, 1.3075, 0.7172, 0.6945].forEach((value, i) => expect(seen[i]).toBeCloseTo(value, 3));
    expect(() => minimumLeak({ inlet: 1, outlet: 1, linePack: 1 }, 0)).toThrow(/averaging window is 0 s/);
  });
});
