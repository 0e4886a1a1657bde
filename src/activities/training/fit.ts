import { PenstockError } from '../../errors/index.js';
import {
  augment, estimateTrainingBytes, resolveParameters, trainBooster,
  type Lightgbm, type LightgbmParams, type Matrix, type MatrixStream, type TrainedModel,
} from '../../learning/index.js';
import { createRandom } from '../../numeric/index.js';
import type { TrainingConfig } from '../../pipelines/index.js';
import { matrixOfRows, type FeatureRows } from './featureRows.js';
import type { Labels, Target } from './target.js';
import type { WindowRows } from './windowRows.js';

export interface TrainHooks {
  readonly signal: AbortSignal;
  onIteration(iteration: number): void;
}

/** One model to fit: rows of a target, and how. Rows and `valid` are places in the target's rows. */
export interface FitJob {
  readonly features: FeatureRows;
  readonly windows: WindowRows;
  readonly target: Target;
  readonly labels: Labels;
  readonly train: Int32Array;
  /** Without it so many rounds are made as `rounds` says. */
  readonly valid?: Int32Array | undefined;
  readonly rounds: number;
  readonly seed: number;
  readonly params: LightgbmParams;
  readonly classWeight?: ClassWeight | undefined;
}

export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

type FitConfig = Pick<TrainingConfig, 'early_stopping_rounds' | 'num_threads' | 'memory_limit_mb' | 'robustness'>;

/** Fits one model: streamed, unless disturbed copies of the training rows are asked for. */
export async function fitModel(library: Lightgbm, job: FitJob, config: FitConfig, hooks: TrainHooks): Promise<TrainedModel> {
  const valid = job.valid && streamOf(job, job.valid);
  refuseTooLarge(job, config);
  return trainBooster(library, {
    params: parametersOf(job, config),
    rounds: job.rounds,
    ...(valid && { earlyStopping: { rounds: config.early_stopping_rounds } }),
    train: await trainingData(job, config),
    valid: valid ? [{ name: 'valid', data: valid }] : [],
    evaluateTraining: true, signal: hooks.signal, onIteration: hooks.onIteration,
  });
}

const objectives = {
  detection: { objective: 'binary', metric: ['binary_logloss', 'auc'] },
  multiclass: { objective: 'multiclass', metric: ['multi_logloss', 'multi_error'] },
  regression: { objective: 'regression', metric: ['l2', 'l1'] },
} as const;

function parametersOf({ target, labels, params, seed }: FitJob, { num_threads }: FitConfig): LightgbmParams {
  // The user's own words may be aliases of the ones set here.
  const { num_threads: _, ...own } = resolveParameters(params);
  const classes = target.kind === 'multiclass' ? { num_class: labels.classNames!.length } : {};
  return { ...objectives[target.kind], ...own, ...classes, seed, num_threads };
}

async function trainingData(job: FitJob, { robustness }: FitConfig): Promise<Matrix | MatrixStream> {
  const stream = streamOf(job, job.train, weightsOf(job));
  const { copies, ...disturbances } = robustness;
  if (copies === 0) return stream;
  const { pieces: _, ...rest } = stream;
  const matrix = { ...rest, values: await matrixOfRows(job.features, rowsAt(job, job.train)) };
  const groups = Array.from(job.train, (at) => job.windows.cases[job.target.rows[at]!]!);
  return augment(matrix, { ...disturbances, copies, groups }, createRandom(job.seed).derive('robustness'));
}

function streamOf({ features, target, labels }: FitJob, places: Int32Array, weights?: Float32Array): MatrixStream {
  const rows = Int32Array.from(places, (at) => target.rows[at]!);
  return {
    rows: rows.length, columns: features.names.length, labels: Float32Array.from(places, (at) => labels.values[at]!), ...(weights && { weights }),
    pieces: () => features.pieces(rows),
  };
}

/** `balanced` as scikit-learn: rows / (classes x rows of the class). */
function weightsOf({ classWeight, labels, train, target }: FitJob): Float32Array | undefined {
  if (classWeight === undefined || target.kind === 'regression') return undefined;
  const names = labels.classNames!;
  const counts = names.map(() => 0);
  for (const at of train) counts[labels.values[at]!]!++;
  const unknown = classWeight === 'balanced' ? undefined : Object.keys(classWeight).find((name) => !names.includes(name));
  if (unknown !== undefined) throw new PenstockError('learning/invalid-parameter', `class_weight names the class "${unknown}"; there is ${names.map((name) => `"${name}"`).join(', ')}`, { key: 'class_weight' });
  const present = counts.filter((count) => count > 0).length;
  const weights = names.map((name, i) => (classWeight === 'balanced' ? train.length / (present * Math.max(1, counts[i]!)) : classWeight[name] ?? 1));
  return Float32Array.from(train, (at) => weights[labels.values[at]!]!);
}

/** Scores of the target's rows at these places, row by row. */
export async function scoresOf(model: Pick<TrainedModel, 'predict'>, features: FeatureRows, rows: Int32Array): Promise<Float64Array> {
  const parts: Float64Array[] = [];
  for await (const piece of features.pieces(rows)) parts.push(model.predict(piece, piece.length / features.names.length));
  const all = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Rows of the dataset at these places of the target. */
export function rowsAt({ target }: Pick<FitJob, 'target'>, places: Int32Array): Int32Array {
  return Int32Array.from(places, (at) => target.rows[at]!);
}

function refuseTooLarge(job: FitJob, config: FitConfig): void {
  const { features, train, valid } = job;
  const { memory_limit_mb: limit, robustness } = config;
  const shape = (rows: number) => ({ rows: rows * (1 + robustness.copies), columns: features.names.length });
  const bytes = estimateTrainingBytes(shape(train.length), valid ? [shape(valid.length)] : [], parametersOf(job, config));
  const megabytes = Math.ceil(bytes / 2 ** 20);
  if (megabytes <= limit) return;
  throw new PenstockError('stage/out-of-memory',
    `training on ${train.length} rows of ${features.names.length} features needs about ${megabytes} MB; memory_limit_mb is ${limit}`, { key: 'memory_limit_mb' });
}
