import { describe, expect, it } from 'vitest';
import { lightgbmSteps, metricDirection, nextStep, plannedTrials, type Params, type StepwiseStep, type Trial } from '../../src/tuning/index.js';
import { thrown } from '../thrown.js';

const steps = lightgbmSteps();
const options = (number: number) => ({ seed: 7, number, direction: 'minimize' as const });

/** Runs the search from a table on; `loss` is what a trial gives. */
function search(loss: (params: Params) => number, from: readonly Trial[] = [], most = Infinity): Trial[] {
  const trials = [...from];
  while (trials.length < most) {
    const next = nextStep(steps, trials, options(trials.length), { feature_fraction: 1 });
    if (next.kind !== 'trial') {
      expect(next.kind).toBe('done');
      break;
    }
    trials.push({ number: trials.length, state: 'complete', params: next.params, value: loss(next.params), step: next.step });
  }
  return trials;
}

/** How many trials each step has, in the order in which they came. */
function counts(trials: readonly Trial[]): [string, number][] {
  const found: [string, number][] = [];
  for (const { step } of trials) {
    if (found.at(-1)?.[0] === step) found.at(-1)![1]++;
    else found.push([step!, 1]);
  }
  return found;
}

const near = (fraction: number) => (params: Params): number =>
  Math.abs(Number(params['feature_fraction']) - fraction) + (params['num_leaves'] === undefined ? 1 : Math.abs(Number(params['num_leaves']) - 40) / 300) +
  (params['bagging_freq'] === undefined ? 1 : Number(params['bagging_fraction']) / 10) + (params['lambda_l1'] === undefined ? 1 : 0) +
  (params['min_child_samples'] === undefined ? 1 : Number(params['min_child_samples']) / 1000);

describe('the stepwise LightGBM tuner', () => {
  it.each([[1, 3, 65], [0.4, 3, 65], [0.7, 6, 68]])('with the best fraction %d has %d trials around it, %d in all', (fraction, around, all) => {
    const trials = search(near(fraction));
    expect(counts(trials)).toEqual([
      ['feature_fraction', 7], ['num_leaves', 20], ['bagging', 10], ['feature_fraction_stage2', around], ['regularization_factors', 20], ['min_child_samples', 5],
    ]);
    expect(trials).toHaveLength(all);
    expect(plannedTrials(steps, trials, 'minimize')).toBe(all);
    expect(plannedTrials(steps, [], 'minimize')).toBe(68);
    const second = trials.filter(({ step }) => step === 'feature_fraction_stage2').map(({ params }) => Number(params['feature_fraction'])).sort((a, b) => a - b);
    expect(second).toEqual([-0.08, -0.048, -0.016, 0.016, 0.048, 0.08].map((d) => Number((fraction + d).toFixed(3))).filter((v) => v >= 0.4 && v <= 1));
  });

  it('gives every step the best values of those before it', () => {
    const trials = search(near(0.7));
    const leaves = trials.filter(({ step }) => step === 'num_leaves');
    expect(leaves.every(({ params }) => params['feature_fraction'] === 0.7)).toBe(true);
    const best = leaves.reduce((a, b) => (b.value! < a.value! ? b : a)).params['num_leaves'];
    expect(trials.filter(({ step }) => step === 'bagging').every(({ params }) => params['num_leaves'] === best)).toBe(true);
    expect(Math.abs(Number(best) - 40)).toBeLessThan(25);
  });

  it('goes on where it stopped and repeats nothing', () => {
    const whole = search(near(0.7));
    const stopped = whole.slice(0, 37);
    expect(nextStep(steps, stopped, options(37))).toMatchObject({ step: 'feature_fraction_stage2' });
    expect(search(near(0.7), stopped)).toEqual(whole);
    const within = whole.slice(0, 30);
    expect(search(near(0.7), within)).toEqual(whole);
  });

  it('waits for a step to end before the next one begins', () => {
    const trials = search(near(0.7), [], 7).map((trial, i): Trial => (i === 3 ? { ...trial, state: 'running', value: undefined } : trial));
    expect(nextStep(steps, trials, options(7))).toEqual({ kind: 'wait', step: 'feature_fraction' });
    trials[3] = { ...trials[3]!, state: 'failed' };
    expect(nextStep(steps, trials, options(7))).toMatchObject({ kind: 'trial', step: 'num_leaves' });
  });

  it('knows the direction of LightGBM metrics', () => {
    expect(['auc', 'ndcg@5', 'average_precision', 'binary_logloss', 'l2'].map(metricDirection)).toEqual(['maximize', 'maximize', 'maximize', 'minimize', 'minimize']);
  });

  it('refuses steps that are not possible', () => {
    const step: StepwiseStep = { name: 'a', space: { x: { type: 'float', low: 0, high: 1 } }, sampler: { type: 'tpe' } };
    expect(thrown(() => nextStep([step], [], options(0))).message).toContain('has no number of trials');
    expect(thrown(() => nextStep([{ ...step, sampler: { type: 'grid' }, around: { parameter: 'x', reach: 0.1, points: 3 } }], [], options(0))).message).toContain('no earlier step');
  });
});
