import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  featureContributions, importanceTable, loadModel, meanAbsolute, openLightgbm, sampleRows, trainBooster, treeContributions,
  type Contributions, type Lightgbm, type LightgbmParams, type Matrix, type Model, type ModelDump,
} from '../../src/learning/index.js';
import { createRandom } from '../../src/numeric/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { describeShared, sharedFile } from '../shared.js';
import { thrown } from '../thrown.js';
import { exclusiveOr } from './data.js';

describe('TreeSHAP by hand', () => {
  const leaf = (value: number, count: number) => ({ leaf_value: value, leaf_count: count });
  const split = (feature: number, count: number, left: object, right: object) => ({
    split_feature: feature, threshold: 0.5, decision_type: '<=', default_left: true, missing_type: 'None', internal_count: count, left_child: left, right_child: right,
  });
  const dumpOf = (...trees: object[]): ModelDump => ({
    num_class: 1, num_tree_per_iteration: 1, max_feature_idx: 1, average_output: false, feature_names: ['f0', 'f1'],
    tree_info: trees.map((tree_structure, tree_index) => ({ tree_index, num_leaves: 3, tree_structure })),
  }) as unknown as ModelDump;
  const square = { values: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), rows: 4 };

  it('shares out a tree over a square of equally frequent rows', () => {
    const { values, base } = treeContributions(dumpOf(split(0, 4, leaf(1, 2), split(1, 2, leaf(3, 1), leaf(7, 1)))), square);
    expect(Array.from(base)).toEqual([3]);
    expect(Array.from(values)).toEqual([-1.5, -0.5, -2.5, 0.5, 1.5, -1.5, 2.5, 1.5]);
  });

  it('counts a feature once that is met twice on the way down', () => {
    const twice = split(0, 4, { ...split(0, 2, leaf(1, 1), leaf(5, 1)), threshold: -1 }, leaf(9, 2));
    const { values, base } = treeContributions(dumpOf(twice), square);
    expect(Array.from(base)).toEqual([6]);
    // Only one feature speaks, so it gets all of the difference: 5 - 6 and 9 - 6.
    expect(Array.from(values)).toEqual([-1, 0, -1, 0, 3, 0, 3, 0]);
  });

  it('takes a tree of one leaf into the base, and refuses what it cannot explain', () => {
    expect(treeContributions(dumpOf({ leaf_value: 2 }), square)).toMatchObject({ base: Float64Array.of(2), values: new Float64Array(8) });
    expect(thrown(() => treeContributions(dumpOf({ leaf_value: 2, leaf_coeff: [1] }), square))).toMatchObject({ code: 'learning/invalid-parameter' });
    expect(thrown(() => treeContributions(dumpOf({ ...split(0, 2, { leaf_value: 1 }, leaf(2, 1)) }), square))).toMatchObject({ code: 'learning/invalid-data' });
    expect(thrown(() => treeContributions(dumpOf({ leaf_value: 2 }), { values: new Float32Array(3), rows: 2 }))).toMatchObject({ code: 'learning/invalid-data' });
  });
});

describe('a sample of rows', () => {
  const all = { values: Float32Array.from({ length: 200 }, (_, i) => i), rows: 100 };

  it('is drawn by its seed, whole rows in their order', () => {
    const drawn = sampleRows(all, 2, { rows: 10, seed: 3 });
    expect(sampleRows(all, 2, { rows: 10, seed: 3 })).toEqual(drawn);
    expect(sampleRows(all, 2, { rows: 10, seed: 4 })).not.toEqual(drawn);
    const starts = Array.from(drawn.values).filter((_, i) => i % 2 === 0);
    expect(starts).toEqual([...new Set(starts)].sort((a, b) => a - b));
    expect(Array.from(drawn.values).filter((_, i) => i % 2 === 1)).toEqual(starts.map((value) => value + 1));
    expect(sampleRows(all, 2, { rows: 100 })).toBe(all);
  });
});

