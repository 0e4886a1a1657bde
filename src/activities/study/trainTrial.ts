import { PenstockError } from '../../errors/index.js';
import { estimateTrainingBytes, openLightgbm, resolveParameters, trainBooster, type Lightgbm, type LightgbmParams, type Matrix, type Split } from '../../learning/index.js';
import type { OptimizeLgbmConfig, StudyParams, TrialInput } from '../../pipelines/index.js';
import { readDataset } from '../datasetSource.js';
import type { StageContext } from '../stage.js';
import { readTarget, type TrialData } from './target.js';
import { pruned, type Objective, type TrialHooks } from './trial.js';

interface Fold {
  readonly train: Matrix;
  readonly valid: Matrix;
}

/**
 * A trial that trains: its value is the validation metric at the best iteration, or the mean of the folds. With one split the steps of
 * its reports are iterations; with folds they are the folds, each told as the mean so far.
 */
export function trainingObjective(context: StageContext, { params, metric, batch: number }: TrialInput): Objective {
  return async (study, hooks) => {
    const { config } = study;
    if (!study.source || config.input_path === undefined) throw new PenstockError('config/invalid', `the objective ${config.objective} needs input_path`, { key: 'input_path' });
    const { dataset, features } = await readDataset(context, { input_path: config.input_path, label_column: labelColumn(config) }, study.source, config.objective === 'multiclass' && labelColumn(config) === 'leak_flow_kg_s' ? ['end_time', 'since_onset_s'] : []);
    const data = readTarget(dataset, features, config, labelColumn(config));
    const library = openLightgbm(await context.tool('lightgbm'));
    const { splits } = data;
    const values: number[] = [];
    for (const [fold, split] of splits.entries()) {
      const inFolds = splits.length > 1 ? `, fold ${fold + 1} of ${splits.length}` : '';
      const { labels, classes } = data.labelsOf(split);
      values.push(await trainFold(library, foldOf(data, labels, split), { config, params, metric, classes }, hooks, {
        report: splits.length === 1,
        progress: (iteration, value) => context.progress({
          done: fold * config.num_boost_round + iteration, total: splits.length * config.num_boost_round, unit: 'iterations',
          detail: `trial ${number}${inFolds}: iteration ${iteration}, ${metric} ${value.toPrecision(5)}`,
        }),
      }));
      if (splits.length > 1 && !hooks.report(fold + 1, mean(values)) && fold + 1 < splits.length) throw pruned;
    }
    return mean(values);
  };
}

export function labelColumn(config: OptimizeLgbmConfig): string {
  return config.label_column ?? (config.objective === 'detection' ? 'label' : 'leak_flow_kg_s');
}

/** LightGBM's own objective, its default metric first. */
export const lightgbmObjectives = {
  detection: { objective: 'binary', metric: 'auc' },
  multiclass: { objective: 'multiclass', metric: 'multi_logloss' },
  regression: { objective: 'regression', metric: 'rmse' },
} as const;

/** Whether trials are trainings. */
export function needsData({ objective }: OptimizeLgbmConfig): boolean {
  return objective in lightgbmObjectives;
}

/** All parameters of a trial: what is given for all, the trial's own, and what makes it the same every time. */
export function trialParameters(config: OptimizeLgbmConfig, params: StudyParams, metric: string, classes: number): LightgbmParams {
  const { objective } = lightgbmObjectives[config.objective as keyof typeof lightgbmObjectives];
  return {
    objective, ...parametersToTrainWith(config, params), metric, seed: config.random_state, num_threads: config.num_threads,
    ...(objective === 'multiclass' && { num_class: classes }),
  };
}

/**
 * What a training must be given to learn as the trial did. LightGBM leaves `bagging_fraction` aside without `bagging_freq`; and from steps that
 * search `min_child_samples` last, no feature may be dropped by an earlier value of it. A value of null leaves the parameter alone.
 */
export function parametersToTrainWith(config: Pick<OptimizeLgbmConfig, 'sampler' | 'lgbm_params'>, params: StudyParams): LightgbmParams {
  const own = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== null)) as LightgbmParams;
  const bagging = 'bagging_fraction' in own && !('bagging_freq' in own) && !('bagging_freq' in config.lgbm_params) ? { bagging_freq: 1 } : {};
  return { ...bagging, ...(config.sampler === 'stepwise' && { feature_pre_filter: false }), ...(config.lgbm_params as LightgbmParams), ...own };
}

/** LightGBM's own values of what trainings have other defaults for: a trial that did not name them learnt with these. */
const lightgbmDefaults = { learning_rate: 0.1, num_leaves: 31, min_data_in_leaf: 20, feature_fraction: 1 };

/** All that a training must be told to learn as the trial did, whatever its own defaults are. */
export function wholeParameters(config: Pick<OptimizeLgbmConfig, 'sampler' | 'lgbm_params'>, params: StudyParams): LightgbmParams {
  const given = parametersToTrainWith(config, params);
  const named = resolveParameters(given);
  return { ...Object.fromEntries(Object.entries(lightgbmDefaults).filter(([name]) => !(name in named))), ...given };
}

async function trainFold(
  library: Lightgbm, { train, valid }: Fold, of: { config: OptimizeLgbmConfig; params: StudyParams; metric: string; classes: number },
  hooks: TrialHooks, on: { report: boolean; progress(iteration: number, value: number): void },
): Promise<number> {
  const { config, metric } = of;
  const params = trialParameters(config, of.params, metric, of.classes);
  refuseTooLarge(train, valid, params, config);
  const stop = new AbortController();
  const model = await trainBooster(library, {
    params,
    rounds: config.num_boost_round, earlyStopping: { rounds: config.early_stopping_rounds, metric },
    train, valid: [{ name: 'valid', data: valid }], signal: AbortSignal.any([hooks.signal, stop.signal]),
    onIteration(iteration, [evaluation]) {
      on.progress(iteration, evaluation!.value);
      if (on.report && iteration % config.report_interval === 0 && !hooks.report(iteration, evaluation!.value)) stop.abort();
    },
  }).catch((error: unknown) => {
    throw stop.signal.aborted && !hooks.signal.aborted ? pruned : error;
  });
  const value = model.history[metric]!['valid']![model.bestIteration - 1]!;
  model.free();
  // The last round may have asked to stop without another one to notice it.
  if (stop.signal.aborted) throw pruned;
  return value;
}

function foldOf({ features, rows }: TrialData, labels: Float32Array, { train, test }: Split): Fold {
  const columns = features.length / rows;
  const side = (places: Int32Array): Matrix => {
    const values = new Float32Array(places.length * columns);
    for (let i = 0; i < places.length; i++) values.set(features.subarray(places[i]! * columns, (places[i]! + 1) * columns), i * columns);
    return { rows: places.length, columns, values, labels: Float32Array.from(places, (row) => labels[row]!) };
  };
  return { train: side(train), valid: side(test) };
}

function refuseTooLarge(train: Matrix, valid: Matrix, params: LightgbmParams, config: OptimizeLgbmConfig): void {
  const megabytes = Math.ceil(estimateTrainingBytes(train, [valid], params) / 2 ** 20);
  if (megabytes > config.memory_limit_mb) {
    throw new PenstockError('stage/out-of-memory', `a training on ${train.rows} rows of ${train.columns} features needs about ${megabytes} MB; memory_limit_mb is ${config.memory_limit_mb}`, { key: 'memory_limit_mb' });
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

