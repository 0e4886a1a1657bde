import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadModel, openLightgbm, trainBooster, type Lightgbm, type LightgbmParams, type Matrix } from '../../src/learning/index.js';
import { logLoss, rocAuc } from '../../src/metrics/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { hasShared, sharedFile } from '../shared.js';
import { example, exclusiveOr } from './data.js';

const smallParams: LightgbmParams = { objective: 'binary', num_leaves: 7, learning_rate: 0.1, min_data_in_leaf: 20, force_row_wise: true, metric: ['auc', 'binary_logloss'] };

describeLightgbm('training', () => {
  let library: Lightgbm;
  beforeAll(() => {
    library = openLightgbm(libraryPath());
  });
  const train = exclusiveOr();
  const job = { params: smallParams, rounds: 20, train, valid: [] };

  it('reaches the golden AUC and log loss of LightGBM 4.7.0', async () => {
    const model = await trainBooster(library, job);
    const scores = model.predict(train.values, train.rows);
    expect(Math.abs(rocAuc(train.labels, scores) - 0.9191674209777676)).toBeLessThan(0.002);
    expect(Math.abs(logLoss(train.labels, scores) - 0.33485752676921166)).toBeLessThan(0.002);
    expect(model.bestIteration).toBe(20);
    expect(Array.from(model.importance.split).reduce((a, b) => a + b)).toBe(120);
    model.free();
  });

  it('gives the same bytes twice', async () => {
    const first = await trainBooster(library, job);
    const second = await trainBooster(library, job);
    expect(second.modelText).toBe(first.modelText);
    expect(first.modelText).toContain('feature_names=f0 f1 f2 f3');
    first.free();
    second.free();
  });

  it('evaluates every dataset each round as our own metrics do', async () => {
    const seen: number[] = [];
    const model = await trainBooster(library, {
      ...job,
      rounds: 5,
      valid: [{ name: 'held out', data: exclusiveOr(500) }],
      evaluateTraining: true,
      onIteration: (iteration, evaluations) => {
        seen.push(iteration);
        expect(evaluations.map((entry) => `${entry.name} ${entry.metric}`)).toEqual(['train auc', 'train binary_logloss', 'held out auc', 'held out binary_logloss']);
      },
    });
    expect(seen).toEqual([1, 2, 3, 4, 5]);
    const scores = model.predict(train.values, train.rows);
    expect(model.history['auc']!['train']!.at(-1)).toBeCloseTo(rocAuc(train.labels, scores), 12);
    expect(model.history['binary_logloss']!['train']!.at(-1)).toBeCloseTo(logLoss(train.labels, scores), 12);
    model.free();
  });

  it('stops early and keeps the best round', async () => {
    const labels = exclusiveOr(400).labels.slice().reverse();
    const model = await trainBooster(library, {
      ...job,
      rounds: 300,
      valid: [{ name: 'unrelated', data: { ...exclusiveOr(400), labels } }],
      earlyStopping: { rounds: 5, metric: 'binary_logloss' },
    });
    const losses = model.history['binary_logloss']!['unrelated']!;
    expect(model.stopped).toBe('early');
    expect(losses.length).toBe(model.bestIteration + 5);
    expect(losses[model.bestIteration - 1]).toBe(Math.min(...losses));
    expect(model.dump.tree_info.length).toBe(model.bestIteration);
    model.free();
  });

  it('stops after the round in which the signal aborts, with less than 100 ms of work', async () => {
    const cancel = new AbortController();
    let rounds = 0;
    let before = process.cpuUsage();
    const training = trainBooster(library, {
      ...job,
      rounds: 100_000,
      signal: cancel.signal,
      onIteration: (iteration) => {
        rounds = iteration;
        if (iteration === 3) setImmediate(() => cancel.abort());
        before = process.cpuUsage();
      },
    });
    await expect(training).rejects.toMatchObject({ code: 'stage/cancelled' });
    expect(rounds).toBeLessThan(6);
    // Processor time, which other programs on the machine do not add to.
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(100);
  });

  it('explains raw scores by contributions that add up', async () => {
    const model = await trainBooster(library, job);
    const raw = model.predict(train.values, train.rows, 'raw');
    const contributions = model.predict(train.values, train.rows, 'contributions');
    for (let row = 0; row < 100; row++) {
      const sum = contributions.subarray(row * 5, row * 5 + 5).reduce((a, b) => a + b);
      expect(Math.abs(sum - raw[row]!)).toBeLessThan(1e-12);
    }
    model.free();
  });

  it('loads a model by its hash, and never a text with another one', async () => {
    const model = await trainBooster(library, job);
    const text = model.modelText;
    const hash = createHash('sha256').update(text).digest('hex');
    const loaded = loadModel(library, text, hash);
    expect(loaded.predict(train.values, train.rows)).toEqual(model.predict(train.values, train.rows));
    // Given to LightGBM, this text would end the process.
    expect(() => loadModel(library, text.slice(0, text.length / 2), hash)).toThrow(expect.objectContaining({ code: 'learning/bundle' }));
    loaded.free();
    model.free();
    expect(() => model.predict(train.values, train.rows)).toThrow('freed');
  });

  it.each<[string, Partial<Matrix>, string]>([
    ['a NaN label', { labels: withValue(train.labels, 3, NaN) }, 'label NaN in row 3'],
    ['a third class', { labels: withValue(train.labels, 3, 2) }, 'label 2 in row 3'],
    ['one class only', { labels: new Float32Array(train.rows) }, 'all 2000 labels'],
    ['an infinite feature', { values: withValue(train.values, 9, Infinity) }, 'row 2, column 1'],
    ['a short buffer', { values: train.values.subarray(1) }, '7999 feature values'],
    ['too few labels', { labels: train.labels.subarray(1) }, '1999 labels'],
    ['a negative weight', { weights: withValue(train.labels, 0, -1) }, 'weight -1'],
  ])('refuses %s', async (_, change, message) => {
    await expect(trainBooster(library, { ...job, train: { ...train, ...change } })).rejects.toMatchObject({
      code: 'learning/invalid-data',
      message: expect.stringContaining(message) as string,
    });
  });

  it.each<[string, LightgbmParams, string]>([
    ['a misspelt name', { num_leafs: 7 }, 'did you mean "num_leaf"'],
    ['a value LightGBM refuses', { num_leaves: 1 }, 'LightGBM: Check failed: (num_leaves) > (1)'],
    ['a value of the wrong type', { num_leaves: 'many' }, 'num_leaves'],
    ['a misspelt objective', { objective: 'binari' }, 'binari'],
    ['two values of one parameter', { reg_alpha: 1, lambda_l1: 2 }, 'the same LightGBM parameter'],
    ['linear leaves', { linear_tree: true }, 'ONNX'],
    ['rounds among the parameters', { n_estimators: 50 }, 'rounds'],
    ['all processors', { num_threads: 0 }, 'num_threads'],
  ])('refuses %s', async (_, params, message) => {
    await expect(trainBooster(library, { ...job, params: { ...smallParams, ...params } })).rejects.toMatchObject({
      code: 'learning/invalid-parameter',
      message: expect.stringContaining(message) as string,
    });
  });
});

