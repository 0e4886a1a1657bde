import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SingleBar, Presets } from 'cli-progress';
import { hashOf } from '../config/index.js';
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
  if (await isThere(folder, manifestPath, hash, specs.map((spec) => spec.name))) {
    say(`${out}: the campaign is there already, no work was done`);
    if (json) printJson({ folder, cases: specs.length, written: 0 });
    return;
  }
  await mkdir(folder, { recursive: true });
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

async function isThere(folder: string, manifest: string, hash: string, names: readonly string[]): Promise<boolean> {
  const text = await readFile(manifest, 'utf8').catch(() => undefined);
  if (text === undefined || (JSON.parse(text) as { hash?: string }).hash !== hash) return false;
  const sizes = await Promise.all(names.map((name) => stat(join(folder, `${name}.tpl`)).then((s) => s.size, () => 0)));
  return sizes.every((size) => size > 0);
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.part`, text);
  await rename(`${path}.part`, path);
}
