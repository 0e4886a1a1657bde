import { baseName, type StoredFile } from '../../storage/index.js';
import { openPredictor } from '../openBundle.js';
import { predictSeries } from '../predict/predictSeries.js';
import { readInput } from '../predict/readInput.js';
import type { StageContext } from '../stage.js';
import { fault, type Skipped } from './report.js';

/** The first recordings of a folder, in the order of their names. */
export async function recordingsIn(context: StageContext, folder: string, most: number): Promise<readonly StoredFile[]> {
  return (await context.storage.list(folder)).filter(({ uri }) => /\.(tpl|parquet|csv)$/i.test(uri)).slice(0, most);
}

/** Inference method 2: recordings to windows, features and scores, by the bundle alone. */
export async function inferFromRecordings(context: StageContext, files: ReadonlyMap<string, Uint8Array>, folder: string, most: number): Promise<string | Skipped> {
  const recordings = await recordingsIn(context, folder, most);
  if (recordings.length === 0) throw fault(`there is no .tpl, .parquet or .csv file in ${folder}`);
  const open = await openPredictor(files);
  let [windows, scored] = [0, 0];
  try {
    for (const { uri } of recordings) {
      context.signal.throwIfAborted();
      const name = baseName(uri);
      const { prediction } = await predictSeries(open, await readInput(name, await context.storage.read(uri)), name, { persistence: 1, holdOffSeconds: 0, waveSpeed: null });
      if (prediction.status !== 'scored') throw fault(`${name} gives no score: ${prediction.reason}`);
      windows += prediction.windows;
      scored += prediction.scored;
    }
  } finally {
    await open.close();
  }
  return `${recordings.length} recordings give ${scored} scores for ${windows} windows`;
}