(hasShared ? describeLightgbm : describe.skip)('training on the example of LightGBM', () => {
  const golden = JSON.parse(readFileSync(new URL('../fixtures/lightgbm-examples.json', import.meta.url), 'utf8')) as Record<
    string, { trees_sha256: string; metrics: Record<string, Record<string, number>> }>;
  const shared = { feature_fraction: 0.8, bagging_freq: 5, bagging_fraction: 0.8, min_sum_hessian_in_leaf: 5, num_threads: 1 };

  // test/fixtures/lightgbm_examples.py made the golden values by LightGBM's Python package, with the settings of the examples' train.conf.
  it.each([
    ['binary', { ...shared, objective: 'binary', metric: ['binary_logloss', 'auc'], learning_rate: 0.1, num_leaves: 63, min_data_in_leaf: 50 }],
    ['regression', { ...shared, objective: 'regression', metric: ['l2'], learning_rate: 0.05, num_leaves: 31, feature_fraction: 0.9, min_data_in_leaf: 100 }],
  ] as const)('grows the trees of the Python package, letter by letter, with its metrics: %s', async (name, params) => {
    const model = await trainBooster(openLightgbm(libraryPath()), {
      params: { ...params, metric: [...params.metric] }, rounds: 100, evaluateTraining: true, train: example(name, 'train'), valid: [{ name: 'test', data: example(name, 'test') }],
    });
    const { metrics, trees_sha256: hash } = golden[name]!;
    expect(Object.fromEntries(Object.entries(model.history).map(([metric, sides]) => [metric, Object.fromEntries(Object.entries(sides).map(([side, values]) => [side, values.at(-1)]))]))).toEqual(metrics);
    const text = model.modelText;
    expect(createHash('sha256').update(text.slice(text.indexOf('\nTree=0'), text.indexOf('end of trees'))).digest('hex')).toBe(hash);
    model.free();
  });

  it('predicts with the golden model as it did where it was written', () => {
    const text = readFileSync(sharedFile('golden/lgb_model.txt'), 'utf8');
    const golden = JSON.parse(readFileSync(sharedFile('golden/shap.json'), 'utf8')) as { raw5: number[]; contrib5: number[][] };
    const model = loadModel(openLightgbm(libraryPath()), text, createHash('sha256').update(text).digest('hex'));
    const rows = exclusiveOr().values.subarray(0, 20);
    for (const [row, raw] of golden.raw5.entries()) expect(Math.abs(model.predict(rows, 5, 'raw')[row]! - raw)).toBeLessThan(1e-7);
    for (const [i, value] of golden.contrib5.flat().entries()) expect(Math.abs(model.predict(rows, 5, 'contributions')[i]! - value)).toBeLessThan(1e-7);
    model.free();
  });
});

function withValue(values: Float32Array, at: number, value: number): Float32Array {
  const copy = values.slice();
  copy[at] = value;
  return copy;
}