describeLightgbm('contributions of trained models', () => {
  let library: Lightgbm;
  beforeAll(() => {
    library = openLightgbm(libraryPath());
  });

  describeShared('against the golden model', () => {
    const golden = JSON.parse(readFileSync(sharedFile('golden/shap.json'), 'utf8')) as {
      contrib5: number[][]; raw5: number[]; mean_abs: number[]; expected: number; gain: number[]; split: number[];
    };
    const text = readFileSync(sharedFile('golden/lgb_model.txt'), 'utf8');
    const data = exclusiveOr();
    let model: Model;
    beforeAll(() => {
      model = loadModel(library, text, createHash('sha256').update(text, 'utf8').digest('hex'));
    });

    it('has the rows, the base and the mean |SHAP| of LightGBM and of SHAP itself', () => {
      // The golden rows are float64 numbers, which float32 ones stand for without crossing a threshold.
      for (const found of [featureContributions(model, data), treeContributions(model.dump, data)]) {
        for (const [row, [...wanted]] of golden.contrib5.entries()) {
          const base = wanted.pop()!;
          for (const [i, value] of wanted.entries()) expect(Math.abs(found.values[row * 4 + i]! - value)).toBeLessThan(1e-7);
          expect(Math.abs(found.base[0]! - base)).toBeLessThan(1e-7);
        }
        expect(found.base[0]).toBeCloseTo(golden.expected, 12);
        expect(worstSum(model, data, found)).toBeLessThan(1e-12);
        for (const [i, value] of golden.mean_abs.entries()) expect(Math.abs(meanAbsolute(found)[i]! - value)).toBeLessThan(1e-7);
      }
    });

    it('ranks x0 first by SHAP, though x1 has the larger gain', () => {
      const table = importanceTable(model, ['x0', 'x1', 'x2', 'x3'], data, { rows: 2000 });
      expect(table.map((entry) => entry.feature)).toEqual(['x0', 'x1', 'x2', 'x3']);
      for (const [i, entry] of table.entries()) {
        expect(entry.gain).toBeCloseTo(golden.gain[i]!, 3);
        expect(entry.split).toBe(golden.split[i]);
        expect(Math.abs(entry.mean_abs_shap - golden.mean_abs[i]!)).toBeLessThan(1e-7);
      }
      expect(table[1]!.gain).toBeGreaterThan(table[0]!.gain);
      expect(thrown(() => importanceTable(model, ['x0'], data))).toMatchObject({ code: 'learning/invalid-data' });
    });
  });

  it.each<[string, LightgbmParams, (row: number, value: number) => number]>([
    ['binary with missing values', { objective: 'binary' }, (_, value) => (value > 0.6 ? 1 : 0)],
    ['multiclass', { objective: 'multiclass', num_class: 3 }, (_, value) => Math.min(2, Math.floor(value * 3))],
    ['zero as missing', { objective: 'regression', zero_as_missing: true }, (_, value) => value * 4],
    ['missing values not in use', { objective: 'regression', use_missing: false }, (_, value) => value * 4],
    ['categories', { objective: 'regression', categorical_feature: 2, min_data_per_group: 5, cat_smooth: 1 }, (row, value) => value + (row % 3)],
    ['random forest', { objective: 'regression', boosting: 'rf', bagging_fraction: 0.7, bagging_freq: 1 }, (_, value) => value * 4],
    ['dart', { objective: 'regression', boosting: 'dart' }, (_, value) => value * 4],
  ])('are the same from the library and from the dump: %s', async (_name, params, labelOf) => {
    const data = mixed(600, labelOf);
    const model = await trainBooster(library, { params: { num_leaves: 12, min_data_in_leaf: 5, ...params }, rounds: 12, train: data, valid: [] });
    const sample = { values: data.values.subarray(0, 200 * 4), rows: 200 };
    const native = featureContributions(model, sample);
    const own = treeContributions(model.dump, sample);
    expect(own.outputs).toBe(native.outputs);
    expect(worst(own.values, native.values)).toBeLessThan(1e-10);
    expect(worst(own.base, native.base)).toBeLessThan(1e-10);
    expect(worstSum(model, sample, own)).toBeLessThan(1e-11);
    expect(worstSum(model, sample, native)).toBeLessThan(1e-11);
    model.free();
  });
});

/** Largest difference between the raw score and what contributions and base sum up to. */
function worstSum(model: Model, sample: { values: Float32Array; rows: number }, { features, outputs, values, base }: Contributions): number {
  const raw = model.predict(sample.values, sample.rows, 'raw').map((value) => (model.dump.average_output ? (value * outputs) / model.dump.tree_info.length : value));
  const sums = raw.map((_, at) => base[at % outputs]! + values.subarray(at * features, (at + 1) * features).reduce((sum, value) => sum + value, 0));
  return worst(sums, raw);
}

function worst(a: Float64Array, b: Float64Array): number {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

/** Four columns: two uniform ones, whole numbers 0 to 5, and noise; some values are missing, some zero. */
function mixed(rows: number, labelOf: (row: number, value: number) => number): Matrix {
  const random = createRandom(7);
  const values = new Float32Array(rows * 4);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b] = [random.uniform(), random.uniform()];
    const code = random.integer(0, 5);
    values.set([random.uniform() < 0.1 ? NaN : a, random.uniform() < 0.2 ? 0 : b, code, random.normal()], row * 4);
    labels[row] = labelOf(code, (2 * a + b) / 3);
  }
  return { rows, columns: 4, values, labels };
}
