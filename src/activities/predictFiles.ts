import { PenstockError } from '../errors/index.js';
import { baseName } from '../storage/index.js';
import { concatTables, encodeCsv, encodeParquet, type Table } from '../table/index.js';
import { isInputError } from './batches.js';
import { predictSeries, type AlarmRules } from './predict/predictSeries.js';
import type { FilePrediction, PredictResult } from './predict/prediction.js';
import { readBundleFolder } from './predict/readBundleFolder.js';
import { readInput } from './predict/readInput.js';
import { openPredictor } from './openBundle.js';
import { defineStage } from './stage.js';

/** Everything by URI: absolute paths, or s3://. */
export interface PredictInput extends AlarmRules {
  readonly bundle: string;
  readonly files: readonly string[];
  /** A .parquet or .csv file for the scores of all windows. */
  readonly out?: string;
}

/** Scores recordings with nothing but the folder of a bundle. A file that cannot be scored says why; the others go on. */
export const predictFiles = defineStage('process', async (input: PredictInput, context): Promise<PredictResult> => {
  if (input.out !== undefined && !/\.(parquet|csv)$/i.test(input.out)) throw new PenstockError('cli/usage', 'the scores are written as .parquet or .csv', { file: input.out });
  const open = await openPredictor(await readBundleFolder(context, input.bundle));
  const files: FilePrediction[] = [];
  const tables: Table[] = [];
  try {
    for (const [index, uri] of input.files.entries()) {
      context.signal.throwIfAborted();
      context.progress({ done: index, total: input.files.length, unit: 'files', detail: baseName(uri) });
      try {
        const recorded = await readInput(baseName(uri), await context.storage.read(uri));
        const { prediction, windows } = await predictSeries(open, recorded, uri, input);
        files.push(prediction);
        if (windows) tables.push(windows);
      } catch (error) {
        if (!(error instanceof PenstockError) || !belongsToFile(error)) throw error;
        files.push({ file: uri, status: 'failed', reason: error.message, windows: 0, scored: 0, alarms: [], classes: [], values: null, troubles: [], notes: [] });
      }
    }
  } finally {
    await open.close();
  }
  const { bundle, prediction } = open;
  const written = input.out !== undefined && tables.length > 0 ? input.out : null;
  if (written !== null) {
    const all = concatTables(tables);
    await context.storage.write(written, /\.csv$/i.test(written) ? encodeCsv(all) : encodeParquet(all));
  }
  return { bundle: { sha256: bundle.sha256, source: bundle.manifest.source, task: bundle.inference.task, target: prediction.target, threshold: bundle.inference.threshold }, files, out: written };
});

/** Errors of one recording; any other ends the run. */
function belongsToFile(error: PenstockError): boolean {
  return error.code === 'storage/not-found' || error.code === 'cli/usage' || isInputError(error);
}
