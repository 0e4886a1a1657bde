// `node sections.mjs CONFIG THREADS SECTION...`: runs sections by their stages, as their workflows do, in a pool of THREADS.
import { readFileSync } from 'node:fs';
import { parseConfig } from '../../dist/src/config/index.js';
import { pipelineOfSection, resolveSection } from '../../dist/src/pipelines/resolveSection.js';
import { openPool } from '../../dist/src/runtime/stages/inThread.js';

const stagesOf = {
  tplGenkey: ['planIngest', 'ingestBatch', 'publishIngest'],
  windows: ['planWindows', 'windowBatch', 'publishWindows'],
  features: ['planFeatures', 'featureBatch', 'publishFeatures'],
  trainingPfmDetection: ['planTraining', 'trainModel', 'publishTraining'],
};
const [, , configFile, threads, ...sections] = process.argv;
const config = readFileSync(configFile, 'utf8');

const started = performance.now();
const used = process.cpuUsage();
const pool = openPool(Number(threads));
const seconds = {};
const metrics = {};
for (const section of sections) {
  const before = performance.now();
  metrics[section] = await run(section);
  seconds[section] = (performance.now() - before) / 1000;
}
const total = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(used);
await pool.close();
console.log(JSON.stringify({ seconds: total, cpu: (user + system) / 1e6, sections: seconds, metrics }));

async function run(section) {
  const resolved = resolveSection(config, configFile, pipelineOfSection(parseConfig(config, configFile), section), { section });
  const [plan, batch, publish] = stagesOf[resolved.pipeline];
  const planned = await call(plan, { resolved });
  if (planned.upToDate) return planned.result.metrics;
  let next = 0;
  await Promise.all(Array.from({ length: Number(threads) }, async () => {
    while (next < planned.batches) await call(batch, { resolved, planUri: planned.planUri, batch: next++ });
  }));
  const outcome = await call(publish, { resolved, planUri: planned.planUri });
  if (outcome.quarantined.length > 0) throw new Error(`${outcome.quarantined.length} cases were quarantined`);
  return outcome.metrics;
}

function call(name, input) {
  return pool.run({ name, input, attempt: 1, storage: undefined }, new AbortController().signal, () => undefined);
}
