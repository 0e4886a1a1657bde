import { hashOf } from '../config/hash.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, Metrics, Plan, Quarantined, ResolvedSection } from '../pipelines/index.js';
import { readPublication, scanPublication, type PublishedFile, type Storage } from '../storage/index.js';
import { batchUri, clearWork, planUri, tryReadJson } from './checkpoint.js';
import { openCrashCount } from './crashCount.js';
import { hashOfInputs, itemList, type Item, type ItemList } from './items.js';
import { readItems, readPlan, readWholePlan, writePlanFile, type BatchFile, type ItemRecord, type PlanFile } from './planFile.js';
import { keepRecords, presentRecords, readPublishedFacts, replacePublished } from './publishedBefore.js';
import { otherRun, outcomeOf } from './runOutcome.js';
import type { StageContext } from './stage.js';

export { itemList, type Item, type ItemList } from './items.js';
export type { ItemRecord } from './planFile.js';
export { publishBatches, publishRecords } from './publishBatches.js';
export { withoutPlaces, writeRun } from './runOutcome.js';

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

const mostCrashes = 2;

/**
 * Compares the inputs with what is published: nothing to do, or a plan file with batches of what is new or changed.
 * `shared` is what all batches need to know (such as the common time step); it is part of the inputs' hash.
 */
export async function planBatches<Source>(context: StageContext, resolved: ResolvedSection, options: {
  readonly target: Target;
  /** As a list where there may be many. */
  readonly items: readonly Item<Source>[] | ItemList<Source>;
  readonly refused?: readonly Quarantined[];
  readonly shared?: unknown;
  readonly unit: string;
  /** False where all cases go into one file, so that none can be kept alone. */
  readonly keepUnchanged?: boolean;
}): Promise<Plan> {
  const { target, refused = [], shared = null, unit, keepUnchanged = true } = options;
  const { storage } = context;
  const items = 'add' in options.items ? options.items : itemList(options.items);
  const inputsHash = hashOfInputs(items, refused, shared);
  const published = await readPublishedFacts(storage, target);
  const current = published?.config_hash === resolved.configHash && !resolved.force ? published : undefined;
  const present = current && (await presentRecords(storage, target, items));

  if (current?.inputs_hash === inputsHash && !(resolved.only && current.quarantined.length > 0) && present?.isWhole) {
    await clearWork(storage, target.folder);
    return { upToDate: true, result: outcomeOf(target, current, current.files) };
  }
  const keep = current && keepUnchanged && hashOf(current.shared) === hashOf(shared) ? present!.unchanged : new Set<string>();
  const plan = (await unfinishedPlan(context, resolved, target, inputsHash)) ?? (await writePlan(context, resolved, target, { items, refused, shared, inputsHash, keep }));
  await replacePublished(storage, target, plan);
  return {
    upToDate: false, planUri: planUri(target.folder), batches: plan.batches.length, reused: plan.kept.records,
    total: plan.batches.reduce((sum, [count]) => sum + count, 0), unit,
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
  const plan = await readOwnPlan(storage, input);
  const place = plan.batches[input.batch]!;
  const resultUri = batchUri(input.planUri, input.batch);
  const finished = context.attempt > 1 || (await storage.stat(resultUri)) ? await tryReadJson<BatchFile>(storage, resultUri) : undefined;
  if (finished) return { done: place[0], quarantined: finished.quarantined };

  const items = await readItems<Source>(storage, input.planUri, place);

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

/** The hash of the configuration whose run was interrupted here, or undefined where none was. */
export async function unfinishedConfig(storage: Storage, target: Target): Promise<string | undefined> {
  return (await tryReadJson<PlanFile>(storage, planUri(target.folder)))?.config_hash;
}

/** The metadata a pipeline reads from the one before it, or a clear error that says which pipeline to run. */
export async function readUpstream<M = BatchedMetadata>(context: StageContext, target: Target, pipeline: string): Promise<M & { files: PublishedFile[] }> {
  for (const path of upstreamPaths(target)) {
    const metadata = await readPublication<M & object>(context.storage, target.folder, path);
    if (metadata) return metadata as M & { files: PublishedFile[] };
  }
  throw noUpstream(target, pipeline);
}

/** With or without subfolders: the section that wrote it decided that, not the one that reads it. */
function upstreamPaths({ metadata }: Target): string[] {
  const name = metadata.replace(/^metadata\//, '');
  return [`metadata/${name}`, name];
}

function noUpstream(target: Target, pipeline: string): PenstockError {
  return new PenstockError('storage/not-found', `nothing is published here: ${target.metadata.replace(/^metadata\//, '')} is missing; run ${pipeline} first`, { file: target.folder });
}

/** The same item by item for publications of many cases; lists that `visit` names, and `files`, are empty in the answer. */
export async function scanUpstream<M = BatchedMetadata>(context: StageContext, target: Target, pipeline: string, visit: { readonly cases: (record: M extends { readonly cases: readonly (infer Record)[] } ? Record : never) => void }): Promise<M> {
  for (const path of upstreamPaths(target)) {
    const metadata = await scanPublication<M & object>(context.storage, target.folder, path, visit);
    if (metadata) return metadata;
  }
  throw noUpstream(target, pipeline);
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

async function writePlan<Source>(context: StageContext, resolved: ResolvedSection, target: Target, options: {
  items: ItemList<Source>; refused: readonly Quarantined[]; shared: unknown; inputsHash: string; keep: ReadonlySet<string>;
}): Promise<PlanFile> {
  const { storage } = context;
  await clearWork(storage, target.folder);
  const facts = {
    config_hash: resolved.configHash, inputs_hash: options.inputsHash, shared: options.shared, refused: options.refused,
    kept: await keepRecords(storage, target, options.keep),
  };
  return writePlanFile(storage, target.folder, facts, options.items, (id) => !options.keep.has(id), (resolved.config as { batch_size?: number }).batch_size ?? 25);
}

/** A plan that a killed or cancelled run left behind is gone on with: its finished batches are the checkpoint. */
async function unfinishedPlan(context: StageContext, resolved: ResolvedSection, target: Target, inputsHash: string): Promise<PlanFile | undefined> {
  if (resolved.force && context.attempt === 1) return undefined;
  const plan = await readWholePlan(context.storage, target.folder);
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
async function readOwnPlan(storage: Storage, { resolved, planUri: uri }: BatchInput): Promise<PlanFile> {
  const plan = await readPlan(storage, uri);
  if (plan?.config_hash === resolved.configHash) return plan;
  throw otherRun(uri);
}
