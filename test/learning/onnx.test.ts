import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { exportOnnx, loadModel, openLightgbm, openScorer, trainBooster, verifyOnnx, type Lightgbm, type LightgbmParams, type Matrix, type ModelDump } from '../../src/learning/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { describeShared, sharedFile } from '../shared.js';
import { exclusiveOr } from './data.js';

/** A third of the first feature missing, a third of the second zero, the fourth a category of 0 to 11. */
function holed(): Matrix {
  const data = exclusiveOr();
  const values = data.values.slice();
  for (let row = 0; row < data.rows; row++) {
    if (row % 3 === 0) values[row * 4] = NaN;
    if (row % 3 === 1) values[row * 4 + 1] = 0;
    values[row * 4 + 3] = Math.floor(values[row * 4 + 3]! * 12);
  }
  return { ...data, values };
}

/** The first feature is -1, 0 or 1: LightGBM splits it at the edge of what it reads as zero. */
function signed(): Matrix {
  const data = exclusiveOr();
  const values = data.values.slice();
  const labels = new Float32Array(data.rows);
  for (let row = 0; row < data.rows; row++) {
    values[row * 4] = (row % 3) - 1;
    labels[row] = row % 3 === 0 ? 1 : row % 7 === 0 ? 1 : 0;
  }
  return { ...data, values, labels };
}

/** Whether the first feature, of either sign, is there decides: LightGBM splits at infinity, which its text writes as 1e300. */
function absent(): Matrix {
  const data = exclusiveOr();
  const values = data.values.map((value, i) => (i % 4 > 0 ? value : i % 12 === 0 ? NaN : ((i / 4) % 5) - 2));
  return { ...data, values, labels: data.labels.map((_, row) => ((row % 3 === 0) === (row % 11 !== 0) ? 1 : 0)) };
}

const small = { num_leaves: 15, min_data_in_leaf: 5, metric: 'none' };
const positive = (data: Matrix): Matrix => ({ ...data, labels: data.labels.map((label, row) => label * 3 + (row % 4)) });
const threeClasses = (data: Matrix): Matrix => ({ ...data, labels: data.labels.map((label, row) => (label === 1 ? 1 + (row % 2) : 0)) });

const variants: [string, LightgbmParams, Matrix][] = [
  ['binary', { objective: 'binary' }, exclusiveOr()],
  ['binary with missing values', { objective: 'binary' }, holed()],
  ['splits of numbers from missing values', { objective: 'binary' }, absent()],
  ['splits at the edges of zero', { objective: 'binary' }, signed()],
  ['binary with another sigmoid', { objective: 'binary', sigmoid: 2.5 }, holed()],
  ['missing values switched off', { objective: 'binary', use_missing: false }, holed()],
  ['zero as missing', { objective: 'binary', zero_as_missing: true }, holed()],
  ['a categorical feature', { objective: 'binary', categorical_feature: 3, min_data_per_group: 5, cat_smooth: 1, max_cat_to_onehot: 2 }, holed()],
  ['unbalanced classes', { objective: 'binary', is_unbalance: true }, exclusiveOr()],
  ['cross entropy', { objective: 'cross_entropy' }, holed()],
  ['multiclass', { objective: 'multiclass', num_class: 3 }, threeClasses(holed())],
  ['one against all', { objective: 'multiclassova', num_class: 3 }, threeClasses(holed())],
  ['regression', { objective: 'regression' }, positive(holed())],
  ['regression of roots', { objective: 'regression', reg_sqrt: true }, positive(holed())],
  ['quantile', { objective: 'quantile', alpha: 0.9 }, positive(holed())],
  ['poisson', { objective: 'poisson' }, positive(holed())],
  ['a random forest', { objective: 'binary', boosting: 'rf', bagging_freq: 1, bagging_fraction: 0.7 }, holed()],
  ['dart', { objective: 'binary', boosting: 'dart' }, holed()],
];

