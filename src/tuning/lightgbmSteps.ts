import type { StepwiseStep } from './stepwise.js';
import type { Direction } from './trials.js';

const fraction = { type: 'float', low: 0.4, high: 1 } as const;

/**
 * The steps of Optuna's LightGBM tuner, in order: 7, 20, 10, 3 or 6, 20 and 5 trials, so 65 (where the best feature fraction is at the end
 * of its range) or 68. The tuner trains 1,000 rounds with `feature_pre_filter: false`, without which LightGBM would drop features by
 * the first `min_child_samples` it sees.
 */
export function lightgbmSteps(maxDepth = 8): readonly StepwiseStep[] {
  const leaves = 2 ** (maxDepth > 0 ? maxDepth : 8);
  return [
    { name: 'feature_fraction', space: { feature_fraction: fraction }, sampler: { type: 'grid', values: { feature_fraction: [0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] } } },
    { name: 'num_leaves', space: { num_leaves: { type: 'int', low: 2, high: leaves } }, sampler: { type: 'tpe' }, trials: 20 },
    { name: 'bagging', space: { bagging_fraction: fraction, bagging_freq: { type: 'int', low: 1, high: 7 } }, sampler: { type: 'tpe' }, trials: 10 },
    { name: 'feature_fraction_stage2', space: { feature_fraction: fraction }, sampler: { type: 'grid' }, around: { parameter: 'feature_fraction', reach: 0.08, points: 6 } },
    {
      name: 'regularization_factors',
      space: { lambda_l1: { type: 'float', low: 1e-8, high: 10, log: true }, lambda_l2: { type: 'float', low: 1e-8, high: 10, log: true } },
      sampler: { type: 'tpe' },
      trials: 20,
    },
    { name: 'min_child_samples', space: { min_child_samples: { type: 'int', low: 5, high: 100 } }, sampler: { type: 'grid', values: { min_child_samples: [5, 10, 25, 50, 100] } } },
  ];
}

const maximized = new Set(['auc', 'auc_mu', 'ndcg', 'map', 'average_precision']);

/** Whether a LightGBM metric is to be made large or small; the `@k` of ranking metrics does not matter. */
export function metricDirection(metric: string): Direction {
  return maximized.has(metric.split('@')[0]!) ? 'maximize' : 'minimize';
}
