import { hostname } from 'node:os';
import { Context, CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Stage } from '../activities/stage.js';
import { describeError, PenstockError } from '../errors/index.js';
import type { ResolvedSection, StageProgress } from '../pipelines/contracts.js';
import { runInProcess } from './stages/inProcess.js';
import type { StagePool } from './stages/inThread.js';
import { toFailure, fromFailure, type StageJob } from './stages/messages.js';
import { runStage } from './stages/runStage.js';

const host = `${hostname()}:${process.pid}`;
const heartbeatEveryMs = 2_000;
const signalEveryMs = 5_000;
/**
 * Attempts after which a defect ends the run. A case that crashes its process is put aside at the third time, so several may
 * do so in one batch before the step itself is to blame.
 */
const mostAttempts: Partial<Record<string, number>> = { 'stage/crashed': 12, internal: 3 };

/**
 * A stage as a Temporal activity: heartbeats on a ticker of its own, cancellation, progress to the workflow, and every
 * failure as an ApplicationFailure whose type is the code of the error table.
 */
export function asActivity(name: string, stage: Stage<unknown>, pool: StagePool): (input: unknown) => Promise<unknown> {
  return async (input) => {
    const context = Context.current();
    const job: StageJob = { name, input, attempt: context.info.attempt, storage: storageOf(input), host };
    const reporter = context.info.isLocal ? silent : openReporter(context, input);
    try {
      return await place(stage, pool)(job, context.cancellationSignal, reporter.report);
    } catch (error) {
      throw asFailure(error, context);
    } finally {
      reporter.close();
    }
  };
}

/** Local activities are over before anybody could ask, and have no heartbeats. */
const silent = { report: () => undefined, close: () => undefined };

function place(stage: Stage<unknown>, pool: StagePool): typeof runStage {
  if (stage.isolation === 'thread') return pool.run;
  if (stage.isolation === 'process') return runInProcess;
  return runStage;
}

function openReporter(context: Context, input: unknown): { report(progress: StageProgress): void; close(): void } {
  let last: StageProgress | undefined;
  let signalled = { at: Date.now(), percent: 0 };
  const ticker = setInterval(() => context.heartbeat(last), heartbeatEveryMs);
  context.heartbeat(undefined);
  return {
    report(progress) {
      last = progress;
      const percent = progress.total > 0 ? Math.floor((100 * progress.done) / progress.total) : 0;
      if (percent === signalled.percent || Date.now() - signalled.at < signalEveryMs) return;
      signalled = { at: Date.now(), percent };
      tellWorkflow(context, input, progress);
    },
    close: () => clearInterval(ticker),
  };
}

/** Workflows cannot see heartbeats, so a long stage signals how far it is: at each percent, at most every few seconds. */
function tellWorkflow(context: Context, input: unknown, progress: StageProgress): void {
  const { workflowExecution } = context.info;
  if (!workflowExecution) return;
  const id = String((input as { batch?: number } | null)?.batch ?? 'stage');
  context.client.workflow
    .getHandle(workflowExecution.workflowId, workflowExecution.runId)
    .signal('stageProgress', { id, progress })
    .catch(() => undefined); // Progress is no reason to fail; the next signal or the completion will tell.
}

function storageOf(input: unknown): StageJob['storage'] {
  return (input as { resolved?: ResolvedSection } | null)?.resolved?.storage;
}

function asFailure(error: unknown, context: Context): Error {
  const known = error instanceof PenstockError ? error : fromFailure(toFailure(error));
  if (context.cancellationSignal.aborted && known.code === 'stage/cancelled') return new CancelledFailure('cancelled');
  const isDefect = context.info.attempt >= (mostAttempts[known.code] ?? Infinity);
  return ApplicationFailure.create({
    type: known.code,
    message: describeError(known),
    nonRetryable: !known.retryable || isDefect,
    details: [known.place],
    ...(known.stack && known.code === 'internal' && { cause: known }),
  });
}
