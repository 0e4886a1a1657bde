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

/** A bundle ready to score raw series, with the baselines it carries. */
export interface OpenBundle {
  readonly bundle: Bundle;
  readonly preparation: Preparation;
  readonly prediction: Prediction;
  readonly controls: ControlSettings;
  readonly threshold: number;
  readonly model: Scorer;
  readonly clock: Scorer;
  /** Of OBSERVER: one regressor per signal it explains. */
  readonly regressors: readonly Scorer[];
  close(): Promise<void>;
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

export async function openBundle(files: ReadonlyMap<string, Uint8Array>): Promise<OpenBundle> {
  const bundle = readBundle(files);
  const { threshold } = bundle.inference;
  if (threshold === null) throw new PenstockError('learning/bundle', 'the bundle has no alarm threshold, so it is no detector', { file: 'inference_config.json', key: 'threshold' });
  const extra = (path: string): Uint8Array => {
    const bytes = bundle.extra.get(path);
    if (!bytes) throw new PenstockError('learning/bundle', `the bundle has no ${path}`, { file: path });
    return bytes;
  };
  const preparation = parse<Preparation>(extra(preparationFile));
  const opened: Scorer[] = [];
  const scorer = async (onnx: Uint8Array): Promise<Scorer> => {
    const one = await openScorer(onnx);
    opened.push(one);
    return one;
  };
  const model = await scorer(bundle.onnx);
  const clock = await scorer(extra(clockModelFile));
  const regressors: Scorer[] = [];
  for (const { file } of preparation.observer?.regressors ?? []) regressors.push(await scorer(extra(file)));
  return {
    bundle, threshold, model, clock, regressors, preparation,
    prediction: parse<Prediction>(extra(predictionFile)), controls: parse<ControlSettings>(extra(controlsFile)),
    async close() {
      for (const one of opened.splice(0)) await one.close();
    },
  };
}

/** The signals of the line itself, whatever the model sees of them. */
export function lineSignals({ plan, measured }: Preparation): Preparation['plan']['signals'] {
  return measured ?? plan.signals;
}

/** Feature rows of a series' windows, made as they were made for training. */
async function rowsOf({ preparation, regressors }: OpenBundle, series: Table, index: Table, of: { caseId: string; group: string }): Promise<Table> {
  const { plan, observer, measured } = preparation;
  if (!observer) return featureTable(series, index, plan, of);
  return (await residualRows(series, index, { settings: observer, signals: measured ?? [], scorersFor: () => regressors }, of, plan)).rows;
}

/** The model's score of each row, scaled before and calibrated after as the bundle says. */
async function scoresOf({ bundle, model, preparation: { scaler }, prediction: { calibration } }: OpenBundle, rows: Table): Promise<Float64Array> {
  const columns = bundle.features.length;
  const values = matrixOf(rows, bundle.features.map((feature) => feature.name));
  const scores = await model.score(scaler ? applyScaler(scaler, { rows: rows.rows, columns, values }) : values, rows.rows);
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
