import { describe, expect, test } from 'vitest';
import { campaignManifest, clockOnlyAuc, defaultLine, designCampaign, simulateCase } from '../../src/simulation/index.js';
import { openIntervals, scheduleCorners } from '../../src/simulation/schedule.js';

describe('designCampaign', () => {
  test('names, kinds and twins', () => {
    const specs = designCampaign({ cases: 2, seed: 1, leakFree: 2 });
    expect(specs.map((spec) => spec.name)).toEqual(['case_0001', 'case_0001_twin', 'case_0002', 'case_0002_twin', 'free_0001', 'free_0002']);
    const [leak, twin] = specs;
    const { size, ...alike } = leak!;
    expect(size!.fraction).toBeGreaterThan(0);
    expect(twin).toEqual({ ...alike, name: 'case_0001_twin', kind: 'twin', twinOf: 'case_0001', leak: { ...leak!.leak, diameter: 0 } });
    expect(specs.every((spec) => (spec.leak.diameter > 0) === (spec.kind === 'leak'))).toBe(true);
  });

  test('the same seed is the same campaign, another seed another one on the same line', () => {
    const one = designCampaign({ cases: 4, seed: 1 }), other = designCampaign({ cases: 4, seed: 2 });
    expect(designCampaign({ cases: 4, seed: 1 })).toEqual(one);
    expect(other.map((spec) => spec.line)).toEqual(one.map((spec) => spec.line));
    for (const key of ['operating', 'leak', 'seed'] as const) expect(other[0]![key]).not.toEqual(one[0]![key]);
    expect(new Set(one.map((spec) => spec.seed)).size).toBe(4);
  });

  test('onset, place and size each take one draw from every slice of their range', () => {
    const n = 25;
    const leaks = designCampaign({ cases: n, seed: 3 }).filter((spec) => spec.kind === 'leak');
    const slices = (values: number[]): number[] => values.map((u) => Math.floor(u * n)).sort((a, b) => a - b);
    const every = Array.from({ length: n }, (_, i) => i);
    expect(slices(leaks.map((spec) => (spec.leak.opening.times[1]! / 1200 - 0.1) / 0.8))).toEqual(every);
    // places are snapped to nodes, so neighbours may share a slice
    expect(new Set(slices(leaks.map((spec) => (spec.leak.position / 20000 - 0.05) / 0.9))).size).toBeGreaterThan(20);
    const shares = leaks.map((spec) => spec.leak.diameter);
    expect(Math.max(...shares) / Math.min(...shares)).toBeGreaterThan(3);
  });

  test('leaks open fully, and each lasts as long as asked or to the end of the run', () => {
    for (const spec of designCampaign({ cases: 40, seed: 4 }).filter((one) => one.kind === 'leak')) {
      const [interval, ...more] = openIntervals(spec.leak.opening, spec.durationSeconds);
      expect(more).toEqual([]);
      expect(Math.max(...scheduleCorners(spec.leak.opening).values)).toBe(1);
      const seconds = interval!.end - interval!.start;
      if (interval!.end < 1200) {
        expect(seconds).toBeGreaterThanOrEqual(60 - 0.01);
        expect(seconds).toBeLessThanOrEqual(90 + 0.01);
      } else expect(interval!.start).toBeGreaterThan(0.9 * 1200 - 90);
    }
  });

  test('other lines and ranges are taken; nonsense is refused by key', () => {
    const line = { ...defaultLine(), name: 'NORTH' };
    const [spec] = designCampaign({ cases: 1, seed: 1, line, durationSeconds: 300, sampling: { interval: 2 }, instruments: { flowNoise: 0 } });
    const { tpl } = simulateCase(spec!);
    expect(tpl).toContain("GT 'POSITION:' 'NORTH@5000M' '(KG/S)'");
    expect(tpl.slice(tpl.indexOf('TIME SERIES')).trimEnd().split('\n')).toHaveLength(152);
    const refused = (options: object, key: string) => expect(() => designCampaign({ cases: 1, seed: 1, ...options })).toThrowError(
      expect.objectContaining({ code: 'simulation/invalid', place: { key } }));
    refused({ cases: 1.5 }, 'cases');
    refused({ durationSeconds: 10 }, 'durationSeconds');
    refused({ leakFraction: [0.1, 0.05] }, 'leakFraction');
    refused({ onsetRange: [0.5, 1.2] }, 'onsetRange');
    refused({ line: { ...line, outletValve: { diameter: 0.01, dischargeCoefficient: 0.84 } } }, 'line');
  });

  test('no drawn case runs dry: 20 operating points with their events are all simulated', () => {
    const specs = designCampaign({ cases: 0, seed: 6, leakFree: 20, durationSeconds: 600, sampling: { interval: 10 } });
    for (const spec of specs) expect(simulateCase(spec).truth.initialFlow).toBeGreaterThan(150);
  });
});

describe('the clock tells nothing', () => {
  test('bound over all clocks, from a large campaign: below 0.545 after the recommended warm-up', () => {
    const large = designCampaign({ cases: 1000, seed: 5 });
    expect(clockOnlyAuc(large, large)).toBeLessThan(0.545);
    expect(clockOnlyAuc(large, large)).toBeGreaterThanOrEqual(0.5);
    // the control itself can fail: a fixed schedule gives the clock everything
    const fixed = large.map((spec) => ({ ...spec, leak: { ...spec.leak, opening: large[0]!.leak.opening } }));
    expect(clockOnlyAuc(fixed, fixed)).toBeGreaterThan(0.95);
  });

  test('learned on one campaign of 40 and scored on another: 0.5 +- 0.05', () => {
    for (let seed = 20; seed < 24; seed++) {
      const auc = clockOnlyAuc(designCampaign({ cases: 40, seed }), designCampaign({ cases: 40, seed: seed + 100 }));
      expect(Math.abs(auc - 0.5)).toBeLessThan(0.05);
    }
  });
});

describe('campaignManifest', () => {
  test('tells truth and partners, survives JSON, and agrees with the simulated cases', () => {
    const specs = designCampaign({ cases: 2, seed: 1, leakFree: 1 });
    const truths = specs.slice(0, 2).map((spec) => simulateCase(spec).truth);
    const manifest = campaignManifest(specs, truths);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(manifest).toMatchObject({ source: 'simulation', cases: 5, leakCases: 2, durationSeconds: 1200, lineLength: 20000 });
    const [leak, twin, later, , free] = manifest.list;
    expect(leak).toMatchObject({ name: 'case_0001', kind: 'leak', partner: 'case_0001_twin', intervals: truths[0]!.intervals, initialFlow: truths[0]!.initialFlow });
    expect(twin).toMatchObject({ kind: 'twin', partner: 'case_0001', leakDiameter: 0, intervals: [], seed: leak!.seed });
    expect(later!.intervals[0]).toEqual(openIntervals(specs[2]!.leak.opening, 1200)[0]);
    expect(free!.partner).toBeUndefined();
  });
});
