import { expect, it } from 'vitest';
import { alarmThreshold } from '../../src/activities/training/alarmThreshold.js';
import type { FeatureRows } from '../../src/activities/training/featureRows.js';
import type { Target } from '../../src/activities/training/target.js';
import type { WindowRows } from '../../src/activities/training/windowRows.js';

/** Windows of cases that lie one after the other; the leaking case leaks in its second half. */
function windowsOf(cases: readonly { readonly name: string; readonly leaks: boolean }[], each: number): WindowRows {
  const rows = cases.length * each;
  const at = <T>(value: (name: string, window: number, leaks: boolean) => T): T[] => cases.flatMap(({ name, leaks }) => Array.from({ length: each }, (_, window) => value(name, window, leaks && window >= each / 2)));
  const numbers = (value: (window: number, leaks: boolean) => number): Float64Array => Float64Array.from(at((_, window, leaks) => value(window, leaks)));
  return {
    rows, cases: at((name) => name), groups: at((name) => name), phases: at((_, __, leaks) => (leaks ? 'leak' : 'healthy')), usable: new Uint8Array(rows).fill(1),
    leaks: Uint8Array.from(at((_, __, leaks) => (leaks ? 1 : 0))), endTime: numbers((window) => 10 * (window + 1)), windowIndex: numbers((window) => window),
    leakFlow: numbers((_, leaks) => (leaks ? 1 : 0)), position: new Float64Array(rows).fill(NaN), diameter: new Float64Array(rows).fill(NaN),
    sinceOnset: numbers((window, leaks) => (leaks ? 10 * (window - each / 2) : NaN)), imbalance: new Float64Array(rows),
  };
}

it('reads the rows of all cases once, and gives every case its own scores', async () => {
  const windows = windowsOf([{ name: 'b', leaks: false }, { name: 'a', leaks: true }, { name: 'c', leaks: false }], 20);
  const all = Int32Array.from({ length: windows.rows }, (_, row) => row);
  // The leak scores 0.8, healthy windows less, but for one alarm of 0.6 in the last case.
  const score = (row: number): number => (windows.leaks[row] ? 0.8 : row === 50 || row === 51 ? 0.6 : 0.1);
  let read = 0;
  const features: FeatureRows = {
    names: ['x'],
    async *pieces(rows) {
      read++;
      yield Float32Array.from(rows, score);
    },
    column: () => Promise.reject(new Error('not asked for')),
  };
  const target: Target = { name: 'leak', kind: 'detection', column: 'label', unit: '', rows: all, strata: new Int32Array(windows.rows), label: () => ({ values: Float32Array.from(windows.leaks), facts: {}, warnings: [] }) };
  const { threshold, facts } = await alarmThreshold(
    { predict: (values: Float32Array) => Float64Array.from(values) }, null, { features, windows, target, places: all },
    { detection_threshold: 'auto', threshold_strategy: 'target_false_alarms', target_false_alarms: 1, alarm_rules: { persistence: 2, hold_off_seconds: 0 } } as Parameters<typeof alarmThreshold>[3],
  );
  expect(threshold).toBeGreaterThan(Math.fround(0.6));
  expect(threshold).toBeLessThanOrEqual(Math.fround(0.8));
  expect(facts).toMatchObject({ false_alarms: 0, events_found: 1, events: 1 });
  expect(read).toBe(1);
});
