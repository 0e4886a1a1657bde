import { hashOf } from '../config/hash.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, Metrics, OutputReference, Plan, PublishInput, Quarantined, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { finishPublication, joinUri, publishFile, readPublication, withdraw, type PublishedFile, type Storage } from '../storage/index.js';
import { batchUri, clearWork, planUri, readJson, tryReadJson } from './checkpoint.js';
import { openCrashCount } from './crashCount.js';
import type { StageContext } from './stage.js';

/** One input of a batched pipeline: its name, what it weighs, and a hash of all that its result depends on. */
export interface Item<Source> {
  readonly id: string;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly source: Source;
}

/** What became of one input. Extra members go to the metadata as they are. */
export interface ItemRecord {
  readonly case_id: string;
  readonly fingerprint: string;
  readonly files: readonly PublishedFile[];
}

/** What a published folder says of itself. */
export interface BatchedMetadata<Record extends ItemRecord = ItemRecord> {
  readonly pipeline: string;
  readonly config_hash: string;
  readonly inputs_hash: string;
  readonly config: unknown;
  /** What all batches had to know, such as the common time step. */
  readonly shared: unknown;
  readonly cases: readonly Record[];
  readonly quarantined: readonly Quarantined[];
  readonly metrics: Metrics;
  readonly files: PublishedFile[];
}

/** Where a pipeline publishes: the folder, and its metadata file inside. */
export interface Target {
  readonly folder: string;
  readonly metadata: string;
}

interface PlanFile<Source> {
  readonly config_hash: string;
  readonly inputs_hash: string;
  readonly shared: unknown;
  readonly kept: readonly ItemRecord[];
  readonly refused: readonly Quarantined[];
  readonly batches: readonly (readonly Item<Source>[])[];
  readonly started: string;
}

interface BatchFile {
  readonly records: readonly ItemRecord[];
  readonly quarantined: readonly Quarantined[];
}

const batchBytes = 32 << 20;
const mostCrashes = 2;

/**
 * Compares the inputs with what is published: nothing to do, or a plan file with batches of what is new or changed.
 * `shared` is what all batches need to know (such as the common time step); it is part of the inputs' hash.
 */
export async function planBatches<Source>(context: StageContext, resolved: ResolvedSection, options: {
  readonly target: Target;
  readonly items: readonly Item<Source>[];
  readonly refused?: readonly Quarantined[];
  readonly shared?: unknown;
  readonly unit: string;
  /** False where all cases go into one file, so that none can be kept alone. */
  readonly keepUnchanged?: boolean;
}): Promise<Plan> {
  const { target, items, refused = [], shared = null, unit, keepUnchanged = true } = options;
  const { storage } = context;
  const inputsHash = hashOf({ items: items.map(({ id, fingerprint }) => ({ id, fingerprint })), refused, shared });
  const published = await readPublication<BatchedMetadata>(storage, target.folder, target.metadata);
  const current = published?.config_hash === resolved.configHash && !resolved.force ? published : undefined;
  const isPresent = await presence(storage, target);

  if (current?.inputs_hash === inputsHash && !(resolved.only && current.quarantined.length > 0) && current.files.every(isPresent)) {
    await clearWork(storage, target.folder);
    return { upToDate: true, result: outcomeOf(target, current) };
  }
  const plan = (await unfinishedPlan<Source>(context, resolved, target, inputsHash))
    ?? (await writePlan(context, resolved, target, { items, refused, shared, inputsHash, keep: current && keepUnchanged ? keepable(current, shared).filter((record) => record.files.every(isPresent)) : [] }));
  await replacePublished(storage, target, published, plan.kept);
  return {
    upToDate: false, planUri: planUri(target.folder), batches: plan.batches.length, reused: plan.kept.length,
    total: plan.batches.flat().length, unit,
  };
}

/**
 * Works through one batch, case by case; a bad input is quarantined, and the others go on. `complete` may then write what
 * belongs to the whole batch. A finished batch is not done again.
 */
