import { describe, expect, it } from 'vitest';
import { mannWhitney, rankValues } from '../../src/numeric/index.js';
import {
  combinations, isExhausted, parameterOrder, paramsKey, ranks, suggest, suggestDistinct, type SamplerSettings, type SearchSpace, type Trial,
} from '../../src/tuning/index.js';
import { cmaConstants, cmaStart, cmaTell } from '../../src/tuning/samplers/cma.js';
import { minimizeByCma } from '../../src/tuning/samplers/cmaes.js';
import { haltonPoint, sobolDimensions, sobolPoint } from '../../src/tuning/samplers/lowDiscrepancy.js';
import { symmetricEigen } from '../../src/tuning/samplers/symmetricEigen.js';
import { tuningProblems, runStudy } from '../../bench/tuningProblems.mjs';
import { thrown } from '../thrown.js';
import { golden, largestDifference } from './golden.js';

const options = (number: number) => ({ seed: 1, number, direction: 'minimize' as const });

/** Asks until the sampler is exhausted, at most 1,000 times. */
function askAll(sampler: SamplerSettings, space: SearchSpace, from: readonly Trial[] = []): Trial[] {
  const trials = [...from];
  while (!isExhausted(sampler, space, trials) && trials.length < 1000) {
    trials.push({ number: trials.length, state: 'complete', params: suggest(sampler, space, trials, options(trials.length)), value: trials.length });
  }
  return trials;
}
const distinct = (trials: readonly Trial[]): number => new Set(trials.map(({ params }) => paramsKey(params))).size;

describe('grids and draws without repetition', () => {
  const space: SearchSpace = { a: { type: 'int', low: 1, high: 3 }, b: { type: 'categorical', choices: ['p', 'q', 'r', 's'] } };

  it('give each of 3 x 4 combinations once, then stop, also after a resume', () => {
    const trials = askAll({ type: 'grid' }, space);
    expect([trials.length, distinct(trials)]).toEqual([12, 12]);
    expect(askAll({ type: 'grid' }, space, trials.slice(0, 5))).toEqual(trials);
    expect(thrown(() => suggest({ type: 'grid' }, space, trials, options(12))).message).toContain('all 12 combinations have been used');
    const failed = trials.map((trial, i): Trial => (i === 4 ? { ...trial, state: 'failed' } : trial));
    expect(isExhausted({ type: 'grid' }, space, failed)).toBe(true);
  });

  it('give others what enqueued trials have taken', () => {
    const taken: Trial[] = [2, 3].map((a, number) => ({ number, state: 'waiting', params: { a, b: 'q' } }));
    expect(distinct(askAll({ type: 'grid' }, space, taken))).toBe(12);
  });

  it('give 18 distinct trials where 20 are asked of 18 points, ranked with ties', () => {
    const grid: SearchSpace = { rate: { type: 'categorical', choices: [0.01, 0.1, 1] }, depth: { type: 'int', low: 2, high: 7 } };
    const trials: Trial[] = [];
    for (let i = 0; i < 20 && !isExhausted({ type: 'random', distinct: true }, grid, trials); i++) {
      trials.push({ number: i, state: 'complete', params: suggest({ type: 'random', distinct: true }, grid, trials, options(i)), value: i });
    }
    expect([trials.length, distinct(trials)]).toEqual([18, 18]);
    expect(Array.from(ranks([0.8, 0.9, 0.7, 0.9, NaN], 'maximize'))).toEqual([3, 1, 4, 1, 5]);
  });

  it('leave out what a condition excludes, and take values given', () => {
    const conditional: SearchSpace = { kind: { type: 'categorical', choices: ['x', 'y'] }, size: { type: 'float', low: 0, high: 1, when: { parameter: 'kind', in: ['y'] } } };
    const found = askAll({ type: 'grid', values: { size: [0, 0.5] } }, conditional).map(({ params }) => params);
    expect(found).toHaveLength(3);
    expect(found).toContainEqual({ kind: 'x' });
    expect(thrown(() => suggest({ type: 'grid' }, conditional, [], options(0))).message).toContain('endlessly many values');
    expect(thrown(() => suggest({ type: 'grid', values: { size: [2] } }, conditional, [], options(0))).place.key).toBe('size');
    expect(thrown(() => suggest({ type: 'grid', values: { sise: [2] } }, conditional, [], options(0))).message).toContain('which is no parameter');
  });

  it('avoid repetitions of any sampler as long as there is something else', () => {
    const trials: Trial[] = [];
    for (let i = 0; i < 12; i++) trials.push({ number: i, state: 'complete', params: suggestDistinct({ type: 'tpe' }, space, trials, options(i)), value: i });
    expect(distinct(trials)).toBe(combinations(space));
    expect(trials.some(({ params }) => paramsKey(params) === paramsKey(suggestDistinct({ type: 'tpe' }, space, trials, options(12))))).toBe(true);
  });
});

