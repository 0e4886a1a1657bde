import { setImmediate } from 'node:timers/promises';
import { PenstockError } from '../../errors/index.js';
import * as native from './booster.js';
import { watchMetric, type EarlyStopping } from './earlyStopping.js';
import type { Handle, Lightgbm } from './library.js';
import { checkBothClasses, checkMatrix, type Matrix, type MatrixStream } from './matrix.js';
import { createDataset, freeDataset } from './nativeDataset.js';
import { explainRefusal, holdModel, type Model } from './model.js';
import { labelsOf, parameterString, trainingParameters, type LightgbmParams, type ResolvedParams } from './parameters.js';

/** One metric of one dataset after a round. */
export interface Evaluation {
  readonly name: string;
  readonly metric: string;
  readonly value: number;
}

export interface TrainJob {
  /** LightGBM's parameters, aliases allowed; rounds and early stopping are named below instead. */
  readonly params: LightgbmParams;
  /** Boosting rounds at most. */
  readonly rounds: number;
  readonly earlyStopping?: EarlyStopping;
  /** A stream is read twice, and never held as a whole. It gives the model that a matrix of the same rows gives. */
  readonly train: Matrix | MatrixStream;
  readonly valid: readonly { readonly name: string; readonly data: Matrix | MatrixStream }[];
  /** Also evaluates the training data (named `train`) each round, for learning curves. Default false. */
  readonly evaluateTraining?: boolean;
  /** Called after each round, counted from 1. */
  readonly onIteration?: (iteration: number, evaluations: readonly Evaluation[]) => void;
  /** Lets other work of the process run after this many rounds. Default 1. */
  readonly yieldEvery?: number;
  readonly signal?: AbortSignal;
}

/** Metric -> dataset -> value after each round. */
export type History = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

export interface TrainedModel extends Model {
  /** Rounds in the model, counted from 1: the best round with early stopping, the last without. */
  readonly bestIteration: number;
  readonly history: History;
  readonly stopped: 'rounds' | 'early' | 'no-split';
  /** What was trained with, every default that matters included. */
  readonly parameters: ResolvedParams;
}

/**
 * Trains a booster in this process, one synchronous round after another. The same data and parameters give the same bytes.
 *
 * Throws `learning/invalid-parameter`, `learning/invalid-data`, or `stage/cancelled` when the signal aborts (seen after a round).
 */
export async function trainBooster(library: Lightgbm, job: TrainJob): Promise<TrainedModel> {
  const parameters = trainingParameters(job.params);
  checkJob(job, parameters);
  const session = await openSession(library, job, parameterString(parameters));
  try {
    const { iterations, history, stopped } = await boost(library, session.booster, job);
    const threads = Number(parameters.num_threads);
    const model = holdModel(library, session.booster, { iterations, threads, release: session.free });
    // The getters of the model read lazily, so they must survive: extend the object instead of spreading it.
    return Object.assign(model, { bestIteration: iterations, history, stopped, parameters });
  } catch (error) {
    session.free();
    throw explainRefusal(error, 'learning/invalid-data');
  }
}

function checkJob(job: TrainJob, parameters: ResolvedParams): void {
  if (!Number.isInteger(job.rounds) || job.rounds < 1) throw invalid('rounds', `rounds is ${job.rounds}; a whole number, 1 or more, is needed`);
  const labels = labelsOf(parameters);
  checkMatrix(job.train, labels, 'the training data');
  if (labels.kind !== 'number') checkBothClasses(job.train.labels, 'the training data');
  const names = new Set(job.evaluateTraining ? ['train'] : []);
  for (const { name, data } of job.valid) {
    if (names.has(name)) throw invalid('valid', `two datasets are named "${name}"`);
    names.add(name);
    checkMatrix(data, labels, `the validation data "${name}"`);
    if (data.columns !== job.train.columns) {
      throw new PenstockError('learning/invalid-data', `the validation data "${name}" has ${data.columns} columns; the training data has ${job.train.columns}`);
    }
  }
  checkEarlyStopping(job);
}