export async function runBatch<Source, Shared>(
  context: StageContext,
  input: BatchInput,
  work: (source: Source, item: Item<Source>, shared: Shared) => Promise<ItemRecord>,
  complete?: (shared: Shared) => Promise<void>,
): Promise<BatchResult> {
  const { storage } = context;
  const plan = await readOwnPlan<Source>(storage, input);
  const items = plan.batches[input.batch]!;
  const resultUri = batchUri(input.planUri, input.batch);
  const finished = context.attempt > 1 || (await storage.stat(resultUri)) ? await tryReadJson<BatchFile>(storage, resultUri) : undefined;
  if (finished) return { done: items.length, quarantined: finished.quarantined };

  const crashes = await openCrashCount(context, `${resultUri}.crashes`, items.map(({ id }) => id));
  const records: ItemRecord[] = [];
  const quarantined: Quarantined[] = [];
  for (const [index, item] of items.entries()) {
    context.signal.throwIfAborted();
    context.progress({ done: index, total: items.length, unit: 'cases', detail: item.id });
    if (crashes.count(item.id) > mostCrashes) {
      quarantined.push({ input: item.id, code: 'case/crashed', message: `processing ended its process ${mostCrashes + 1} times` });
      continue;
    }
    await crashes.started(item.id);
    try {
      records.push(await work(item.source, item, plan.shared as Shared));
    } catch (error) {
      if (context.signal.aborted || !isInputError(error)) {
        await crashes.forgive(item.id);
        throw error;
      }
      quarantined.push(quarantinedBy(item.id, error));
    }
    crashes.ended(item.id);
  }
  await complete?.(plan.shared as Shared);
  await storage.write(resultUri, JSON.stringify({ records, quarantined } satisfies BatchFile));
  return { done: items.length, quarantined };
}

/**
 * Puts the batches together and publishes: `assemble` may write files that need all records; the metadata comes last.
 */
export async function publishBatches<Record extends ItemRecord>(
  context: StageContext,
  { resolved, planUri: uri }: PublishInput,
  target: Target,
  assemble: (records: readonly Record[], shared: unknown, batches: number, quarantined: readonly Quarantined[]) => Promise<{ files: readonly PublishedFile[]; extra?: object; metrics: Metrics }>,
): Promise<StageOutcome> {
  const { storage } = context;
  const plan = await tryReadJson<PlanFile<unknown>>(storage, uri);
  if (plan?.config_hash !== resolved.configHash) return publishedBefore(context, resolved, target);
  const batches = await Promise.all(plan.batches.map((_, batch) => readJson<BatchFile>(storage, batchUri(uri, batch))));
  const records = [...plan.kept, ...batches.flatMap((b) => b.records)].sort((a, b) => (a.case_id < b.case_id ? -1 : 1)) as unknown as Record[];
  const quarantined = [...plan.refused, ...batches.flatMap((b) => b.quarantined)].sort((a, b) => (a.input < b.input ? -1 : 1));
  const { files, extra, metrics } = await assemble(records, plan.shared, plan.batches.length, quarantined);

  const metadata: BatchedMetadata<Record> = {
    pipeline: resolved.pipeline, config_hash: resolved.configHash, inputs_hash: plan.inputs_hash, config: withoutPlaces(resolved.config), shared: plan.shared, ...extra,
    metrics, quarantined, cases: records, files: [...files, ...records.flatMap((r) => r.files)],
  };
  // No batch of this run writes any more; a host that was killed in the middle of a write left its part.
  await storage.sweep(target.folder);
  await writeRun(storage, target.folder, resolved, plan.started);
  await finishPublication(storage, target.folder, target.metadata, { ...metadata });
  await clearWork(storage, target.folder);
  return outcomeOf(target, metadata);
}

/** The hash of the configuration whose run was interrupted here, or undefined where none was. */
export async function unfinishedConfig(storage: Storage, target: Target): Promise<string | undefined> {
  return (await tryReadJson<PlanFile<unknown>>(storage, planUri(target.folder)))?.config_hash;
}