describeLightgbm('ONNX', () => {
  let library: Lightgbm;
  beforeAll(() => {
    library = openLightgbm(libraryPath());
  });
  const trained = (params: LightgbmParams, train: Matrix, rounds = 20) => trainBooster(library, { params: { ...small, ...params }, rounds, train, valid: [] });

  it.each(variants)('scores as LightGBM does: %s', async (_, params, train) => {
    const model = await trained(params, train);
    const result = await verifyOnnx(exportOnnx(model.dump), model, { sample: train });
    expect(result.rows).toBe(2000);
    expect(result.maxDifference).toBeLessThan(1e-14);
    model.free();
  });

  it.each([
    ['binary', { objective: 'binary' }, (data: Matrix): Matrix => data],
    ['three classes', { objective: 'multiclass', num_class: 3 }, threeClasses],
  ] as const)('scores categories that training has not seen, and missing ones, as LightGBM does: %s', async (_, params, change) => {
    const train = change(holed());
    const model = await trained({ ...params, categorical_feature: 3, min_data_per_group: 5, cat_smooth: 1 }, train);
    const [unseen, rows] = [[NaN, -1, 12, 13, 31, 32, 64, 1000, 65_536], 1500];
    const values = train.values.slice(0, rows * 4);
    for (let row = 0; row < rows; row++) {
      if (row % 3 > 0) values[row * 4 + 3] = unseen[row % unseen.length]!;
      if (row % 5 === 0) values[row * 4 + 1] = NaN;
    }
    const scorer = await openScorer(exportOnnx(model.dump));
    const [found, expected] = [await scorer.score(values, rows), model.predict(values, rows)];
    expect(Math.max(...found.map((score, i) => Math.abs(score - expected[i]!)))).toBeLessThan(1e-14);
    // Classes' probabilities add up to one.
    if (scorer.outputs > 1) for (let row = 0; row < rows; row++) expect(Math.abs(found.subarray(3 * row, 3 * row + 3).reduce((a, b) => a + b) - 1)).toBeLessThan(1e-12);
    await scorer.close();
    model.free();
  });

  it('exports a tree without splits', async () => {
    const model = await trained({ objective: 'binary', min_data_in_leaf: 1990 }, exclusiveOr());
    expect(model.stopped).toBe('no-split');
    expect((await verifyOnnx(exportOnnx(model.dump), model)).maxDifference).toBeLessThan(1e-15);
    model.free();
  });

  it('gives the same bytes twice, and a row the same score alone as among others', async () => {
    const train = exclusiveOr();
    const model = await trained({ objective: 'binary' }, train);
    const onnx = exportOnnx(model.dump);
    expect(exportOnnx(model.dump)).toEqual(onnx);
    const scorer = await openScorer(onnx);
    expect([scorer.columns, scorer.outputs]).toEqual([4, 1]);
    const together = await scorer.score(train.values, train.rows);
    for (const row of [0, 7, 1999]) expect((await scorer.score(train.values.slice(row * 4, row * 4 + 4), 1))[0]).toBe(together[row]);
    expect(await scorer.score(new Float32Array(0), 0)).toEqual(new Float64Array(0));
    await expect(scorer.score(train.values, 3)).rejects.toThrow('the model needs 4 per row');
    await scorer.close();
    model.free();
  });

  it('refuses an export whose thresholds were rounded to float32', async () => {
    const model = await trained({ objective: 'binary' }, exclusiveOr());
    const rounded = JSON.parse(JSON.stringify(model.dump), (key, value: unknown) => (key === 'threshold' ? Math.fround(Number(value)) : value)) as ModelDump;
    await expect(verifyOnnx(exportOnnx(rounded), model)).rejects.toMatchObject({ code: 'learning/verification' });
    model.free();
  });

  it('refuses what ONNX cannot say', async () => {
    const model = await trained({ objective: 'binary' }, exclusiveOr(), 1);
    expect(() => exportOnnx({ ...model.dump, objective: 'unheard_of' })).toThrow('unheard_of');
    expect(() => exportOnnx(model.dump, { featureCount: 5 })).toThrow('the model has 4 features');
    model.free();
  });

  describeShared('the golden model', () => {
    it('takes the same leaf on both sides of every threshold, and scores its own rows alike', async () => {
      const text = readFileSync(sharedFile('golden/lgb_model.txt'), 'utf8');
      const model = loadModel(library, text, createHash('sha256').update(text).digest('hex'));
      const splits = model.dump.tree_info.flatMap(({ tree_structure: root }) => splitsOf(root));
      // Of each threshold the float32 at or below it and its neighbours, beside values of the training rows.
      const edges = splits.flatMap(({ feature, threshold }) => {
        const below = Math.fround(threshold) > threshold ? nextFloat(Math.fround(threshold), -1) : Math.fround(threshold);
        return [nextFloat(below, -1), below, nextFloat(below, 1)].map((value) => ({ feature, value }));
      });
      expect(edges).toHaveLength(360);
      const { values, rows } = exclusiveOr();
      const near = Float32Array.from(values.subarray(0, 4 * edges.length));
      for (const [row, { feature, value }] of edges.entries()) near[4 * row + feature] = value;
      const scorer = await openScorer(exportOnnx(model.dump));
      for (const [matrix, count] of [[near, edges.length], [values, rows]] as const) {
        const expected = model.predict(matrix, count);
        expect(Math.max(...(await scorer.score(matrix, count)).map((score, row) => Math.abs(score - expected[row]!)))).toBeLessThan(1e-15);
      }
      await scorer.close();
      model.free();
    });
  });

  it('says that bytes are not a model', async () => {
    await expect(openScorer(new Uint8Array([1, 2, 3]))).rejects.toMatchObject({ code: 'learning/bundle' });
  });
});

interface Split { readonly feature: number; readonly threshold: number }

function splitsOf(node: ModelDump['tree_info'][number]['tree_structure']): Split[] {
  return 'split_feature' in node ? [{ feature: node.split_feature, threshold: Number(node.threshold) }, ...splitsOf(node.left_child), ...splitsOf(node.right_child)] : [];
}

/** The neighbouring float32 of a positive one. */
function nextFloat(value: number, step: 1 | -1): number {
  const word = new Int32Array(Float32Array.of(value).buffer);
  word[0]! += step;
  return new Float32Array(word.buffer)[0]!;
}
