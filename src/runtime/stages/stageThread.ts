import type { MessagePort } from 'node:worker_threads';
import { toFailure, type FromStage, type StageJob } from './messages.js';
import { runStage } from './runStage.js';

/** Entry of a pool thread. The port carries progress out and the wish to cancel in. */
export default async function stageThread({ job, port }: { job: StageJob; port: MessagePort }): Promise<FromStage> {
  const abort = new AbortController();
  port.on('message', () => abort.abort());
  try {
    const result = await runStage(job, abort.signal, (progress) => port.postMessage({ kind: 'progress', progress } satisfies FromStage));
    return { kind: 'result', result };
  } catch (error) {
    return { kind: 'failure', failure: toFailure(error) };
  } finally {
    port.close();
  }
}
