// Folders that a bench writes to, and that are gone when all benches have ended: to create files takes longer for minutes after thousands were removed.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchFolder } from './prepare.mjs';

const folders = [];

export async function inScratch(work) {
  const parent = await benchFolder('bench-scratch');
  mkdirSync(parent, { recursive: true });
  folders.push(mkdtempSync(join(parent, 'run-')));
  return work(folders.at(-1));
}

export function removeScratch() {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}

/** A project folder with this configuration; answers the file's path. */
export function writeConfig(folder, sections) {
  mkdirSync(join(folder, 'configs'), { recursive: true });
  const file = join(folder, 'configs', 'pipelines_config.yml');
  // JSON is YAML.
  writeFileSync(file, JSON.stringify({ storage: { type: 'local' }, ...sections }, null, 2));
  return file;
}
