import { describe, expect, it } from 'vitest';
import { sidesOf } from '../../src/activities/training/sides.js';
import { leakflowTarget, locationTargets, sizeTarget, type Target } from '../../src/activities/training/target.js';
import { judge, spreadOf } from '../../src/activities/training/scores.js';
import type { WindowRows } from '../../src/activities/training/windowRows.js';
import type { LeakflowConfig, LocationConfig, SizeConfig } from '../../src/pipelines/index.js';
import { thrown } from '../thrown.js';

/** Twenty cases with a leak of `case + 1` kg/s at 1 km per case, and a twin of each without: five windows before it, five while it grows. */
function windows(): WindowRows {
  const rows = Array.from({ length: 40 }, (_, n) => ({ leaks: n < 20, group: n % 20, name: n < 20 ? `case_${n}` : `case_${n - 20}_twin` }))
    .flatMap((one) => Array.from({ length: 10 }, (_, w) => ({ ...one, w, on: one.leaks && w >= 5 })));
  const of = (value: (row: (typeof rows)[number]) => number): Float64Array => Float64Array.from(rows, value);
  return {
    rows: rows.length, cases: rows.map((row) => row.name), groups: rows.map((row) => `case_${row.group}`), phases: rows.map((row) => (row.on ? 'leak' : row.w === 0 ? 'warmup' : 'healthy')),
    usable: Uint8Array.from(rows, (row) => (row.w === 0 ? 0 : 1)), leaks: Uint8Array.from(rows, (row) => (row.on ? 1 : 0)), endTime: of((row) => row.w * 10), windowIndex: of((row) => row.w),
    leakFlow: of((row) => (row.on ? ((row.group + 1) * (row.w - 4)) / 5 : 0)), position: of((row) => (row.on ? row.group * 1000 : NaN)), diameter: of((row) => (row.on ? 0.01 * (row.group + 1) : NaN)),
    sinceOnset: of((row) => (row.on ? (row.w - 5) * 10 : NaN)), imbalance: of(() => 0),
  };
}

const size = (changes: Partial<SizeConfig> = {}): SizeConfig =>
  ({ label_column: 'leak_flow_kg_s', size_measure: 'peak', size_classes: { strategy: 'quantile', count: 4, edges: [] }, ...changes }) as SizeConfig;
const place = (changes: Partial<LocationConfig> = {}): LocationConfig => ({ label_column: 'leak_position_m', target: 'both', segments: 4, ...changes }) as LocationConfig;
const sensors = [{ name: 'a', unit: 'Pa', quantity: 'pressure' as const, position_m: 0 }, { name: 'b', unit: 'Pa', quantity: 'pressure' as const, position_m: 20_000 }];
const everything = (target: Target): Int32Array => Int32Array.from(target.rows.keys());

describe('the size of a leak', () => {
  it('is one for all its windows, by its highest flow, in classes of as many leaks', () => {
    const target = sizeTarget(windows(), size());
    expect(target.rows).toHaveLength(100);
    const { values, classNames, facts } = target.label(everything(target));
    expect(classNames).toHaveLength(4);
    expect(facts).toMatchObject({ measure: 'peak', training_values: [5, 5, 5, 5] });
    for (let leak = 0; leak < 20; leak++) expect([...values.subarray(leak * 5, leak * 5 + 5)]).toEqual(Array(5).fill(Math.floor(leak / 5)));
  });

  it('finds its classes on the training leaks alone', () => {
    const target = sizeTarget(windows(), size({ size_classes: { strategy: 'uniform', count: 2, edges: [] } }));
    const small = everything(target).filter((at) => at < 50);
    expect(target.label(small).facts['edges']).toEqual([1, 5.5, 10]);
    expect([...new Set(target.label(small).values.subarray(50))]).toEqual([1]);
  });

  it('may be that of each window, or the diameter, with edges as given', () => {
    const each = sizeTarget(windows(), size({ size_measure: 'row', size_classes: { strategy: 'edges', count: 0, edges: [2, 10] } }));
    expect([...each.label(everything(each)).values.subarray(95)]).toEqual([1, 1, 2, 2, 2]);
    const diameter = sizeTarget(windows(), size({ label_column: 'leak_diameter_m', size_classes: { strategy: 'edges', count: 0, edges: [0.1] } }));
    expect(diameter).toMatchObject({ unit: 'm' });
    expect([...new Set(diameter.label(everything(diameter)).values.subarray(0, 45))]).toEqual([0]);
    expect(thrown(() => sizeTarget(windows(), size({ size_classes: { strategy: 'edges', count: 0, edges: [] } })))).toMatchObject({ place: { key: 'size_classes' } });
  });
});

