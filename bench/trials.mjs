// 1,000 trials that do nothing but be suggested and recorded, against Optuna with the storage that two of its processes can share.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { answerOf, interleave, median, ratios, tell } from './measure.mjs';
import { inScratch } from './scratch.mjs';

const peer = fileURLToPath(new URL('peers/trials.py', import.meta.url));
const ours = fileURLToPath(new URL('ours/trials.mjs', import.meta.url));
const count = 1000;

export async function trials({ python, repetitions }) {
  tell(`trials: ${count} trials by 2 at a time`);
  return inScratch(async (scratch) => {
    const run = (perStep) => (n) => answerOf(process.execPath, [ours, join(scratch, `${perStep}-${n}`), count, 2, perStep]);
    const answers = await interleave({ blocks: run(25), single: run(1), optuna: () => answerOf(python, [peer, count]) }, repetitions);
    const seconds = (side) => answers[side].map((answer) => answer.seconds);
    const shown = (side) => `${(1000 * median(seconds(side)) / count).toFixed(1)} ms a trial`;
    if (answers.blocks.concat(answers.single, answers.optuna).some((answer) => answer.trials !== count)) throw new Error('not all trials were made');
    const row = (side, what, target) => ({
      what, peer: 'Optuna, 2 processes and SQLite', ratio: ratios(seconds('optuna'), seconds(side)), ...(target && { target }), ours: shown(side), theirs: shown('optuna'),
    });
    return [
      row('blocks', `${count} trials without work, TPE, 2 at a time, 25 to a step`, { least: 3 }),
      row('single', `${count} trials without work, TPE, 2 at a time, each a step of its own`),
    ];
  });
}
