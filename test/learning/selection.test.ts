import { beforeAll, describe, expect, it } from 'vitest';
import {
  openLightgbm, permutationImportance, pruneCorrelated, rankFeatures, relevance, scorings, topShare, trainBooster, type Lightgbm, type Matrix,
} from '../../src/learning/index.js';
import { createRandom, lcg } from '../../src/numeric/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { thrown } from '../thrown.js';
import { exclusiveOr } from './data.js';

describe('a ranking of features', () => {
  it('puts the best first, then by the next measure and by name, and what is unknown last', () => {
    const ranking = rankFeatures(['d', 'c', 'b', 'a', 'e'], [Float64Array.of(1, 2, 2, 1, NaN), Float64Array.of(0, 5, 6, 0, 9)]);
    expect(Array.from(ranking)).toEqual([2, 1, 3, 0, 4]);
  });

  it('says in which share of the folds a feature is on top', () => {
    const rankings = [Int32Array.of(0, 1, 2), Int32Array.of(0, 2, 1), Int32Array.of(1, 0, 2)];
    expect(Array.from(topShare(rankings, 2, 3))).toEqual([1, 2 / 3, 1 / 3]);
    expect(Array.from(topShare(rankings, 2, 3, [1, 1, 2]))).toEqual([1, 1 / 3, 0]);
  });
});

describe('pruning by correlation', () => {
  const random = createRandom(3);
  const x = Array.from({ length: 400 }, () => random.normal());
  const data = tableOf(x, x.map((v) => -(v ** 3)), x.map(() => random.normal()), x.map(() => 7), x.map((v, i) => (i % 4 === 0 ? NaN : v)));

  it('keeps the higher ranked of two that say the same, whatever the sign', () => {
    const { kept, partner, correlation } = pruneCorrelated(data, Int32Array.of(1, 0, 2, 3, 4), { method: 'spearman', limit: 0.8 });
    expect(Array.from(kept)).toEqual([1, 2, 3]);
    expect(partner[0]).toBe(1);
    expect(correlation[0]).toBeCloseTo(-1, 12);
    expect(partner[4]).toBe(1);
    expect(Math.abs(correlation[4]!)).toBeGreaterThan(0.8);
    expect(correlation[3]).toBe(0);
  });

  it('sees less in a curve by Pearson than by Spearman, and stops when enough are kept', () => {
    const { kept, correlation } = pruneCorrelated(data, Int32Array.of(0, 1, 2, 3, 4), { method: 'pearson', limit: 0.95, keep: 3 });
    expect(Array.from(kept)).toEqual([0, 1, 2]);
    const mean = (list: readonly number[]): number => list.reduce((sum, v) => sum + v, 0) / list.length;
    const cubes = x.map((v) => -(v ** 3));
    const covariance = mean(x.map((v, i) => (v - mean(x)) * (cubes[i]! - mean(cubes))));
    const spread = (list: readonly number[]): number => Math.sqrt(mean(list.map((v) => (v - mean(list)) ** 2)));
    expect(correlation[1]).toBeCloseTo(covariance / spread(x) / spread(cubes), 7);
  });
});

describe('relevance', () => {
  const labels = Uint8Array.from({ length: 200 }, (_, row) => (row < 80 ? 1 : 0));
  const random = createRandom(9);
  const noise = (): number[] => Array.from({ length: 200 }, () => random.normal());

  it('chooses the test by the kinds of feature and target', () => {
    const binary = Array.from(labels, (label) => (random.uniform() < 0.8 ? label : 1 - label));
    const data = tableOf(Array<number>(200).fill(1), binary, noise().map((v, i) => v + labels[i]!), noise());
    const classes = relevance(data, { kind: 'classes', labels });
    expect(classes.map(({ type, test, relevant }) => [type, test, relevant])).toEqual([
      ['constant', 'none', false], ['binary', 'fisher', true], ['real', 'mann', true], ['real', 'mann', false],
    ]);
    expect(classes[0]).toMatchObject({ p: NaN, adjusted: NaN, byClass: [] });
    expect(relevance(data, { kind: 'classes', labels }, { realFeatureTest: 'ks' }).map(({ test, relevant }) => [test, relevant])).toEqual([
      ['none', false], ['fisher', true], ['ks', true], ['ks', false],
    ]);
    const numbers = noise().map((v, i) => v + 2 * labels[i]!);
    expect(relevance(data, { kind: 'number', values: numbers }).map(({ test, relevant }) => [test, relevant])).toEqual([
      ['none', false], ['ks', true], ['kendall', true], ['kendall', false],
    ]);
  });

  it('tests each of several classes against the others', () => {
    const three = Uint8Array.from({ length: 300 }, (_, row) => row % 3);
    const feature = Array.from(three, (label) => Number(label === 2) * 3 + random.normal());
    const data = tableOf(feature, Array.from(three, () => random.normal()));
    const [first, second] = relevance(data, { kind: 'classes', labels: three });
    expect(first!.byClass.map(({ label }) => label)).toEqual([0, 1, 2]);
    expect(first!.adjusted).toBe(first!.byClass[2]!.adjusted);
    expect([first!.relevant, second!.relevant]).toEqual([true, false]);
    expect(relevance(data, { kind: 'classes', labels: three }, { significantClasses: 3 })[0]!.relevant).toBe(true);
    const middle = tableOf(Array.from(three, (label) => label - 1 + random.normal() / 4));
    expect(relevance(middle, { kind: 'classes', labels: three }, { significantClasses: 3 })[0]!.relevant).toBe(false);
  });

  it('leaves rows out in which a feature is missing', () => {
    const feature = noise().map((v, i) => v + 2 * labels[i]!);
    const gaps = feature.map((v, i) => (i % 5 === 0 ? NaN : v));
    const rows = [...feature.keys()].filter((i) => i % 5 !== 0);
    const [whole] = relevance(tableOf(gaps), { kind: 'classes', labels });
    const [cut] = relevance(tableOf(rows.map((i) => feature[i]!)), { kind: 'classes', labels: rows.map((i) => labels[i]!) });
    expect(whole!.p).toBe(cut!.p);
  });

  it('refuses a target that cannot be told apart', () => {
    expect(thrown(() => relevance(tableOf([1, 2]), { kind: 'classes', labels: [0, 0] }))).toMatchObject({ code: 'learning/invalid-data' });
    expect(thrown(() => relevance(tableOf([1, 2]), { kind: 'number', values: [0] }))).toMatchObject({ code: 'learning/invalid-data' });
  });

  it('keeps none of 200 features of noise in at least 95 of 100 seeds', () => {
    let clean = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const values = Float32Array.from(lcg(100 * 200, seed));
      const target = createRandom(seed).permutation(100).map((i) => i % 2);
      if (relevance({ values, rows: 100, columns: 200 }, { kind: 'classes', labels: target }).every(({ relevant }) => !relevant)) clean++;
    }
    expect(clean).toBeGreaterThanOrEqual(95);
  });
});

