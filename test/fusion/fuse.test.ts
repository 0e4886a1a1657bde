import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import {
  caseLogRatio, fitGroups, fitLineDetectors, fuse, fuseLogRatios, outOfFoldLogRatios, runLineDetectors,
  type DetectorGroup, type FusionCase, type FusionSettings, type LineSignals,
} from '../../src/fusion/index.js';
import { thrown } from '../thrown.js';

const settings: FusionSettings = {
  onsetHazard: 1e-3, endHazard: 1e-2, weight: 1, logRatioLimit: 5, decision: { on: 0.9, off: 0.5, persistence: 1 },
};

/** Windows of a case: healthy, then leaking from `onset` on; two detectors with noise of their own. */
function someCase(name: string, onset: number, seed: number): FusionCase {
  const random = createRandom(seed);
  const labels = Int8Array.from({ length: 300 }, (_, i) => (i < 20 ? -1 : i >= onset ? 1 : 0));
  const statistic = Float64Array.from(labels, (label) => (label === 1 ? 1.2 : 0) + random.normal());
  const probability = Float64Array.from(labels, (label) => 1 / (1 + Math.exp(-(label === 1 ? 1 : -1) - random.normal())));
  return { group: name, labels, scores: { statistic, probability } };
}

const groups: DetectorGroup[] = [
  { name: 'balance', detectors: [{ name: 'statistic', kind: 'statistic' }] },
  { name: 'model', detectors: [{ name: 'probability', kind: 'probability' }] },
];
const cases = Array.from({ length: 12 }, (_, i) => someCase(`case_${i}`, i % 2 === 0 ? 150 : 1e9, i));

describe('fusion', () => {
  test('finds leaks that each detector alone sees only in noise', () => {
    const model = { groups: fitGroups(groups, cases), settings, updateShare: 1 };
    for (let i = 0; i < 6; i++) {
      const fresh = someCase('fresh', 150, 100 + i);
      const { alarm, probability } = fuse(model, fresh.scores);
      expect(alarm.subarray(0, 150).some(Boolean)).toBe(false);
      const first = alarm.indexOf(1);
      expect(first).toBeGreaterThanOrEqual(150);
      expect(first).toBeLessThan(175);
      expect(probability.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
  });

  test('does not take overlapping windows for new evidence', () => {
    const evidence = new Float64Array(400).fill(2);
    const apart = fuseLogRatios(evidence, settings, 1).alarm.indexOf(1);
    const overlapping = fuseLogRatios(evidence, settings, 0.1).alarm.indexOf(1);
    expect(apart).toBeGreaterThan(0);
    // Ten updates say as much as one of their own; hazards are rounded to updates.
    expect(Math.abs(overlapping - 10 * apart)).toBeLessThanOrEqual(10);
  });

  test('judges a case by groups fitted to the others', () => {
    const out = outOfFoldLogRatios(groups, cases, { folds: 4, limit: 5 });
    const fitted = fitGroups(groups, cases.filter((one) => !['case_0', 'case_2', 'case_6'].includes(one.group)));
    // Names in order of text: case_0, case_1, case_10, case_11, case_2, ... so that case_0, case_2 and case_6 share a fold.
    expect([...out[0]!]).toEqual([...caseLogRatio(fitted, cases[0]!.scores, 5)]);
  });

  test('names a detector whose scores are not there', () => {
    expect(thrown(() => fitGroups([{ name: 'x', detectors: [{ name: 'radar', kind: 'statistic' }] }], cases)).message).toContain('radar');
  });
});

describe('the detectors of a line', () => {
  const interval = 1;
  const options = { balanceRows: 60, shift: 1, alarmsPerSample: 1e-5, shortRows: 5, longRows: 120, waveRows: 60 };
  function line(rows: number, seed: number, leakFrom = Infinity): LineSignals {
    const random = createRandom(seed);
    const pressure = Float64Array.from({ length: rows }, (_, i) => 3e6 + 5e4 * Math.sin(i / 200) - (i >= leakFrom ? 8e3 : 0) + 500 * random.normal());
    const rate = (i: number): number => 5e4 * (Math.sin(i / 200) - Math.sin((i - 1) / 200));
    return {
      interval, pressures: [pressure],
      inflow: Float64Array.from({ length: rows }, (_, i) => 200 + 2e-4 * rate(i) + (i >= leakFrom ? 2 : 0) + 0.5 * random.normal()),
      outflow: Float64Array.from({ length: rows }, (_, i) => 200 - (i >= leakFrom ? 1 : 0) + 0.5 * random.normal()),
    };
  }
  const fitted = fitLineDetectors([{ signals: line(5000, 1), healthy: new Uint8Array(5000).fill(1) }], options);

  test('stay quiet on a healthy line and answer a leak, each in its way', () => {
    const leak = runLineDetectors(line(2400, 2, 1200), fitted);
    const most = (values: Float64Array, from: number, to: number): number => Math.max(...values.subarray(from, to).filter((value) => !Number.isNaN(value)));
    for (const name of ['mass_balance', 'sprt', 'cusum', 'pressure_wave', 'flow_deviation'] as const) {
      expect(most(leak[name], 300, 1200), name).toBeLessThan(most(leak[name], 1200, 1300));
    }
    expect(most(leak.sprt, 0, 1200)).toBeLessThan(1);
    expect(leak.sprt.findIndex((value) => value >= 1)).toBeLessThan(1215);
    expect(most(leak.cusum, 0, 1200)).toBeLessThan(1);
  });

  test('see nothing of the future', () => {
    const signals = line(800, 5, 500);
    const cut: LineSignals = { ...signals, inflow: signals.inflow.slice(0, 600), outflow: signals.outflow.slice(0, 600), pressures: signals.pressures.map((p) => p.slice(0, 600)) };
    const [whole, part] = [runLineDetectors(signals, fitted), runLineDetectors(cut, fitted)];
    for (const [name, values] of Object.entries(part)) expect([...values], name).toEqual([...whole[name as keyof typeof whole].subarray(0, 600)]);
  });
});
