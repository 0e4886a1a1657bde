import { describe, expect, test } from 'vitest';
import { clockAucOfDesign, defaultLine, designCampaign, manifestCase, minimumFraction, planCampaign, simulateCase, startState, type CaseSpec } from '../../src/simulation/index.js';

const leaksOf = (specs: readonly CaseSpec[]): CaseSpec[] => specs.filter((spec) => spec.kind === 'leak');

describe('sizes', () => {
  const options = { cases: 6, seed: 9, durationSeconds: 600, leakMultiples: { levels: [0.5, 1, 3] } } as const;

  test('a case in three sizes is alike in all but its hole, and one twin serves them', () => {
    const plan = planCampaign(options);
    expect(plan.names.slice(0, 4)).toEqual(['case_0001_size1', 'case_0001_size2', 'case_0001_size3', 'case_0001_twin']);
    const [small, middle, large, twin] = plan.names.slice(0, 4).map((name) => plan.design(name));
    for (const other of [middle!, large!, twin!]) {
      for (const key of ['seed', 'operating', 'instruments', 'durationSeconds'] as const) expect(other[key]).toEqual(small![key]);
      expect(other.leak).toEqual({ ...small!.leak, diameter: other.leak.diameter });
    }
    expect([small, middle, large].map((spec) => spec!.size!.ofMinimum)).toEqual([0.5, 1, 3].map((times) => expect.closeTo(times, 12)));
    expect(large!.leak.diameter / small!.leak.diameter).toBeCloseTo(Math.sqrt(6), 2);
    const { truth } = simulateCase(large!);
    expect(Math.abs(truth.intervals[0]!.peakFlow / truth.initialFlow / large!.size!.fraction - 1)).toBeLessThan(0.1);
  });

  test('a case depends on the seed and its name alone, whatever was designed before', () => {
    const inOrder = designCampaign(options), plan = planCampaign(options);
    for (const name of [...plan.names].reverse()) expect(plan.design(name)).toEqual(inOrder.find((spec) => spec.name === name));
    expect(() => plan.design('case_0042')).toThrowError(/no case case_0042; it has case_0001_size1/);
  });

  test('the minimum is that of API 1149 with what the meters do', () => {
    const [spec] = designCampaign({ cases: 1, seed: 1, leakFree: 0, instruments: { flowBias: 0.0025, flowNoise: 0 } });
    const start = startState(spec!);
    const flow = start.flow * 3600;
    const expected = 1.96 * Math.sqrt(2 * (0.0025 * flow) ** 2 + 2 * 2 ** 2 / (1 / 6) ** 2) / flow;
    expect(minimumFraction(spec!, start, { seconds: 600, linePackUncertainty: 2 })).toBeCloseTo(expected, 12);
    // a meter's noise goes with the root of the readings
    const noisy = { ...spec!, instruments: { ...spec!.instruments, flowBias: 0, flowNoise: 0.0025 } };
    expect(minimumFraction(noisy, start, { linePackUncertainty: 0 })).toBeCloseTo(1.96 * Math.SQRT2 * 0.0025 / Math.sqrt(600), 12);
  });
});

describe('designs', () => {
  test('factorial crosses all levels, as often as asked', () => {
    const specs = leaksOf(designCampaign({
      design: 'factorial', cases: 2, seed: 1, durationSeconds: 7200, leakSeconds: [3600, 3700], leakFraction: { levels: [0.01, 0.03] }, commonRandomNumbers: false,
      position: { levels: [0.25, 0.75] }, rampSeconds: { levels: [5, 1800] }, operating: { velocity: { levels: [1.3, 1.6] } }, disturbances: ['none', 'packing'],
    }));
    expect(specs).toHaveLength(2 * 2 ** 5);
    const key = (spec: CaseSpec): string => [spec.size!.fraction, spec.leak.position, spec.leak.opening.openingTime, startState(spec).flow > 0.28, spec.disturbance].join();
    const counts = new Map<string, number>();
    for (const spec of specs) counts.set(key(spec), (counts.get(key(spec)) ?? 0) + 1);
    expect(counts.size).toBe(32);
    expect([...counts.values()].every((count) => count === 2)).toBe(true);
    expect(() => designCampaign({ cases: 1, seed: 1, rampSeconds: { levels: [1800] } })).toThrowError(/1800 s takes more than 60 %/);
  });

  test('random takes every level as often', () => {
    const specs = leaksOf(designCampaign({ cases: 12, seed: 1, disturbances: ['none', 'pump_trip', 'packing', 'batch'], fluids: [{ density: 740, vapourPressure: 3e4 }, { density: 850, vapourPressure: 2e4 }] }));
    const count = (what: (spec: CaseSpec) => unknown, value: unknown): number => specs.filter((spec) => what(spec) === value).length;
    for (const kind of ['none', 'pump_trip', 'packing', 'batch']) expect(count((spec) => spec.disturbance, kind)).toBe(3);
    expect(count((spec) => spec.line.fluid.density, 740)).toBe(6);
  });

  test('trips, packing and batches run, keep mass, and do what they say', () => {
    for (const disturbance of ['pump_trip', 'packing', 'batch'] as const) {
      const line = { ...defaultLine(), cellLength: 500 };
      const [, twin] = designCampaign({ cases: 1, seed: 2, durationSeconds: 3600, line, disturbances: [disturbance], sampling: { interval: 10 } });
      const { truth, tpl } = simulateCase(twin!);
      expect(Math.abs(truth.massBalance)).toBeLessThan(1e-6);
      expect(tpl.includes('ROHL')).toBe(disturbance === 'batch');
      const moved = { pump_trip: twin!.operating.pumpSpeed, packing: twin!.operating.valveOpening, batch: undefined }[disturbance];
      if (moved) expect(moved.setpoints[1]! / moved.setpoints[0]!).toBeLessThan(disturbance === 'packing' ? 0.76 : 0.91);
      else expect(twin!.operating.batches!.length).toBeGreaterThan(0);
    }
  });

  test('the clock tells nothing of two-hour runs with leaks of 10 to 15 minutes, and everything of fixed onsets', () => {
    const auc = (onsetRange: [number, number], warmupSeconds: number): number => {
      const design = { cases: 60, seed: 8, durationSeconds: 7200, leakSeconds: [600, 900], onsetRange, line: { ...defaultLine(), cellLength: 500 } } as const;
      return clockAucOfDesign(design, designCampaign(design).map((spec) => manifestCase(spec)), { stepSeconds: 30, binSeconds: 180, warmupSeconds });
    };
    expect(Math.abs(auc([0.1, 0.9], 720) - 0.5)).toBeLessThan(0.05);
    // without the time in which the first leaks have begun and none has ended yet
    expect(Math.abs(auc([0.1, 0.9], 1620) - 0.5)).toBeLessThan(0.03);
    expect(auc([0.5, 0.501], 720)).toBeGreaterThan(0.7);
  });
});
