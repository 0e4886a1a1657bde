// `node train.mjs LIBRARY DATASET ROUNDS THREADS MODEL`: trains on a Parquet dataset as the training stages do, row group by row group, and
// writes the model's text. Answers seconds from the open file to the trained model, and the largest resident set in MB.
import { openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { parquetFeatures } from '../../dist/src/activities/training/featureRows.js';
import { openLightgbm, trainBooster } from '../../dist/src/learning/index.js';
import { decodeParquetFrom, numbers } from '../../dist/src/table/index.js';

const [, , libraryPath, path, rounds, threads, modelPath] = process.argv;
// Libraries are loaded before the clock starts, as the peer's are by its imports.
const library = openLightgbm(libraryPath);
await import('../../dist/src/table/decodeParquet.js');
const started = performance.now();
const handle = openSync(path, 'r');
const source = {
  size: statSync(path).size,
  async read(start, end) {
    const bytes = new Uint8Array(end - start);
    readSync(handle, bytes, 0, bytes.length, start);
    return bytes;
  },
};
const labels = Float32Array.from(numbers(await decodeParquetFrom(source, { columns: ['label'] }), 'label'));
const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
const features = await parquetFeatures(source, names);
const rows = Int32Array.from({ length: labels.length }, (_, row) => row);
const read = performance.now();
const model = await trainBooster(library, {
  params: { objective: 'binary', num_leaves: 63, learning_rate: 0.1, num_threads: Number(threads) }, rounds: Number(rounds), valid: [], yieldEvery: 50,
  train: { rows: rows.length, columns: names.length, labels, pieces: () => features.pieces(rows) },
});
const seconds = (performance.now() - started) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
writeFileSync(modelPath, model.modelText);
console.log(JSON.stringify({ seconds, label_seconds: (read - started) / 1000, peak_mb: peak }));
model.free();
