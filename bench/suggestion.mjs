// What one suggestion of eight parameters costs after 1,000 finished trials, against the 5 ms that a study can spare beside its trials.
import { fileURLToPath } from 'node:url';
import { answerOf, median, spread, tell } from './measure.mjs';
import { eightParameters } from './tuningProblems.mjs';

const ours = fileURLToPath(new URL('ours/suggest.mjs', import.meta.url));
const allowed = 5;

export async function suggestion({ repetitions }) {
  const rows = [];
  for (const space of Object.keys(eightParameters)) {
    tell(`suggestion: ${space}`);
    const answers = [];
    for (let n = 0; n < repetitions; n++) answers.push(await answerOf(process.execPath, [ours, space]));
    const ms = (name) => median(answers.map((answer) => answer[name]));
    rows.push({
      what: `one suggestion after 1,000 trials, TPE, ${space}; median of 300`, peer: `${allowed} ms`, ratio: spread(answers.map((answer) => allowed / answer.median)), target: { least: 1 },
      ours: `${ms('median').toFixed(2)} ms (best ${ms('best').toFixed(2)})`, theirs: `${allowed} ms`,
    });
  }
  return rows;
}
