// `npm run record-histories`: runs every workflow on a real embedded server and stores the histories that test/workflows/replay.test.ts
// replays. Run it after a change that alters the order of a workflow's commands on purpose. Until the first release histories may
// be recorded anew at will (all, or with names such as `parquetCsv` those pipelines alone); from then on such a change needs `patched`, and the old histories stay.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { prepare } from './prepare.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'test/histories');
/** Histories carry paths, so the project lies where nothing is told of this machine. */
const project = '/tmp/penstock-histories';
const queue = 'penstock';
/** The pipelines that run alone or as a child, with a section of each, in the order of the way. */
const sections = [
  ['tplGenkey', 'tpl_genkey_pipeline'], ['windows', 'windows_pipeline'], ['features', 'features_pipeline'],
  ['trainingPfmDetection', 'training_pfm_detection_pipeline'], ['testOffline', 'test_offline_pipeline'],
];
/** Those that no parent walks. */
const besides = [
  ...['PfmSize', 'PfmLocation', 'PfmLeakflow', 'ObserverDetection', 'ObserverSize', 'ObserverLocation'].map((name) =>
    [`training${name}`, `training_${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toLowerCase()}_pipeline`]),
  ['featureSelection', 'feature_selection_pipeline'], ['validateModel', 'validate_model_pipeline'], ['parquetCsv', 'parquet_csv_pipeline'], ['simulationCampaign', 'simulation_campaign_pipeline'],
];
/** The fusion is fitted to scores of the cases at hand. */
const fusion = { series_path: 'data/series/fit', folds: 2, 'line.long_seconds': 60, 'calibration.n_trials': 5 };
/** Named on the command line: only these are recorded, and the other histories stay. */
const wanted = process.argv.slice(2);

await prepare(['temporal', 'lightgbm']);
const { chooseServer, connectClient } = await import(`${root}dist/src/runtime/connection.js`);
const { historyToJSON } = await import('@temporalio/common/lib/proto-utils.js');

prepareProject();
const server = await chooseServer({ stateFolder: join(project, '.state'), ignoreEnvironment: true, report: say });
const client = await connectClient(server);
let worker = startWorker();
try {
  // So many that leaks have sizes to tell apart.
  await simulate('data/raw/fit', '--cases', '7', '--leak-free', '1', '--seed', '1');
  await simulate('data/raw/report', '--cases', '2', '--leak-free', '1', '--seed', '2');
  await (wanted.length > 0 ? recordSome() : recordAll());
} finally {
  await end(worker, 'SIGTERM');
  await client.connection.close();
  await server.release();
  rmSync(project, { recursive: true, force: true });
}
say(`${readdirSync(folder).length} histories are in test/histories`);
process.exit();

async function recordAll() {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await recordPlain();
  await recordContinued();
  await recordKilled();
  await recordPaused();
  await recordOpenAndCancelled();
  await recordParentCancelled();
  await recordRefused();
  await recordStudies();
  await recordFusion();
}

/** A study with wishes from outside; one whose host is killed; one that is continued; one in blocks; one that is asked and told. */
async function recordStudies() {
  const plain = await startStudy('plain', { n_trials: 12, parallelism: 2, benchmark: { function: 'sphere', seconds: 0.2, steps: 4 }, pruner: 'median', timeout: 600 });
  await until(async () => (await plain.query('progress')).done >= 2, 'trials are done');
  await plain.executeUpdate('pause');
  await plain.executeUpdate('enqueueTrial', { args: [{ x: 0.5 }] });
  await plain.executeUpdate('enqueueTrial', { args: [{ z: 0.5 }] }).catch(() => undefined);
  await plain.executeUpdate('setParallelism', { args: [3] });
  await plain.executeUpdate('addTrials', { args: [3] });
  await plain.executeUpdate('resume');
  await plain.result();
  await store('optimizeLgbm', 'plain', plain.workflowId);

  const killed = await startStudy('killed', { n_trials: 4, benchmark: { function: 'sphere', seconds: 1.5 } });
  await until(async () => (await killed.query('progress')).done >= 1 && (await killed.describe()).raw.pendingActivities?.some((a) => a.lastStartedTime), 'a trial is under way');
  await end(worker, 'SIGKILL');
  worker = startWorker();
  await killed.result();
  await store('optimizeLgbm', 'killed', killed.workflowId);

  const continued = await startStudy('continued', { n_trials: 20, parallelism: 2, trials_per_run: 8 });
  await continued.result();
  let { runId } = await client.workflow.getHandle(continued.workflowId, continued.firstExecutionRunId).describe();
  for (let run = 1; runId; run++) {
    const { events } = await history(continued.workflowId, runId);
    runId = events.at(-1).workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    if (run === 2) await store('optimizeLgbm', 'continued', continued.workflowId, { events });
    if (!runId) await store('optimizeLgbm', 'continued-last', continued.workflowId, { events });
  }

  const blocks = await startStudy('blocks', { n_trials: 100, parallelism: 2, trials_per_step: 10 });
  await blocks.result();
  await store('optimizeLgbm', 'blocks', blocks.workflowId);

  const external = await startStudy('external', { objective: 'external', n_trials: 6 });
  const asked = await external.executeUpdate('ask', { args: [{ count: 4 }] });
  for (const { number, params } of asked.toReversed()) await external.executeUpdate('tell', { args: [{ number, value: params.x }] });
  await external.executeUpdate('ask', { args: [] });
  await external.executeUpdate('stop');
  await external.result();
  await store('optimizeLgbm', 'external', external.workflowId);
}