describeLightgbm('permutation importance', () => {
  let library: Lightgbm;
  beforeAll(() => {
    library = openLightgbm(libraryPath());
  });

  it('costs the model what it needs, and nothing what it does not', async () => {
    const train = exclusiveOr();
    const model = await trainBooster(library, { params: { objective: 'binary', num_leaves: 7, min_data_in_leaf: 20 }, rounds: 20, train, valid: [] });
    const held = exclusiveOr(500);
    const options = { scoring: scorings.binary, repeats: 3, seed: 1 };
    const found = permutationImportance(model.dump, held, options);
    expect(found.baseline).toBeCloseTo(scorings.binary.score(held.labels, model.predict(held.values, held.rows)), 14);
    // The slow way, one prediction by the library for every shuffle, gives the same.
    const order = createRandom(1).derive('permutation 1').permutation(held.rows);
    const shuffled = held.values.map((value, i) => (i % 4 === 1 ? held.values[order[(i - 1) / 4]! * 4 + 1]! : value));
    const once = permutationImportance(model.dump, held, { ...options, repeats: 1 });
    expect(once.mean[1]).toBeCloseTo(found.baseline - scorings.binary.score(held.labels, model.predict(shuffled, held.rows)), 14);
    expect(found.mean[0]).toBeGreaterThan(0.2);
    expect(found.mean[1]).toBeGreaterThan(0.2);
    for (const i of [2, 3]) expect(Math.abs(found.mean[i]!)).toBeLessThan(0.03);
    expect(found.sd[0]).toBeGreaterThan(0);
    expect(permutationImportance(model.dump, held, options)).toEqual(found);
    expect(permutationImportance(model.dump, held, { ...options, seed: 2 })).not.toEqual(found);
    expect(held).toEqual(exclusiveOr(500));
    expect(() => permutationImportance(model.dump, held, { ...options, signal: AbortSignal.abort() })).toThrow(/abort/);
    model.free();
  });

  it('scores classes and numbers by their own measures', async () => {
    const { values, rows, columns } = exclusiveOr(300);
    const first = Float32Array.from({ length: rows }, (_, row) => values[row * columns]!);
    for (const [objective, labels] of [['multiclass', first.map((v) => Math.floor(v * 3))], ['regression', first]] as const) {
      const data: Matrix = { rows, columns, values, labels };
      const model = await trainBooster(library, { params: { objective, ...(objective === 'multiclass' && { num_class: 3 }) }, rounds: 10, train: data, valid: [] });
      const { mean } = permutationImportance(model.dump, data, { scoring: scorings[objective], repeats: 2, seed: 1 });
      expect(mean.indexOf(Math.max(...mean))).toBe(0);
      model.free();
    }
  });
});

/** Columns of numbers as a row-major table. */
function tableOf(...columns: readonly (readonly number[])[]): { values: Float32Array; rows: number; columns: number } {
  const rows = columns[0]!.length;
  const values = new Float32Array(rows * columns.length);
  for (const [at, column] of columns.entries()) for (let row = 0; row < rows; row++) values[row * columns.length + at] = column[row]!;
  return { values, rows, columns: columns.length };
}
