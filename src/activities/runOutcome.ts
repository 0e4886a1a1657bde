import { PenstockError } from '../errors/index.js';
import type { OutputReference, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { joinUri, publishFile, type PublishedFile, type Storage } from '../storage/index.js';
import type { BatchedMetadata, Target } from './batches.js';

/** Outputs that a run names; the metadata names all. */
export const mostOutputs = 200;
const mostQuarantined = 1000;

export function otherRun(file: string): PenstockError {
  return new PenstockError('storage/busy', 'the plan of this run is gone or was replaced: another run works on the same output folder', { file });
}

/** The files in order of their paths. */
export function outcomeOf(target: Target, { metrics, quarantined }: Pick<BatchedMetadata, 'metrics' | 'quarantined'>, files: readonly PublishedFile[]): StageOutcome {
  const outputs = files.slice(0, mostOutputs).map((file): OutputReference => ({
    name: file.path, uri: joinUri(target.folder, file.path), sha256: file.sha256, ...(file.rows !== undefined && { rows: file.rows }),
  }));
  return { outputs, metrics, quarantined: quarantined.slice(0, mostQuarantined) };
}

/** Times, hosts and durations stand here alone: every other file is the same, byte for byte, whenever and wherever it is made. */
export async function writeRun(storage: Storage, folder: string, resolved: ResolvedSection, started: string, more: object = {}): Promise<void> {
  const run = { section: resolved.section, started, finished: new Date().toISOString(), config: resolved.config, node: process.version, platform: `${process.platform}-${process.arch}`, ...more };
  await publishFile(storage, folder, 'run.json', new TextEncoder().encode(`${JSON.stringify(run, null, 2)}\n`));
}

/** The configuration without URIs, in lists and groups of keys too: what is the same wherever the files lie. */
export function withoutPlaces(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).flatMap(([key, value]) => (/(^|_)(folder|path|file|root)$/.test(key) || executionKeys.includes(key) ? [] : [[key, placeless(value)]])));
}

/** As `pipelines/shared.ts` has them, which is not loaded here because threads would compile the schemas with it. */
const executionKeys = [
  'max_workers', 'batch_size', 'batches_per_run', 'pipeline',
  'io_workers', 'parse_workers', 'use_prefect_progress', 'prefect_logger', 'use_parallel', 'checkpoint_frequency',
];

function placeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(placeless);
  return typeof value === 'object' && value !== null ? withoutPlaces(value as Record<string, unknown>) : value;
}
