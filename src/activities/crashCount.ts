import { tryReadJson } from './checkpoint.js';
import type { StageContext } from './stage.js';

export interface CrashCount {
  count(id: string): number;
  started(id: string): Promise<void>;
  ended(id: string): void;
  /** Takes back the last start: the work ended by a failure or a wish that the case is not to blame for. */
  forgive(id: string): Promise<void>;
}

/**
 * Counts, in storage and before the work, how often each case was begun without coming to an end: a case that kills its
 * whole worker host can never report.
 */
export async function openCrashCount(context: StageContext, uri: string): Promise<CrashCount> {
  const counts = (context.attempt > 1 ? await tryReadJson<Record<string, number>>(context.storage, uri) : undefined) ?? {};
  return {
    count: (id) => counts[id] ?? 0,
    async started(id) {
      counts[id] = (counts[id] ?? 0) + 1;
      await context.storage.write(uri, JSON.stringify(counts));
    },
    ended(id) {
      delete counts[id];
    },
    async forgive(id) {
      counts[id] = (counts[id] ?? 1) - 1;
      await context.storage.write(uri, JSON.stringify(counts)).catch(() => undefined);
    },
  };
}
