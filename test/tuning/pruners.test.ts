import { describe, expect, it } from 'vitest';
import { hyperbandBracket, hyperbandBudgets, shouldPrune, type Direction, type PrunerSettings, type Report, type Trial } from '../../src/tuning/index.js';
import { crc32 } from '../../src/tuning/pruners/crc32.js';
import { signedRankP } from '../../src/tuning/pruners/wilcoxon.js';
import { thrown } from '../thrown.js';
import { golden, largestDifference } from './golden.js';

interface Golden {
  median: boolean[]; median_4trials: boolean[]; median_warm1: boolean[]; median_interval2: boolean[]; perc25: boolean[]; perc75_max: boolean[];
  patient2: boolean[]; threshold: boolean[]; nan: boolean[]; wilcoxon_p: number[]; wilcoxon_prune: boolean[];
  asha_eta2: [number, number | null][]; asha_eta4: [number, number | null][];
}
const optuna = golden<Golden>('optuna_rest');
const hyperband = golden<{ hyperband_81_3: { budgets: number[]; total: number }; hyperband_ids_demo_0_11: number[]; crc32_demo_0: number }>('optuna_tpe');

const reportsOf = (values: readonly (number | null)[]): Report[] => values.map((value, step) => ({ step, value }));
const complete = (curves: readonly (readonly number[])[]): Trial[] =>
  curves.map((curve, number) => ({ number, state: 'complete', params: {}, value: curve.at(-1)!, reports: reportsOf(curve) }));
const curves = [[1, 0.8, 0.6], [0.9, 0.7, 0.5], [1.2, 1, 0.9], [0.8, 0.6, 0.4], [1.1, 0.9, 0.7]];

/** The decision after each report of a new trial. */
function decisions(pruner: PrunerSettings, trials: readonly Trial[], values: readonly (number | null)[], direction: Direction = 'minimize'): boolean[] {
  return values.map((_, step) => shouldPrune(pruner, trials, { number: trials.length, step, reports: reportsOf(values).slice(0, step + 1), direction }));
}

/** Trials one after another, each reporting factor + 1/step from step 1 on, until pruned. */
function halving(pruner: PrunerSettings, factors: readonly number[], steps: number): (number | null)[] {
  const trials: Trial[] = [];
  return factors.map((factor, number) => {
    const reports: Report[] = [];
    for (let step = 1; step <= steps; step++) {
      reports.push({ step, value: factor + 1 / step });
      if (!shouldPrune(pruner, trials, { number, step, reports, direction: 'minimize' })) continue;
      trials.push({ number, state: 'pruned', params: {}, reports: [...reports] });
      return step;
    }
    trials.push({ number, state: 'complete', params: {}, value: factor, reports });
    return null;
  });
}