describe('low-discrepancy sequences', () => {
  const scipy = golden<{ sobol3_first6: number[][]; halton3_first6: number[][] }>('optuna_rest');

  it('equal those of SciPy', () => {
    expect(scipy.sobol3_first6.map((_, i) => sobolPoint(i, 3))).toEqual(scipy.sobol3_first6);
    expect(largestDifference(scipy.halton3_first6.flatMap((_, i) => haltonPoint(i, 3)), scipy.halton3_first6.flat())).toBeLessThan(1e-15);
  });

  it('equal those of SciPy in every dimension there is, near the begin and far from it', () => {
    const { points } = golden<{ points: Record<string, number[]> }>('sobol');
    for (const [index, point] of Object.entries(points)) expect(sobolPoint(Number(index), sobolDimensions), index).toEqual(point);
  });

  it('fill every dimension evenly', () => {
    for (let d = 0; d < sobolDimensions; d++) {
      const cells = Array.from({ length: 256 }, (_, i) => sobolPoint(i, sobolDimensions)[d]! * 256);
      expect(new Set(cells).size).toBe(256);
      expect(cells.every(Number.isInteger)).toBe(true);
    }
    expect(thrown(() => sobolPoint(0, sobolDimensions + 1)).code).toBe('tuning/invalid');
  });

  it('go through all choices and steps alike', () => {
    const space: SearchSpace = { c: { type: 'categorical', choices: ['a', 'b', 'c', 'd'] }, n: { type: 'int', low: 1, high: 8 } };
    const trials = Array.from({ length: 32 }, (_, i) => suggest({ type: 'sobol' }, space, [], options(i)));
    for (const choice of ['a', 'b', 'c', 'd']) expect(trials.filter(({ c }) => c === choice)).toHaveLength(8);
    for (let n = 1; n <= 8; n++) expect(trials.filter((params) => params['n'] === n)).toHaveLength(4);
  });
});

