import { PenstockError } from '../errors/index.js';
import type { CaseLeak } from '../evaluation/index.js';
import { applyCalibration, applyScaler, openScorer, readBundle, type Bundle, type Scorer } from '../learning/index.js';
import type { Leak } from '../olga/index.js';
import { numbers, strings, type Column, type Table } from '../table/index.js';
import { cutWindows } from './cutWindows.js';
import { clockColumns, matrixOf } from './dataset.js';
import { imbalanceColumn } from './featureTable.js';
import { rowsOf, type ModelRows } from './modelRows.js';
import { clockModelFile, controlsFile, predictionFile, preparationFile, type ControlSettings, type Prediction, type Preparation } from './training/bundleOf.js';

/** A recording, its series at the common step, and the index of its windows. */
export interface CutSeries {
  readonly recorded: Table;
  readonly series: Table;
  readonly index: Table;
}

export interface ScoredSeries {
  readonly caseId: string;
  readonly group: string;
  readonly leaks: readonly Leak[];
}

/** A bundle of any task and kind, ready to turn raw series into what it says. */
export interface OpenPredictor {
  readonly bundle: Pick<Bundle, 'inference' | 'manifest' | 'sha256'>;
  /** How windows are cut, and the signals that baselines and charts look at. */
  readonly preparation: Preparation;
  readonly prediction: Prediction;
  /** Rules of its alarms that it brings along, in place of those of whoever asks. */
  readonly alarmRules: { readonly persistence?: number; readonly offThreshold?: number };
  /** What the numbers of the further models of the bundle mean, such as the metres beside the segments. */
  readonly further: readonly Prediction[];
  /** Of each window one number, or one per class: of the model itself, then of each further one. */
  scores(cut: CutSeries, of: ScoredSeries): Promise<readonly [Float64Array, ...Float64Array[]]>;
  close(): Promise<void>;
}

/** The bundle of a training. */
export interface OpenModel extends OpenPredictor {
  /** Of all windows, or of those named. */
  scores(cut: CutSeries, of: ScoredSeries, windows?: Int32Array): ReturnType<OpenPredictor['scores']>;
  readonly bundle: Bundle;
  readonly model: Scorer;
  /** Of OBSERVER: one regressor per signal it explains. */
  readonly regressors: readonly Scorer[];
}

/** A detector ready to score raw series, with the baselines it carries: a trained model, or several detectors and their fusion. */
export interface OpenBundle extends OpenPredictor {
  readonly controls: ControlSettings;
  readonly threshold: number;
  /** One row per window: ids, clock, truth, `score`, `score_clock_only`, `score_imbalance`, and what else it knows of the window. */
  score(cut: CutSeries, of: ScoredSeries): Promise<Table>;
}

/** What the evaluation must know of a case beside its scores. */
export interface CaseFacts {
  readonly group: string;
  readonly leaks: readonly CaseLeak[];
  /** Seconds from one window to the next. */
  readonly step_seconds: number;
  /** Mean flow of the first flow signal over the healthy windows, kg/s; null where no flow is measured. */
  readonly mean_flow: number | null;
}

export async function openModel(files: ReadonlyMap<string, Uint8Array>): Promise<OpenModel> {
  const bundle = readBundle(files);
  const preparation = parse<Preparation>(extraFile(bundle, preparationFile));
  const opened: Scorer[] = [];
  const scorer = async (onnx: Uint8Array): Promise<Scorer> => {
    const one = await openScorer(onnx);
    opened.push(one);
    return one;
  };
  const model = await scorer(bundle.onnx);
  const regressors: Scorer[] = [];
  for (const { file } of preparation.observer?.regressors ?? []) regressors.push(await scorer(extraFile(bundle, file)));
  const further: (Pick<OpenModel, 'prediction' | 'model'>)[] = [];
  for (const [path, bytes] of bundle.extra) {
    if (!path.endsWith(`/${predictionFile}`)) continue;
    further.push({ prediction: parse<Prediction>(bytes), model: await scorer(extraFile(bundle, path.replace(predictionFile, 'model.onnx'))) });
  }
  const open: OpenModel = {
    bundle, model, regressors, preparation, further: further.map((one) => one.prediction), prediction: parse<Prediction>(extraFile(bundle, predictionFile)), alarmRules: {},
    async scores(cut, of, windows) {
      const rows = await rowsOf(open, cut, of);
      const others: Float64Array[] = [];
      for (const one of further) others.push(await scoresOf({ ...open, ...one, preparation: { ...preparation, scaler: one.prediction.scaler ?? null } }, rows, windows));
      return [await scoresOf(open, rows, windows), ...others];
    },
    async close() {
      for (const one of opened.splice(0)) await one.close();
    },
  };
  return open;
}