describe('pruners decide as those of Optuna', () => {
  it('median and percentile', () => {
    const trials = complete(curves);
    expect(decisions({ type: 'median' }, trials, [1.05, 0.85, 0.55])).toEqual(optuna.median);
    expect(decisions({ type: 'median' }, trials.slice(0, 4), [1.05, 0.85, 0.55])).toEqual(optuna.median_4trials);
    expect(decisions({ type: 'median', warmupSteps: 1 }, trials, [1.05, 0.85, 0.75])).toEqual(optuna.median_warm1);
    expect(decisions({ type: 'median', intervalSteps: 2 }, trials, [1.05, 0.95, 0.75])).toEqual(optuna.median_interval2);
    expect(decisions({ type: 'percentile', percentile: 25 }, trials, [0.95, 0.75, 0.45])).toEqual(optuna.perc25);
    expect(decisions({ type: 'percentile', percentile: 75 }, trials, [0.85, 0.65, 0.55], 'maximize')).toEqual(optuna.perc75_max);
    expect(decisions({ type: 'median' }, trials, [null, 0.5])).toEqual(optuna.nan);
    expect(decisions({ type: 'median', minTrials: 6 }, trials, [9, 9])).toEqual([false, false]);
  });

  it('patience and threshold', () => {
    expect(decisions({ type: 'patient', patience: 1 }, [], [1, 0.9, 0.95, 0.96])).toEqual(optuna.patient2);
    expect(decisions({ type: 'patient', patience: 1, wrapped: { type: 'none' } }, [], [1, 0.9, 0.95, 0.96])).toEqual([false, false, false, false]);
    expect(decisions({ type: 'threshold', upper: 1 }, [], [0.5, 1.5, 0.5])).toEqual(optuna.threshold);
    expect(decisions({ type: 'threshold', lower: 0 }, [], [0.5, null, -1])).toEqual([false, true, true]);
  });

  it('successive halving', () => {
    const factors = optuna.asha_eta2.map(([factor]) => factor);
    const settings = { type: 'successive_halving', minResource: 1 } as const;
    expect(halving({ ...settings, reductionFactor: 2 }, factors, 8)).toEqual(optuna.asha_eta2.map(([, step]) => step));
    expect(halving({ ...settings, reductionFactor: 4 }, factors, 16)).toEqual(optuna.asha_eta4.map(([, step]) => step));
  });

  it('finds the smallest resource from what complete trials needed', () => {
    const trial = (number: number, last: number): Trial => ({ number, state: 'complete', params: {}, value: 0, reports: [{ step: last, value: 0 }] });
    const judge = (trials: readonly Trial[], step: number): boolean =>
      shouldPrune({ type: 'successive_halving' }, trials, { number: 9, step, reports: [{ step, value: 1 }], direction: 'minimize' });
    expect(judge([], 1000)).toBe(false);
    expect(judge([trial(0, 1000)], 9)).toBe(false);
    expect(judge([trial(0, 1000)], 10)).toBe(true);
  });

  it('hyperband', () => {
    const budgets = hyperbandBudgets({ type: 'hyperband', maxResource: 81, reductionFactor: 3 }, [])!;
    expect(budgets).toEqual(hyperband.hyperband_81_3.budgets);
    expect(Array.from({ length: 12 }, (_, number) => hyperbandBracket(budgets, 'demo', number))).toEqual(hyperband.hyperband_ids_demo_0_11);
    expect(crc32('demo_0')).toBe(hyperband.crc32_demo_0);
    const rival = (number: number): Trial => ({ number, state: 'complete', params: {}, value: 0, reports: [{ step: 1, value: 0 }] });
    const judge = (number: number, rivals: readonly Trial[]): boolean =>
      shouldPrune({ type: 'hyperband', maxResource: 81 }, rivals, { number, step: 1, reports: [{ step: 1, value: 1 }], direction: 'minimize', study: 'demo' });
    // Trials 0, 4 and 5 share the bracket that prunes from step 1 on; 3's bracket begins at step 3, and 1's at 27.
    expect(judge(4, [rival(0), rival(5)])).toBe(true);
    expect(judge(4, [rival(3), rival(1)])).toBe(false);
    expect(judge(3, [rival(0)])).toBe(false);
  });

  it('the signed-rank test', () => {
    const best = [0.5, 0.52, 0.47, 0.51, 0.49, 0.5, 0.53, 0.48];
    const next = [0.55, 0.56, 0.5, 0.5, 0.56, 0.57, 0.58, 0.52];
    const mean = best.reduce((sum, value) => sum + value, 0) / best.length;
    const trials: Trial[] = [{ number: 0, state: 'complete', params: {}, value: mean, reports: reportsOf(best) }];
    expect(decisions({ type: 'wilcoxon' }, trials, next)).toEqual(optuna.wilcoxon_prune);
    const p = optuna.wilcoxon_p.map((_, i) => signedRankP(next.slice(0, i + 2).map((value, j) => value - best[j]!)));
    expect(largestDifference(p, optuna.wilcoxon_p)).toBeLessThan(1e-12);
    // Mirrored for scores to be maximized, and never against an average as good as the best one.
    expect(decisions({ type: 'wilcoxon' }, [{ ...trials[0]!, value: -mean, reports: reportsOf(best.map((v) => -v)) }], next.map((v) => -v), 'maximize')).toEqual(optuna.wilcoxon_prune);
    expect(decisions({ type: 'wilcoxon' }, [{ ...trials[0]!, value: 1 }], next)).not.toContain(true);
    expect(signedRankP([0, 0, 0, 0])).toBe(1);
    expect(signedRankP([1, 1, -1])).toBe(0.5);
    // The exact distribution of 50 is close to the approximation that 51 take.
    const many = Array.from({ length: 51 }, (_, i) => (i % 3 === 0 ? -1 : 1) * (i + 1));
    expect(Math.abs(signedRankP(many) - signedRankP(many.slice(0, 50)))).toBeLessThan(0.02);
  });

  it('refuses settings that are not possible', () => {
    const judge = (pruner: PrunerSettings) => () => shouldPrune(pruner, [], { number: 0, step: 0, reports: [], direction: 'minimize' });
    expect(thrown(judge({ type: 'percentile', percentile: 101 })).message).toContain('percentile is 101; 0 .. 100 is allowed');
    expect(thrown(judge({ type: 'successive_halving', reductionFactor: 1 })).place.key).toBe('reductionFactor');
    expect(thrown(judge({ type: 'threshold' })).code).toBe('tuning/invalid');
  });
});
