// Training from a Parquet file to the model: 500,000 rows of 60 features, 200 trees of 63 leaves, two threads, against pandas and LightGBM's own package.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preparedLightgbm } from '../dist/src/runtime/tools/index.js';
import { datasetFile } from './inputs.mjs';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch } from './scratch.mjs';

const peer = 'pandas + LightGBM 4.7.0';
const ours = fileURLToPath(new URL('ours/train.mjs', import.meta.url));
const theirs = fileURLToPath(new URL('peers/train_lightgbm.py', import.meta.url));

export async function training({ python, repetitions, trainingRows = 500_000, trainingRounds = 200 }) {
  const path = await datasetFile(trainingRows);
  const library = preparedLightgbm();
  return inScratch(async (scratch) => {
    const [mine, other] = [join(scratch, 'ours.txt'), join(scratch, 'theirs.txt')];
    // Both sides wait at barriers in the same way.
    const env = { OMP_WAIT_POLICY: 'passive', OMP_NUM_THREADS: '2' };
    tell(`training: ${trainingRows} rows, ${trainingRounds} trees`);
    const answers = await interleave({
      ours: () => answerOf(process.execPath, [ours, library, path, trainingRounds, 2, mine], { env }),
      theirs: () => answerOf(python, [theirs, path, trainingRounds, 2, other], { env }),
    }, repetitions);
    if (trees(mine) !== trees(other)) throw new Error('the trees differ');
    const of = (side, key) => answers[side].map((answer) => answer[key]);
    const what = `${trainingRows} rows of 60 features, ${trainingRounds} trees, two threads, the same trees`;
    return [
      { what: `${what}: time`, peer, ratio: ratios(of('ours', 'seconds'), of('theirs', 'seconds')), target: { most: 1.05 }, ours: `${median(of('ours', 'seconds')).toFixed(1)} s`, theirs: `${median(of('theirs', 'seconds')).toFixed(1)} s` },
      { what: `${what}: peak memory`, peer, ratio: ratios(of('ours', 'peak_mb'), of('theirs', 'peak_mb')), target: { most: 0.5 }, ours: `${median(of('ours', 'peak_mb')).toFixed(0)} MB`, theirs: `${median(of('theirs', 'peak_mb')).toFixed(0)} MB` },
    ];
  });
}

/** The trees of a model's text: what stands before and after them are parameters and names. */
function trees(path) {
  const text = readFileSync(path, 'utf8');
  return text.slice(text.indexOf('\nTree=0'), text.indexOf('end of trees'));
}
