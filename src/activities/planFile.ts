import type { Quarantined } from '../pipelines/index.js';
import type { PublishedFile, Storage } from '../storage/index.js';
import { batchUri, planUri, readJson, tryReadJson } from './checkpoint.js';
import type { Item, ItemList } from './items.js';

/** What became of one input. Extra members go to the metadata as they are. */
export interface ItemRecord {
  readonly case_id: string;
  readonly fingerprint: string;
  readonly files: readonly PublishedFile[];
}

/** What a finished batch left. */
export interface BatchFile<Record extends ItemRecord = ItemRecord> {
  readonly records: readonly Record[];
  readonly quarantined: readonly Quarantined[];
}

/**
 * The plan of a run as a whole. Its items lie in a file beside it, of which each batch reads its own part, and records of
 * unchanged cases in files like those of batches: what a stage holds does not grow with the number of cases.
 */
export interface PlanFile {
  readonly config_hash: string;
  readonly inputs_hash: string;
  readonly shared: unknown;
  readonly refused: readonly Quarantined[];
  /** Of each batch the number of its items, and the bytes [start, end) of their file in which they stand. */
  readonly batches: readonly (readonly [items: number, start: number, end: number])[];
  readonly kept: { readonly records: number; readonly files: number };
  readonly started: string;
}

const batchBytes = 32 << 20;
/** Kept records in one file. */
export const recordsPerFile = 100;

/** Writes the items that are to be worked on, batch after batch, and then the plan, which is there only as a whole. */
export async function writePlanFile<Source>(
  storage: Storage, folder: string, facts: Omit<PlanFile, 'batches' | 'started'>, items: ItemList<Source>, wanted: (id: string) => boolean, mostItems: number,
): Promise<PlanFile> {
  const batches: (readonly [number, number, number])[] = [];
  const encoder = new TextEncoder();
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (const batch of intoBatches(items, wanted, mostItems)) {
      const bytes = encoder.encode(`[${batch.map((item) => items.text(item)).join(',')}]\n`);
      batches.push([batch.length, at, at + bytes.length]);
      at += bytes.length;
      yield bytes;
    }
  }
  await storage.write(itemsUri(planUri(folder)), pieces());
  const plan: PlanFile = { ...facts, batches, started: new Date().toISOString() };
  await storage.write(planUri(folder), JSON.stringify(plan));
  return plan;
}

/** A plan whose items are not there, or damaged, is none. */
export async function readWholePlan(storage: Storage, folder: string): Promise<PlanFile | undefined> {
  const plan = await tryReadJson<PlanFile>(storage, planUri(folder));
  if (!plan?.kept || (await storage.stat(itemsUri(planUri(folder))))?.size !== (plan.batches.at(-1)?.[2] ?? 0)) return undefined;
  return plan;
}

export async function readItems<Source>(storage: Storage, plan: string, [, start, end]: PlanFile['batches'][number]): Promise<Item<Source>[]> {
  return JSON.parse(new TextDecoder().decode(await storage.read(itemsUri(plan), { start, end }))) as Item<Source>[];
}

/** Where records lie: those of unchanged cases, then those of each batch. */
export function recordUris(plan: PlanFile, uri: string): string[] {
  return [...Array.from({ length: plan.kept.files }, (_, n) => keptUri(uri, n)), ...plan.batches.map((_, batch) => batchUri(uri, batch))];
}

export async function* keptRecords(storage: Storage, plan: PlanFile, uri: string): AsyncGenerator<ItemRecord> {
  for (let n = 0; n < plan.kept.files; n++) yield* (await readJson<BatchFile>(storage, keptUri(uri, n))).records;
}

export function keptUri(plan: string, n: number): string {
  return plan.replace(/plan\.json$/, `kept-${String(n).padStart(5, '0')}.json`);
}

function itemsUri(plan: string): string {
  return plan.replace(/plan\.json$/, 'items.jsonl');
}

function* intoBatches(items: ItemList<unknown>, wanted: (id: string) => boolean, most: number): Generator<number[]> {
  let batch: number[] = [];
  let sum = 0;
  for (const { at, id, bytes } of items.facts()) {
    if (!wanted(id)) continue;
    if (batch.length === most || (batch.length > 0 && sum + bytes > batchBytes)) {
      yield batch;
      batch = [];
      sum = 0;
    }
    batch.push(at);
    sum += bytes;
  }
  if (batch.length > 0) yield batch;
}

let last: { readonly uri: string; readonly etag: string; readonly plan: PlanFile } | undefined;

/** Every batch needs the plan, so that a thread keeps the last one for as long as its file stays the same. */
export async function readPlan(storage: Storage, uri: string): Promise<PlanFile | undefined> {
  const etag = (await storage.stat(uri))?.etag;
  if (etag !== undefined && last?.uri === uri && last.etag === etag) return last.plan;
  const plan = await tryReadJson<PlanFile>(storage, uri);
  last = plan && etag !== undefined ? { uri, etag, plan } : undefined;
  return plan;
}
