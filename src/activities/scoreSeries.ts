import { PenstockError } from '../errors/index.js';
import type { CaseLeak } from '../evaluation/index.js';
import { applyCalibration, applyScaler, openScorer, readBundle, type Bundle, type Scorer } from '../learning/index.js';
import type { Leak } from '../olga/index.js';
import { numbers, strings, type Column, type Table } from '../table/index.js';
import { cutWindows } from './cutWindows.js';
import { clockColumns, matrixOf } from './dataset.js';
import { featureTable, imbalanceColumn } from './featureTable.js';
import { clockModelFile, controlsFile, predictionFile, preparationFile, type ControlSettings, type Prediction, type Preparation } from './training/bundleOf.js';
import { residualRows } from './training/residualDataset.js';

/** A bundle of any task, ready to turn raw series into what its model says. */
export interface OpenModel {
  readonly bundle: Bundle;
  readonly preparation: Preparation;
  readonly prediction: Prediction;
  readonly model: Scorer;
  /** Of OBSERVER: one regressor per signal it explains. */
  readonly regressors: readonly Scorer[];
  close(): Promise<void>;
}

/** A detector ready to score raw series, with the baselines it carries. */
export interface OpenBundle extends OpenModel {
  readonly controls: ControlSettings;
  readonly threshold: number;
  readonly clock: Scorer;
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
  return {
    bundle, model, regressors, preparation, prediction: parse<Prediction>(extraFile(bundle, predictionFile)),
    async close() {
      for (const one of opened.splice(0)) await one.close();
    },
  };
}

export async function openBundle(files: ReadonlyMap<string, Uint8Array>): Promise<OpenBundle> {
  const open = await openModel(files);
  const { threshold } = open.bundle.inference;
  if (threshold === null) {
    await open.close();
    throw new PenstockError('learning/bundle', 'the bundle has no alarm threshold, so it is no detector', { file: 'inference_config.json', key: 'threshold' });
  }
  const clock = await openScorer(extraFile(open.bundle, clockModelFile));
  return {
    ...open, threshold, clock, controls: parse<ControlSettings>(extraFile(open.bundle, controlsFile)),
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

/** Feature rows of a series' windows, made as they were made for training. */
export async function rowsOf({ preparation, regressors }: OpenModel, series: Table, index: Table, of: { caseId: string; group: string }): Promise<Table> {
  const { plan, observer, measured } = preparation;
  if (!observer) return featureTable(series, index, plan, of);
  return (await residualRows(series, index, { settings: observer, signals: measured ?? [], scorersFor: () => regressors }, of, plan)).rows;
}

/**
 * What the model says of each row of feature rows (or of those named), scaled before and calibrated after as the bundle says: one number
 * each, or one per class.
 */
export async function scoresOf({ bundle, model, preparation: { scaler }, prediction: { calibration } }: OpenModel, rows: Table, of?: Int32Array): Promise<Float64Array> {
  const columns = bundle.features.length;
  const count = of?.length ?? rows.rows;
  const values = matrixOf(rows, bundle.features.map((feature) => feature.name), of);
  const scores = await model.score(scaler ? applyScaler(scaler, { rows: count, columns, values }) : values, count);
  return calibration ? applyCalibration(calibration, scores) : scores;
}

/** A recorded series to one row per window: clock, truth, and the score of the model and of each baseline. */
export async function scoreSeries(
  open: OpenBundle, recorded: Table, of: { caseId: string; group: string; leaks: readonly Leak[] },
): Promise<{ table: Table; series: Table; facts: CaseFacts }> {
  const { windows } = open.preparation;
  const { series, index } = cutWindows(recorded, of.leaks, windows);
  const rows = await rowsOf(open, series, index, of);
  const score = await scoresOf(open, rows);
  const clock = await open.clock.score(matrixOf(rows, clockColumns), rows.rows);
  const column = (name: string, values: Float64Array): Column => ({ name, values, unit: '', role: 'measured' });
  const time = numbers(index, 'end_time');
  const table: Table = {
    rows: rows.rows, metadata: {},
    columns: [
      ...rows.columns.filter((c) => c.role === 'clock' || c.role === 'truth' || c.role === 'id'),
      column('score', score), column('score_clock_only', clock), column('score_imbalance', Float64Array.from(numbers(rows, imbalanceColumn))),
    ],
  };
  const facts: CaseFacts = {
    group: of.group, leaks: of.leaks.map(({ name, position, diameter, intervals }) => ({ name, position, diameter, intervals })),
    step_seconds: time.length > 1 ? Number(((time.at(-1)! - time[0]!) / (time.length - 1)).toPrecision(12)) : windows.step_size * (windows.resample_seconds ?? 1),
    mean_flow: meanFlow(series, index, lineSignals(open.preparation)),
  };
  return { table, series, facts };
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
