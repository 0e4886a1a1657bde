import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
import { runSection } from './runSection.js';

/** A project in a folder of its own, with recordings to learn from and others held out. */
export interface Project {
  readonly folder: string;
  readonly config: string;
  readonly file: string;
  path(...parts: string[]): string;
}

const config = `
tpl_genkey_pipeline: {source_folder: raw/fit, output_folder: series}
windows_pipeline: {source_folder: series, output_folder: windows, window_size: 20, step_size: 4}
features_pipeline: {source_folder: windows, output_folder: features, feature_columns: ["PT*", "GT*"], groups: {oscillation: false, spectral: false, band_statistics: false}}
training_pfm_detection_pipeline: {input_path: features, output_folder: training, num_boost_round: 30, lgbm_params: {learning_rate: 0.2, num_leaves: 7}}
`;

let made: Promise<string> | undefined;

/** Two small campaigns and a detector trained on the first: what a bundle is tested with. Made once in a process, and copied for everyone who asks. */
export async function trainedProject(): Promise<Project> {
  const from = await (made ??= make());
  const folder = mkdtempSync(join(tmpdir(), 'penstock-trained-'));
  cpSync(from, folder, { recursive: true, preserveTimestamps: true });
  const path = (...parts: string[]): string => join(folder, ...parts);
  return { folder, config, file: path('pipelines_config.yml'), path };
}

async function make(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'penstock-trained-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  process.once('SIGTERM', () => process.exit()); // How the runner ends its processes.
  const path = (...parts: string[]): string => join(folder, ...parts);
  for (const [name, seed, cases] of [['fit', 1, 4], ['held_out', 2, 2]] as const) {
    mkdirSync(path('raw', name), { recursive: true });
    for (const spec of designCampaign({ cases, leakFree: 0, seed, durationSeconds: 400 })) {
      const { name: caseName, tpl, genkey } = simulateCase(spec);
      writeFileSync(path('raw', name, `${caseName}.tpl`), tpl);
      writeFileSync(path('raw', name, `${caseName}.genkey`), genkey);
    }
  }
  const file = path('pipelines_config.yml');
  for (const section of ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline']) await runSection(config, file, section);
  return folder;
}

/** Files below a folder of the project, sorted. */
export function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}