/** The metadata a pipeline reads from the one before it, or a clear error that says which pipeline to run. */
export async function readUpstream<M = BatchedMetadata>(context: StageContext, target: Target, pipeline: string): Promise<M & { files: PublishedFile[] }> {
  // With or without subfolders: the section that wrote it decided that, not the one that reads it.
  const name = target.metadata.replace(/^metadata\//, '');
  for (const path of [`metadata/${name}`, name]) {
    const metadata = await readPublication<M & object>(context.storage, target.folder, path);
    if (metadata) return metadata as M & { files: PublishedFile[] };
  }
  throw new PenstockError('storage/not-found', `nothing is published here: ${name} is missing; run ${pipeline} first`, { file: target.folder });
}

/** `data/` and `metadata/` below the output folder, or the folder itself. */
export function layout(config: { create_subdirectories?: boolean }): { data: string; metadata: string } {
  return config.create_subdirectories === false ? { data: '', metadata: '' } : { data: 'data/', metadata: 'metadata/' };
}

/** The end of a pipeline that has nothing left to publish: the reason of the first input stands for all. */
export function nothingLeft(quarantined: readonly Quarantined[]): PenstockError {
  const [first] = quarantined;
  if (!first) return new PenstockError('signal/invalid', 'there is no input, so there is nothing to publish');
  return new PenstockError(first.code, `all ${quarantined.length} inputs were quarantined, so there is nothing to publish; the first, ${first.input}: ${first.message}`);
}

export function isInputError(error: unknown): error is PenstockError {
  return error instanceof PenstockError && (/^(olga|table|signal|evaluation|simulation)\//.test(error.code) || error.code === 'storage/changed');
}

export function quarantinedBy(input: string, error: PenstockError): Quarantined {
  // A case has two files, so that a line alone does not say where to look.
  const message = error.code.startsWith('olga/') && error.place.file !== undefined ? `${error.place.file}: ${error.message}` : error.message;
  return { input, code: error.code, message, ...(error.place.line !== undefined && { line: error.place.line }) };
}

function keepable(current: BatchedMetadata, shared: unknown): readonly ItemRecord[] {
  return hashOf(current.shared) === hashOf(shared) ? current.cases : [];
}

async function writePlan<Source>(context: StageContext, resolved: ResolvedSection, target: Target, options: {
  items: readonly Item<Source>[]; refused: readonly Quarantined[]; shared: unknown; inputsHash: string; keep: readonly ItemRecord[];
}): Promise<PlanFile<Source>> {
  await clearWork(context.storage, target.folder);
  const same = new Map(options.keep.map((record) => [record.case_id, record]));
  const kept = options.items.flatMap((item) => {
    const record = same.get(item.id);
    return record?.fingerprint === item.fingerprint ? [record] : [];
  });
  const keptIds = new Set(kept.map((record) => record.case_id));
  const plan: PlanFile<Source> = {
    config_hash: resolved.configHash, inputs_hash: options.inputsHash, shared: options.shared, kept, refused: options.refused,
    batches: intoBatches(options.items.filter((item) => !keptIds.has(item.id)), (resolved.config as { batch_size?: number }).batch_size ?? 25),
    started: new Date().toISOString(),
  };
  await context.storage.write(planUri(target.folder), JSON.stringify(plan));
  return plan;
}

/** A plan that a killed or cancelled run left behind is gone on with: its finished batches are the checkpoint. */
async function unfinishedPlan<Source>(context: StageContext, resolved: ResolvedSection, target: Target, inputsHash: string): Promise<PlanFile<Source> | undefined> {
  if (resolved.force && context.attempt === 1) return undefined;
  const plan = await tryReadJson<PlanFile<Source>>(context.storage, planUri(target.folder));
  if (plan?.config_hash !== resolved.configHash || plan.inputs_hash !== inputsHash) return undefined;
  if (context.attempt === 1) await forgetQuarantine(context.storage, target, plan.batches.length);
  return plan;
}

/** Why an input was put aside may be gone by now: a new run tries again the batches in which one was. */
async function forgetQuarantine(storage: Storage, target: Target, batches: number): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const uri = batchUri(planUri(target.folder), batch);
    const finished = await tryReadJson<BatchFile>(storage, uri);
    if (finished && finished.quarantined.length > 0) await storage.remove(uri);
  }
}

