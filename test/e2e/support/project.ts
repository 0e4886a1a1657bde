import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { designCampaign, simulateCase } from '../../../src/simulation/index.js';

/** Values by dotted path, put over the small configuration: `{'features_pipeline.batch_size': 1}`. */
export type Changes = Readonly<Record<string, unknown>>;

/** A project folder as a person has one: a configuration, and OLGA files to read. */
export interface Project {
  readonly folder: string;
  readonly config: string;
  path(...parts: string[]): string;
  remove(): void;
}

export interface ProjectOptions {
  /** Leak cases to learn from; each has a twin. Default 3. */
  readonly cases?: number;
  /** Times that every case to learn from is there, under other names: more files without more simulation. Default 1. */
  readonly copies?: number;
  readonly changes?: Changes;
}

/** Small enough that the whole way takes seconds. */
const smallConfig = {
  leak_detection_pipeline: {
    steps: ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline', 'tpl_genkey_report_pipeline', 'test_offline_pipeline'],
  },
  tpl_genkey_pipeline: { source_folder: 'data/raw/fit', output_folder: 'data/series/fit' },
  tpl_genkey_report_pipeline: { pipeline: 'tpl_genkey', source_folder: 'data/raw/report', output_folder: 'data/series/report' },
  windows_pipeline: { source_folder: 'data/series/fit', output_folder: 'data/windows', window_size: 20, step_size: 4, warmup_seconds: 30, recovery_seconds: 10 },
  features_pipeline: { source_folder: 'data/windows', output_folder: 'data/features', wavelet_level: 2 },
  training_pfm_detection_pipeline: {
    input_path: 'data/features', output_folder: 'data/training', num_boost_round: 20, early_stopping_rounds: 20, lgbm_params: { learning_rate: 0.1, num_leaves: 7, min_data_in_leaf: 10 },
  },
  test_offline_pipeline: { parquet_root: 'data/series/report', bundle_folder: 'data/training', output_report_folder: 'data/report', series_charts: 1, shifted_label_repeats: 2 },
};

const duration = 300;

export function newProject({ cases = 3, copies = 1, changes = {} }: ProjectOptions = {}): Project {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-e2e-')));
  const project: Project = {
    folder,
    config: join(folder, 'configs/pipelines_config.yml'),
    path: (...parts) => join(folder, ...parts),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  for (let copy = 0; copy < copies; copy++) {
    // A trend file names its input file, so that a copy is renamed inside, too.
    const renamed = (text: string): string => (copy === 0 ? text : text.replaceAll('case_', `copy${copy}_`));
    for (const [path, text] of campaign(cases, 1)) write(project.path('data/raw/fit', renamed(path)), renamed(text));
  }
  for (const [path, text] of campaign(1, 2)) write(project.path('data/raw/report', path), text);
  configure(project, changes);
  return project;
}

/** Writes the configuration anew. */
export function configure(project: Project, changes: Changes): void {
  const config = structuredClone(smallConfig) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = config;
    for (const key of keys) at = (at[key] ??= {}) as Record<string, unknown>;
    at[last] = value;
  }
  write(project.config, JSON.stringify(config, null, 2));
}

const campaigns = new Map<string, [string, string][]>();

function campaign(cases: number, seed: number): [string, string][] {
  const key = `${cases} ${seed}`;
  const known = campaigns.get(key) ?? designCampaign({ cases, seed, durationSeconds: duration }).flatMap((spec): [string, string][] => {
    const { name, tpl, genkey } = simulateCase(spec);
    return [[`${name}.tpl`, tpl], [`${name}.genkey`, genkey]];
  });
  campaigns.set(key, known);
  return known;
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** All files below a folder, hidden ones too, by path relative to it. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** What a pipeline's folder, or all of `data/`, holds beside the raw files: path to SHA-256. run.json is the one file that may differ between runs. */
export function results(project: Project, below = 'data'): Record<string, string> {
  const folder = project.path(below);
  const files = filesIn(folder).filter((path) => !path.startsWith('raw/') && !/(^|\/)run\.json$/.test(path));
  return Object.fromEntries(files.map((path) => [path, sha256(join(folder, path))]));
}

/** Which version of every file there is: number, size and time of change. */
export function versions(project: Project, below = 'data'): Record<string, string> {
  const folder = project.path(below);
  return Object.fromEntries(filesIn(folder).map((path) => {
    const { ino, size, mtimeNs } = statSync(join(folder, path), { bigint: true });
    return [path, `${ino} ${size} ${mtimeNs}`];
  }));
}

/** Paths whose version differs between two moments, those that came and went included. */
export function changedBetween(before: Record<string, string>, after: Record<string, string>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((path) => before[path] !== after[path]).sort();
}

export function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
