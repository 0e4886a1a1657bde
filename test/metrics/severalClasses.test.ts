import { describe, expect, it } from 'vitest';
import { averagePrecision, calibrationCurve, classReport, confusionMatrix, gini, multiclassLogLoss, multiclassRocAuc, multiclassScores, prAuc, rocAuc } from '../../src/metrics/index.js';
import { lcg } from '../../src/numeric/index.js';
import { distance, scikitLearn } from '../learning/numeric.js';
import { goldenScores } from './goldenScores.js';

const golden = scikitLearn.multiclass;
const labels = Array.from(lcg(120, 21), (u) => Math.floor(3 * u));
const raw = Array.from(lcg(360, 22), (u, i) => u + (i % 3 === labels[Math.floor(i / 3)] ? 0.6 : 0));
const probabilities = raw.map((value, i) => value / (raw[i - (i % 3)]! + raw[i - (i % 3) + 1]! + raw[i - (i % 3) + 2]!));
// Class 2 is never predicted.
const predicted = labels.map((_, row) => {
  const [a, b, c] = [0, 1, 2].map((k) => probabilities[3 * row + k]!) as [number, number, number];
  return a >= b && a >= c ? 0 : 1;
});

describe('probabilities of several classes', () => {
  it.each(['ovr', 'ovo'] as const)('ROC AUC %s, equally and by rows', (compare) => {
    expect(Math.abs(multiclassRocAuc(labels, probabilities, 3, { compare }) - golden[compare])).toBeLessThan(1e-12);
    expect(Math.abs(multiclassRocAuc(labels, probabilities, 3, { compare, average: 'weighted' }) - golden[`${compare}_weighted`])).toBeLessThan(1e-12);
  });

  it('log loss', () => {
    expect(Math.abs(multiclassLogLoss(labels, probabilities, 3) - golden.log_loss)).toBeLessThan(1e-12);
  });

  it('have no AUC where a class has no rows', () => {
    for (const compare of ['ovr', 'ovo'] as const) expect(multiclassRocAuc([0, 0, 1], [0.6, 0.3, 0.1, 0.8, 0.1, 0.1, 0.2, 0.7, 0.1], 3, { compare })).toBeNaN();
  });

  it('refuse rows that do not sum to 1, and unknown classes', () => {
    expect(() => multiclassRocAuc([0, 1], [0.5, 0.5, 0.5, 0.4], 2)).toThrow('row 1 sum to 0.9');
    expect(() => multiclassLogLoss([0, 2], [0.5, 0.5, 0.5, 0.5], 2)).toThrow('0 to 1 are allowed');
    expect(() => multiclassLogLoss([0], [0.5], 2)).toThrow('1 probabilities are not 1 rows of 2');
  });
});

describe('the report by class', () => {
  const matrix = confusionMatrix(labels, predicted, 3);
  it.each([0, 1] as const)('equals that of scikit-learn with zero_division %i', (zeroDivision) => {
    const rows = classReport(['0', '1', '2'], matrix, zeroDivision);
    const expected = golden[`report${zeroDivision}`];
    expect(rows.map(({ name }) => name)).toEqual(['0', '1', '2', 'macro avg', 'weighted avg']);
    for (const { name, precision, recall, f1, support } of rows) {
      const { 'f1-score': f1Score, ...rest } = expected[name]!;
      expect(distance([precision, recall, f1, support], [rest.precision, rest.recall, f1Score, rest.support])).toBeLessThan(1e-12);
    }
    expect(multiclassScores(matrix, zeroDivision).accuracy).toBeCloseTo(golden.report0['accuracy'] as unknown as number, 12);
  });

  it('leaves what is undefined out of the means on request', () => {
    const { classes, macro } = multiclassScores(matrix, NaN);
    expect(classes[2]!.precision).toBeNaN();
    expect(macro.precision).toBeCloseTo((classes[0]!.precision + classes[1]!.precision) / 2, 12);
  });
});

describe('two classes', () => {
  const { labels, scores } = goldenScores();

  it('Gini and the trapezoid area under precision and recall', () => {
    expect(gini(labels, scores)).toBeCloseTo(0.799404761904762, 12);
    expect(gini(labels, scores)).toBe(2 * rocAuc(labels, scores) - 1);
    expect(gini([1, 1], [0.1, 0.2])).toBeNaN();
    expect(Math.abs(prAuc(labels, scores) - scikitLearn.curve.trapezoid)).toBeLessThan(1e-12);
    expect(prAuc(labels, scores)).not.toBeCloseTo(averagePrecision(labels, scores), 4);
  });

  it('calibration curve with equally filled bins', () => {
    const bins = calibrationCurve(labels, scores, 5, 'quantile');
    expect(distance(bins.map(({ observed }) => observed), scikitLearn.curve.quantile5[0])).toBeLessThan(1e-12);
    expect(distance(bins.map(({ meanProbability }) => meanProbability), scikitLearn.curve.quantile5[1])).toBeLessThan(1e-12);
    expect(bins.reduce((sum, { rows }) => sum + rows, 0)).toBe(200);
  });
});