/** The plan of this run; another run in the same folder has a plan of its own, and then this one must not go on with that. */
async function readOwnPlan<Source>(storage: Storage, { resolved, planUri: uri }: BatchInput): Promise<PlanFile<Source>> {
  const plan = await readPlan(storage, uri);
  if (plan?.config_hash === resolved.configHash) return plan as PlanFile<Source>;
  throw otherRun(uri);
}

let lastPlan: { readonly uri: string; readonly etag: string; readonly plan: PlanFile<unknown> } | undefined;

/** A plan of many cases is large and every batch needs it, so that a thread keeps the last one for as long as its file stays the same. */
async function readPlan(storage: Storage, uri: string): Promise<PlanFile<unknown> | undefined> {
  const etag = (await storage.stat(uri))?.etag;
  if (etag !== undefined && lastPlan?.uri === uri && lastPlan.etag === etag) return lastPlan.plan;
  const plan = await tryReadJson<PlanFile<unknown>>(storage, uri);
  lastPlan = plan && etag !== undefined ? { uri, etag, plan } : undefined;
  return plan;
}

function otherRun(file: string): PenstockError {
  return new PenstockError('storage/busy', 'the plan of this run is gone or was replaced: another run works on the same output folder', { file });
}

/** From here on no reader may trust the folder until the new metadata is there; files of the old state that will not come again go. */
async function replacePublished(storage: Storage, target: Target, published: BatchedMetadata | undefined, kept: readonly ItemRecord[]): Promise<void> {
  await withdraw(storage, target.folder, target.metadata);
  if (!published) return;
  const stay = new Set(kept.flatMap((record) => record.files.map((file) => file.path)));
  for (const file of published.files) if (!stay.has(file.path)) await storage.remove(joinUri(target.folder, file.path));
}

async function presence(storage: Storage, target: Target): Promise<(file: PublishedFile) => boolean> {
  const found = new Map((await storage.list(target.folder)).map((file) => [file.uri, file.size]));
  return (file) => found.get(joinUri(target.folder, file.path)) === file.size;
}

/** The publication is there but its plan is gone: an earlier attempt died between publishing and tidying up. */
async function publishedBefore(context: StageContext, resolved: ResolvedSection, target: Target): Promise<StageOutcome> {
  const published = await readPublication<BatchedMetadata>(context.storage, target.folder, target.metadata);
  if (published?.config_hash === resolved.configHash) return outcomeOf(target, published);
  throw otherRun(target.folder);
}

function outcomeOf(target: Target, metadata: BatchedMetadata): StageOutcome {
  const outputs = metadata.files.toSorted((a, b) => (a.path < b.path ? -1 : 1)).slice(0, 200).map((file): OutputReference => ({
    name: file.path, uri: joinUri(target.folder, file.path), sha256: file.sha256, ...(file.rows !== undefined && { rows: file.rows }),
  }));
  return { outputs, metrics: metadata.metrics, quarantined: metadata.quarantined.slice(0, 1000) };
}

function intoBatches<Source>(items: readonly Item<Source>[], most: number): Item<Source>[][] {
  const batches: Item<Source>[][] = [];
  let bytes = Infinity;
  for (const item of items) {
    const last = batches.at(-1);
    if (last && last.length < most && bytes + item.bytes <= batchBytes) last.push(item);
    else {
      batches.push([item]);
      bytes = 0;
    }
    bytes += item.bytes;
  }
  return batches;
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

const executionKeys = ['max_workers', 'batch_size', 'batches_per_run', 'pipeline'];

function placeless(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(placeless);
  return typeof value === 'object' && value !== null ? withoutPlaces(value as Record<string, unknown>) : value;
}
