import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGrpcServiceError, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { parseConfig, parseOverride } from '../config/index.js';
import { isErrorCode, PenstockError } from '../errors/index.js';
import type { PipelineResult, ResolvedSection, StartInput } from '../pipelines/index.js';
import { defaultConfig, pipelineOfSection, resolveSection, workflowIdFor } from '../pipelines/resolveSection.js';
import { exitCode, printJson, say } from './output.js';
import { openProgressView } from './progressBar.js';
import { openStorage } from '../storage/index.js';
import { openSession, usesEmbedded, type Session } from './session.js';
import { summarize } from './summary.js';
import { watchProgress } from './watchProgress.js';

export interface RunOptions {
  readonly config: string;
  readonly set: readonly string[];
  readonly force?: boolean;
  readonly only?: 'quarantined';
  readonly json?: boolean;
}

const outageSeconds = 120;

/** Runs one section to its end and reports; the same section with the same configuration re-attaches to the run that is going. */
export async function run(section: string, options: RunOptions): Promise<number> {
  const { resolved, input } = await prepare(section, options);
  const session = await openSession({ worker: true });
  let interrupted = false;
  const handle = await start(session, resolved, input);
  const onSignal = (): void => {
    if (interrupted) process.exit(exitCode.interrupted);
    interrupted = true;
    say('cancelling the run; again to leave at once');
    void handle.cancel().catch(() => undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    const { runId } = await handle.describe();
    say(`follows ${handle.workflowId}`);
    const result = await follow(session, handle);
    if (options.json) printJson({ workflowId: handle.workflowId, runId, ...result });
    else summarize(handle.workflowId, result);
    return exitCode.ok;
  } catch (error) {
    if (interrupted) {
      say('cancelled');
      return exitCode.interrupted;
    }
    throw asPenstockError(error, handle.workflowId);
  } finally {
    await session.close();
  }
}

/** Checks the configuration before any server is started. */
async function prepare(section: string, options: RunOptions): Promise<{ resolved: ResolvedSection; input: StartInput }> {
  const overrides = Object.fromEntries(options.set.map(parseOverride));
  const config = options.config.startsWith('s3://') ? options.config : resolve(options.config);
  const text = await openStorage().read(config).then((bytes) => new TextDecoder().decode(bytes), (cause: unknown) => {
    throw new PenstockError('config/not-found', 'there is no such configuration file', { file: config }, { cause });
  });
  const input: StartInput = {
    // Somebody else's worker hosts find the file where they have it; the embedded one serves several projects, so it is told the whole path.
    section, config: usesEmbedded() ? config : options.config, overrides, ...(options.force && { force: true }), ...(options.only && { only: options.only }),
  };
  return { resolved: resolveSection(text, config, pipelineOfSection(parseConfig(text, config), section), input), input };
}

async function start({ client }: Session, resolved: ResolvedSection, input: StartInput): Promise<WorkflowHandle> {
  return client.workflow.start(resolved.pipeline, {
    taskQueue: process.env['PENSTOCK_QUEUE'] ?? 'penstock',
    workflowId: workflowIdFor(resolved),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
    staticSummary: resolved.section,
  });
}

/** Shows progress until the run ends; a server that restarts in between is waited for. */
async function follow(session: Session, handle: WorkflowHandle): Promise<PipelineResult> {
  const view = openProgressView();
  const watch = watchProgress(session.client, handle.workflowId, (progress) => view.show(progress));
  try {
    return await Promise.race([resultOf(handle), session.workerEnded.then(() => { throw new PenstockError('internal', 'the worker of this run ended before the run did'); })]);
  } finally {
    await watch.stop();
    view.close();
  }
}

async function resultOf(handle: WorkflowHandle): Promise<PipelineResult> {
  let since: number | undefined;
  for (;;) {
    const asked = Date.now();
    try {
      return await handle.result() as PipelineResult;
    } catch (error) {
      if (!isGrpcServiceError(error)) throw error;
      // A call that lasted was answered by a server: this is another outage.
      if (Date.now() - asked > outageSeconds * 250) since = undefined;
      since ??= Date.now();
      if (Date.now() - since > outageSeconds * 1000) throw error;
      say('the server does not answer; waiting for it');
      await sleep(2_000);
    }
  }
}

function asPenstockError(error: unknown, workflowId: string): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  const { cause } = error;
  if (cause instanceof CancelledFailure) return new PenstockError('stage/cancelled', `${workflowId} was cancelled`);
  if (cause instanceof ApplicationFailure) {
    const code = cause.type && isErrorCode(cause.type) ? cause.type : 'internal';
    return new PenstockError(code, `${workflowId} failed\n${withoutRemedy(cause.message)}`, cause.details?.[0] as object | undefined);
  }
  return new PenstockError('internal', `${workflowId} failed: ${cause?.message ?? error.message}`);
}

/** The failure already carries place and remedy as text; they are printed once. */
function withoutRemedy(message: string): string {
  const lines = message.split('\n');
  return /\[[a-z-]+(\/[a-z-]+)?\]$/.test(lines.at(-1) ?? '') ? lines.slice(0, -1).join('\n') : message;
}

export { defaultConfig };
