import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import * as metrics from '../../src/metrics/index.js';
import { describeShared, sharedFile } from '../shared.js';
import { goldenScores } from './goldenScores.js';

const near = (found: number, expected: number): void => {
  if (!(Math.abs(found - expected) <= 1e-10)) throw new Error(`${found} is not ${expected}`);
};
const nearAll = (found: ArrayLike<number>, expected: readonly number[]): void => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => near(found[i]!, value));
};

interface Fixture {
  roc: { y: number[]; s: number[]; fpr: number[]; tpr: number[]; thr: (number | null)[] };
  pr: { precision: number[]; recall: number[]; thr: number[] };
}
const { roc, pr } = JSON.parse(readFileSync(new URL('../fixtures/scikit_learn.json', import.meta.url), 'utf8')) as Fixture;

describeShared('scores of the golden file', () => {
  type Golden = Record<string, number> & Record<string, number[]> & { first5: number[][]; 'cm@0.5': Record<string, number>; calib_uniform5: number[][] };
  let golden: Golden;
  beforeAll(() => {
    golden = JSON.parse(readFileSync(sharedFile('golden/sklearn.json'), 'utf8')) as Golden;
  });
  const { labels, scores } = goldenScores();
  const counts = metrics.confusionAt(labels, scores, 0.5);

  it('start from the same rows', () => {
    expect([scores.slice(0, 5), labels.slice(0, 5)]).toEqual(golden.first5);
    expect(new Set(scores).size).toBe(golden['n_unique_scores']);
  });

  it.each<[string, () => number]>([
    ['accuracy', () => metrics.accuracy(counts)],
    ['precision', () => metrics.precision(counts)],
    ['recall', () => metrics.recall(counts)],
    ['f1', () => metrics.f1(counts)],
    ['mcc', () => metrics.mcc(counts)],
    ['balanced', () => metrics.balancedAccuracy(counts)],
    ['kappa', () => metrics.kappa(counts)],
    ['jaccard', () => metrics.jaccard(counts)],
    ['roc_auc', () => metrics.rocAuc(labels, scores)],
    ['ap', () => metrics.averagePrecision(labels, scores)],
    ['ks_stat', () => metrics.ksStatistic(labels, scores).value],
    ['youden_thr', () => metrics.ksStatistic(labels, scores).threshold],
    ['log_loss', () => metrics.logLoss(labels, scores)],
    ['brier', () => metrics.brier(labels, scores)],
    ['ece10', () => metrics.calibrationError(labels, scores)],
    ['log_loss_clip_1_0', () => metrics.logLoss([1, 0], [0, 0])],
    ['roc_len_drop', () => metrics.rocCurve(labels, scores).thresholds.length],
    ['roc_len_full', () => metrics.rocCurve(labels, scores, { dropCollinear: false }).thresholds.length],
  ])('%s', (name, compute) => near(compute(), golden[name]!));

  it('confusion', () => {
    expect(counts).toEqual({
      trueNegatives: golden['cm@0.5']['tn'],
      falsePositives: golden['cm@0.5']['fp'],
      falseNegatives: golden['cm@0.5']['fn'],
      truePositives: golden['cm@0.5']['tp'],
    });
  });

  it('calibration curve', () => {
    const bins = metrics.calibrationCurve(labels, scores, 5);
    nearAll(bins.map((bin) => bin.observed), golden.calib_uniform5[0]!);
    nearAll(bins.map((bin) => bin.meanProbability), golden.calib_uniform5[1]!);
  });

  it('several classes', () => {
    const matrix = metrics.confusionMatrix([0, 1, 2, 2, 1, 0, 3, 2], [0, 2, 2, 2, 1, 0, 2, 1], 4);
    expect(matrix).toEqual(golden['mc_cm']);
    const found = metrics.multiclassScores(matrix);
    nearAll(
      [found.accuracy, found.macro.f1, found.macro.precision, found.macro.recall, found.weighted.f1, found.weighted.precision, found.weighted.recall, found.mcc, found.balancedAccuracy],
      ['f1_micro', 'f1_macro', 'prec_macro', 'rec_macro', 'f1_weighted', 'prec_weighted', 'rec_weighted', 'mc_mcc', 'mc_bal'].map((name) => golden[name]!),
    );
  });

  it('regression', () => {
    const actual = [3, -0.5, 2, 7, 4.2];
    const predicted = [2.5, 0, 2.1, 7.8, 4];
    const { mae, mse, rmse, r2, explainedVariance, mape, medianAbsoluteError, maxError } = metrics;
    nearAll(
      [mae, mse, rmse, r2, explainedVariance, mape, medianAbsoluteError, maxError].map((score) => score(actual, predicted)),
      ['mae', 'mse', 'rmse', 'r2', 'ev', 'mape', 'medae', 'maxe'].map((name) => golden[`reg_${name}`]!),
    );
  });
});

