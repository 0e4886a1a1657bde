import { call, LightgbmRefusal, pointersTo, readText, type Handle, type Lightgbm } from './library.js';
import type { ModelDump } from './modelDump.js';

const float32 = 0;
const rowMajor = 1;
const importanceKinds = { split: 0, gain: 1 } as const;
const predictionKinds = { score: 0, raw: 1, contributions: 3 } as const;

/**
 * What a prediction returns: the score as the objective defines it (a probability for classifiers), the raw sum of the
 * trees, or the contribution of each feature to the raw sum (TreeSHAP; the last value per row is the base).
 */
export type PredictionKind = keyof typeof predictionKinds;

/** Feature gain and number of splits, one value per feature column. */
export interface Importance {
  readonly gain: Float64Array;
  readonly split: Float64Array;
}

export function createBooster(library: Lightgbm, train: Handle, parameters: string): Handle {
  const out = new BigUint64Array(1);
  call(library, 'LGBM_BoosterCreate', train, parameters, out);
  return out[0]!;
}

/** Only for texts whose hash was checked: a damaged text ends the process instead of failing. */
export function boosterFromText(library: Lightgbm, modelText: string): Handle {
  const out = new BigUint64Array(1);
  call(library, 'LGBM_BoosterLoadModelFromString', terminated(modelText), new Int32Array(1), out);
  return out[0]!;
}

export function freeBooster(library: Lightgbm, booster: Handle): void {
  call(library, 'LGBM_BoosterFree', booster);
}

export function addValidation(library: Lightgbm, booster: Handle, dataset: Handle): void {
  call(library, 'LGBM_BoosterAddValidData', booster, dataset);
}

/** One boosting round; true when no tree could be split. */
export function updateOnce(library: Lightgbm, booster: Handle): boolean {
  const finished = new Int32Array(1);
  call(library, 'LGBM_BoosterUpdateOneIter', booster, finished);
  return finished[0] === 1;
}

export function currentIteration(library: Lightgbm, booster: Handle): number {
  return count(library, 'LGBM_BoosterGetCurrentIteration', booster);
}

export function featureCount(library: Lightgbm, booster: Handle): number {
  return count(library, 'LGBM_BoosterGetNumFeature', booster);
}

function count(
  library: Lightgbm,
  name: 'LGBM_BoosterGetCurrentIteration' | 'LGBM_BoosterGetNumFeature' | 'LGBM_BoosterGetEvalCounts',
  booster: Handle,
): number {
  const out = new Int32Array(1);
  call(library, name, booster, out);
  return out[0]!;
}

/** Names of the metrics that `evaluate` returns, in its order. */
export function metricNames(library: Lightgbm, booster: Handle): string[] {
  const names = count(library, 'LGBM_BoosterGetEvalCounts', booster);
  const capacity = 256;
  const texts = Array.from({ length: names }, () => Buffer.alloc(capacity));
  const needed = new BigInt64Array(1);
  call(library, 'LGBM_BoosterGetEvalNames', booster, names, new Int32Array(1), capacity, needed, pointersTo(texts));
  if (Number(needed[0]) > capacity) throw new LightgbmRefusal('LGBM_BoosterGetEvalNames', `a metric's name takes ${needed[0]} bytes`);
  return texts.map((text) => text.toString('utf8', 0, text.indexOf(0)));
}

/** Metrics on the training data (index 0) or a validation set (1 and on, in the order added). */
export function evaluate(library: Lightgbm, booster: Handle, dataset: number, metrics: number): Float64Array {
  const values = new Float64Array(metrics);
  call(library, 'LGBM_BoosterGetEval', booster, dataset, new Int32Array(1), values);
  return values;
}

/** Predictions of the first `iterations` rounds, row by row. */
export function predict(
  library: Lightgbm,
  booster: Handle,
  matrix: { values: Float32Array; rows: number; columns: number },
  kind: PredictionKind,
  iterations: number,
  threads: number,
): Float64Array {
  const { values, rows, columns } = matrix;
  const code = predictionKinds[kind];
  const size = new BigInt64Array(1);
  call(library, 'LGBM_BoosterCalcNumPredict', booster, rows, code, 0, iterations, size);
  const result = new Float64Array(Number(size[0]));
  if (rows === 0) return result;
  const options = `num_threads=${threads} verbosity=-1`;
  call(library, 'LGBM_BoosterPredictForMat', booster, values, float32, rows, columns, rowMajor, code, 0, iterations, options, size, result);
  return result;
}

export function modelText(library: Lightgbm, booster: Handle, iterations: number): string {
  return readText((capacity, needed, buffer) => {
    call(library, 'LGBM_BoosterSaveModelToString', booster, 0, iterations, importanceKinds.gain, capacity, needed, buffer);
  });
}

export function modelDump(library: Lightgbm, booster: Handle, iterations: number): ModelDump {
  const json = readText((capacity, needed, buffer) => {
    call(library, 'LGBM_BoosterDumpModel', booster, 0, iterations, importanceKinds.gain, capacity, needed, buffer);
  });
  return JSON.parse(json) as ModelDump;
}

export function importance(library: Lightgbm, booster: Handle, iterations: number): Importance {
  const features = featureCount(library, booster);
  const read = (kind: keyof typeof importanceKinds): Float64Array => {
    const values = new Float64Array(features);
    call(library, 'LGBM_BoosterFeatureImportance', booster, iterations, importanceKinds[kind], values);
    return values;
  };
  return { gain: read('gain'), split: read('split') };
}

function terminated(text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf8');
}
