import { joinUri, scanPublication, withdraw, type Publication, type PublishedFile, type Storage } from '../storage/index.js';
import type { BatchedMetadata, Target } from './batches.js';
import { planUri } from './checkpoint.js';
import type { ItemList } from './items.js';
import { keptRecords, keptUri, recordsPerFile, type BatchFile, type ItemRecord, type PlanFile } from './planFile.js';
import { mostOutputs } from './runOutcome.js';

/*
 * What an earlier run published in the output folder. There may be many cases, so it is read item by item, and again where
 * more of it is needed.
 */

/** All but the cases, and of the files the first ones. */
export async function readPublishedFacts(storage: Storage, target: Target): Promise<Publication<BatchedMetadata> | undefined> {
  const files: PublishedFile[] = [];
  const facts = await scanPublication<BatchedMetadata>(storage, target.folder, target.metadata, {
    cases: () => undefined,
    files: (file: PublishedFile) => void (files.length < mostOutputs && files.push(file)),
  });
  return facts && { ...facts, files };
}

/** Whether all published files are there, and the cases whose files are there and whose fingerprint is that of the item. */
export async function presentRecords(storage: Storage, target: Target, items: ItemList<unknown>): Promise<{ isWhole: boolean; unchanged: Set<string> }> {
  const found = new Map((await storage.list(target.folder)).map((file) => [file.uri, file.size]));
  const isPresent = (file: PublishedFile): boolean => found.get(joinUri(target.folder, file.path)) === file.size;
  const fingerprints = new Map<string, string>();
  for (const { id, fingerprint } of items.facts()) fingerprints.set(id, fingerprint);
  const unchanged = new Set<string>();
  let isWhole = true;
  await scanPublication(storage, target.folder, target.metadata, {
    cases: (record: ItemRecord) => void (fingerprints.get(record.case_id) === record.fingerprint && record.files.every(isPresent) && unchanged.add(record.case_id)),
    files: (file: PublishedFile) => void (isWhole &&= isPresent(file)),
  });
  return { isWhole, unchanged };
}

/** Copies the records of these cases into the checkpoint. */
export async function keepRecords(storage: Storage, target: Target, keep: ReadonlySet<string>): Promise<PlanFile['kept']> {
  const kept = { records: 0, files: 0 };
  let records: ItemRecord[] = [];
  const write = async (): Promise<void> => {
    await storage.write(keptUri(planUri(target.folder), kept.files++), JSON.stringify({ records, quarantined: [] } satisfies BatchFile));
    records = [];
  };
  if (keep.size > 0) {
    await scanPublication(storage, target.folder, target.metadata, {
      cases: async (record: ItemRecord) => {
        if (!keep.has(record.case_id)) return;
        records.push(record);
        kept.records++;
        if (records.length === recordsPerFile) await write();
      },
    });
  }
  if (records.length > 0) await write();
  return kept;
}

/** From here on no reader may trust the folder until the new metadata is there; files of the old state that will not come again go. */
export async function replacePublished(storage: Storage, target: Target, plan: PlanFile): Promise<void> {
  const stay = new Set<string>();
  for await (const record of keptRecords(storage, plan, planUri(target.folder))) for (const file of record.files) stay.add(file.path);
  const stale: string[] = [];
  await scanPublication(storage, target.folder, target.metadata, { files: (file: PublishedFile) => void (!stay.has(file.path) && stale.push(file.path)) });
  await withdraw(storage, target.folder, target.metadata);
  for (const path of stale) await storage.remove(joinUri(target.folder, path));
}
