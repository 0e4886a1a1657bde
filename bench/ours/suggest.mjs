// `node suggest.mjs SPACE`: one suggestion after 1,000 finished trials, in this thread.
import { suggest } from '../../dist/src/tuning/index.js';
import { eightParameters } from '../tuningProblems.mjs';

const space = eightParameters[process.argv[2]];
const options = (number) => ({ seed: 1, number, direction: 'minimize' });
const trials = [];
for (let number = 0; number < 1000; number++) {
  const params = suggest({ type: 'random' }, space, trials, options(number));
  trials.push({ number, state: 'complete', params, value: Object.values(params).reduce((sum, value) => sum + (typeof value === 'number' ? Math.sin(3 * value) ** 2 : 0), 0) });
}
const milliseconds = Array.from({ length: 300 }, (_, i) => {
  const started = performance.now();
  suggest({ type: 'tpe' }, space, trials, options(1000 + i));
  return performance.now() - started;
}).sort((a, b) => a - b);
process.stdout.write(JSON.stringify({ best: milliseconds[0], median: milliseconds[150] }));
