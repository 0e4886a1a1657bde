import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { PenstockError } from '../../errors/index.js';
import type { StageProgress } from '../../pipelines/contracts.js';
import { builtModule } from '../builtModule.js';
import { fromFailure, type FromStage, type StageJob, type ThreadTask } from './messages.js';

/** Time a cancelled stage has to stop by itself before its thread is ended. */
const cancelGraceMs = 2_000;

export interface StagePool {
  run(job: StageJob, signal: AbortSignal, progress: (p: StageProgress) => void): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Bytes of bytecode that a function runs through before V8 compiles it for speed. Every thread compiles for itself, on the
 * cores that the threads need: with V8's own 132 KB this takes a fourth of a batch pipeline of some seconds, mostly for
 * functions that would hardly run any more. The hot loops reach either limit within milliseconds.
 */
const compiledAfter = 600_000;

/** Threads for stages that compute: as many as there are cores, so that the event loop stays free for heartbeats. */
export function openPool(threads = availableParallelism()): StagePool {
  setFlagsFromString(`--interrupt-budget=${compiledAfter}`);
  const pool = new Piscina({
    filename: builtModule(import.meta.url, './stageThread.js'),
    minThreads: 0, maxThreads: threads, idleTimeout: 30_000,
    // Stages leave typed arrays behind, whose memory is given back when garbage of the young is collected: often, and all the same as
    // fast. From 2 GB on V8 lets the old grow to four times of what is alive before it looks through them, below to less than twice, and to less the less it may.
    resourceLimits: { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 8 },
  });
  return {
    async run(job, signal, progress) {
      const { port1, port2 } = new MessageChannel();
      port1.on('message', (message: FromStage) => message.kind === 'progress' && progress(message.progress));
      const hard = new AbortController();
      const cancel = (): void => {
        port1.postMessage('cancel');
        void sleep(cancelGraceMs, undefined, { ref: false }).then(() => hard.abort());
      };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        const working = pool.run({ job, port: port2 } satisfies ThreadTask<MessagePort>, { transferList: [port2], signal: hard.signal }) as Promise<FromStage>;
        // Behind a plan come its batches, on all threads: those that are not there yet start meanwhile.
        if (job.name.startsWith('plan')) for (let n = pool.threads.length; n < threads; n++) pool.run({ soon: job.name } satisfies ThreadTask<never>).catch(() => undefined);
        return outcome(await working);
      } catch (error) {
        throw signal.aborted ? new PenstockError('stage/cancelled', 'the stage was cancelled', {}, { cause: error }) : crashed(error);
      } finally {
        signal.removeEventListener('abort', cancel);
        port1.close();
      }
    },
    close: () => pool.destroy(),
  };
}

function outcome(message: FromStage): unknown {
  if (message.kind === 'failure') throw fromFailure(message.failure);
  return message.kind === 'result' ? message.result : undefined;
}

function crashed(error: unknown): PenstockError {
  if (error instanceof PenstockError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new PenstockError('stage/crashed', `the thread of this step ended: ${text}`, {}, { cause: error });
}
