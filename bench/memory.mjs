// Memory, history and time of `penstock run` on the embedded server: a small campaign against one many times its size.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectClient } from '../dist/src/runtime/connection.js';
import { attachServer } from '../dist/src/runtime/server/index.js';
import { campaignFolder, campaigns } from './inputs.mjs';
import { hostAnswer, interleave, median, ratios, spread, tell } from './measure.mjs';
import { chain, chainSections } from './chain.mjs';
import { inScratch, writeConfig } from './scratch.mjs';

const small = 500;
const penstock = fileURLToPath(new URL('../bin/penstock.js', import.meta.url));
const peakMemory = pathToFileURL(fileURLToPath(new URL('ours/peakMemory.mjs', import.meta.url))).href;
const words = { tpl_genkey_pipeline: 'ingest', windows_pipeline: 'windows', features_pipeline: 'features' };

/** One repetition by default: the large campaign alone takes minutes. */
export async function memory({ cases, memoryRepetitions }) {
  const sources = { small: await campaignFolder(campaigns.memory(small)), large: await campaignFolder(campaigns.memory(cases)) };
  tell(`memory: ${small} and ${cases} cases`);
  const answers = await inScratch((scratch) => interleave({
    small: () => runAll(scratch, sources.small),
    large: () => runAll(scratch, sources.large),
  }, memoryRepetitions));
  return chainSections.flatMap((section) => {
    const of = (size, fact) => answers[size].map((answer) => answer.sections[section][fact]);
    const perCase = (size, count) => of(size, 'seconds').map((seconds) => (1000 * seconds) / count);
    const shared = { peer: `the same with ${small}` };
    return [
      {
        ...shared, what: `${words[section]} of ${cases} cases: peak memory of the process`, ratio: ratios(of('large', 'peak'), of('small', 'peak')), target: { most: 1.2 },
        ours: `${median(of('large', 'peak')).toFixed(0)} MB`, theirs: `${median(of('small', 'peak')).toFixed(0)} MB`,
      },
      {
        ...shared, what: `${words[section]} of ${cases} cases: time per case`, ratio: ratios(perCase('large', cases), perCase('small', small)), target: { most: 1.1 },
        ours: `${median(perCase('large', cases)).toFixed(1)} ms`, theirs: `${median(perCase('small', small)).toFixed(1)} ms`,
      },
      {
        peer: 'limit of a history', what: `${words[section]} of ${cases} cases: events in the longest history`, count: spread(of('large', 'events')), target: { most: 10_000 },
        ours: `${median(of('large', 'events'))}`, theirs: `${median(of('small', 'events'))} with ${small}`,
      },
    ];
  });
}

/** Every section once, each in a process of its own, on an embedded server that nobody has used before. */
async function runAll(scratch, source) {
  const folder = join(scratch, 'project');
  const state = join(scratch, 'state');
  const config = writeConfig(folder, chain(source, { warmup_seconds: 20 }));
  const server = await attachServer({ stateFolder: state, report: tell });
  try {
    const sections = {};
    for (const section of chainSections) sections[section] = await runOne(section, { folder, state, config, address: server.address });
    return { sections };
  } finally {
    await server.release();
    rmSync(folder, { recursive: true, force: true });
    rmSync(state, { recursive: true, force: true });
  }
}

async function runOne(section, { folder, state, config, address }) {
  const peakFile = join(folder, `${section}.peak`);
  const env = { PENSTOCK_STATE: state, PENSTOCK_EMBEDDED: '1', BENCH_PEAK: peakFile };
  const { workflowId, outcome } = await hostAnswer(['--import', peakMemory, penstock, 'run', section, '--config', config, '--json'], { env, cwd: folder });
  if (outcome !== 'completed') throw new Error(`${workflowId}: ${outcome}`);
  const runs = await runsOf(workflowId, address);
  const seconds = (Math.max(...runs.map((run) => run.closeTime)) - Math.min(...runs.map((run) => run.startTime))) / 1000;
  return { peak: Number(readFileSync(peakFile, 'utf8')), seconds, events: Math.max(...runs.map((run) => run.historyLength)) };
}

/** All runs of a workflow, from the first to the last that continued it, once the server's list has them closed. */
async function runsOf(workflowId, address) {
  const client = await connectClient({ address, namespace: 'default' });
  try {
    for (let attempt = 0; attempt < 60; attempt++) {
      const runs = [];
      for await (const run of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) runs.push(run);
      if (runs.length > 0 && runs.every((run) => run.closeTime)) return runs;
      await sleep(500);
    }
    throw new Error(`${workflowId} is not in the server's list`);
  } finally {
    await client.connection.close();
  }
}
