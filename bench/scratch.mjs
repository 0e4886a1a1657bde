// Folders that a bench writes to, and that are gone when it ends.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './prepare.mjs';

export async function inScratch(work) {
  const parent = await benchFolder('bench-scratch');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'run-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A project folder with this configuration; answers the file's path. */
export function writeConfig(folder, sections) {
  mkdirSync(join(folder, 'configs'), { recursive: true });
  const file = join(folder, 'configs', 'pipelines_config.yml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ storage: { type: 'local' }, ...sections }, null, 2));
  return file;
}
