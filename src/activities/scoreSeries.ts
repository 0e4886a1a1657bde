import { PenstockError } from '../errors/index.js';
import type { CaseLeak } from '../evaluation/index.js';
import { openScorer, readBundle, type Bundle, type Scorer } from '../learning/index.js';
import type { Leak } from '../olga/index.js';
import { numbers, strings, type Column, type Table } from '../table/index.js';
import { cutWindows } from './cutWindows.js';
import { clockColumns, matrixOf } from './dataset.js';
import { clockModelFile, controlsFile, preparationFile, type ControlSettings, type Preparation } from './detectorBundle.js';
import { featureTable, imbalanceColumn } from './featureTable.js';

/** A bundle ready to score raw series, with the baselines it carries. */
export interface OpenBundle {
  readonly bundle: Bundle;
  readonly preparation: Preparation;
  readonly controls: ControlSettings;
  readonly threshold: number;
  readonly model: Scorer;
  readonly clock: Scorer;
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
  const model = await openScorer(bundle.onnx);
  const clock = await openScorer(extra(clockModelFile));
  return {
    bundle, threshold, model, clock,
    preparation: parse<Preparation>(extra(preparationFile)), controls: parse<ControlSettings>(extra(controlsFile)),
    async close() {
      await model.close();
      await clock.close();
    },
  };
}

/** A recorded series to one row per window: clock, truth, and the score of the model and of each baseline. */
export async function scoreSeries(
  open: OpenBundle, recorded: Table, of: { caseId: string; group: string; leaks: readonly Leak[] },
): Promise<{ table: Table; series: Table; facts: CaseFacts }> {
  const { preparation: { windows, plan }, bundle } = open;
  const { series, index } = cutWindows(recorded, of.leaks, windows);
  const rows = featureTable(series, index, plan, of);
  const score = await open.model.score(matrixOf(rows, bundle.features.map((feature) => feature.name)), rows.rows);
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
    mean_flow: meanFlow(series, index, plan.signals),
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
