import type { Metrics, PublishInput, Quarantined, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { finishPublication, type PublishedFile, type Storage } from '../storage/index.js';
import type { BatchedMetadata, Target } from './batches.js';
import { clearWork, readJson, tryReadJson } from './checkpoint.js';
import { recordUris, type BatchFile, type ItemRecord, type PlanFile } from './planFile.js';
import { readPublishedFacts } from './publishedBefore.js';
import { otherRun, outcomeOf, withoutPlaces, writeRun } from './runOutcome.js';
import type { StageContext } from './stage.js';

/** What a pipeline adds to its records. */
export interface Assembled {
  readonly files: readonly PublishedFile[];
  readonly extra?: object;
  readonly metrics: Metrics;
}

/** Of a pipeline of many cases: looks at each record, in any order, and at the end says what all come to. */
export interface Tally<Record extends ItemRecord> {
  add(record: Record): void;
  end(found: { readonly shared: unknown; readonly batches: number; readonly quarantined: readonly Quarantined[] }): Promise<Assembled>;
}

/**
 * Puts the batches together and publishes: `assemble` may write files that need all records, which it gets in order of their
 * names; the metadata comes last.
 */
export async function publishBatches<Record extends ItemRecord>(
  context: StageContext, input: PublishInput, target: Target,
  assemble: (records: readonly Record[], shared: unknown, batches: number, quarantined: readonly Quarantined[]) => Promise<Assembled>,
): Promise<StageOutcome> {
  const records: Record[] = [];
  return publishRecords<Record>(context, input, target, {
    add: (record) => void records.push(record),
    end: ({ shared, batches, quarantined }) => assemble(records.sort((a, b) => (a.case_id < b.case_id ? -1 : 1)), shared, batches, quarantined),
  });
}

/** The same without holding the records: they are read from the checkpoint once for the tally and again for the metadata. */
export async function publishRecords<Record extends ItemRecord>(
  context: StageContext, { resolved, planUri: uri }: PublishInput, target: Target, tally: Tally<Record>,
): Promise<StageOutcome> {
  const { storage } = context;
  const plan = await tryReadJson<PlanFile>(storage, uri);
  if (plan?.config_hash !== resolved.configHash) return publishedBefore(context, resolved, target);
  const uris = recordUris(plan, uri);
  const quarantined = [...plan.refused];
  const recordFiles: PublishedFile[] = [];
  const places: Place[] = [];
  for await (const [file, { records, quarantined: refused }] of inOrder<BatchFile<Record>>(storage, uris)) {
    quarantined.push(...refused);
    for (const [at, record] of records.entries()) {
      tally.add(record);
      recordFiles.push(...record.files);
      places.push({ id: record.case_id, file, at });
    }
  }
  quarantined.sort((a, b) => (a.input < b.input ? -1 : 1));
  places.sort((a, b) => (a.id < b.id ? -1 : 1));
  const { files, extra, metrics } = await tally.end({ shared: plan.shared, batches: plan.batches.length, quarantined });

  const metadata = {
    pipeline: resolved.pipeline, config_hash: resolved.configHash, inputs_hash: plan.inputs_hash, config: withoutPlaces(resolved.config), shared: plan.shared, ...extra,
    metrics, quarantined, cases: recordsAt(storage, uris, places), files: [...files, ...recordFiles],
  } satisfies { [Key in keyof BatchedMetadata]: unknown };
  // No batch of this run writes any more; a host that was killed in the middle of a write left its part.
  await storage.sweep(target.folder);
  await writeRun(storage, target.folder, resolved, plan.started);
  const listed = await finishPublication(storage, target.folder, target.metadata, metadata);
  await clearWork(storage, target.folder);
  return outcomeOf(target, metadata, listed);
}

/** The publication is there but its plan is gone: an earlier attempt died between publishing and tidying up. */
async function publishedBefore(context: StageContext, resolved: ResolvedSection, target: Target): Promise<StageOutcome> {
  const published = await readPublishedFacts(context.storage, target);
  if (published?.config_hash === resolved.configHash) return outcomeOf(target, published, published.files);
  throw otherRun(target.folder);
}

/** Where a record stands in the checkpoint. */
interface Place {
  readonly id: string;
  readonly file: number;
  readonly at: number;
}

/** Files that are read at the same time. */
const readAhead = 4;

async function* inOrder<T>(storage: Storage, uris: readonly string[]): AsyncGenerator<[number, T]> {
  for (let first = 0; first < uris.length; first += readAhead) {
    const read = await Promise.all(uris.slice(first, first + readAhead).map((uri) => readJson<T>(storage, uri)));
    for (const [n, file] of read.entries()) yield [first + n, file];
  }
}

/** Records that are held, some more than one file has: names come nearly in the order of the batches. */
const mostHeld = 100;

async function* recordsAt(storage: Storage, uris: readonly string[], places: readonly Place[]): AsyncGenerator<ItemRecord> {
  const held = new Map<number, readonly ItemRecord[]>();
  let count = 0;
  for (const { file, at } of places) {
    let records = held.get(file);
    if (!records) {
      ({ records } = await readJson<BatchFile>(storage, uris[file]!));
      held.set(file, records);
      count += records.length;
      for (const [oldest, { length }] of held) {
        if (count <= mostHeld || oldest === file) break;
        held.delete(oldest);
        count -= length;
      }
    }
    yield records[at]!;
  }
}
