import { checkModelInput, type Bundle } from '../../learning/index.js';
import { confusionAt, f1, precision, recall } from '../../metrics/index.js';
import { createRandom } from '../../numeric/index.js';
import { openPublished } from '../../storage/index.js';
import { decodeParquetFrom, numbers, strings } from '../../table/index.js';
import type { WindowSettings } from '../cutWindows.js';
import type { DatasetSource } from '../datasetSource.js';
import { rowsOf, tableRows } from '../modelRows.js';
import { openModel, scoresOf, type OpenModel } from '../scoreSeries.js';
import type { StageContext } from '../stage.js';
import { indexRows, readCase, type ObserverSource } from '../training/observerData.js';
import { fault, type DatasetMetrics, type Skipped } from './report.js';
import { validationData } from './validationData.js';
import type { ValidationSettings } from './validateBundle.js';

/** Windows that count, with what the model says of each of them. */
interface Inferred {
  readonly scores: Float64Array;
  readonly labels: Int32Array;
}

/**
 * Inference method 1: windows of a published dataset that are neither warm-up nor recovery. Of features the rows go into the model as they
 * are; of windows the bundle computes its features from their series, which is the only way for OBSERVER.
 */
export async function inferFromDataset(
  context: StageContext, files: ReadonlyMap<string, Uint8Array>, bundle: Bundle, { data, validation_thresholds: thresholds }: ValidationSettings,
): Promise<{ message: string; metrics: DatasetMetrics | null } | Skipped> {
  const found = await validationData(context, data.features_dataset_path!);
  if (found.kind === 'features' && bundle.inference.learner === 'observer') {
    return { skipped: 'OBSERVER computes its features from the series: data.features_dataset_path must be an output folder of windows' };
  }
  const open = await openModel(files);
  try {
    const { scores, labels } = await (found.kind === 'features' ? fromFeatures(context, open, found.source, data) : fromWindows(context, open, found.source, data));
    checkScores(scores, labels.length, bundle);
    const message = `${labels.length} ${found.kind === 'features' ? 'rows' : 'windows'} of the dataset give ${scores.length} numbers in range`;
    const threshold = thresholds.prediction_threshold ?? bundle.inference.threshold;
    if (bundle.inference.task !== 'detection' || threshold === null) return { message, metrics: null };
    const counts = confusionAt(labels, scores, threshold);
    return {
      message,
      metrics: {
        rows: labels.length, positives: counts.truePositives + counts.falseNegatives, threshold,
        precision: precision(counts), recall: recall(counts), f1: f1(counts), false_positives: counts.falsePositives,
      },
    };
  } finally {
    await open.close();
  }
}

async function fromFeatures(context: StageContext, open: OpenModel, { dataset }: DatasetSource, data: ValidationSettings['data']): Promise<Inferred> {
  const names = open.bundle.features.map(({ name }) => name);
  const table = await decodeParquetFrom(await openPublished(context.storage, data.features_dataset_path!, dataset), { columns: [...new Set([...names, 'phase', data.label_column])] });
  checkModelInput(table.columns, names, { operational: true });
  const rows = chosenRows(strings(table, 'phase'), data);
  const labels = numbers(table, data.label_column);
  return { scores: await scoresOf(open, tableRows(table), rows), labels: Int32Array.from(rows, (row) => labels[row]!) };
}

/** Case by case, so that one series is in memory at a time. */
async function fromWindows(context: StageContext, open: OpenModel, source: ObserverSource, data: ValidationSettings['data']): Promise<Inferred> {
  checkCutting(open.preparation.windows, source.windows);
  const rows = chosenRows((await indexRows(context, source)).phases, data);
  const parts: Float64Array[] = [];
  const labels: number[] = [];
  let first = 0;
  for (const one of source.cases) {
    const own = rows.filter((row) => row >= first && row < first + one.windows).map((row) => row - first);
    first += one.windows;
    if (own.length === 0) continue;
    context.signal.throwIfAborted();
    const { series, index } = await readCase(context, source, one);
    parts.push(await scoresOf(open, await rowsOf(open, { recorded: series, series, index }, { caseId: one.id, group: one.group }), own));
    const truth = numbers(index, data.label_column);
    for (const window of own) labels.push(truth[window]!);
  }
  const scores = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (scores.set(part, at), at + part.length), 0);
  return { scores, labels: Int32Array.from(labels) };
}

function checkCutting(own: WindowSettings, found: WindowSettings): void {
  const keys = ['window_size', 'step_size', 'resample_seconds'] as const;
  const differing = keys.filter((key) => own[key] !== found[key]).map((key) => `${key} is ${found[key]}, the bundle has ${own[key]}`);
  if (differing.length > 0) throw fault(`the windows of the dataset are not cut as the bundle cuts them: ${differing.join('; ')}`);
}

function chosenRows(phases: readonly string[], { dataset_samples: most, sample_seed: seed }: ValidationSettings['data']): Int32Array {
  const counted = Int32Array.from(phases.keys()).filter((row) => phases[row] !== 'warmup' && phases[row] !== 'recovery');
  if (counted.length === 0) throw fault('the dataset has no window outside warm-up and recovery');
  if (most === null || counted.length <= most) return counted;
  return createRandom(seed).derive('validation').permutation(counted.length).subarray(0, most).sort().map((place) => counted[place]!);
}

/** Shape and range: a probability, one per class that sum to 1, or a finite value. */
function checkScores(scores: Float64Array, rows: number, { inference }: Bundle): void {
  const outputs = inference.task === 'multiclass' ? (inference.class_names?.length ?? 0) : 1;
  if (scores.length !== rows * outputs) throw fault(`the model gives ${scores.length} numbers for ${rows} rows; ${inference.task} needs ${rows * outputs}`);
  const isProbability = inference.task !== 'regression';
  const wrong = scores.findIndex((score) => !Number.isFinite(score) || (isProbability && (score < 0 || score > 1)));
  if (wrong >= 0) throw fault(`row ${Math.floor(wrong / outputs)} has the score ${scores[wrong]}; ${isProbability ? 'a probability' : 'a finite number'} is needed`);
  if (outputs === 1) return;
  for (let row = 0; row < rows; row++) {
    const sum = scores.subarray(row * outputs, (row + 1) * outputs).reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) > 1e-6) throw fault(`the probabilities of row ${row} sum to ${sum}; 1 is needed`);
  }
}
