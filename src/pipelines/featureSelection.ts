import { z } from 'zod';
import { definePipeline, path, type ConfigOf } from './definePipeline.js';
import { shared } from './shared.js';

const stability = z.strictObject({
  folds: z.int().min(0).default(5).describe('Folds of the training cases, each judged by a model of the others; 0 or 1: no folds, and no permutation importance'),
  min_share: z.number().min(0).max(1).default(0.5).describe('Least share of the folds in which a feature must be among the first `top_k`'),
});

export const featureSelection = definePipeline({
  name: 'featureSelection',
  section: 'feature_selection_pipeline',
  queue: 'penstock-train',
  revision: 1,
  summary: 'Ranks the features on the training cases and writes the list of those to train on',
  schema: z.strictObject({
    pipeline: shared.pipeline,
    input_path: path('Output folder of features'),
    output_folder: shared.output_folder,
    features_schema_file: path('JSON list of feature names').optional().describe('JSON list of the features to choose from; by default all of the dataset'),
    label_column: z.string().default('label').describe('Target column of the dataset; the same as in training, so that the same cases are held out'),
    objective: z.enum(['binary', 'multiclass', 'regression']).default('binary')
      .describe('What is learnt from the label: `binary` has the labels 0 and 1, `multiclass` any whole numbers, `regression` a number that windows of leaks have, such as `leak_flow_kg_s`'),
    test_size: z.number().gt(0).lt(1).default(0.25).describe('Share of the case groups that the selection never sees; the same as in training, whose validation cases they are'),
    random_state: z.int().min(0).default(42).describe('Seed of the split, of LightGBM, of samples and of shuffles; the same as in training'),
    method: z.enum(['gain', 'split', 'shap', 'permutation', 'hypothesis']).default('shap')
      .describe('What ranks: loss saved by splits, number of splits, mean |SHAP|, loss of score on held-out folds when shuffled, or adjusted p values'),
    top_k: z.int().min(1).default(100).describe('Features kept at most'),
    stability: stability.prefault({}).describe('In how many folds of the training cases a feature must prove itself'),
    max_correlation: z.number().gt(0).max(1).nullable().default(0.95).describe('Of two features with a greater |correlation| the lower ranked one goes; null keeps both'),
    correlation_method: z.enum(['spearman', 'pearson']).default('spearman').describe('`spearman` sees every rising or falling dependence, `pearson` straight lines'),
    false_discovery_rate: z.number().gt(0).lt(1).default(0.05).describe('For `hypothesis`: expected share of irrelevant features among those kept'),
    hypotheses_independent: z.boolean().default(false).describe('Adjusts p values by Benjamini and Hochberg, which needs independent features, in place of Benjamini and Yekutieli'),
    hypothesis_unit: z.enum(['case', 'window']).default('case')
      .describe('One observation of a test: `case` takes the mean of its windows per class; `window` takes each window as independent, which overlapping ones are not'),
    real_feature_test: z.enum(['mann', 'ks']).default('mann').describe('Test of a feature with more than two values: Mann-Whitney or Kolmogorov-Smirnov'),
    significant_classes: z.int().min(1).default(1).describe('For `multiclass`: in how many classes a feature must be significant'),
    permutation_repeats: z.int().min(0).default(3).describe('Shuffles per feature and fold; 0 leaves permutation importance out'),
    sample_rows: z.int().min(100).default(2000).describe('Most rows for SHAP values, for a fold\'s permutation importance, and for correlations'),
    num_boost_round: z.int().min(1).default(100).describe('Boosting iterations of the models that rank'),
    lgbm_params: z.record(z.string(), z.unknown()).default({ learning_rate: 0.1, num_leaves: 15, min_data_in_leaf: 50, feature_fraction: 0.5 })
      .describe('LightGBM parameters under their own names; a misspelt one is refused'),
    num_threads: z.int().min(1).default(1).describe('Threads of LightGBM; other counts may change the last digits, so it is part of the configuration'),
    memory_limit_mb: z.int().min(256).default(8192).describe('Estimated memory above which selection is refused'),
  }),
  example: { input_path: 'data/features', output_folder: 'data/selection', method: 'shap', top_k: 100, stability: { folds: 5, min_share: 0.5 }, max_correlation: 0.95 },
  notHashed: ['pipeline', 'memory_limit_mb'],
});

export type FeatureSelectionConfig = ConfigOf<typeof featureSelection>;