/** The bundle of a training as a detector. Throws `learning/bundle` where it raises no alarms. */
export async function openDetector(files: ReadonlyMap<string, Uint8Array>): Promise<OpenBundle> {
  const open = await openModel(files);
  const { threshold } = open.bundle.inference;
  if (threshold === null) {
    await open.close();
    throw new PenstockError('learning/bundle', 'the bundle has no alarm threshold, so it is no detector', { file: 'inference_config.json', key: 'threshold' });
  }
  const clock = await openScorer(extraFile(open.bundle, clockModelFile));
  return {
    ...open, threshold, controls: parse<ControlSettings>(extraFile(open.bundle, controlsFile)),
    score: (cut, of) => scoreModel(open, clock, cut, of),
    async close() {
      await open.close();
      await clock.close();
    },
  };
}

function extraFile(bundle: Bundle, path: string): Uint8Array {
  const bytes = bundle.extra.get(path);
  if (!bytes) throw new PenstockError('learning/bundle', `the bundle has no ${path}`, { file: path });
  return bytes;
}

/** The signals of the line itself, whatever the model sees of them. */
export function lineSignals({ plan, measured }: Preparation): Preparation['plan']['signals'] {
  return measured ?? plan.signals;
}

/**
 * What the model says of each row of feature rows (or of those named), scaled before and calibrated after as the bundle says: one number
 * each, or one per class.
 */
export async function scoresOf({ bundle, model, preparation: { scaler }, prediction: { calibration } }: Pick<OpenModel, 'bundle' | 'model' | 'preparation' | 'prediction'>, rows: Pick<ModelRows, 'matrix'>, of?: Int32Array): Promise<Float64Array> {
  const columns = bundle.features.length;
  const values = rows.matrix(bundle.features.map((feature) => feature.name), of);
  const count = values.length / columns;
  const scores = await model.score(scaler ? applyScaler(scaler, { rows: count, columns, values }) : values, count);
  return calibration ? applyCalibration(calibration, scores) : scores;
}

async function scoreModel(open: OpenModel, clockModel: Scorer, cut: CutSeries, of: ScoredSeries): Promise<Table> {
  const input = await rowsOf(open, cut, of);
  const rows = input.windows;
  const score = await scoresOf(open, input);
  const clock = await clockModel.score(matrixOf(rows, clockColumns), rows.rows);
  return {
    rows: rows.rows, metadata: {},
    columns: [
      ...rows.columns.filter((c) => c.role === 'clock' || c.role === 'truth' || c.role === 'id'),
      scoreColumn('score', score), scoreColumn('score_clock_only', clock), scoreColumn('score_imbalance', Float64Array.from(numbers(rows, imbalanceColumn))),
    ],
  };
}

export function scoreColumn(name: string, values: Float64Array): Column {
  return { name, values, unit: '', role: 'measured' };
}

/** A recorded series to one row per window: clock, truth, and the score of the detector and of each baseline. */
export async function scoreSeries(open: OpenBundle, recorded: Table, of: ScoredSeries): Promise<{ table: Table; series: Table; index: Table; facts: CaseFacts }> {
  const { windows } = open.preparation;
  const { series, index } = cutWindows(recorded, of.leaks, windows);
  const table = await open.score({ recorded, series, index }, of);
  const time = numbers(index, 'end_time');
  const facts: CaseFacts = {
    group: of.group, leaks: of.leaks.map(({ name, position, diameter, intervals }) => ({ name, position, diameter, intervals })),
    step_seconds: time.length > 1 ? Number(((time.at(-1)! - time[0]!) / (time.length - 1)).toPrecision(12)) : windows.step_size * (windows.resample_seconds ?? 1),
    mean_flow: meanFlow(series, index, lineSignals(open.preparation)),
  };
  return { table, series, index, facts };
}

function meanFlow(series: Table, index: Table, signals: Preparation['plan']['signals']): number | null {
  const flow = signals.filter((signal) => signal.quantity === 'flow').sort((a, b) => (a.position_m ?? 0) - (b.position_m ?? 0))[0];
  if (!flow) return null;
  const values = numbers(series, flow.name);
  const phase = strings(index, 'phase');
  const ends = numbers(index, 'end_row');
  let sum = 0;
  let count = 0;
  for (let w = 0; w < index.rows; w++) {
    const value = values[ends[w]! - 1]!;
    if (phase[w] !== 'healthy' || Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return count > 0 && sum > 0 ? sum / count : null;
}

function parse<T>(bytes: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(bytes)) as T;
}
