import { ActivityCancellationType, proxyActivities, proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Queue } from '../pipelines/definePipeline.js';

/** How long one attempt of a stage may take. Dead hosts are found by their heartbeats, long before. */
const attemptLimit = { penstock: '5 minutes', 'penstock-cpu': '2 hours', 'penstock-train': '6 hours' } as const;

/**
 * Calls one stage as an activity. Retries are bounded by time, not by count, because every kill of a worker host spends an
 * attempt; failures that cannot heal are marked so by the stage. Waiting for cancellation keeps a re-run from meeting a
 * writer that still writes.
 */
export function callStage<Name extends keyof Activities>(name: Name, queue: Queue, summary: string): Activities[Name] {
  const activities = proxyActivities<Activities>({
    taskQueue: queueFor(queue),
    summary,
    startToCloseTimeout: attemptLimit[queue],
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout: '10 seconds',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
  });
  return activities[name];
}

/** Calls one short stage on the host that runs the workflow: its input does not go into the history, and there is no way to the server. */
export function callLocalStage<Name extends keyof Activities>(name: Name): Activities[Name] {
  const activities = proxyLocalActivities<Activities>({
    startToCloseTimeout: '2 minutes',
    scheduleToCloseTimeout: '1 hour',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  });
  return activities[name];
}

/** Queues keep their suffix under whatever base name this workflow runs on, so that installations can stand side by side. */
function queueFor(queue: Queue): string {
  return workflowInfo().taskQueue + queue.slice('penstock'.length);
}
