import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SingleBar, Presets } from 'cli-progress';
import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { campaignManifest, designCampaign, simulateCase, type CaseTruth } from '../simulation/index.js';
import { printJson, say } from './output.js';

export interface SimulateOptions {
  readonly out: string;
  readonly cases: number;
  readonly leakFree: number;
  readonly seed: number;
  readonly duration: number;
  readonly json?: boolean;
}

/** Writes a campaign of OLGA-style cases with a manifest of the truth; a campaign that is there already is left alone. */
export async function simulate({ out, cases, leakFree, seed, duration, json = false }: SimulateOptions): Promise<void> {
  const folder = resolve(out);
  const specs = designCampaign({ cases, leakFree, seed, durationSeconds: duration });
  const hash = hashOf(specs);
  const manifestPath = join(folder, 'manifest.json');
  const before = await readManifest(manifestPath);
  if (before?.hash === hash && (await areThere(folder, specs.map((spec) => spec.name)))) {
    say(`${out}: the campaign is there already, no work was done`);
    if (json) printJson({ folder, cases: specs.length, written: 0 });
    return;
  }
  await mkdir(folder, { recursive: true });
  await removeCampaign(folder, manifestPath, before);
  const bar = process.stderr.isTTY ? new SingleBar({ format: `${out} {bar} {value} of {total} cases`, stream: process.stderr }, Presets.shades_classic) : undefined;
  bar?.start(specs.length, 0);
  const truths: CaseTruth[] = [];
  for (const spec of specs) {
    const { name, tpl, genkey, truth } = simulateCase(spec);
    await writeWhole(join(folder, `${name}.genkey`), genkey);
    await writeWhole(join(folder, `${name}.tpl`), tpl);
    truths.push(truth);
    bar?.increment();
  }
  await writeWhole(manifestPath, `${JSON.stringify({ design: { cases, leakFree, seed, duration }, hash, ...campaignManifest(specs, truths) }, null, 2)}\n`);
  bar?.stop();
  say(`${out}: ${specs.length} cases (${cases} with a leak, as many twins, ${leakFree} more without)`);
  if (json) printJson({ folder, cases: specs.length, written: specs.length });
}

interface Manifest {
  readonly hash: string;
  readonly list: readonly { readonly name: string }[];
}

/** The manifest of the campaign that is there, if one is; a file of that name that is none is not overwritten. */
async function readManifest(path: string): Promise<Manifest | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const manifest = JSON.parse(text) as Partial<Manifest>;
    if (typeof manifest.hash === 'string' && Array.isArray(manifest.list)) return manifest as Manifest;
  } catch {
    // Told below.
  }
  throw new PenstockError('cli/usage', 'this file is not the manifest of a campaign; simulate into another folder', { file: path });
}

/** Cases of another campaign must not stay among those of this one: ingest would read them all. */
async function removeCampaign(folder: string, manifestPath: string, before: Manifest | undefined): Promise<void> {
  if (!before) return;
  await rm(manifestPath);
  for (const { name } of before.list) for (const suffix of ['tpl', 'genkey']) await rm(join(folder, `${name}.${suffix}`), { force: true });
}

async function areThere(folder: string, names: readonly string[]): Promise<boolean> {
  const sizes = await Promise.all(names.map((name) => stat(join(folder, `${name}.tpl`)).then((s) => s.size, () => 0)));
  return sizes.every((size) => size > 0);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
