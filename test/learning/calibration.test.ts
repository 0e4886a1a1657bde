import { describe, expect, it } from 'vitest';
import { applyCalibration, fitIsotonic, fitPlatt } from '../../src/learning/index.js';
import { goldenScores } from '../metrics/goldenScores.js';
import { distance, scikitLearn } from './numeric.js';

const { labels, scores } = goldenScores();
const at = Float64Array.from(scikitLearn.isotonic.at);

describe('isotonic calibration', () => {
  it('has the points and values of scikit-learn, with ties', () => {
    const found = fitIsotonic(scores, labels);
    expect(distance(found.x, scikitLearn.isotonic.x)).toBe(0);
    expect(distance(found.y, scikitLearn.isotonic.y)).toBeLessThan(1e-12);
    expect(distance(applyCalibration(found, at), scikitLearn.isotonic.value)).toBeLessThan(1e-12);
  });

  it('goes in straight lines between points and is constant beyond them', () => {
    const found = fitIsotonic([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], [0, 1, 0, 1, 1, 1]);
    const values = applyCalibration(found, Float64Array.of(0.1, 0.2, 0.25, 0.3, 0.35, 0.7));
    expect(distance(values, [0, 0.5, 0.5, 0.5, 0.75, 1])).toBeLessThan(1e-12);
    expect(distance(values, scikitLearn.isotonic.seed)).toBeLessThan(1e-12);
  });

  it('never falls, whatever the rows', () => {
    const found = applyCalibration(fitIsotonic(scores.toReversed(), labels), Float64Array.from({ length: 101 }, (_, i) => i / 100));
    expect(found.every((value, i) => i === 0 || value >= found[i - 1]!)).toBe(true);
  });
});

describe('Platt calibration', () => {
  it('has the slope of scikit-learn', () => {
    const found = fitPlatt([-2, -1, -0.5, 0.5, 1, 2], [0, 0, 1, 0, 1, 1]);
    expect(Math.abs(found.a - -0.6304156)).toBeLessThan(1e-5);
    expect(Math.abs(found.b)).toBeLessThan(1e-5);
    const golden = fitPlatt(scores, labels);
    expect(distance([golden.a, golden.b], [scikitLearn.platt.a, scikitLearn.platt.b])).toBeLessThan(1e-4);
    expect(distance(applyCalibration(golden, at), scikitLearn.platt.value)).toBeLessThan(1e-5);
  });

  it('does not depend on the scale of the scores, and stays finite where the classes are apart', () => {
    const large = fitPlatt(scores.map((score) => 1000 * score), labels);
    const golden = fitPlatt(scores, labels);
    expect(distance([large.a * 1000, large.b], [golden.a, golden.b])).toBeLessThan(1e-6);
    const apart = fitPlatt([-3, -2, 2, 3], [0, 0, 1, 1]);
    expect(applyCalibration(apart, Float64Array.of(-3, 3)).map((p) => Math.round(p * 100))).toEqual(Float64Array.of(22, 78));
  });
});

it('keeps missing scores missing', () => {
  for (const fitted of [fitIsotonic(scores, labels), fitPlatt(scores, labels)]) expect(applyCalibration(fitted, Float64Array.of(NaN))[0]).toBeNaN();
});

it('refuses one class, other labels and missing scores', () => {
  expect(() => fitPlatt([0.1, 0.2], [1, 1])).toThrow('2 of 2 rows are positive');
  expect(() => fitIsotonic([0.1, 0.2], [0.1, 0.2])).toThrow('scores come first');
  expect(() => fitIsotonic([0.1, NaN], [0, 1])).toThrow('the score in row 1 is NaN');
});
