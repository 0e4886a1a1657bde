// Brings a checkout to the point where everything runs: packages, compiled sources, external programs. Does only what is
// missing, says what it does, and is silent when all is there. Needs nothing but Node, so it works in a fresh clone.
//   node scripts/prepare.mjs [temporal] [lightgbm] [s3] [all]
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);
const sourceFolders = ['src', 'deploy'];
const buildFiles = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/**
 * Prepares packages, compiled sources and the tools named (`temporal`, `lightgbm`, `s3`). Ends the process with code 1 and one
 * clear line where a required step fails; tools in `optional` are only reported and answered as missing.
 */
export async function prepare(tools = [], { optional = [] } = {}) {
  checkNode();
  installPackages();
  buildSources();
  return obtainTools(tools, optional);
}

function checkNode() {
  const wanted = /[\d.]+/.exec(JSON.parse(readFileSync(at('package.json'), 'utf8')).engines.node)[0];
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) fail(`Node ${wanted} or newer is needed; this is ${process.versions.node}`);
}

/** Installs when the lockfile is not the one that node_modules was installed from. */
function installPackages() {
  const stamp = at('node_modules/.penstock-lock');
  const lock = createHash('sha256').update(readFileSync(at('package-lock.json'))).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (!installedByHand()) run('installing packages (npm ci; usually under a minute)', 'npm', ['ci']);
  writeFileSync(stamp, lock);
}

/** npm leaves this file when it has finished; it is newer than the lockfile where somebody has just run npm. */
function installedByHand() {
  const finished = at('node_modules/.package-lock.json');
  return existsSync(finished) && statSync(finished).mtimeMs >= statSync(at('package-lock.json')).mtimeMs;
}

/** Compiles when a source was added, changed or removed, and takes away what removed sources had left. */
function buildSources() {
  const stamp = at('dist/.sources.json');
  const before = existsSync(stamp) ? JSON.parse(readFileSync(stamp, 'utf8')) : {};
  const now = Object.fromEntries([...sourceFolders.flatMap(filesBelow), ...buildFiles].map((path) => {
    const { mtimeMs, size } = statSync(at(path));
    return [path, `${mtimeMs}:${size}`];
  }));
  if (JSON.stringify(before) === JSON.stringify(now)) return;
  for (const path of Object.keys(before).filter((old) => old.endsWith('.ts') && !(old in now))) {
    for (const ending of ['.js', '.js.map']) rmSync(at(`dist/${path.replace(/\.ts$/, ending)}`), { force: true });
  }
  run('compiling (a few seconds)', process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json']);
  run('bundling workflows (a few seconds)', process.execPath, [at('dist/src/runtime/workflowBundle.js')]);
  mkdirSync(at('dist'), { recursive: true });
  writeFileSync(stamp, JSON.stringify(now));
}

function filesBelow(folder) {
  return readdirSync(at(folder), { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? filesBelow(`${folder}/${entry.name}`) : `${folder}/${entry.name}`))
    .filter((path) => /\.(ts|json)$/.test(path))
    .sort((a, b) => (a < b ? -1 : 1));
}

async function obtainTools(tools, optional) {
  if (tools.length === 0) return [];
  const { obtainLightgbm, obtainTemporalCli, obtainVersitygw } = await import(at('dist/src/runtime/tools/index.js'));
  const obtain = { temporal: obtainTemporalCli, lightgbm: obtainLightgbm, s3: obtainVersitygw };
  const missing = [];
  for (const tool of tools) {
    try {
      await obtain[tool](say);
    } catch (error) {
      if (!optional.includes(tool)) fail(error.message);
      say(error.message);
      missing.push(tool);
    }
  }
  return missing;
}

/** Runs a step whose output matters only if it fails. */
function run(what, command, args) {
  say(what);
  const started = Date.now();
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1e8 });
  if (status !== 0) fail(`${what} failed${error ? `: ${error.message}` : ''}\n${stdout ?? ''}${stderr ?? ''}`);
  const seconds = (Date.now() - started) / 1000;
  if (seconds > 5) say(`  done in ${seconds.toFixed(0)} s`);
}

function say(line) {
  process.stderr.write(`${line}\n`);
}

function fail(line) {
  say(line);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const known = ['temporal', 'lightgbm', 's3'];
  const asked = process.argv.slice(2);
  const unknown = asked.filter((tool) => tool !== 'all' && !known.includes(tool));
  if (unknown.length > 0) fail(`unknown tool ${unknown.join(', ')}; allowed are ${known.join(', ')}, all`);
  await prepare(asked.includes('all') ? known : asked.length > 0 ? asked : ['temporal', 'lightgbm']);
}
