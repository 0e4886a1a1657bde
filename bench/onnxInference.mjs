// Scoring 10,000 rows by the exported model in onnxruntime, against LightGBM's own prediction of the same model, in one process each.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparedLightgbm } from '../dist/src/runtime/tools/index.js';
import { datasetFile } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch } from './scratch.mjs';

const train = fileURLToPath(new URL('ours/train.mjs', import.meta.url));
const score = fileURLToPath(new URL('ours/score.mjs', import.meta.url));

export async function onnxInference({ repetitions, trainingRounds = 200 }) {
  const path = await datasetFile(50_000);
  const library = preparedLightgbm();
  return inScratch(async (scratch) => {
    const model = join(scratch, 'model.txt');
    tell('onnx-inference: training the model');
    await answerOf(process.execPath, [train, library, path, trainingRounds, 2, model]);
    const rows = [];
    for (const threads of [1, 2]) {
      const env = { OMP_WAIT_POLICY: 'passive', OMP_NUM_THREADS: String(threads) };
      const answers = await interleave({
        onnx: () => answerOf(process.execPath, [score, 'onnx', library, model, path, threads], { env }),
        lightgbm: () => answerOf(process.execPath, [score, 'lightgbm', library, model, path, threads], { env }),
      }, repetitions);
      const worst = Math.max(...answers.onnx[0].scores.map((value, i) => Math.abs(value - answers.lightgbm[0].scores[i])));
      if (worst > 1e-12) throw new Error(`scores differ by ${worst}`);
      const rate = (side) => answers[side].map((answer) => answer.rows / Math.min(...answer.seconds));
      rows.push({
        what: `10,000 rows, 200 trees of 63 leaves, ${threads === 1 ? 'one thread' : 'two threads'}`, peer: 'LightGBM\'s own prediction', ratio: ratios(rate('onnx'), rate('lightgbm')), target: { least: 1.3 },
        ours: `${(median(rate('onnx')) / 1000).toFixed(0)} thousand rows/s`, theirs: `${(median(rate('lightgbm')) / 1000).toFixed(0)} thousand rows/s`,
      });
    }
    return rows;
  });
}
