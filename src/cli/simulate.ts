import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SingleBar, Presets } from 'cli-progress';
import { hashOf, parseConfig } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { defaultConfig, pipelineOfSection, resolveSection } from '../pipelines/resolveSection.js';
import { campaignOptions, groupOf, manifestCase, manifestOf, planCampaign, simulateCase, type CampaignOptions, type CampaignSettings, type ManifestCase } from '../simulation/index.js';
import { printJson, say } from './output.js';

export interface SimulateOptions {
  readonly out: string;
  readonly cases: number;
  readonly leakFree: number;
  readonly seed: number;
  readonly duration: number;
  /** A section of the configuration file that designs the campaign, in place of the numbers above. */
  readonly section?: string;
  readonly config?: string;
  /** One case, or the group of one: only its files are written, and no manifest. */
  readonly only?: string;
  readonly json?: boolean;
}

/** Writes a campaign of OLGA-style cases with a manifest of the truth; a campaign that is there already is left alone. */
export async function simulate(options: SimulateOptions): Promise<void> {
  const { out, only, json = false } = options;
  const folder = resolve(out);
  const design = await designOf(options);
  const campaign = planCampaign(design);
  if (only !== undefined) return simulateSome(folder, only, campaign, json);
  const hash = hashOf(design);
  const manifestPath = join(folder, 'manifest.json');
  const before = await readManifest(manifestPath);
  if (before?.hash === hash && (await areThere(folder, campaign.names))) {
    say(`${out}: the campaign is there already, no work was done`);
    if (json) printJson({ folder, cases: campaign.names.length, written: 0 });
    return;
  }
  await mkdir(folder, { recursive: true });
  await removeCampaign(folder, manifestPath, before);
  const bar = process.stderr.isTTY ? new SingleBar({ format: `${out} {bar} {value} of {total} cases`, stream: process.stderr }, Presets.shades_classic) : undefined;
  bar?.start(campaign.names.length, 0);
  const list: ManifestCase[] = [];
  for (const name of campaign.names) {
    list.push(await writeCase(folder, name, campaign));
    bar?.increment();
  }
  const [first] = campaign.names;
  const manifest = manifestOf(first === undefined ? undefined : campaign.design(first), list);
  await writeWhole(manifestPath, `${JSON.stringify({ design, hash, ...manifest }, null, 2)}\n`);
  bar?.stop();
  const count = (kind: ManifestCase['kind']): number => list.filter((one) => one.kind === kind).length;
  say(`${out}: ${list.length} cases (${count('leak')} with a leak, ${count('twin')} twins, ${count('free')} more without)`);
  if (json) printJson({ folder, cases: list.length, written: list.length });
}

/** The campaign that the options name: a section's, or the built-in one with the numbers given. */
async function designOf(options: SimulateOptions): Promise<CampaignOptions> {
  const { section, config = defaultConfig, cases, leakFree, seed, duration } = options;
  if (section === undefined) return { cases, leakFree, seed, durationSeconds: duration };
  const path = resolve(config);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new PenstockError('config/not-found', `there is no configuration file ${config}`, { file: path }, { cause });
  });
  const pipeline = pipelineOfSection(parseConfig(text, path), section);
  if (pipeline !== 'simulationCampaign') throw new PenstockError('cli/usage', `section ${section} configures ${pipeline}, not simulation_campaign`, { key: section });
  return campaignOptions(resolveSection(text, path, pipeline, { section }).config as unknown as CampaignSettings);
}

async function simulateSome(folder: string, only: string, campaign: ReturnType<typeof planCampaign>, json: boolean): Promise<void> {
  const names = campaign.names.filter((name) => name === only || groupOf(name) === only);
  if (names.length === 0) campaign.design(only);
  await mkdir(folder, { recursive: true });
  for (const name of names) await writeCase(folder, name, campaign);
  say(`${folder}: ${names.join(', ')}`);
  if (json) printJson({ folder, cases: campaign.names.length, written: names.length });
}

async function writeCase(folder: string, name: string, campaign: ReturnType<typeof planCampaign>): Promise<ManifestCase> {
  const spec = campaign.design(name);
  const { tpl, genkey, truth } = simulateCase(spec);
  await writeWhole(join(folder, `${name}.genkey`), genkey);
  await writeWhole(join(folder, `${name}.tpl`), tpl);
  return manifestCase(spec, truth);
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