describe('covariance matrix adaptation', () => {
  interface Golden { mu_eff: number; c1: number; cmu: number; c_sigma: number; d_sigma: number; cc: number; chi_n: number; weights: number[]; after1: { mean: number[]; sigma: number; C: number[][]; p_sigma: number[]; pc: number[] } }
  const cmaes = golden<Golden>('cma');

  it('takes one step exactly as the reference', () => {
    const constants = cmaConstants(2);
    expect([constants.muEff, constants.c1, constants.cMu, constants.cSigma, constants.dSigma, constants.cC, constants.chi].every((value, i) =>
      Math.abs(value - [cmaes.mu_eff, cmaes.c1, cmaes.cmu, cmaes.c_sigma, cmaes.d_sigma, cmaes.cc, cmaes.chi_n][i]!) < 1e-14)).toBe(true);
    expect(largestDifference(constants.weights, cmaes.weights)).toBeLessThan(1e-14);
    const points = [[0.3, -0.4], [0.1, 0.2], [0.9, 0.1], [0, -0.9], [1, -1], [-0.6, 0.7]].reverse();
    const solutions = points.map(([x, y]) => ({ x: Float64Array.of(x!, y!), value: (x! - 0.2) ** 2 + 4 * (y! + 0.3) ** 2 }));
    const { mean, sigma, covariance, pathSigma, pathC } = cmaTell(constants, cmaStart(Float64Array.of(0.5, -0.5), 0.8), solutions);
    expect(largestDifference(mean, cmaes.after1.mean)).toBeLessThan(1e-9);
    expect(Math.abs(sigma - cmaes.after1.sigma)).toBeLessThan(1e-9);
    expect(largestDifference(covariance, cmaes.after1.C.flat())).toBeLessThan(1e-9);
    expect(largestDifference(pathSigma, cmaes.after1.p_sigma)).toBeLessThan(1e-9);
    expect(largestDifference(pathC, cmaes.after1.pc)).toBeLessThan(1e-9);
  });

  it('needs no more evaluations than the reference on an ellipsoid', () => {
    const ellipsoid = (x: Float64Array): number => x.reduce((sum, value, i) => sum + 10 ** ((3 * i) / 4) * value * value, 0);
    const needed = Array.from({ length: 15 }, (_, seed) => minimizeByCma(ellipsoid, new Float64Array(5).fill(3), 2, 1e-8, 10_000, seed)).sort((a, b) => a - b);
    expect(needed[7]).toBeLessThanOrEqual(1400);
  });

  it('decomposes symmetric matrices', () => {
    const matrix = Float64Array.of(4, 1, -2, 1, 2, 0, -2, 0, 3);
    const { values, vectors } = symmetricEigen(matrix, 3);
    const back = matrix.map((_, at) => [0, 1, 2].reduce((sum, k) => sum + vectors[Math.floor(at / 3) * 3 + k]! * values[k]! * vectors[(at % 3) * 3 + k]!, 0));
    expect(largestDifference(back, Array.from(matrix))).toBeLessThan(1e-14);
  });

  it('works from the table alone, in whole numbers and logarithms, and draws choices at random', () => {
    const space: SearchSpace = { n: { type: 'int', low: 1, high: 100 }, l: { type: 'float', low: 1e-6, high: 1, log: true }, c: { type: 'categorical', choices: ['a', 'b'] } };
    const loss = (n: number, l: number): number => ((n - 70) / 100) ** 2 + (Math.log10(l) + 4) ** 2 / 36;
    const trials: Trial[] = [];
    for (let i = 0; i < 150; i++) {
      const params = suggest({ type: 'cmaes' }, space, trials, options(i));
      trials.push({ number: i, state: 'complete', params, value: loss(Number(params['n']), Number(params['l'])) });
    }
    expect(Math.min(...trials.map(({ value }) => value!))).toBeLessThan(1e-3);
    expect(new Set(trials.map(({ params }) => params['c'])).size).toBe(2);
    expect(suggest({ type: 'cmaes' }, space, structuredClone(trials), options(150))).toEqual(suggest({ type: 'cmaes' }, space, trials, options(150)));
  });
});

describe('the quality of the Parzen sampler', () => {
  const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

  // All 30 seeds: `node bench/tuningQuality.mjs`. Seven keep this short.
  it.each(Object.keys(tuningProblems))('on %s: as good as the reference, and better than random draws', (name) => {
    const { goal } = tuningProblems[name]!;
    const best = (sampler: SamplerSettings): number[] => Array.from({ length: 7 }, (_, seed) => runStudy(tuningProblems[name]!, sampler, seed, suggest));
    const tpe = best({ type: 'tpe' }), random = best({ type: 'random' });
    expect(median(tpe)).toBeLessThanOrEqual(goal);
    const { p } = mannWhitney(rankValues(Float64Array.of(...tpe, ...random)), [...tpe.map(() => 1), ...random.map(() => 0)]);
    expect(p).toBeLessThan(0.01);
    expect(median(tpe)).toBeLessThan(median(random));
  });
});

describe('search spaces', () => {
  it('put conditions first and refuse what is not possible', () => {
    const space: SearchSpace = { a: { type: 'int', low: 0, high: 1, when: { parameter: 'b', in: [true] } }, b: { type: 'categorical', choices: [true, false] } };
    expect(parameterOrder(space)).toEqual(['b', 'a']);
    const found = (parameter: SearchSpace[string]): string => thrown(() => parameterOrder({ a: parameter })).message;
    expect(found({ type: 'float', low: 2, high: 1 })).toContain('low must not be above high');
    expect(found({ type: 'float', low: 0, high: 1, log: true })).toContain('low must be above 0');
    expect(found({ type: 'int', low: 0.5, high: 1 })).toContain('whole numbers');
    expect(found({ type: 'categorical', choices: [] })).toContain('no choices');
    expect(found({ type: 'categorical', choices: ['x'], when: { parameter: 'z', in: [1] } })).toContain('which is no parameter');
    expect(found({ type: 'categorical', choices: ['x'], when: { parameter: 'a', in: ['x'] } })).toContain('depends on itself');
  });
});
