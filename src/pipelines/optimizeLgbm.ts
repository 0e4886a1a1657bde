import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { shared } from './shared.js';
import { defaultSpace, pruner, sampler, searchSpace } from './studyKeys.js';

/** A table of more rows than this would not fit into what a workflow may carry along. */
const mostTrials = 5000;

export const optimizeLgbm = definePipeline({
  name: 'optimizeLgbm',
  section: 'optimize_lgbm_hyperparameters',
  queue: 'penstock-train',
  revision: 4,
  summary: 'Searches the best LightGBM parameters by trials, each of them a training',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    input_path: path('Output folder of features').optional().describe('Output folder of features; needed for detection, multiclass and regression'),
    output_folder: shared.output_folder,
    features_schema_file: path('JSON list of feature names').optional().describe('JSON list of the features to use, such as a feature selection writes; by default all of the dataset'),
    objective: z.enum(['detection', 'multiclass', 'regression', 'external', 'benchmark']).default('detection')
      .describe('What a trial is: a training of a leak detector, of classes of leak size, of a flow; `external`: somebody else asks for values and tells results; `benchmark`: a test function'),
    label_column: z.string().optional().describe('Target column; by default `label` for detection, `leak_flow_kg_s` otherwise'),
    classes: z.int().min(2).max(100).default(3).describe('For multiclass: classes of equally many leaks into which a column of sizes is cut, by the highest flow of each leak and on the training cases alone, as the trainings of sizes do; a column of whole numbers 0, 1, 2 ... is taken as it is'),
    metric: z.string().optional().describe('LightGBM\'s name of the validation metric; by default `auc`, `multi_logloss` and `rmse`'),
    direction: z.enum(['minimize', 'maximize']).optional().describe('By default what the metric asks for'),
    test_size: z.number().gt(0).lt(1).default(0.25).describe('Share of the case groups that trials are judged by; never seen in training'),
    cross_validation: z.strictObject({ folds: z.int().min(2).describe('Every case group is held out once') }).nullable().default(null)
      .describe('Judge trials by the mean over folds by case instead of by one split'),
    random_state: z.int().min(0).default(42).describe('Seed of the split, of LightGBM and of the sampler'),
    num_boost_round: z.int().min(1).default(400).describe('Most boosting iterations of a trial'),
    early_stopping_rounds: z.int().min(1).default(30).describe('A training stops when its validation metric has not improved for so many iterations'),
    lgbm_params: z.record(z.string(), z.unknown()).default({}).describe('LightGBM parameters that all trials share'),
    search_space: searchSpace.default(defaultSpace as z.output<typeof searchSpace>)
      .describe('Parameters to search by name: `{type: float | int, low, high, log, step}` or `{type: categorical, choices}`; `when: {parameter, in}` makes one depend on another'),
    enqueue: z.array(z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))).default([])
      .describe('Values to try first; parameters left out are drawn at random'),
    sampler: sampler.default('tpe').describe('How values are suggested: `tpe`, `random`, `grid`, `sobol`, `halton`, `cmaes`, or `{type: tpe, startup_trials: 10}` with settings; `stepwise` tunes LightGBM by the steps of Optuna\'s tuner, 65 or 68 trials, instead of `search_space`'),
    pruner: pruner.default('median').describe('When a trial that does badly ends early: `none`, `median`, `successive_halving`, `hyperband`, `wilcoxon`, or an object with settings'),
    report_interval: z.int().min(1).default(10).describe('Boosting iterations between two looks at the pruner'),
    n_trials: z.int().min(1).max(mostTrials).default(50).describe('Finished trials, complete or pruned, over all runs of the study together; raising it continues the study'),
    timeout: z.number().positive().nullable().default(null).describe('Seconds after which a run begins no further trial'),
    max_failed_trials: z.int().min(0).default(10).describe('Failed trials, over all runs, above which the study fails'),
    parallelism: z.int().min(1).max(100).default(1).describe('Trials at the same time. With 1 the table follows from the configuration alone'),
    trial_attempts: z.int().min(1).default(5).describe('Times that a trial is begun before it counts as failed, where its process or host ends each time'),
    trials_per_step: z.int().min(1).max(1000).default(1).describe('For `benchmark`: trials that one step makes after one another; more is faster where a trial takes no time'),
    trials_per_run: z.int().min(1).default(1000).describe('Trials before the workflow continues as new, which keeps its history short'),
    benchmark: z.strictObject({
      function: z.enum(['none', 'sphere', 'branin', 'hartmann6', 'mixed']).default('sphere').describe('`none` is the sum of all numbers'),
      seconds: z.number().min(0).default(0).describe('Time that a trial takes'),
      steps: z.int().min(1).default(1).describe('Reports of a trial on its way, from far above its value down to it'),
    }).prefault({}).describe('The function of the objective `benchmark`, which is there to measure samplers and to try a study without data'),
    num_threads: z.int().min(1).default(1).describe('Threads of LightGBM; other counts may change the last digits, so it is part of the configuration'),
    memory_limit_mb: z.int().min(256).default(8192).describe('Estimated memory above which a trial fails'),
  }),
  example: { input_path: 'data/features', output_folder: 'data/optimization', objective: 'detection', n_trials: 50, sampler: 'tpe', pruner: 'median' },
  notHashed: ['pipeline', 'n_trials', 'timeout', 'max_failed_trials', 'parallelism', 'trial_attempts', 'trials_per_step', 'trials_per_run', 'memory_limit_mb'],
});

export type OptimizeLgbmConfig = ConfigOf<typeof optimizeLgbm>;
