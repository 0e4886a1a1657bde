// `node offline.mjs CONFIG PROCESSES SECTION`: the stages of an offline test as its workflow runs them, batches in PROCESSES processes at a time.
import { readFileSync } from 'node:fs';
import { parseConfig } from '../../dist/src/config/index.js';
import { pipelineOfSection, resolveSection } from '../../dist/src/pipelines/resolveSection.js';
import { runInProcess } from '../../dist/src/runtime/stages/inProcess.js';
import { openPool } from '../../dist/src/runtime/stages/inThread.js';

const [, , configFile, processes, section] = process.argv;
const config = readFileSync(configFile, 'utf8');
const resolved = resolveSection(config, configFile, pipelineOfSection(parseConfig(config, configFile), section), { section });
const never = new AbortController().signal;
const job = (name, input) => ({ name, input, attempt: 1, storage: undefined });
const alone = (name, input) => runInProcess(job(name, input), never, () => undefined);

const started = performance.now();
const pool = openPool(1);
const plan = await pool.run(job('planOfflineTest', { resolved }), never, () => undefined);
const planned = performance.now();
let next = 0;
await Promise.all(Array.from({ length: Number(processes) }, async () => {
  while (next < plan.batches) await alone('scoreBatch', { resolved, planUri: plan.planUri, batch: next++ });
}));
const scored = performance.now();
const outcome = await alone('publishOfflineTest', { resolved, planUri: plan.planUri });
const ended = performance.now();
await pool.close();
if (outcome.quarantined.length > 0) throw new Error(`${outcome.quarantined.length} cases were quarantined`);
console.log(JSON.stringify({
  seconds: (ended - started) / 1000, parts: { plan: (planned - started) / 1000, score: (scored - planned) / 1000, report: (ended - scored) / 1000 }, metrics: outcome.metrics,
}));
