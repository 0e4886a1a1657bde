import { describe, expect, it } from 'vitest';
import { chooseThreshold } from '../../src/learning/index.js';
import { goldenScores } from '../metrics/goldenScores.js';

describe('chooseThreshold', () => {
  const { labels, scores } = goldenScores();

  it('finds the golden highest F1', () => {
    const { threshold, f1 } = chooseThreshold(labels, scores, { strategy: 'max_f1' });
    expect(threshold).toBe(0.66);
    expect(f1).toBeCloseTo(0.7234042553191489, 10);
    expect(chooseThreshold(labels, scores, { strategy: 'auto' }).threshold).toBe(0.66);
  });

  it('finds the golden highest precision under a recall', () => {
    const found = chooseThreshold(labels, scores, { strategy: 'min_recall', minRecall: 0.9 });
    expect(found.threshold).toBe(0.46);
    expect(found.precision).toBeCloseTo(0.5684210526, 10);
    expect(found.recall).toBe(0.9);
  });

  it('searches the highest F1 only where the recall is reached', () => {
    const found = chooseThreshold(labels, scores, { strategy: 'auto', minRecall: 0.95 });
    expect(found.recall).toBeGreaterThanOrEqual(0.95);
    expect(found.f1).toBeLessThan(0.7234);
    expect(found.threshold).toBeLessThan(0.46);
  });

  it('gives ties to the higher threshold', () => {
    // 0.9 and 0.1 both have an F1 of 2/3.
    expect(chooseThreshold([1, 0, 0, 1], [0.9, 0.5, 0.4, 0.1], { strategy: 'max_f1' })).toMatchObject({ threshold: 0.9, f1: 2 / 3 });
  });

  it('judges a fixed value as `at least`, and says when it misses the recall', () => {
    expect(chooseThreshold([0, 1, 1], [0.2, 0.5, 0.8], { strategy: 'fixed', value: 0.5 })).toEqual({ threshold: 0.5, strategy: 'fixed', precision: 1, recall: 1, f1: 1 });
    const strict = chooseThreshold([0, 1, 1], [0.2, 0.5, 0.8], { strategy: 'fixed', value: 0.51, minRecall: 0.9 });
    expect(strict).toMatchObject({ recall: 0.5, warning: expect.stringContaining('0.9') as string });
    expect(chooseThreshold([0, 1], [0.2, 0.5], { strategy: 'fixed', value: 2 })).toMatchObject({ precision: 0, recall: 0, f1: 0 });
  });

  it('warns when there is nothing to choose by', () => {
    expect(chooseThreshold([0, 0], [0.2, 0.5], { strategy: 'auto' })).toMatchObject({ threshold: 0.5, warning: expect.stringContaining('no row is positive') as string });
  });

  it('refuses incomplete or impossible options', () => {
    expect(() => chooseThreshold([0, 1], [0, 1], { strategy: 'fixed' })).toThrow('needs a number');
    expect(() => chooseThreshold([0, 1], [0, 1], { strategy: 'min_recall' })).toThrow('min_recall');
    expect(() => chooseThreshold([0, 1], [0, 1], { strategy: 'auto', minRecall: 90 })).toThrow('0 to 1');
  });
});
