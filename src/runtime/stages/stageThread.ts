import type { MessagePort } from 'node:worker_threads';
import type { StageProgress } from '../../pipelines/contracts.js';
import { loadStage } from '../../activities/stageLoaders.js';
import { toFailure, type FromStage, type ThreadTask } from './messages.js';
import { runStage } from './runStage.js';

/** Each message wakes the thread of the event loop, which passes progress on every few seconds. */
const progressEveryMs = 100;

/** Entry of a pool thread. The port carries progress out and the wish to cancel in. */
export default async function stageThread(task: ThreadTask<MessagePort>): Promise<FromStage | undefined> {
  if ('soon' in task) {
    await loadStage(task.soon);
    return undefined;
  }
  const { job, port } = task;
  const abort = new AbortController();
  port.on('message', () => abort.abort());
  let told = -Infinity;
  const tell = (progress: StageProgress): void => {
    const now = performance.now();
    if (now - told < progressEveryMs) return;
    told = now;
    port.postMessage({ kind: 'progress', progress } satisfies FromStage);
  };
  try {
    const result = await runStage(job, abort.signal, tell);
    return { kind: 'result', result };
  } catch (error) {
    return { kind: 'failure', failure: toFailure(error) };
  } finally {
    port.close();
  }
}
