// The main job from a fresh clone: prepares what is needed, simulates two campaigns, and walks from raw OLGA files to a
// tested leak-detection model. Whatever TEMPORAL_ADDRESS says, it uses the embedded server.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const campaigns = [
  { out: 'data/raw/fit', cases: 60, leakFree: 20, seed: 1 },
  { out: 'data/raw/report', cases: 40, leakFree: 20, seed: 2 },
];

await prepare(['temporal', 'lightgbm']);
for (const { out, cases, leakFree, seed } of campaigns) {
  await penstock(['simulate', '--out', out, '--cases', String(cases), '--leak-free', String(leakFree), '--seed', String(seed)]);
}
const result = JSON.parse(await penstock(['run', 'leak_detection_pipeline', '--json']));
tell(result);

function tell({ workflowId, outcome, metrics, outputs, quarantined }) {
  const report = outputs.find(({ name }) => name === 'offline_report.xlsx')?.uri;
  const interval = `${metrics.false_alarms_lower.toFixed(1)} to ${metrics.false_alarms_upper.toFixed(1)}`;
  console.log([
    '',
    outcome === 'up_to_date' ? 'Everything is up to date: no work was done. The last results:' : 'Done. On held-out simulated cases with operating points of their own:',
    `  events found      ${metrics.events_found} of ${metrics.events}`,
    `  false alarms      ${metrics.false_alarms} in ${metrics.leak_free_hours.toFixed(1)} leak-free hours (95 % interval of the count: ${interval})`,
    `  median delay      ${metrics.median_delay_s === null ? 'none found' : `${metrics.median_delay_s.toFixed(1)} s`}`,
    `  beside it         clock only: ROC-AUC ${number(metrics.clock_only_auc)}, imbalance threshold: ${metrics.imbalance_found} of ${metrics.events} found with ${metrics.imbalance_false_alarms} false alarms, shifted labels: ROC-AUC ${number(metrics.shifted_label_auc)}`,
    ...(quarantined.length > 0 ? [`  quarantined       ${quarantined.length} inputs`] : []),
    `  report            ${report}`,
    '',
    `See the run in the Temporal Web UI: npx penstock dev   (then open the address it prints; the run is ${workflowId})`,
  ].join('\n'));
}

function number(value) {
  return value === null ? 'none' : value.toFixed(3);
}

/** Runs the CLI with its progress on this terminal; answers its standard output. */
function penstock(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`${root}bin/penstock.js`, ...args], {
      cwd: root, stdio: ['inherit', 'pipe', 'inherit'], env: { ...process.env, PENSTOCK_EMBEDDED: '1' },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => { output += chunk; });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else process.exit(code ?? 1);
    });
  });
}
