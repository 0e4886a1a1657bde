import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { poissonInterval, poissonUpperBound, wilsonInterval } from '../../src/metrics/index.js';
import { chiSquareCdf, chiSquareQuantile, chiSquareSurvival, gammaQuantile, logGamma, normalCdf, normalQuantile } from '../../src/numeric/index.js';

type Rows = [number, number, number][];
const scipy = JSON.parse(readFileSync(new URL('../fixtures/scikit_learn.json', import.meta.url), 'utf8')) as {
  chi2_quantiles: Rows;
  chi2_survival: Rows;
  normal_quantiles: [number, number][];
  log_gamma: [number, number][];
  wilson: [number, number, number, number, number][];
  poisson: [number, number, number, number][];
};
const near = (found: number, expected: number, what: unknown): void => {
  const difference = Math.abs(found - expected) / Math.max(1e-3, Math.abs(expected));
  if (!(difference <= 1e-10)) throw new Error(`${JSON.stringify(what)}: ${found} is not ${expected}`);
};

describe('distributions equal those of SciPy', () => {
  it('chi-square', () => {
    for (const [p, degrees, expected] of scipy.chi2_quantiles) near(chiSquareQuantile(p, degrees), expected, [p, degrees]);
    for (const [x, degrees, expected] of scipy.chi2_survival) {
      expect(Math.abs(chiSquareSurvival(x, degrees) / expected - 1)).toBeLessThan(1e-10);
      near(chiSquareCdf(x, degrees), 1 - expected, [x, degrees]);
    }
  });

  it('normal', () => {
    for (const [p, expected] of scipy.normal_quantiles) {
      near(normalQuantile(p), expected, p);
      near(normalCdf(expected), p, p);
    }
  });

  it('gamma', () => {
    for (const [x, expected] of scipy.log_gamma) near(logGamma(x), expected, x);
    expect(gammaQuantile(0, 3)).toBe(0);
    expect(() => gammaQuantile(1, 3)).toThrow('[0, 1)');
  });
});

describe('intervals equal those of SciPy', () => {
  it('Poisson', () => {
    for (const [count, confidence, lower, upper] of scipy.poisson) {
      const found = poissonInterval(count, confidence);
      near(found.lower, lower, count);
      near(found.upper, upper, count);
    }
    // Zero alarms in 30 days still allow three a month.
    near(poissonUpperBound(0), -Math.log(0.05), 0);
  });

  it('Wilson', () => {
    for (const [successes, trials, confidence, lower, upper] of scipy.wilson) {
      const found = wilsonInterval(successes, trials, confidence);
      near(found.lower, lower, [successes, trials]);
      near(found.upper, upper, [successes, trials]);
    }
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 });
  });

  it('refuse what is no count', () => {
    expect(() => poissonInterval(-1)).toThrow('whole number');
    expect(() => wilsonInterval(3, 2)).toThrow('3 successes in 2 trials');
    expect(() => poissonInterval(1, 95)).toThrow('confidence is 95');
  });
});
