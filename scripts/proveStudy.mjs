// Proofs about studies on a real server, with worker hosts of their own that are killed:
//   node scripts/proveStudy.mjs [kills] [kill] [hosts] [long] [--count 10] [--seed 1]
// kills: a study of trainings whose worker host, training process and server are killed in turn, from its first trials to its last, ends with the table of
//        an undisturbed one
// kill:  the only worker host is killed during trial 7 of 20
// hosts: two worker hosts share 50 trials
// long:  3,000 trivial trials, each a step of its own
// Without a name all of them. Needs the build in dist/; about 10 minutes.
import { execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createRandom } from '../dist/src/numeric/index.js';
import { chooseServer, connectClient } from '../dist/src/runtime/connection.js';

const { values: options, positionals } = parseArgs({ allowPositionals: true, options: { count: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' } } });
const penstock = fileURLToPath(new URL('../bin/penstock.js', import.meta.url));
const root = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-study-')));
const state = join(root, 'state');
const section = 'optimize_lgbm_hyperparameters';
const proofs = { kills: proveKills, kill: proveOneKill, hosts: proveHosts, long: proveLong };
const hosts = new Set();

const server = await chooseServer({ stateFolder: state, ignoreEnvironment: true, report: () => undefined });
const client = await connectClient(server);
try {
  for (const name of positionals.length > 0 ? positionals : Object.keys(proofs)) await proofs[name]();
} finally {
  for (const host of hosts) await end(host, 'SIGKILL');
  await client.connection.close();
  await server.release();
  rmSync(root, { recursive: true, force: true });
}
process.exit(process.exitCode);

async function proveKills() {
  const folder = await dataset();
  const wanted = Number(options.count);
  const trials = 3 * wanted;
  const settings = { input_path: 'data/features', n_trials: trials, num_boost_round: 30, early_stopping_rounds: 30, trial_attempts: 20 };
  const calm = await run('calm', folder, settings, async (handle) => handle.result());
  const random = createRandom(Number(options.seed));
  const done = [];
  const shaken = await run('shaken', folder, settings, async (handle, queue) => {
    let over = false;
    const ended = handle.result().then(() => { over = true; });
    const finished = () => handle.query('progress').then((progress) => progress.done, () => -1);
    // One kill in each of as many equal parts of the study, at a moment of its own.
    for (let part = 0; part < wanted && !over; part++) {
      const from = part * (trials / wanted) + Math.floor(random.uniform() * (trials / wanted - 1));
      while (!over && await finished() < from) await sleep(50);
      await sleep(800 * random.uniform());
      const kind = ['host', 'training', 'server'][part % 3];
      if (kind === 'training') while (!over && trainings([...hosts][0].pid).length === 0) await sleep(10);
      if (over) break;
      done.push(`${kind} ${await finished()}`);
      if (kind === 'host') {
        await end([...hosts][0], 'SIGKILL');
        await startHost(queue);
      } else process.kill(kind === 'training' ? trainings([...hosts][0].pid)[0] : serverPid(), 'SIGKILL');
    }
    return ended;
  });
  const differing = calm.trials.filter((line, n) => line !== shaken.trials[n]);
  report('kills', `${done.length} kills, after so many of ${trials} trials: ${done.join(', ')}; ${calm.trials.length} and ${shaken.trials.length} rows, ${differing.length} differ; ${calm.seconds.toFixed(0)} s undisturbed, ${shaken.seconds.toFixed(0)} s disturbed`,
    done.length === wanted && calm.trials.length === shaken.trials.length && differing.length === 0);
}

async function proveOneKill() {
  const settings = { ...benchmark({ seconds: 1 }), n_trials: 20, sampler: 'tpe' };
  const calm = await run('undisturbed', root, { ...benchmark({ seconds: 0 }), n_trials: 20, sampler: 'tpe' }, (handle) => handle.result());
  let before;
  const killed = await run('killed', root, settings, async (handle, queue) => {
    await until(async () => (await handle.query('progress')).done >= 7 && (await handle.describe()).raw.pendingActivities?.some((a) => a.lastStartedTime), 'trial 7 is under way');
    await sleep(300);
    before = times(join(root, 'killed'));
    await end([...hosts][0], 'SIGKILL');
    await startHost(queue);
    await handle.result();
    return handle.query('trials', { limit: 500 });
  });
  const again = times(join(root, 'killed'), true).slice(0, 7).filter((time, n) => time !== before[n]);
  const { trials } = killed.answer;
  const differing = calm.trials.filter((line, n) => line !== killed.trials[n]);
  report('kill', `${new Set(trials.map(({ number }) => number)).size} numbers, ${trials.filter(({ state: s }) => s === 'running').length} running, ${again.length} of trials 0 to 6 run again, ${differing.length} rows differ from an undisturbed study`,
    trials.length === 20 && trials.every(({ state: s }) => s === 'complete') && again.length === 0 && differing.length === 0);
}

async function proveHosts() {
  const settings = { ...benchmark({ seconds: 1 }), n_trials: 50, parallelism: 4 };
  const one = await run('one', root, settings, (handle) => handle.result());
  const two = await run('two', root, settings, (handle) => handle.result(), 2);
  const params = new Set(two.trials.map((line) => line.split(',').slice(3, 5).join()));
  const share = {};
  for (const { host } of two.run.trials) share[host] = (share[host] ?? 0) + 1;
  const shares = Object.values(share);
  report('hosts', `${two.trials.length} finished, ${params.size} different, by hosts ${shares.join(' and ')}, ${two.seconds.toFixed(1)} s against ${one.seconds.toFixed(1)} s on one host (${(two.seconds / one.seconds).toFixed(2)})`,
    two.trials.length === 50 && params.size === 50 && shares.length === 2 && Math.min(...shares) >= 15 && two.seconds <= 0.65 * one.seconds);
}

async function proveLong() {
  const settings = { ...benchmark({ seconds: 0 }), n_trials: 3000, parallelism: 4, sampler: 'random' };
  const long = await run('long', root, settings, (handle) => handle.result());
  const alone = await run('alone', root, { ...settings, parallelism: 1, trials_per_step: 500 }, (handle) => handle.result());
  const lengths = await historyLengths('long');
  const same = (lines) => lines.map((line) => line.split(',').slice(0, 5).join());
  const [a, b] = [same(long.trials), same(alone.trials)];
  const differing = a.filter((line, n) => line !== b[n]).length;
  report('long', `${long.trials.length} trials in ${lengths.length} runs, histories of ${lengths.join(', ')} events, ${(1000 * long.seconds / 3000).toFixed(1)} ms a trial; ${differing} rows differ from one made in blocks, in order`,
    long.trials.length === 3000 && lengths.length >= 3 && Math.max(...lengths) <= 10_240 && differing === 0);
}

function benchmark(settings) {
  return {
    objective: 'benchmark', benchmark: { function: 'sphere', ...settings }, pruner: 'none',
    search_space: { x: { type: 'float', low: -5, high: 5 }, y: { type: 'float', low: -5, high: 5 } },
  };
}

/** Runs one study to its end on worker hosts of its own; answers its table, its times and what `work` answered. */
async function run(name, base, settings, work, hostCount = 1) {
  const folder = join(root, name);
  mkdirSync(join(folder, 'configs'), { recursive: true });
  const places = { ...(settings.input_path && { input_path: join(base, settings.input_path) }), output_folder: join(folder, 'study') };
  writeFileSync(join(folder, 'configs', 'pipelines_config.yml'), JSON.stringify({ [section]: { ...settings, ...places } }));
  for (let i = 0; i < hostCount; i++) await startHost(name);
  const started = Date.now();
  const handle = await client.workflow.start('optimizeLgbm', { taskQueue: name, workflowId: name, args: [{ config: join(folder, 'configs', 'pipelines_config.yml') }] });
  const answer = await work(handle, name);
  const seconds = (Date.now() - started) / 1000;
  for (const host of hosts) await end(host, 'SIGTERM');
  const read = (file) => readFileSync(join(folder, 'study', file), 'utf8');
  return { answer, seconds, trials: read('trials.csv').trim().split('\n').slice(1), run: JSON.parse(read('run.json')) };
}

/** When each trial began, as storage tells it: while the study runs, or after. */
function times(folder, after = false) {
  if (after) return JSON.parse(readFileSync(join(folder, 'study', 'run.json'), 'utf8')).trials.map(({ started }) => started);
  const trials = join(folder, 'study', '.work', 'trials');
  return readdirSync(trials).sort().map((file) => JSON.parse(readFileSync(join(trials, file), 'utf8')).started);
}

async function historyLengths(workflowId) {
  const lengths = [];
  for await (const { runId } of client.workflow.list({ query: `WorkflowId = "${workflowId}"` })) {
    lengths.push(Number((await client.workflow.getHandle(workflowId, runId).describe()).historyLength));
  }
  return lengths;
}

/** Feature rows of a small campaign. */
async function dataset() {
  const folder = join(root, 'campaign');
  mkdirSync(join(folder, 'configs'), { recursive: true });
  const steps = ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline'];
  writeFileSync(join(folder, 'configs', 'pipelines_config.yml'), JSON.stringify({
    leak_detection_pipeline: { steps },
    tpl_genkey_pipeline: { source_folder: 'raw', output_folder: 'data/series' },
    windows_pipeline: { source_folder: 'data/series', output_folder: 'data/windows', warmup_seconds: 60, recovery_seconds: 30, step_size: 8 },
    features_pipeline: { source_folder: 'data/windows', output_folder: 'data/features', wavelet_level: 2 },
  }));
  const call = (...args) => promisify(execFile)(process.execPath, [penstock, ...args], { cwd: folder, env: { ...process.env, PENSTOCK_STATE: state, PENSTOCK_EMBEDDED: '1', PENSTOCK_QUEUE: 'campaign' } });
  await call('simulate', '--out', 'raw', '--cases', '5', '--leak-free', '2', '--duration', '400');
  await call('run', 'leak_detection_pipeline');
  return folder;
}

async function startHost(queue) {
  const host = spawn(process.execPath, [penstock, 'worker'], {
    cwd: root, stdio: 'ignore', env: { ...process.env, TEMPORAL_ADDRESS: server.address, PENSTOCK_QUEUE: queue, PENSTOCK_CPU_SLOTS: '2', PENSTOCK_TRAIN_SLOTS: '1' },
  });
  hosts.add(host);
  await sleep(2_000);
}

async function end(host, signal) {
  hosts.delete(host);
  const ended = new Promise((resolve) => host.once('exit', resolve));
  if (host.exitCode === null && host.kill(signal)) await ended;
}

/** Training processes of a worker host. Linux only. */
function trainings(parent) {
  return pids().filter((pid) => stat(pid)?.parent === parent && commandLine(pid).includes('stageProcess'));
}

function serverPid() {
  return pids().find((pid) => commandLine(pid).includes('start-dev') && commandLine(pid).includes(state));
}

function pids() {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
}

function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return { parent: Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[1]) };
  } catch {
    return undefined;
  }
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

async function until(condition, what) {
  for (let i = 0; i < 2400; i++) {
    if (await condition().catch(() => false)) return;
    await sleep(50);
  }
  throw new Error(`not within 2 minutes: ${what}`);
}

function report(name, found, held) {
  console.log(`${name}: ${found}: ${held ? 'held' : 'NOT HELD'}`);
  if (!held) process.exitCode = 1;
}