describe('the place of a leak', () => {
  it('is a segment and a number of metres, beside the mean distance from the middle of the line', () => {
    const targets = locationTargets(windows(), place(), sensors) as Target[];
    expect(targets.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['segment multiclass', 'position regression']);
    // |0 - 10|, |1 - 10|, ... |19 - 10| km: a quarter of the line.
    expect(targets[0]!.noSkill).toEqual({ metres: 5000, lineLength: 20_000 });
    expect(targets[0]!.label(everything(targets[0]!)).classNames).toEqual(['0 to 5000 m', '5000 to 10000 m', '10000 to 15000 m', '15000 to 20000 m']);
    expect(locationTargets(windows(), place({ target: 'segments', segments: [0, 1500, 20_000] }), sensors)).toMatchObject([{ name: 'segment' }]);
  });

  it('is unavailable without metres of sensors or of leaks', () => {
    expect(locationTargets(windows(), place(), sensors.map(({ position_m: _, ...rest }) => rest))).toMatchObject({ unavailable: expect.stringContaining('fewer than two signals') as string });
    expect(locationTargets({ ...windows(), position: new Float64Array(400).fill(NaN) }, place(), sensors)).toMatchObject({ unavailable: expect.stringContaining('none of the 100') as string });
  });
});

describe('the flow of a leak', () => {
  it('is learnt from leaks, and from healthy windows as nothing on request', () => {
    const alone = leakflowTarget(windows(), { label_column: 'leak_flow_kg_s', include_healthy: false } as LeakflowConfig);
    expect(alone.label(everything(alone)).values[99]).toBe(20);
    const all = leakflowTarget(windows(), { label_column: 'leak_flow_kg_s', include_healthy: true } as LeakflowConfig);
    expect(all.rows).toHaveLength(360);
    expect(all.label(everything(all)).values.filter((value) => value === 0)).toHaveLength(260);
  });
});

describe('sides', () => {
  const target = leakflowTarget(windows(), { label_column: 'leak_flow_kg_s', include_healthy: true } as LeakflowConfig);
  const known = windows();
  const groupsAt = (places: Int32Array | null): Set<string> => new Set(Array.from(places ?? [], (at) => known.groups[target.rows[at]!]!));

  it('never share a case or its twin, also with a third one for calibration', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { train, valid, calibration } = sidesOf(target, known, { test_size: 0.25, random_state: seed, calibration: 0.2 });
      const sets = [groupsAt(train), groupsAt(valid), groupsAt(calibration)];
      expect(sets.map((set) => set.size)).toEqual([12, 5, 3]);
      expect(new Set(sets.flatMap((set) => [...set])).size).toBe(20);
      expect(train.length + valid.length + calibration!.length).toBe(360);
    }
  });

  it('may be drawn by row, or leave out the last rows', () => {
    const { train, valid } = sidesOf(target, known, { test_size: 0.25, random_state: 1, split_by_case: false });
    expect([train.length, valid.length]).toEqual([270, 90]);
    expect(groupsAt(valid).size).toBe(20);
    expect(sidesOf(target, known, { test_size: 0.25, random_state: 1, split_by_case: false, shuffle: false }).valid[0]).toBe(270);
  });
});

describe('scores', () => {
  it('are those of the metrics room, with the main one by which overfitting is told', () => {
    const one = judge('detection', [0, 0, 1, 1], Float64Array.of(0.1, 0.4, 0.35, 0.8), { threshold: 0.4 });
    expect(one.main).toEqual({ name: 'auc', value: 0.75 });
    expect(one.scores).toMatchObject({ rows: 4, accuracy: 0.5, precision: 0.5, recall: 0.5, f1: 0.5 });
    const classes = judge('multiclass', [0, 1, 2], Float64Array.of(0.8, 0.1, 0.1, 0.1, 0.8, 0.1, 0.4, 0.3, 0.3), {});
    expect(classes.main.value).toBeCloseTo((2 / 3 + 1 + 0) / 3, 12);
    expect(judge('regression', [1, 2, 3], Float64Array.of(1, 2, 6), { noSkill: 2 }).scores).toMatchObject({ mae: 1, mae_of_no_skill: 0.5 });
  });

  it('of repeats have a mean and the deviation of a sample', () => {
    expect(spreadOf([{ rows: 3, auc: 0.8, f1: null }, { rows: 4, auc: 0.6, f1: 0.5 }])).toEqual({ auc: { mean: 0.7, std: expect.closeTo(Math.SQRT1_2 / 5, 12) as number, values: [0.8, 0.6] } });
  });
});