function checkEarlyStopping({ earlyStopping, valid }: TrainJob): void {
  if (!earlyStopping) return;
  const { rounds, minDelta = 0, valid: name } = earlyStopping;
  if (!Number.isInteger(rounds) || rounds < 1) throw invalid('earlyStopping.rounds', `early stopping after ${rounds} rounds is not possible; 1 or more is needed`);
  if (!(minDelta >= 0)) throw invalid('earlyStopping.minDelta', `minDelta is ${minDelta}; 0 or more is needed`);
  if (valid.length === 0) throw invalid('earlyStopping', 'early stopping needs validation data');
  if (name !== undefined && !valid.some((set) => set.name === name)) {
    throw invalid('earlyStopping.valid', `there is no validation data "${name}"; there is ${valid.map((set) => `"${set.name}"`).join(', ')}`);
  }
}

/** A booster and the datasets it points to, which must live as long as it does. */
async function openSession(library: Lightgbm, job: TrainJob, parameters: string): Promise<{ booster: Handle; free: () => void }> {
  const datasets: Handle[] = [];
  let booster: Handle | undefined;
  const free = (): void => {
    if (booster !== undefined) native.freeBooster(library, booster);
    for (const dataset of datasets.splice(0)) freeDataset(library, dataset);
    booster = undefined;
  };
  try {
    const train = await createDataset(library, job.train, 'the training data', parameters, null);
    datasets.push(train);
    booster = native.createBooster(library, train, parameters);
    for (const { name, data } of job.valid) {
      const dataset = await createDataset(library, data, `the validation data "${name}"`, parameters, train);
      datasets.push(dataset);
      native.addValidation(library, booster, dataset);
    }
    return { booster, free };
  } catch (error) {
    free();
    throw explainRefusal(error, 'learning/invalid-parameter');
  }
}

async function boost(
  library: Lightgbm,
  booster: Handle,
  job: TrainJob,
): Promise<{ iterations: number; history: History; stopped: TrainedModel['stopped'] }> {
  const metrics = native.metricNames(library, booster);
  const sets = [...(job.evaluateTraining ? [{ name: 'train', index: 0 }] : []), ...job.valid.map(({ name }, i) => ({ name, index: i + 1 }))];
  const history = Object.fromEntries(metrics.map((metric) => [metric, Object.fromEntries(sets.map(({ name }): [string, number[]] => [name, []]))]));
  const watched = watchedMetric(job, metrics);
  const watch = watched && watchMetric(watched.metric, job.earlyStopping!);
  const yieldEvery = job.yieldEvery ?? 1;
  let stopped: TrainedModel['stopped'] = 'rounds';
  let iterations = 0;
  while (iterations < job.rounds) {
    if (job.signal?.aborted) throw new PenstockError('stage/cancelled', `training was cancelled after ${iterations} of ${job.rounds} rounds`, {}, { cause: job.signal.reason });
    const finished = native.updateOnce(library, booster);
    const reached = native.currentIteration(library, booster);
    if (reached > iterations) {
      iterations = reached;
      const evaluations = sets.flatMap(({ name, index }) => {
        const values = native.evaluate(library, booster, index, metrics.length);
        return metrics.map((metric, i): Evaluation => ({ name, metric, value: values[i]! }));
      });
      for (const { name, metric, value } of evaluations) history[metric]![name]!.push(value);
      job.onIteration?.(iterations, evaluations);
    }
    if (finished) {
      stopped = 'no-split';
      break;
    }
    if (watched && watch!.add(history[watched.metric]![watched.name]!.at(-1)!)) {
      stopped = 'early';
      break;
    }
    if (iterations % yieldEvery === 0) await setImmediate();
  }
  return { iterations: watch && watch.bestIteration > 0 ? watch.bestIteration : iterations, history, stopped };
}

function watchedMetric(job: TrainJob, metrics: readonly string[]): { metric: string; name: string } | undefined {
  if (!job.earlyStopping) return undefined;
  const metric = job.earlyStopping.metric ?? metrics[0];
  if (metric === undefined || !metrics.includes(metric)) {
    throw invalid('earlyStopping.metric', `early stopping needs the metric "${metric}"; the parameters give ${metrics.join(', ') || 'none'}`);
  }
  return { metric, name: job.earlyStopping.valid ?? job.valid[0]!.name };
}

function invalid(key: string, message: string): PenstockError {
  return new PenstockError('learning/invalid-parameter', message, { key });
}
