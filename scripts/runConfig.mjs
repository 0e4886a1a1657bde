// Runs one section of a configuration of this checkout: what the studies of skill.mjs and proof.mjs have in common.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepare } from './prepare.mjs';

export const root = resolve(fileURLToPath(new URL('..', import.meta.url)));

/**
 * Prepares the checkout and runs `section` of `configs/FILE` with a server of its own. Data lie in `folder`, which gets a copy of the
 * configuration where it is not the checkout. Where the run fails, the process ends with its exit code.
 */
export async function runConfig(file, section, folder) {
  const config = join(folder, 'configs', file);
  if (folder !== root) {
    mkdirSync(join(folder, 'configs'), { recursive: true });
    copyFileSync(join(root, 'configs', file), config);
  }
  await prepare(['temporal', 'lightgbm']);
  const code = await new Promise((done) => {
    spawn(process.execPath, [join(root, 'bin', 'penstock.js'), 'run', section, '--config', config], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, PENSTOCK_EMBEDDED: '1' } }).on('close', done);
  });
  if (code !== 0) process.exit(code ?? 1);
}

/** A number for a table: a dash where there is none. */
export function number(value, digits) {
  return value === null || value === undefined ? '-' : value.toFixed(digits);
}