describe('curves', () => {
  it('equal those of scikit-learn, with and without ties', () => {
    const found = metrics.rocCurve(roc.y, roc.s);
    nearAll(found.falsePositiveRate, roc.fpr);
    nearAll(found.truePositiveRate, roc.tpr);
    expect(Array.from(found.thresholds, (value) => (value === Infinity ? null : value))).toEqual(roc.thr);
    const curve = metrics.prCurve(roc.y, roc.s);
    nearAll(curve.precision, pr.precision);
    nearAll(curve.recall, pr.recall);
    nearAll(curve.thresholds, pr.thr);
  });
});

describe('edges', () => {
  it('count equal scores half', () => {
    expect(metrics.rocAuc([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5])).toBe(0.5);
    expect(metrics.rocAuc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])).toBe(0.75);
    near(metrics.averagePrecision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), 0.8333333333333333);
  });

  it('have no AUC with one class, and no average precision without positives', () => {
    expect(metrics.rocAuc([0, 0], [0.1, 0.2])).toBeNaN();
    expect(metrics.averagePrecision([0, 0], [0.1, 0.2])).toBe(0);
  });

  it('take the stated value where a ratio has no denominator', () => {
    const nothing = metrics.confusion([0, 0], [0, 0]);
    expect([metrics.precision(metrics.confusion([0, 1], [0, 0])), metrics.recall(metrics.confusion([0, 0], [0, 1])), metrics.f1(nothing), metrics.f1(nothing, 1)]).toEqual([0, 0, 0, 1]);
    expect(metrics.mcc(metrics.confusion([0, 1], [1, 1]))).toBe(0);
    expect(metrics.precision(nothing, NaN)).toBeNaN();
  });

  it('have an R2 of 1, 0 or none where nothing varies', () => {
    expect([metrics.r2([2, 2], [2, 2]), metrics.r2([2, 2], [2, 3]), metrics.r2([2], [2])]).toEqual([1, 0, NaN]);
    expect(metrics.explainedVariance([2, 2], [3, 3])).toBe(1);
  });

  it('punish a hard-label AUC: it is not that of the probabilities', () => {
    const { labels, scores } = goldenScores();
    const hard = scores.map((score) => (score >= 0.5 ? 1 : 0));
    expect(metrics.rocAuc(labels, scores) - metrics.rocAuc(labels, hard)).toBeGreaterThan(0.1);
  });

  it('refuse what is no label, score or probability', () => {
    expect(() => metrics.rocAuc([0.2, 0.7], [0, 1])).toThrow('labels come first');
    expect(() => metrics.rocAuc([0, 1], [0.2])).toThrow('2 labels and 1 scores');
    expect(() => metrics.rocAuc([0, 1], [0.2, NaN])).toThrow('row 1 is not a number');
    expect(() => metrics.brier([0, 1], [0.2, 1.1])).toThrow('0 to 1 is allowed');
    expect(() => metrics.rocAuc([], [])).toThrow('no rows');
    expect(() => metrics.confusionMatrix([0, 3], [0, 0], 3)).toThrow('0 to 2 are allowed');
  });

  it('compute the log loss of several classes', () => {
    near(metrics.multiclassLogLoss([0, 2], [0.7, 0.2, 0.1, 0.3, 0.3, 0.4], 3), -(Math.log(0.7) + Math.log(0.4)) / 2);
  });
});
