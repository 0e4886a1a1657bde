// `node score.mjs onnx|lightgbm LIBRARY MODEL DATASET THREADS`: scores 10,000 rows eight times; answers the seconds of each and some scores.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exportOnnx, loadModel, openLightgbm, openScorer } from '../../dist/src/learning/index.js';
import { decodeParquet, numbers } from '../../dist/src/table/index.js';

const [, , side, libraryPath, modelPath, path, threads] = process.argv;
const rows = 10_000;
const table = await decodeParquet(readFileSync(path), { rowGroups: [0] });
const names = Array.from({ length: 60 }, (_, i) => `f${i}`);
const values = new Float32Array(rows * names.length);
for (const [c, name] of names.entries()) {
  const column = numbers(table, name);
  for (let row = 0; row < rows; row++) values[row * names.length + c] = column[row];
}
const text = readFileSync(modelPath, 'utf8');
const model = loadModel(openLightgbm(libraryPath), text, createHash('sha256').update(text).digest('hex'), Number(threads));
const scorer = side === 'onnx' ? await openScorer(exportOnnx(model.dump), { threads: Number(threads) }) : undefined;
const score = async () => (scorer ? scorer.score(values, rows) : model.predict(values, rows));
let scores = await score();
const seconds = [];
for (let n = 0; n < 8; n++) {
  const started = performance.now();
  scores = await score();
  seconds.push((performance.now() - started) / 1000);
}
console.log(JSON.stringify({ rows, seconds, scores: Array.from(scores.subarray(0, 1000)) }));
process.exit();
