// Kills a run at random moments and compares what it leaves with what an undisturbed run leaves, byte for byte:
//   node scripts/proveKills.mjs [--kills 10] [--seed 1] [--cases 40] [--steps tpl_genkey_pipeline,windows_pipeline,features_pipeline]
// Every second kill hits the Temporal server alone, the others the worker host (and with it, here, the embedded server).
// Needs the build in dist/.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createRandom } from '../dist/src/numeric/index.js';

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '10' }, seed: { type: 'string', default: '1' }, cases: { type: 'string', default: '40' },
    steps: { type: 'string', default: 'tpl_genkey_pipeline,windows_pipeline,features_pipeline' },
  },
});
const penstock = fileURLToPath(new URL('../bin/penstock.js', import.meta.url));
const steps = options.steps.split(',');
const random = createRandom(Number(options.seed));
const root = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-kills-')));

try {
  const raw = join(root, 'raw');
  await promisify(execFile)(process.execPath, [penstock, 'simulate', '--out', raw, '--cases', options.cases, '--leak-free', '4', '--duration', '600', '--seed', options.seed]);
  const calm = newProject('calm', raw);
  const started = Date.now();
  await start(calm).ended;
  const seconds = (Date.now() - started) / 1000;
  const expected = results(calm);
  console.log(`undisturbed: ${Object.keys(expected).length} files in ${seconds.toFixed(1)} s`);

  let kills = 0;
  for (let round = 1; kills < Number(options.kills); round++) {
    const project = newProject(`round-${round}`, raw);
    kills += await disturbed(project, seconds, Number(options.kills) - kills);
    const found = results(project);
    const differing = [...new Set([...Object.keys(expected), ...Object.keys(found)])].filter((path) => expected[path] !== found[path]);
    console.log(`round ${round}: ${kills} kills so far, ${differing.length} of ${Object.keys(found).length} files differ`);
    if (differing.length > 0) throw new Error(`these files differ: ${differing.join(', ')}`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

/** Runs to the end however often it is killed; answers how often that was. */
async function disturbed(project, seconds, most) {
  let run = start(project);
  for (let kills = 0; ; kills++) {
    const wait = 1000 * (0.5 + random.uniform() * Math.max(2, 0.5 * seconds));
    const ended = kills === most ? await run.ended : await Promise.race([run.ended, sleep(wait)]);
    if (ended) return kills;
    const server = kills % 2 === 1 ? serverOf(project) : undefined;
    process.kill(server ?? run.pid, 'SIGKILL');
    console.log(`  after ${(wait / 1000).toFixed(1)} s: killed ${server ? 'the server' : 'the host'} at ${run.progress()}`);
    if (server) continue;
    await run.closed;
    run = start(project);
  }
}

function newProject(name, raw) {
  const folder = join(root, name);
  const config = join(folder, 'configs', 'pipelines_config.yml');
  mkdirSync(join(folder, 'configs'), { recursive: true });
  // JSON is YAML. Small batches, so that kills fall between and within many of them.
  writeFileSync(config, JSON.stringify({
    leak_detection_pipeline: { steps },
    tpl_genkey_pipeline: { source_folder: raw, output_folder: 'data/series', batch_size: 3 },
    windows_pipeline: { source_folder: 'data/series', output_folder: 'data/windows', warmup_seconds: 60, batch_size: 3 },
    features_pipeline: { source_folder: 'data/windows', output_folder: 'data/features', batch_size: 3 },
    training_pfm_detection_pipeline: { input_path: 'data/features', output_folder: 'data/training' },
  }));
  return { folder, config, state: join(root, `${name}-state`) };
}

/** `ended` settles with true when the run completed, and fails when it failed otherwise than by our kill; `closed` always settles. */
function start({ folder, config, state }) {
  const child = spawn(process.execPath, [penstock, 'run', 'leak_detection_pipeline', '--config', config, '--json'], {
    cwd: folder, env: { ...process.env, PENSTOCK_STATE: state, PENSTOCK_EMBEDDED: '1' }, stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  const closed = new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  const ended = closed.then(({ code, signal }) => {
    if (signal === 'SIGKILL') return new Promise(() => undefined);
    if (code === 0 && JSON.parse(stdout).outcome === 'completed') return true;
    throw new Error(`the run ended with ${code ?? signal}: ${stderr}${stdout}`);
  });
  ended.catch(() => undefined);
  return { pid: child.pid, ended, closed, progress: () => stderr.trim().split('\n').at(-1) || 'the start' };
}

/** The process id of the embedded server; undefined while it is being started. Linux only. */
function serverOf({ state }) {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).find((pid) => {
    const line = commandLine(pid);
    return line.includes('start-dev') && line.includes(state);
  });
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Path to SHA-256 of all files but run.json, the one that tells times and hosts. */
function results({ folder }) {
  const data = join(folder, 'data');
  const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'run.json');
  return Object.fromEntries(files.map((entry) => join(entry.parentPath, entry.name)).sort()
    .map((path) => [relative(data, path), createHash('sha256').update(readFileSync(path)).digest('hex')]));
}
