import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import * as stages from '../activities/index.js';
import type { Stage } from '../activities/stage.js';
import type { Queue } from '../pipelines/definePipeline.js';
import { asActivity } from './asActivity.js';
import { workflowBundle } from './workflowBundle.js';
import { openPool } from './stages/inThread.js';

export const allQueues: readonly Queue[] = ['penstock', 'penstock-cpu', 'penstock-train'];

export interface WorkerHostOptions {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly queues: readonly Queue[];
  /** Base of the queue names: `penstock` gives `penstock`, `penstock-cpu`, `penstock-train`. */
  readonly queueBase: string;
  /** Steps that compute at the same time on this host. */
  readonly cpuSlots: number;
  /** Trainings at the same time on this host. */
  readonly trainSlots: number;
}

/** A worker host: one process that serves some of the queues. */
export interface WorkerHost {
  /** Runs until `stop` is called or a worker fails. */
  run(): Promise<void>;
  /** Takes no new work, lets steps end within the grace time, then ends. */
  stop(): void;
  state(): Record<string, string>;
}

/**
 * One Worker per queue; they share the connection, the pool and the process. Only the queue of workflows has a workflow
 * worker, so three queues in one process cost no more memory than one.
 */
export async function openWorkerHost(options: WorkerHostOptions): Promise<WorkerHost> {
  keepThreadsSmall();
  const pool = openPool(options.cpuSlots);
  const activities = Object.fromEntries(
    Object.entries(stages as unknown as Record<string, Stage<unknown>>).map(([name, stage]) => [name, asActivity(name, stage, pool)]));
  const workers = new Map<Queue, Worker>();
  for (const queue of options.queues) workers.set(queue, await Worker.create({ ...await optionsFor(queue, options), activities }));
  return {
    async run() {
      try {
        await Promise.all([...workers.values()].map((worker) => worker.run()));
      } finally {
        for (const worker of workers.values()) if (worker.getState() === 'RUNNING') worker.shutdown();
        await pool.close();
      }
    },
    stop() {
      for (const worker of workers.values()) if (worker.getState() === 'RUNNING') worker.shutdown();
    },
    state: () => Object.fromEntries([...workers].map(([queue, worker]) => [queue, worker.getState()])),
  };
}

/**
 * Garbage of a thread is collected after 4 MB of it instead of 16, three times over: the thread of the workflows would
 * otherwise grow for as long as a long run lasts. Counts for threads that are begun from here on.
 */
function keepThreadsSmall(): void {
  setFlagsFromString('--max-semi-space-size=4');
}

async function optionsFor(queue: Queue, options: WorkerHostOptions): Promise<WorkerOptions> {
  const slots = { penstock: 20, 'penstock-cpu': options.cpuSlots, 'penstock-train': options.trainSlots }[queue];
  return {
    connection: options.connection,
    namespace: options.namespace,
    taskQueue: options.queueBase + queue.slice('penstock'.length),
    identity: `${hostname()}:${process.pid}`,
    maxConcurrentActivityTaskExecutions: slots,
    // Cancellation and progress travel with heartbeats; the default throttle holds them back for most of the timeout.
    maxHeartbeatThrottleInterval: '2 seconds',
    defaultHeartbeatThrottleInterval: '2 seconds',
    // After a kill the server waits this long for the dead worker before it asks another one.
    stickyQueueScheduleToStartTimeout: '2 seconds',
    shutdownGraceTime: '10 seconds',
    shutdownForceTime: '20 seconds',
    maxCachedWorkflows: 100,
    ...(queue === 'penstock' && { workflowBundle: await workflowBundle() }),
  };
}