function startStudy(what, keys) {
  const settings = {
    objective: 'benchmark', output_folder: `data/study-${what}`, sampler: 'tpe', pruner: 'none', enqueue: [],
    search_space: { x: { type: 'float', low: 0, high: 1 }, y: { type: 'float', low: 0, high: 1 } }, ...keys,
  };
  return start('optimizeLgbm', what, { overrides: Object.fromEntries(Object.entries(settings).map(([key, value]) => [`optimize_lgbm_hyperparameters.${key}`, value])) });
}

/** The whole way with its children; then all of it again, when nothing has changed; then each pipeline alone. */
async function recordPlain() {
  const parent = await start('leakDetection', 'plain');
  await parent.result();
  await store('leakDetection', 'plain', parent.workflowId);
  for (const [type, section] of sections) await store(type, 'child', `${parent.workflowId}.${section}`);
  await (await start('leakDetection', 'unchanged')).result();
  await store('leakDetection', 'unchanged', 'leakDetection-unchanged');
  await recordAlone([...sections, ...besides]);
}

/** Single pipelines, after the whole way, whose results they read. */
async function recordSome() {
  await (await start('leakDetection', 'before')).result();
  await recordAlone([...sections, ...besides].filter(([type]) => wanted.includes(type)));
  if (wanted.includes('optimizeLgbm')) await recordStudies();
  if (wanted.includes('ldsBayesian')) await recordFusion();
}

async function recordFusion() {
  await (await start('testOffline', 'calibration', { section: 'calibration_scores', overrides: { 'calibration_scores.parquet_root': 'data/series/fit' } })).result();
  const overrides = Object.fromEntries(Object.entries(fusion).map(([key, value]) => [`lds_bayesian_pipeline.${key}`, value]));
  await (await start('ldsBayesian', 'plain', { force: true, overrides })).result();
  await store('ldsBayesian', 'plain', 'ldsBayesian-plain');
}

async function recordAlone(some) {
  for (const [type, section] of some) {
    await (await start(type, 'plain', { section, force: true })).result();
    await store(type, 'plain', `${type}-plain`);
  }
}

/** One batch per run: a run in the middle, which was continued and continues, and the last, which publishes. */
async function recordContinued() {
  const handle = await start('tplGenkey', 'continued', { force: true, overrides: oneByOne({ batches_per_run: 1 }) });
  await handle.result();
  let { runId } = await client.workflow.getHandle(handle.workflowId, handle.firstExecutionRunId).describe();
  for (let run = 1; runId; run++) {
    const { events } = await history(handle.workflowId, runId);
    runId = events.at(-1).workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
    if (run === 2) await store('tplGenkey', 'continued', handle.workflowId, { events });
    if (!runId) await store('tplGenkey', 'continued-last', handle.workflowId, { events });
  }
}

/** The worker host is killed in the middle of a batch; another one goes on. */
async function recordKilled() {
  const handle = await start('features', 'killed', { force: true, overrides: { 'features_pipeline.batch_size': 1 } });
  await until(async () => (await handle.describe()).raw.pendingActivities?.some((a) => a.activityType?.name === 'featureBatch' && a.lastStartedTime), 'a batch is under way');
  await end(worker, 'SIGKILL');
  worker = startWorker();
  await handle.result();
  const { events } = await history(handle.workflowId);
  if (!events.some((event) => event.activityTaskStartedEventAttributes?.attempt > 1)) throw new Error('the kill met no activity; try again');
  await store('features', 'killed', handle.workflowId, { events });
}

async function recordPaused() {
  const handle = await start('windows', 'paused', { force: true, overrides: oneByOne({}, 'windows_pipeline') });
  await pauseBetweenBatches(handle);
  await handle.executeUpdate('resume');
  await handle.result();
  await store('windows', 'paused', handle.workflowId);
}

