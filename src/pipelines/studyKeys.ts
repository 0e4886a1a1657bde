import { z } from 'zod';

/** How a study searches: its space, its sampler and its pruner, as a configuration writes them. */

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const when = z.strictObject({
  parameter: z.string().describe('Another parameter of the space'),
  in: z.array(value).min(1).describe('Its values beside which this one exists'),
}).optional().describe('The parameter exists only where another one has one of these values');

const parameter = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('float'), low: z.number(), high: z.number(), log: z.boolean().optional(), step: z.number().positive().optional(), when }),
  z.strictObject({ type: z.literal('int'), low: z.int(), high: z.int(), log: z.boolean().optional(), step: z.int().positive().optional(), when }),
  z.strictObject({ type: z.literal('categorical'), choices: z.array(value).min(1), when }),
]);

export const searchSpace = z.record(z.string(), parameter);

/** What is worth tuning of LightGBM, in ranges that suit some thousands to millions of rows. */
export const defaultSpace: z.input<typeof searchSpace> = {
  learning_rate: { type: 'float', low: 0.01, high: 0.3, log: true },
  num_leaves: { type: 'int', low: 4, high: 128, log: true },
  max_depth: { type: 'int', low: 3, high: 12 },
  min_data_in_leaf: { type: 'int', low: 5, high: 200, log: true },
  feature_fraction: { type: 'float', low: 0.3, high: 1 },
  bagging_fraction: { type: 'float', low: 0.4, high: 1 },
  lambda_l1: { type: 'float', low: 1e-8, high: 10, log: true },
  lambda_l2: { type: 'float', low: 1e-8, high: 10, log: true },
};

const count = z.int().min(0).optional();

/** A name alone, or a name with settings. */
export const sampler = z.union([
  z.enum(['tpe', 'random', 'grid', 'sobol', 'halton', 'cmaes', 'stepwise']),
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('tpe'), startup_trials: count, candidates: z.int().min(1).optional(), gamma: z.enum(['optuna', 'hyperopt']).optional(), multivariate: z.boolean().optional(),
      group: z.boolean().optional(), constant_liar: z.boolean().optional(), prior_weight: z.number().positive().optional(), magic_clip: z.boolean().optional(), endpoints: z.boolean().optional(),
    }),
    z.strictObject({ type: z.literal('random'), distinct: z.boolean().optional() }),
    z.strictObject({ type: z.literal('grid'), values: z.record(z.string(), z.array(value).min(1)).optional() }),
    z.strictObject({ type: z.enum(['sobol', 'halton']), skip: count }),
    z.strictObject({ type: z.literal('cmaes'), startup_trials: count, population: z.int().min(2).optional(), sigma: z.number().positive().optional() }),
  ]),
]);

const percentileKeys = { startup_trials: count, warmup_steps: count, interval_steps: z.int().min(1).optional(), min_trials: z.int().min(1).optional() };
const resource = z.int().min(1).or(z.literal('auto')).optional();

const simplePruner = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('median'), ...percentileKeys }),
  z.strictObject({ type: z.literal('percentile'), percentile: z.number().min(0).max(100), ...percentileKeys }),
  z.strictObject({ type: z.literal('successive_halving'), min_resource: resource, reduction_factor: z.int().min(2).optional(), min_early_stopping_rate: count, bootstrap_count: count }),
  z.strictObject({ type: z.literal('hyperband'), min_resource: z.int().min(1).optional(), max_resource: resource, reduction_factor: z.int().min(2).optional(), bootstrap_count: count }),
  z.strictObject({ type: z.literal('threshold'), lower: z.number().optional(), upper: z.number().optional(), warmup_steps: count, interval_steps: z.int().min(1).optional() }),
  z.strictObject({ type: z.literal('wilcoxon'), p_threshold: z.number().gt(0).lt(1).optional(), startup_steps: count }),
]);

export const pruner = z.union([
  z.enum(['none', 'median', 'successive_halving', 'hyperband', 'wilcoxon']),
  simplePruner,
  z.strictObject({ type: z.literal('patient'), wrapped: simplePruner.optional(), patience: z.int().min(0), min_delta: z.number().min(0).optional() }),
]);
