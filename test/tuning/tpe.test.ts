import { describe, expect, it } from 'vitest';
import { isFinished, suggest, type Distribution, type ParameterValue, type SearchSpace, type Trial } from '../../src/tuning/index.js';
import { dimensionOf, positionOf } from '../../src/tuning/parzen/dimension.js';
import { buildEstimator, logDensity, sampleEstimator, choiceProbability, type Estimator } from '../../src/tuning/parzen/estimator.js';
import { erfc, logLowerTail, logMass, mass, truncatedQuantile } from '../../src/tuning/parzen/normal.js';
import { jointGroups, sharedParameters } from '../../src/tuning/samplers/jointSpace.js';
import { acquisition, tpeEstimators } from '../../src/tuning/samplers/tpe.js';
import { ageWeights, goodCount, splitTrials } from '../../src/tuning/samplers/tpeRules.js';
import { createRandom } from '../../src/numeric/index.js';
import { golden, largestDifference } from './golden.js';

interface Kernels { mu: number[]; sigma: number[]; w: number[] }
interface Golden {
  gamma: Record<string, number>; weights_26: number[]; weights_30: number[];
  pe_float01: Kernels; pe_float01_logpdf: number[]; pe_log: Kernels; pe_log_logpdf: number[]; pe_int: Kernels; pe_int_logpdf: number[];
  pe_cat_w: number[][]; pe_cat_logpdf: number[]; pe_empty: Kernels; pe_one: Kernels; pe_2d_logpdf: number[]; truncnorm_ppf: number[]; log_gauss_mass: number[];
}
const optuna = golden<Golden>('optuna_tpe');
const unit = { type: 'float', low: 0, high: 1 } as const;

function estimate(distributions: readonly Distribution[], observed: readonly (readonly ParameterValue[])[]): Estimator {
  const dimensions = distributions.map(dimensionOf);
  const positions = dimensions.map((dimension, j) => Float64Array.from(observed[j]!, (value) => positionOf(dimension, value)));
  return buildEstimator(dimensions, positions, ageWeights(observed[0]!.length), { priorWeight: 1, magicClip: true, endpoints: false });
}

function densities(estimator: Estimator, points: readonly (readonly ParameterValue[])[]): Float64Array {
  return logDensity(estimator, points.map((column, j) => Float64Array.from(column, (value) => positionOf(estimator.dimensions[j]!, value))));
}

function expectKernels(estimator: Estimator, { mu, sigma, w }: Kernels): void {
  expect(largestDifference(estimator.lines[0]!.mu, mu)).toBeLessThan(1e-8);
  expect(largestDifference(estimator.lines[0]!.sigma, sigma)).toBeLessThan(1e-8);
  expect(largestDifference(estimator.weights, w)).toBeLessThan(1e-8);
}

const complete = (number: number, params: Trial['params'], value: number): Trial => ({ number, state: 'complete', params, value });

describe('the normal distribution', () => {
  it('keeps its digits far out in the tails', () => {
    expect(erfc(0.3)).toBeCloseTo(0.6713732405408726, 14);
    expect(erfc(20) / 5.395865611607901e-176 - 1).toBeCloseTo(0, 12);
    expect(logLowerTail(-40)).toBeCloseTo(-804.6084420137538, 9);
    expect(mass(3, 3.001) / 4.425200e-6 - 1).toBeCloseTo(0, 5);
    expect(logMass(30, 31)).toBeCloseTo(logMass(-31, -30), 12);
    expect(largestDifference([logMass(-1, 1), logMass(2, 3), logMass(8, 9), logMass(-10, -8)], [-0.3817151463, -3.8443534263, -35.0136185934, -35.0134371722])).toBeLessThan(1e-8);
    expect(largestDifference([0, 2, 3, 4].map((i) => optuna.log_gauss_mass[i]!), [-0.3817151463, -3.8443534263, -35.0136185934, -35.0134371722])).toBe(0);
  });

  it('gives quantiles between bounds', () => {
    const found = [truncatedQuantile(0.1, -1, 1), truncatedQuantile(0.5, -3, 0.5), truncatedQuantile(0.9, 2, 3), truncatedQuantile(0.5, 8, 9), truncatedQuantile(0.5, -10, -8)];
    expect(largestDifference(found, optuna.truncnorm_ppf)).toBeLessThan(1e-8);
    for (const q of [1e-4, 0.01, 0.4, 0.999]) expect(mass(-2, truncatedQuantile(q, -2, 5)) / mass(-2, 5) / q).toBeCloseTo(1, 9);
  });
});

