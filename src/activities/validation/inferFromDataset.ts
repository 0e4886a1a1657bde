import { checkModelInput, type Bundle } from '../../learning/index.js';
import { confusionAt, f1, precision, recall } from '../../metrics/index.js';
import { createRandom } from '../../numeric/index.js';
import { openPublished } from '../../storage/index.js';
import { decodeParquetFrom, numbers, strings, type Table } from '../../table/index.js';
import { datasetSource } from '../datasetSource.js';
import { openModel, scoresOf } from '../scoreSeries.js';
import type { StageContext } from '../stage.js';
import { fault, type DatasetMetrics } from './report.js';
import type { ValidationSettings } from './validateBundle.js';

/** Inference method 1: rows of a published dataset of features, in windows that are neither warm-up nor recovery. */
export async function inferFromDataset(
  context: StageContext, files: ReadonlyMap<string, Uint8Array>, bundle: Bundle, { data, validation_thresholds: thresholds }: ValidationSettings,
): Promise<{ message: string; metrics: DatasetMetrics | null }> {
  const folder = data.features_dataset_path!;
  const source = await datasetSource(context, { input_path: folder });
  const names = bundle.features.map(({ name }) => name);
  const table = await decodeParquetFrom(await openPublished(context.storage, folder, source.dataset), { columns: [...new Set([...names, 'phase', data.label_column])] });
  checkModelInput(table.columns, names, { operational: true });
  const rows = chosenRows(table, data);
  if (rows.length === 0) throw fault('the dataset has no window outside warm-up and recovery');
  const scores = await scoreRows(files, table, rows);
  checkScores(scores, rows.length, bundle);
  const message = `${rows.length} rows of the dataset give ${scores.length} numbers in range`;
  const threshold = thresholds.prediction_threshold ?? bundle.inference.threshold;
  if (bundle.inference.task !== 'detection' || threshold === null) return { message, metrics: null };
  const labels = numbers(table, data.label_column);
  const counts = confusionAt(Int32Array.from(rows, (row) => labels[row]!), scores, threshold);
  return {
    message,
    metrics: {
      rows: rows.length, positives: counts.truePositives + counts.falseNegatives, threshold,
      precision: precision(counts), recall: recall(counts), f1: f1(counts), false_positives: counts.falsePositives,
    },
  };
}

async function scoreRows(files: ReadonlyMap<string, Uint8Array>, table: Table, rows: Int32Array): Promise<Float64Array> {
  const open = await openModel(files);
  try {
    return await scoresOf(open, table, rows);
  } finally {
    await open.close();
  }
}

function chosenRows(table: Table, { dataset_samples: most, sample_seed: seed }: ValidationSettings['data']): Int32Array {
  const counted = Int32Array.from(strings(table, 'phase').keys()).filter((row) => !['warmup', 'recovery'].includes(strings(table, 'phase')[row]!));
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
