import { isMainThread } from 'node:worker_threads';
import { setImmediate as turn } from 'node:timers/promises';

/*
 * In a thread of the pool, or a process of one stage, which has nothing else to do, a file in the system's cache is read several times faster by a call
 * that waits than by one that goes to another thread and back. Where such calls turn out to be slow, as on a network drive, the
 * thread goes back to the others, so that several may be under way.
 */

/** Well above what a busy machine makes of a file in the cache. */
const slowMs = 10;
/** Waiting calls let messages in, such as a cancellation, this often. */
const turnEveryMs = 20;

let hasOneTask = !isMainThread;
let averageMs = 0;
let turned = 0;

/** Says that this process, too, has nothing else to do than what waits for its files. */
export function waitForFiles(): void {
  hasOneTask = true;
}

/** Whether calls that wait are the faster ones here. */
export function isQuick(): boolean {
  return hasOneTask && averageMs < slowMs;
}

/** Runs a waiting call and keeps account of how long it took; a megabyte may take a millisecond. */
export async function timed<T>(call: () => T): Promise<T> {
  const started = performance.now();
  if (started - turned > turnEveryMs) {
    await turn();
    turned = performance.now();
  }
  const begun = performance.now();
  const result = call();
  const allowed = result instanceof Uint8Array ? result.length / 1e6 : 0;
  averageMs += (Math.max(0, performance.now() - begun - allowed) - averageMs) / 32;
  return result;
}