describe('kernel estimates equal those of Optuna 5', () => {
  it('counts and weights', () => {
    for (const [n, count] of Object.entries(optuna.gamma)) expect(goodCount(Number(n))).toBe(count);
    expect(goodCount(400, 'hyperopt')).toBe(5);
    expect(Array.from(ageWeights(26)).slice(0, 3)).toEqual(optuna.weights_26);
    expect(largestDifference(ageWeights(30).slice(0, 6), optuna.weights_30)).toBeLessThan(1e-15);
  });

  it('of numbers, on linear and logarithmic scales', () => {
    const plain = estimate([unit], [[0.1, 0.25, 0.3, 0.7]]);
    expectKernels(plain, optuna.pe_float01);
    expect(largestDifference(densities(plain, [[0, 0.05, 0.2, 0.5, 0.9, 1]]), optuna.pe_float01_logpdf)).toBeLessThan(1e-8);
    const log = estimate([{ type: 'float', low: 1e-5, high: 1, log: true }], [[1e-4, 1e-3, 3e-2]]);
    expectKernels(log, optuna.pe_log);
    expect(largestDifference(densities(log, [[1e-5, 1e-3, 0.5]]), optuna.pe_log_logpdf)).toBeLessThan(1e-8);
    expectKernels(estimate([unit], [[]]), optuna.pe_empty);
    expectKernels(estimate([unit], [[0.5]]), optuna.pe_one);
  });

  it('of whole numbers, adding up to 1', () => {
    const found = densities(estimate([{ type: 'int', low: 1, high: 10 }], [[2, 5, 5, 9]]), [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
    expectKernels(estimate([{ type: 'int', low: 1, high: 10 }], [[2, 5, 5, 9]]), optuna.pe_int);
    expect(largestDifference(found, optuna.pe_int_logpdf)).toBeLessThan(1e-8);
    expect(Math.abs(found.reduce((sum, value) => sum + Math.exp(value), 0) - 1)).toBeLessThan(1e-12);
    const log = { type: 'int', low: 1, high: 64, log: true } as const;
    const values = Array.from({ length: 64 }, (_, i) => i + 1);
    expect(densities(estimate([log], [[1, 3, 60]]), [values]).reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
  });

  it('of choices and of several parameters together', () => {
    const choices = estimate([{ type: 'categorical', choices: ['a', 'b', 'c'] }], [['a', 'c', 'c']]);
    expect(largestDifference(optuna.pe_cat_w.flatMap((row, k) => row.map((_, c) => choiceProbability(choices, 0, k, c))), optuna.pe_cat_w.flat())).toBeLessThan(1e-8);
    expect(largestDifference(densities(choices, [['a', 'b', 'c']]), optuna.pe_cat_logpdf)).toBeLessThan(1e-8);
    const both = estimate([unit, { type: 'float', low: 0, high: 5 }], [[0.1, 0.6], [1, 4]]);
    expect(largestDifference(densities(both, [[0.1, 0.5], [1, 2.5]]), optuna.pe_2d_logpdf)).toBeLessThan(1e-8);
  });

  it('leave nothing out that counts: a joint estimate of steps is the sum over its components', () => {
    const distributions: Distribution[] = [{ type: 'int', low: 0, high: 999 }, { type: 'int', low: 0, high: 999 }, unit];
    const random = createRandom(4);
    const observed = distributions.map((distribution) => Array.from({ length: 60 }, () => (distribution.type === 'int' ? random.integer(0, 999) : random.uniform())));
    const estimator = estimate(distributions, observed);
    const points = sampleEstimator(estimator, 5, random);
    const bins = (j: number, k: number, x: number): number => {
      const { mu, sigma } = estimator.lines[j]!;
      const at = (value: number): number => (value - mu[k]!) / sigma[k]!;
      return logMass(at(x - 0.5), at(x + 0.5)) - logMass(at(-0.5), at(999.5));
    };
    const found = logDensity(estimator, points);
    points[0]!.forEach((_, i) => {
      const terms = Array.from(estimator.weights, (weight, k) => {
        const { mu, sigma } = estimator.lines[2]!;
        const z = (points[2]![i]! - mu[k]!) / sigma[k]!;
        const dense = -0.5 * z * z - 0.5 * Math.log(2 * Math.PI) - Math.log(sigma[k]!) - logMass(-mu[k]! / sigma[k]!, (1 - mu[k]!) / sigma[k]!);
        return Math.log(weight) + dense + bins(0, k, points[0]![i]!) + bins(1, k, points[1]![i]!);
      });
      const most = Math.max(...terms);
      expect(found[i]).toBeCloseTo(most + Math.log(terms.reduce((sum, term) => sum + Math.exp(term - most), 0)), 9);
    });
  });

  it('draw as often as they say', () => {
    const estimator = estimate([{ type: 'int', low: 1, high: 4 }, { type: 'categorical', choices: ['a', 'b'] }], [[1, 1, 4], ['a', 'a', 'b']]);
    const draws = sampleEstimator(estimator, 20_000, createRandom(1));
    for (let x = 1; x <= 4; x++) {
      for (const c of [0, 1]) {
        const share = draws[0]!.filter((value, i) => value === x && draws[1]![i] === c).length / 20_000;
        expect(share).toBeCloseTo(Math.exp(logDensity(estimator, [Float64Array.of(x), Float64Array.of(c)])[0]!), 1.7);
      }
    }
  });
});

describe('suggestions', () => {
  const acquired = golden<{ xs: number[]; below: number[]; argmax: number; acq: number[] }>('tpe_acquisition');

  it('choose where Optuna chooses', () => {
    const trials = acquired.xs.map((x, number) => complete(number, { x }, (x - 0.3) ** 2));
    const split = splitTrials(trials, [], goodCount(12), 'minimize');
    expect(split.good.map(({ params }) => params['x'])).toEqual(acquired.below);
    const { good, bad } = tpeEstimators({ type: 'tpe' }, { x: unit }, ['x'], split);
    const grid = Float64Array.from({ length: 21 }, (_, i) => i * 0.05);
    const scores = acquisition(good, bad, [grid]);
    expect(largestDifference(scores, acquired.acq)).toBeLessThan(1e-7);
    expect(grid[scores.indexOf(Math.max(...scores))]).toBeCloseTo(acquired.argmax, 12);
  });

  it('rank complete trials before pruned ones, those by how far they came, and violating ones last', () => {
    const trials: Trial[] = [
      { number: 0, state: 'pruned', params: {}, reports: [{ step: 3, value: 9 }] },
      complete(1, {}, 5),
      { number: 2, state: 'pruned', params: {} },
      { ...complete(3, {}, 0), violation: 2 },
      { number: 4, state: 'pruned', params: {}, reports: [{ step: 7, value: null }] },
      { ...complete(5, {}, 1), violation: 1 },
      complete(6, {}, 4),
      complete(7, {}, 4),
    ];
    const good = (count: number, direction: 'minimize' | 'maximize' = 'minimize'): number[] => splitTrials(trials, [], count, direction).good.map(({ number }) => number);
    expect(good(1)).toEqual([6]);
    expect(good(1, 'maximize')).toEqual([1]);
    expect(good(4)).toEqual([1, 4, 6, 7]);
    expect(good(5)).toEqual([0, 1, 4, 6, 7]);
    expect(good(7)).toEqual([0, 1, 2, 4, 5, 6, 7]);
    const running: Trial = { number: 9, state: 'running', params: {} };
    expect(splitTrials(trials, [running], 3, 'minimize').bad.map(({ number }) => number)).toEqual([0, 2, 3, 4, 5, 9]);
  });

  const space: SearchSpace = {
    model: { type: 'categorical', choices: ['tree', 'line'] },
    depth: { type: 'int', low: 1, high: 8, when: { parameter: 'model', in: ['tree'] } },
    slope: { type: 'float', low: -1, high: 1, when: { parameter: 'model', in: ['line'] } },
    rate: { type: 'float', low: 1e-4, high: 1, log: true },
    fixed: { type: 'int', low: 3, high: 3 },
  };

  function study(seed: number, count: number, group: boolean): Trial[] {
    const trials: Trial[] = [];
    for (let number = 0; number < count; number++) {
      const params = suggest({ type: 'tpe', group }, space, trials, { seed, number, direction: 'minimize' });
      const value = params['model'] === 'tree' ? Math.abs(Number(params['depth']) - 6) : 3 + Math.abs(Number(params['slope']));
      trials.push(complete(number, params, value + Math.abs(Math.log10(Number(params['rate'])) + 2)));
    }
    return trials;
  }

  it.each([false, true])('keep to a conditional space and learn in it (groups: %s)', (group) => {
    const trials = study(3, 60, group);
    for (const { params } of trials) {
      expect(Object.keys(params).sort()).toEqual(['fixed', params['model'] === 'tree' ? 'depth' : 'slope', 'model', 'rate'].sort());
      expect(params['fixed']).toBe(3);
    }
    const late = trials.slice(40).filter(({ params }) => params['model'] === 'tree' && Math.abs(Number(params['depth']) - 6) <= 2);
    expect(late.length).toBeGreaterThan(12);
  });

  it('find what is estimated together', () => {
    const trials = study(3, 20, false).filter(isFinished);
    expect(sharedParameters(space, trials)).toEqual(['fixed', 'model', 'rate']);
    expect(jointGroups(space, trials).map((names) => [...names].sort())).toEqual([['fixed', 'model', 'rate'], ['depth'], ['slope']]);
  });

  it('depend on the table, the seed and the number alone', () => {
    const trials = study(5, 30, false);
    const ask = (seed: number, number: number, table: readonly Trial[]): unknown => suggest({ type: 'tpe' }, space, table, { seed, number, direction: 'minimize' });
    expect(ask(5, 30, trials)).toEqual(ask(5, 30, structuredClone(trials).reverse()));
    expect(ask(5, 30, trials)).not.toEqual(ask(6, 30, trials));
    expect(ask(5, 30, trials)).not.toEqual(ask(5, 31, trials));
  });

  it('keep away from running trials', () => {
    const line: SearchSpace = { x: unit };
    const trials = Array.from({ length: 20 }, (_, number) => complete(number, { x: (number + 0.5) / 20 }, Math.abs(number / 20 - 0.5)));
    const spread = (constantLiar: boolean): number => {
      const table: Trial[] = [...trials];
      for (let number = 20; number < 40; number++) {
        table.push({ number, state: 'running', params: suggest({ type: 'tpe', constantLiar }, line, table, { seed: 1, number, direction: 'minimize' }) });
      }
      const xs = table.slice(20).map(({ params }) => Number(params['x']));
      const mean = xs.reduce((sum, x) => sum + x, 0) / xs.length;
      return Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length);
    };
    expect(spread(true)).toBeGreaterThan(1.5 * spread(false));
  });
});
