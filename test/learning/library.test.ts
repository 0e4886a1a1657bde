import { expect, it } from 'vitest';
import { estimateTrainingBytes, openLightgbm, parameterTable, resolveParameters, separateRounds, type LightgbmParams } from '../../src/learning/index.js';
import { call, readText } from '../../src/learning/lightgbm/library.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';

it('says which file is missing', () => {
  expect(() => openLightgbm('/nowhere/lib_lightgbm.so')).toThrow(
    expect.objectContaining({
      code: 'learning/library-missing',
      message: expect.stringContaining('No such file') as string,
      place: { file: '/nowhere/lib_lightgbm.so' },
    }),
  );
});

it('resolves aliases and finds the nearest name', () => {
  expect(resolveParameters({ reg_alpha: 1, n_jobs: 2 })).toEqual({ lambda_l1: 1, num_threads: 2 });
  expect(() => resolveParameters({ learning_rat: 0.1 })).toThrow('did you mean "learning_rate"?');
  expect(() => resolveParameters({ colsample_bytrees: 0.1 })).toThrow('did you mean "colsample_bytree" (an alias of "feature_fraction")?');
  expect(() => resolveParameters({ completely_different_thing: 1 })).toThrow(/knows \d+ parameters/);
  expect(() => resolveParameters({ metric: 'auc num_leaves=3' })).toThrow('contains a space');
});

it('takes rounds and early stopping out of the parameters', () => {
  expect(separateRounds({ n_estimators: 300, early_stopping_rounds: 20, eta: 0.1 })).toEqual({ params: { learning_rate: 0.1 }, rounds: 300, earlyStoppingRounds: 20 });
  expect(separateRounds({})).toEqual({ params: {} });
  expect(() => separateRounds({ n_estimators: 1.5 })).toThrow('whole number');
});

it('estimates the memory of training as measured on 500,000 rows of 60 features', () => {
  const megabytes = estimateTrainingBytes({ rows: 500_000, columns: 60 }, [], { num_leaves: 63 }) / 1e6;
  // 344 MB with a process of 45 MB.
  expect(megabytes).toBeGreaterThan(285);
  expect(megabytes).toBeLessThan(345);
});

it('counts the histograms of many leaves and bins, up to the pool that bounds them', () => {
  const gigabytes = (params: LightgbmParams): number => estimateTrainingBytes({ rows: 10_000, columns: 100 }, [], params) / 2 ** 30;
  expect(gigabytes({ num_leaves: 5000, max_bin: 1000 })).toBeCloseTo(1.02, 1);
  expect(gigabytes({ max_leaves: 5000, max_bins: 1000, histogram_pool_size: 200 })).toBeCloseTo(0.21, 1);
  // 7.8 GB were measured without a bound.
  expect(gigabytes({ num_leaves: 5000, max_bin: 1000, histogram_pool_size: -1 })).toBeCloseTo(7.48, 1);
});

describeLightgbm('the library', () => {
  it('knows exactly the parameters of our table', () => {
    const library = openLightgbm(libraryPath());
    const json = readText((capacity, needed, buffer) => call(library, 'LGBM_DumpParamAliases', capacity, needed, buffer));
    const listed = Object.entries(JSON.parse(json) as Record<string, string[]>).map(([name, aliases]) => [name, aliases.sort().join(' ')]);
    expect(Object.fromEntries(listed)).toEqual(parameterTable);
  });
});
