import { describe, expect, it } from 'vitest';
import { empiricalDistribution, fanova, pedAnova, type SearchSpace, type Trial } from '../../src/tuning/index.js';
import type { Leaf } from '../../src/tuning/importance/regressionForest.js';
import { marginalVariance, treeVariance } from '../../src/tuning/importance/treeVariance.js';
import { createRandom } from '../../src/numeric/index.js';
import { golden } from './golden.js';

type Shares = Record<'x' | 'y' | 'c', number>;
const optuna = golden<{ pedanova: Shares; pedanova_norm: Shares; fanova_norm_mean: Shares; fanova_norm_std: Shares; edf: { x0: number; x99: number; y0: number; y50: number; y99: number } }>('optuna_rest');

const space: SearchSpace = { x: { type: 'float', low: 0, high: 1 }, y: { type: 'float', low: 0, high: 1 }, c: { type: 'categorical', choices: ['a', 'b'] } };
const table: Trial[] = [];
for (let i = 0; i < 8; i++) {
  for (let j = 0; j < 8; j++) {
    for (const c of ['a', 'b']) {
      const x = (i + 0.5) / 8, y = (j + 0.5) / 8;
      table.push({ number: table.length, state: 'complete', params: { x, y, c }, value: 12 * (x - 0.5) ** 2 + 0.5 * y + (c === 'b' ? 0.2 : 0) });
    }
  }
}

const leaf = (value: number, low: readonly number[], high: readonly number[]): Leaf => ({ value, low: Float64Array.from(low), high: Float64Array.from(high) });

describe('fANOVA', () => {
  const box = leaf(0, [0, 0], [1, 1]);
  const tree = [leaf(0, [0, 0], [0.5, 1]), leaf(4, [0.5, 0], [1, 0.25]), leaf(8, [0.5, 0.25], [1, 1])];

  it('takes the exact variances of a tree', () => {
    expect(treeVariance(tree, box)).toBeCloseTo(13.75, 12);
    expect(Math.abs(marginalVariance(tree, box, [0]) / 13.75 - 0.8909090909090909)).toBeLessThan(1e-12);
    expect(Math.abs(marginalVariance(tree, box, [1]) / 13.75 - 0.05454545454545454)).toBeLessThan(1e-12);
    expect(marginalVariance(tree, box, [0, 1])).toBeCloseTo(13.75, 12);
  });

  it('shares of a forest as those of Optuna', () => {
    const seeds = [1, 2, 3];
    for (const name of ['x', 'y', 'c'] as const) {
      const found = seeds.map((seed) => fanova(space, table, { seed }).find(({ parameter }) => parameter === name)!.importance);
      const mean = found.reduce((sum, value) => sum + value, 0) / seeds.length;
      expect(Math.abs(mean - optuna.fanova_norm_mean[name])).toBeLessThan(4 * optuna.fanova_norm_std[name]);
    }
    expect(fanova(space, table, { seed: 1, trees: 4 })).toEqual(fanova(space, table, { seed: 1, trees: 4 }));
  });

  it('puts the choices of one parameter together', () => {
    const many: SearchSpace = { kind: { type: 'categorical', choices: ['p', 'q', 'r', 's', 't'] }, noise: { type: 'float', low: 0, high: 1 } };
    const random = createRandom(2);
    const trials = Array.from({ length: 120 }, (_, number): Trial => {
      const kind = 'pqrst'[random.integer(0, 4)]!;
      return { number, state: 'complete', params: { kind, noise: random.uniform() }, value: kind === 'q' ? 1 : kind === 't' ? 0.5 : 0 };
    });
    expect(fanova(many, trials, { seed: 0 })[0]).toMatchObject({ parameter: 'kind', importance: expect.closeTo(1, 2) as number });
    expect(fanova(many, trials.map((trial) => ({ ...trial, value: 1 })), { seed: 0 })).toEqual([]);
  });
});

describe('PED-ANOVA', () => {
  it('equals that of Optuna', () => {
    const found = pedAnova(space, table, 'minimize');
    expect(found.map(({ parameter }) => parameter)).toEqual(['x', 'y', 'c']);
    for (const { parameter, share, importance } of found) {
      expect(Math.abs(share - optuna.pedanova[parameter as 'x'])).toBeLessThan(1e-8);
      expect(Math.abs(importance - optuna.pedanova_norm[parameter as 'x'])).toBeLessThan(1e-8);
    }
    const mirrored = table.map((trial) => ({ ...trial, value: -trial.value! }));
    expect(pedAnova(space, mirrored, 'maximize')).toEqual(found);
  });
});

describe('the empirical distribution', () => {
  it('equals that of Optuna', () => {
    const { x, share } = empiricalDistribution([10, 1, 3, 2, 4]);
    expect({ x0: x[0], x99: x[99], n: x.length, y0: share[0], y50: share[50], y99: share[99] }).toEqual(optuna.edf);
  });
});
