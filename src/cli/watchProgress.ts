import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Progress } from '../pipelines/index.js';

const everyMs = 1_000;
const patienceMs = 3_000;

/**
 * How far a run is; null where nobody has answered within three seconds, as with no worker up. Then no question is under way any more: the client
 * asks again by itself where a server does not answer, and on a connection that was closed meanwhile that would end the process.
 */
export function askProgress(client: Client, workflowId: string): Promise<Progress | null> {
  return client.withDeadline(Date.now() + patienceMs, () => client.workflow.getHandle(workflowId).query<Progress>('progress')).catch(() => null);
}

/** Asks a run how far it is, every second, until `stop`, which ends when no question is under way. */
export function watchProgress(client: Client, workflowId: string, show: (progress: Progress) => void): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;
  const watching = (async () => {
    while (!signal.aborted) {
      const progress = await askProgress(client, workflowId);
      if (progress && !signal.aborted) show(progress);
      await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop() {
      stopping.abort();
      return watching;
    },
  };
}
