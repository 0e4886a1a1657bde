import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupKFold, groupShuffleSplit, kFold, splitByGroup, stratifiedKFold, timeSeriesSplit, trainTestSplit } from '../../src/learning/index.js';
import { numpyRandom } from '../../src/learning/splits/numpyRandom.js';
import { describeShared, sharedFile } from '../shared.js';

interface Golden {
  permutation_42_10: number[];
  permutation_7_700_first: number[];
  permutation_7_700_last: number[];
  'train_test_23_0.2_5': { train: number[]; test: number[] };
  group_shuffle: { groups: string; train: number[]; test: number[] };
  group_kfold_ties: { groups: string; tests: number[][] };
  stratified: { y: number[]; tests: number[][] };
}
const golden = JSON.parse(readFileSync(new URL('../fixtures/scikit_learn.json', import.meta.url), 'utf8')) as Golden;
const tests = (splits: { test: Int32Array }[]): number[][] => splits.map((split) => [...split.test]);

describe('splits as scikit-learn makes them', () => {
  it('permutes as NumPy does', () => {
    expect([...numpyRandom(42).permutation(10)]).toEqual(golden.permutation_42_10);
    const long = [...numpyRandom(7).permutation(700)];
    expect(long.slice(0, 12)).toEqual(golden.permutation_7_700_first);
    expect(long.slice(-6)).toEqual(golden.permutation_7_700_last);
  });

  it('splits rows and groups at random with the same seed alike', () => {
    const rows = trainTestSplit(23, { testSize: 0.2, seed: 5 });
    expect({ train: [...rows.train], test: [...rows.test] }).toEqual(golden['train_test_23_0.2_5']);
    const { groups, train, test } = golden.group_shuffle;
    const split = groupShuffleSplit([...groups], { testSize: 0.3, seed: 3 });
    expect([[...split.train], [...split.test]]).toEqual([train, test]);
  });

  it('makes the same folds', () => {
    expect(tests(groupKFold([...golden.group_kfold_ties.groups], 4))).toEqual(golden.group_kfold_ties.tests);
    expect(tests(stratifiedKFold(golden.stratified.y, 4))).toEqual(golden.stratified.tests);
  });

  it('rounds the test side up, and takes the tail without shuffling', () => {
    expect(trainTestSplit(10, { testSize: 0.25, seed: 1 }).test.length).toBe(3);
    const tail = trainTestSplit(11, { testSize: 0.3, seed: 1, shuffle: false });
    expect([[...tail.train], [...tail.test]]).toEqual([[0, 1, 2, 3, 4, 5, 6], [7, 8, 9, 10]]);
  });
});

describeShared('splits of the golden file', () => {
  interface Lists {
    kfold10_3: number[][];
    tss: [number[], number[]][];
    tss_gap: [number[], number[]][];
    skf3_test: number[][];
    gkf3_test: number[][];
  }
  const pairs = (splits: { train: Int32Array; test: Int32Array }[]) => splits.map((split) => [[...split.train], [...split.test]]);

  it('are equal', () => {
    const lists = JSON.parse(readFileSync(sharedFile('golden/sklearn.json'), 'utf8')) as Lists;
    expect(tests(kFold(10, 3))).toEqual(lists.kfold10_3);
    expect(tests(stratifiedKFold([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2], 3))).toEqual(lists.skf3_test);
    expect(tests(groupKFold([...'aaabbccccdde'], 3))).toEqual(lists.gkf3_test);
    expect(pairs(timeSeriesSplit(10, 3))).toEqual(lists.tss);
    expect(pairs(timeSeriesSplit(12, 3, { gap: 1, testRows: 2, maxTrainRows: 3 }))).toEqual(lists.tss_gap);
  });
});

describe('splitByGroup', () => {
  // 13 cases of 1 to 7 rows; every fourth has a leak in its last row.
  const cases = Array.from({ length: 13 }, (_, i) => ({ name: `case-${i}`, rows: 1 + ((i * 5) % 7), leak: i % 4 === 0 }));
  const groups = cases.flatMap(({ name, rows }) => Array.from({ length: rows }, () => name));
  const strata = cases.flatMap(({ rows, leak }) => Array.from({ length: rows }, (_, row) => (leak && row === rows - 1 ? 1 : 0)));
  const leaky = new Set(cases.filter((item) => item.leak).map((item) => item.name));

  it('never puts a group on both sides, keeps every row, and stands by its numbers, for 1,000 seeds', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 1000; seed++) {
      const { train, test } = splitByGroup(groups, { testSize: 0.25, seed, strata });
      const trained = new Set(Array.from(train, (row) => groups[row]!));
      const tested = new Set(Array.from(test, (row) => groups[row]!));
      if ([...tested].some((name) => trained.has(name))) throw new Error(`seed ${seed}: a group is on both sides`);
      if (train.length + test.length !== groups.length) throw new Error(`seed ${seed}: rows are missing`);
      if (tested.size !== 4) throw new Error(`seed ${seed}: ${tested.size} groups are tested`);
      if ([...tested].filter((name) => leaky.has(name)).length !== 1) throw new Error(`seed ${seed}: leaks are not shared out`);
      seen.add([...tested].sort().join());
    }
    expect(seen.size).toBeGreaterThan(100);
  });

  it('puts both kinds on both sides where there are two of a kind, however rare', () => {
    const rare = ['a', 'b', ...Array.from({ length: 18 }, (_, i) => `n${i}`)];
    for (let seed = 0; seed < 50; seed++) {
      const { train, test } = splitByGroup(rare, { testSize: 0.1, seed, strata: rare.map((name) => (name.length === 1 ? 1 : 0)) });
      expect([train.length, test.length]).toEqual([18, 2]);
      expect([...test].filter((row) => row < 2).length).toBe(1);
    }
  });

  it('splits two groups even when they are of two kinds', () => {
    const { train, test } = splitByGroup(['leak', 'healthy'], { testSize: 0.5, seed: 1, strata: [1, 0] });
    expect([train.length, test.length]).toEqual([1, 1]);
  });

  it('does not depend on the order of the rows', () => {
    const order = numpyRandom(1).permutation(groups.length);
    const here = splitByGroup(groups, { testSize: 0.25, seed: 3, strata });
    const there = splitByGroup(Array.from(order, (row) => groups[row]!), { testSize: 0.25, seed: 3, strata: Array.from(order, (row) => strata[row]!) });
    expect(new Set(Array.from(there.test, (row) => groups[order[row]!]))).toEqual(new Set(Array.from(here.test, (row) => groups[row])));
  });

  it('refuses what cannot be split', () => {
    expect(() => splitByGroup(['a', 'a'], { testSize: 0.5, seed: 1 })).toThrow('at least two');
    expect(() => splitByGroup(['a', 'b'], { testSize: 1, seed: 1 })).toThrow('between 0 and 1');
    expect(() => splitByGroup(['a', 'b'], { testSize: 0.9, seed: 1 })).toThrow('leaves none for training');
    expect(() => splitByGroup(['a', 'b'], { testSize: 0.5, seed: 1, strata: [1] })).toThrow('1 strata for 2 rows');
  });
});
