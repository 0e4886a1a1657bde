import { describe, expect, it } from 'vitest';
import { classOf, fitClasses, kMeans, type ClassStrategy } from '../../src/learning/index.js';
import { createRandom, lcg } from '../../src/numeric/index.js';
import { thrown } from '../thrown.js';
import { distance, scikitLearn } from './numeric.js';

const sizes = [0.5, 0.6, 0.7, 1, 1.1, 1.2, 2, 2.2, 2.4, 5, 5.5, 6];
const binsOf = (values: readonly number[], edges: readonly number[]): string => values.map((value) => classOf(edges, value)).join('');

describe('classes', () => {
  it.each<[ClassStrategy, string, number[]]>([
    ['quantile', '000111222333', [0.5, 0.925, 1.6, 3.05, 6]],
    ['uniform', '000000111333', [0.5, 1.875, 3.25, 4.625, 6]],
    ['kmeans', '000000111223', [0.5, 1.525, 3.725, 5.625, 6]],
  ])('%s of leak sizes', (strategy, bins, edges) => {
    const found = fitClasses(sizes, { strategy, count: 4 });
    expect(binsOf(sizes, found.edges)).toBe(bins);
    expect(distance(found.edges, edges)).toBeLessThan(1e-12);
  });

  it.each<ClassStrategy>(['quantile', 'uniform', 'kmeans'])('%s equals scikit-learn on skewed values', (strategy) => {
    const { values } = scikitLearn.bins.skewed;
    const [edges, bins] = scikitLearn.bins.skewed[strategy]!;
    const found = fitClasses(values, { strategy, count: 5 });
    expect(distance(found.edges, edges)).toBeLessThan(1e-12);
    expect(binsOf(values, found.edges)).toBe(bins.join(''));
    expect(found.counts.reduce((sum, count) => sum + count)).toBe(values.length);
  });

  it('says which classes are empty', () => {
    const found = fitClasses(sizes, { strategy: 'uniform', count: 4 });
    expect(found.counts).toEqual([6, 3, 0, 3]);
    expect(found.empty).toEqual([2]);
    expect(found.warnings).toEqual([expect.stringContaining('class 2 (3.25 to 4.625)')]);
    expect(fitClasses(sizes, { strategy: 'quantile', count: 4 }).warnings).toEqual([]);
  });

  it('says when coinciding edges leave fewer classes', () => {
    const { values } = scikitLearn.bins.ties;
    const found = fitClasses(values, { strategy: 'quantile', count: 4 });
    expect(found.edges).toEqual(scikitLearn.bins.ties['quantile']![0]);
    expect(found.warnings).toEqual([expect.stringContaining('4 classes were asked for')]);
    expect(binsOf(values, found.edges)).toBe('0000000111');
  });

  it('takes edges as given, and names their classes', () => {
    const found = fitClasses([NaN, 1, 12, 40], { strategy: 'edges', edges: [0, 5, 20, 30] });
    expect(found).toMatchObject({ names: ['< 5', '5 to 20', '>= 20'], counts: [1, 1, 1], empty: [] });
    expect([-3, 5, 19.99, 20, 100, NaN].map((value) => classOf(found.edges, value))).toEqual([0, 1, 1, 2, 2, -1]);
    expect(fitClasses([1, 2, 3], { strategy: 'edges', edges: [0, 1.00001, 1.00002, 4] }).names).toEqual(['< 1.00001', '1.00001 to 1.00002', '>= 1.00002']);
  });

  it('refuses what gives no classes', () => {
    expect(thrown(() => fitClasses([2, 2, 2], { strategy: 'uniform', count: 3 })).message).toContain('all 3 values are 2');
    expect(thrown(() => fitClasses([1, 2], { strategy: 'quantile', count: 1 })).message).toContain('from 2 on');
    expect(thrown(() => fitClasses([1, 2], { strategy: 'edges', edges: [0, 3, 2] })).message).toContain('do not ascend');
    expect(thrown(() => fitClasses([NaN], { strategy: 'quantile', count: 2 })).message).toContain('no values');
  });
});

describe('k-means', () => {
  it('finds the best clusters of the leak sizes, which the binner misses', () => {
    const found = kMeans({ columns: 1, values: sizes }, { clusters: 4, random: createRandom(1) });
    expect(distance(found.centers, [0.6, 1.1, 2.2, 5.5])).toBeLessThan(1e-12);
    expect(found.inertia).toBeCloseTo(0.62, 12);
    expect([...found.labels].join('')).toBe('000111222333');
  });

  it('equals scikit-learn in the plane and on skewed values', () => {
    const values = [...lcg(40, 1), ...Array.from(lcg(40, 2), (v, i) => v + (i % 2 === 0 ? 3 : 0)), ...Array.from(lcg(40, 4), (v, i) => v + (i % 2 === 1 ? 5 : 0))];
    const plane = kMeans({ columns: 2, values }, { clusters: 3, random: createRandom(0) });
    expect(distance(plane.centers, scikitLearn.kmeans.plane[0].flat())).toBeLessThan(1e-12);
    expect(plane.inertia).toBeCloseTo(scikitLearn.kmeans.plane[1], 10);
    const skewed = kMeans({ columns: 1, values: scikitLearn.bins.skewed.values }, { clusters: 5, random: createRandom(0) });
    expect(skewed.inertia / scikitLearn.kmeans.skewed[1]).toBeLessThan(1.001);
  });

  it('gives the same clusters for the same seed, and refills a cluster that lost its points', () => {
    const run = (): unknown => kMeans({ columns: 1, values: sizes }, { clusters: 3, random: createRandom(9), starts: 2 });
    expect(run()).toEqual(run());
    const far = kMeans({ columns: 1, values: [0, 1, 10, 11] }, { clusters: 3, start: [0, 1, 1000] });
    expect(new Set(far.labels).size).toBe(3);
  });

  it('refuses more clusters than distinct points', () => {
    expect(() => kMeans({ columns: 1, values: [1, 1, 2] }, { clusters: 3, random: createRandom(0) })).toThrow('only 2 distinct points');
  });
});
