// `node bench/prepare.mjs`: what the benches need, outside the checkout: the compiled product, the peers' Python environment, and
// all simulated inputs. Does only what is missing.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from '../scripts/prepare.mjs';
import { tell } from './measure.mjs';

const requirements = fileURLToPath(new URL('peers/requirements.txt', import.meta.url));

/** Folder for what benches keep and write. */
export async function benchFolder(...names) {
  const { cacheFolder } = await import('../dist/src/runtime/tools/index.js');
  return join(cacheFolder(), ...names);
}

/** The compiled product, the Temporal server and LightGBM's library. */
export function prepareProduct() {
  return prepare(['temporal', 'lightgbm']);
}

/** The Python of a virtual environment that holds exactly the pinned packages. */
export async function peerPython() {
  const folder = await benchFolder('bench-venv');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(folder, 'requirements.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  tell('preparing the Python peers (pip; usually a minute)');
  mkdirSync(folder, { recursive: true });
  execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements], { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, wanted);
  return python;
}

async function prepareAll() {
  await prepareProduct();
  await peerPython();
  const { prepareInputs } = await import('./inputs.mjs');
  await prepareInputs();
}

// Not awaited: the inputs import this module, which would wait for itself.
if (process.argv[1] === fileURLToPath(import.meta.url)) void prepareAll();
