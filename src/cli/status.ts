import { WorkflowNotFoundError } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { PenstockError } from '../errors/index.js';
import type { Progress } from '../pipelines/index.js';
import { printJson } from './output.js';
import { openSession } from './session.js';
import { askProgress } from './watchProgress.js';

/** Where a run stands: its state, its progress, and what the steps under way last reported. */
export async function status(workflowId: string, { json = false }: { json?: boolean }): Promise<void> {
  const session = await openSession({ worker: false });
  try {
    const handle = session.client.workflow.getHandle(workflowId);
    const description = await handle.describe().catch((cause: unknown) => {
      throw cause instanceof WorkflowNotFoundError ? new PenstockError('cli/usage', `there is no run "${workflowId}" on this server`, {}, { cause }) : cause;
    });
    // With no worker up a query hangs for half a minute: the memo and the heartbeats have to do then.
    const progress = await askProgress(session.client, workflowId);
    const steps = (description.raw.pendingActivities ?? []).map((activity) => ({
      step: activity.activityType?.name ?? '', attempt: activity.attempt ?? 1, host: activity.lastWorkerIdentity ?? '',
      reported: activity.heartbeatDetails?.payloads?.[0] ? defaultPayloadConverter.fromPayload<unknown>(activity.heartbeatDetails.payloads[0]) : null,
      lastFailure: activity.lastFailure?.message ?? null,
    }));
    const state = {
      workflowId, runId: description.runId, type: description.type, status: description.status.name,
      started: description.startTime.toISOString(), closed: description.closeTime?.toISOString() ?? null,
      progress, memo: description.memo ?? null, steps,
    };
    if (json) printJson(state);
    else print(state);
  } finally {
    await session.close();
  }
}

function print(state: { workflowId: string; status: string; started: string; closed: string | null; progress: Progress | null; steps: readonly { step: string; attempt: number; host: string; reported: unknown; lastFailure: string | null }[] }): void {
  const lines = [`${state.workflowId}: ${state.status.toLowerCase()}, started ${state.started}${state.closed ? `, closed ${state.closed}` : ''}`];
  if (state.progress) {
    const { stage, done, total, unit, etaSeconds, quarantined, detail } = state.progress;
    lines.push(`  ${stage}: ${done} of ${total} ${unit}${etaSeconds === null ? '' : `, about ${etaSeconds} s left`}${quarantined ? `, ${quarantined} quarantined` : ''}`);
    if (detail) lines.push(`  ${detail}`);
  } else lines.push('  no worker answered, so there is no live progress');
  for (const { step, attempt, host, reported, lastFailure } of state.steps) {
    lines.push(`  ${step}, attempt ${attempt} on ${host || 'no host yet'}: ${JSON.stringify(reported)}${lastFailure ? `; last failure: ${lastFailure.split('\n')[0]}` : ''}`);
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
