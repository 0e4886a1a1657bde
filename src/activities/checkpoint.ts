import { joinUri, type Storage } from '../storage/index.js';

/** Inside an output folder: the plan and the results of finished batches, which are the checkpoint until publication. */
const workFolder = '.work';

/** The plan goes first: batches without a plan are nothing, a plan without its batches would be gone on with. */
export async function clearWork(storage: Storage, folder: string): Promise<void> {
  await storage.remove(planUri(folder));
  for (const file of await storage.list(joinUri(folder, workFolder))) await storage.remove(file.uri);
}

/** A file of the batch that lives until publication. */
export function partUri(input: { readonly planUri: string; readonly batch: number }, suffix: string): string {
  return batchUri(input.planUri, input.batch).replace(/json$/, suffix);
}

export function planUri(folder: string): string {
  return joinUri(folder, workFolder, 'plan.json');
}

export function batchUri(plan: string, batch: number): string {
  return plan.replace(/plan\.json$/, `batch-${String(batch).padStart(5, '0')}.json`);
}

export async function readJson<T>(storage: Storage, uri: string): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await storage.read(uri))) as T;
}

/** A checkpoint that is not there, or that somebody damaged, is none: the work is done again. */
export async function tryReadJson<T>(storage: Storage, uri: string): Promise<T | undefined> {
  if (!(await storage.stat(uri))) return undefined;
  try {
    return await readJson<T>(storage, uri);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
