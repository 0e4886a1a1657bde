import { describe, expect, it } from 'vitest';
import { trainedRange, widestRange, windowIndex, windowStates, type TrainedRange } from '../../src/signal/index.js';
import type { Table } from '../../src/table/index.js';

const time = Float64Array.from({ length: 200 }, (_, row) => row);
/** A signal that changes in every row. */
const lively = Float64Array.from(time, (t) => 50 + 5 * Math.sin(t));
const trained: TrainedRange = { low: 45, high: 55, flat_seconds: 1 };

function statesOf(values: Float64Array, range: TrainedRange | null = trained) {
  const series: Table = {
    rows: time.length, metadata: {},
    columns: [{ name: 'time', values: time, unit: 's', role: 'clock' }, { name: 'PT', values, unit: 'Pa', role: 'measured' }],
  };
  const index = windowIndex(series, { windowSize: 10, stepSize: 5, label: 'last', warmupSeconds: 0, recoverySeconds: 0, leaks: [] });
  return { ...windowStates(series, index, [{ name: 'PT', trained: range ?? undefined }]), windows: index.rows };
}

describe('the range of a signal', () => {
  it('holds its extremes and its longest standstill, missing values left out', () => {
    expect(trainedRange([NaN, 3, 1, 1, 1, 4, NaN], time, 0, 7)).toEqual({ low: 1, high: 4, flat_seconds: 2 });
    expect(trainedRange([9, 3, 1, 1, 9], time, 1, 4)).toEqual({ low: 1, high: 3, flat_seconds: 1 });
    expect(trainedRange([NaN], time, 0, 1)).toBeUndefined();
  });

  it('widens', () => {
    expect(widestRange(trained, { low: 50, high: 60, flat_seconds: 3 })).toEqual({ low: 45, high: 60, flat_seconds: 3 });
    expect(widestRange(undefined, trained)).toBe(trained);
  });
});

describe('the state of windows', () => {
  it('is ok where nothing is strange', () => {
    const { codes, troubles } = statesOf(lively);
    expect(new Set(codes)).toEqual(new Set([0]));
    expect(troubles).toEqual([]);
  });

  it('is unavailable for every window that holds a missing value, and for no other', () => {
    const { codes, troubles, windows } = statesOf(lively.map((value, row) => (row === 50 ? NaN : value)));
    // Windows of ten rows every five: those that start at 45 and 50, and none else, hold row 50.
    expect(Array.from({ length: windows }, (_, w) => w).filter((w) => codes[w] === 2)).toEqual([9, 10]);
    expect(troubles).toEqual([{ state: 'unavailable', signal: 'PT', reason: 'values are missing', start: 54, end: 59, windows: 2 }]);
  });

  it('is unavailable where a signal stands longer than it ever did, once it stands for a whole window', () => {
    const stuck = lively.map((value, row) => (row >= 100 ? lively[100]! : value));
    expect(statesOf(stuck).troubles).toEqual([expect.objectContaining({ state: 'unavailable', start: 109, end: 199 })]);
    // Recordings without noise stand still for long: what the training did is no fault.
    expect(statesOf(stuck, { ...trained, flat_seconds: 50 }).troubles).toEqual([]);
    expect(statesOf(stuck, { ...trained, flat_seconds: 20 }).troubles[0]).toMatchObject({ start: 144 });
  });

  it('is outside the envelope more than half of the trained width beyond it, by the last row', () => {
    const at = (value: number) => statesOf(lively.map((usual, row) => (row >= 100 && row < 120 ? value + usual / 1000 : usual))).troubles;
    expect(at(59.9)).toEqual([]);
    expect(at(60)).toEqual([expect.objectContaining({ state: 'outside_envelope', start: 104, end: 119, windows: 4, reason: expect.stringContaining('above the trained 45 to 55') as string })]);
    expect(at(39.9)).toEqual([expect.objectContaining({ reason: expect.stringContaining('below') as string })]);
  });

  it('knows missing values alone where the training did not say its ranges', () => {
    expect(statesOf(lively.map(() => 1e9), null).troubles).toEqual([]);
  });

  it('keeps the graver of two troubles', () => {
    const { codes } = statesOf(lively.map((value, row) => (row === 104 ? 500 : row === 101 ? NaN : value)));
    expect([...codes].filter((code) => code === 1)).toHaveLength(0);
    expect([...codes].filter((code) => code === 2).length).toBeGreaterThan(0);
  });
});
