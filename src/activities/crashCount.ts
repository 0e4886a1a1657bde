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
 * whole worker host can never report. A first attempt counts all cases of its batch at once, since a write before each
 * takes as long as a small case itself; whoever comes to its end in a later attempt, which counts one by one, is cleared.
 */
export async function openCrashCount(context: StageContext, uri: string, ids: readonly string[]): Promise<CrashCount> {
  const first = context.attempt === 1;
  const counts = (first ? undefined : await tryReadJson<Record<string, number>>(context.storage, uri)) ?? {};
  let written = false;
  return {
    count: (id) => counts[id] ?? 0,
    async started(id) {
      if (first && written) return;
      for (const begun of first ? ids : [id]) counts[begun] = (counts[begun] ?? 0) + 1;
      await context.storage.write(uri, JSON.stringify(counts));
      written = true;
    },
    ended(id) {
      delete counts[id];
    },
    async forgive(id) {
      if (first) for (const begun of ids) delete counts[begun];
      else counts[id] = (counts[id] ?? 1) - 1;
      await context.storage.write(uri, JSON.stringify(counts)).catch(() => undefined);
    },
  };
}