/** Still open: its last batches are to come. Then the same run, cancelled. */
async function recordOpenAndCancelled() {
  const handle = await start('tplGenkey', 'open', { force: true, overrides: oneByOne({}) });
  await pauseBetweenBatches(handle);
  await store('tplGenkey', 'open', handle.workflowId);
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await store('tplGenkey', 'cancelled', handle.workflowId);
}

/** A child that is under way for long enough to report to its parent; then both are cancelled. */
async function recordParentCancelled() {
  const handle = await start('leakDetection', 'cancelled', { force: true, overrides: oneByOne({}) });
  const child = client.workflow.getHandle(`${handle.workflowId}.tpl_genkey_pipeline`);
  await until(async () => (await child.query('progress')).done >= 1, 'a batch of the child is done');
  await child.executeUpdate('pause');
  await sleep(5_500);
  await child.executeUpdate('resume');
  await until(async () => (await handle.query('progress')).done > 0, 'the parent hears of it');
  await handle.cancel();
  await handle.result().catch(() => undefined);
  await store('leakDetection', 'cancelled', handle.workflowId);
  await store('tplGenkey', 'reporting', child.workflowId);
}

async function recordRefused() {
  const handle = await start('leakDetection', 'refused', { overrides: { 'features_pipeline.wavlet_level': 3 } });
  await handle.result().catch(() => undefined);
  await store('leakDetection', 'refused', handle.workflowId);
}

async function pauseBetweenBatches(handle) {
  await until(async () => (await handle.query('progress')).done >= 1, 'a batch is done');
  await handle.executeUpdate('pause');
  await until(async () => {
    const { events } = await handle.fetchHistory();
    return events.at(-1).workflowTaskCompletedEventAttributes && !(await handle.describe()).raw.pendingActivities?.length;
  }, 'the paused run is quiet');
}

async function store(workflow, what, workflowId, recorded) {
  const { events } = recorded ?? await history(workflowId);
  const text = JSON.stringify(scrubbed(JSON.parse(historyToJSON({ events }))), null, 1);
  const told = payloadsOf(text);
  const stray = [root, homedir(), `${hostname()}:`, `@${hostname()}`].filter((word) => told.includes(word));
  if (stray.length > 0) throw new Error(`${workflow}-${what} would tell ${stray.join(', ')}`);
  writeFileSync(join(folder, `${workflow}-${what}.json`), `${text}\n`);
  say(`${workflow}-${what}: ${events.length} events, ${Math.round(text.length / 1000)} kB`);
}

/** Names of hosts and processes and traces of the checkout are the recorder's business alone. */
function scrubbed(value, key = '') {
  if (Array.isArray(value)) return value.map((item) => scrubbed(item));
  if (typeof value === 'object' && value !== null) {
    const plain = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, scrubbed(inner, name)]));
    return value.kind === 'TASK_QUEUE_KIND_STICKY' ? { ...plain, name: 'sticky' } : plain;
  }
  if (key === 'identity') return 'worker@host';
  return key === 'stackTrace' ? '' : value;
}

/** A history's text, with what its payloads say in place of their base64. */
function payloadsOf(text) {
  return text.replaceAll(/"data": "([^"]*)"/g, (_, data) => Buffer.from(data, 'base64').toString());
}

async function history(workflowId, runId) {
  return client.workflow.getHandle(workflowId, runId).fetchHistory();
}

async function start(type, what, input = {}) {
  return client.workflow.start(type, { taskQueue: queue, workflowId: `${type}-${what}`, args: [input] });
}

function oneByOne(more, section = 'tpl_genkey_pipeline') {
  return Object.fromEntries(Object.entries({ batch_size: 1, max_workers: 1, ...more }).map(([key, value]) => [`${section}.${key}`, value]));
}

function startWorker() {
  return spawn(process.execPath, [join(root, 'bin/penstock.js'), 'worker'], {
    cwd: project, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, TEMPORAL_ADDRESS: server.address, PENSTOCK_QUEUE: queue, PENSTOCK_CPU_SLOTS: '2' },
  });
}

async function end(child, signal) {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

async function simulate(out, ...args) {
  const child = spawn(process.execPath, [join(root, 'bin/penstock.js'), 'simulate', '--out', out, '--duration', '400', ...args], { cwd: project, stdio: ['ignore', 'ignore', 'inherit'] });
  if (await new Promise((resolve) => child.once('exit', resolve))) throw new Error(`no campaign in ${out}`);
}

function prepareProject() {
  rmSync(project, { recursive: true, force: true });
  mkdirSync(join(project, 'configs'), { recursive: true });
  cpSync(join(root, 'configs/pipelines_config.yml'), join(project, 'configs/pipelines_config.yml'));
}

async function until(condition, what) {
  for (let i = 0; i < 1500; i++) {
    if (await condition().catch(() => false)) return;
    await sleep(20);
  }
  throw new Error(`not within 30 s: ${what}`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
