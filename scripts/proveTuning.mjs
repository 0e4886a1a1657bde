// `node scripts/proveTuning.mjs`: is a study worth its time? Runs configs/tuning.yml (50 trials on one simulated campaign) and prints what the default and the
// tuned parameters do on the cases of another one. About 10 minutes of processor time; results stay in data/tuning, and a second call does no work.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
await prepare(['temporal', 'lightgbm']);
execFileSync(process.execPath, [join(root, 'bin/penstock.js'), 'run', 'tuning', '--config', 'configs/tuning.yml', '--json'], {
  cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PENSTOCK_EMBEDDED: '1' },
});

const read = (name) => JSON.parse(readFileSync(join(root, 'data/tuning', name), 'utf8'));
const { bundles } = read('tested/metrics.json');
const best = read('study/best_params.json');
console.log(`best of the study: ${best.metric} ${best.value} by trial ${best.trial}, ${JSON.stringify(best.params)}`);
const told = ['roc_auc', 'average_precision', 'events', 'events_found', 'false_alarms', 'leak_free_hours', 'median_delay_s'];
console.log(['', ...Object.keys(bundles)].map((name) => name.padEnd(18)).join(''));
for (const key of told) {
  console.log([key, ...Object.values(bundles).map(({ metrics }) => shown(metrics[key]))].map((text) => text.padEnd(18)).join(''));
}

function shown(value) {
  return typeof value === 'number' ? String(Number(value.toPrecision(5))) : String(value);
}
