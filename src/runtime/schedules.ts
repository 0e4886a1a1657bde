import { ScheduleNotFoundError, ScheduleOverlapPolicy, type Client, type ScheduleOptions, type ScheduleSpec } from '@temporalio/client';
import { hashOf } from '../config/index.js';
import { pipelineOf } from '../pipelines/index.js';
import { PenstockError } from '../errors/index.js';
import type { ScheduleManifest } from './scheduleManifest.js';

export interface ScheduleChange {
  readonly id: string;
  readonly change: 'created' | 'updated' | 'unchanged';
}

export interface ScheduleState {
  readonly id: string;
  readonly section: string;
  readonly paused: boolean;
  readonly note: string | null;
  readonly running: number;
  readonly taken: number;
  /** Starts left out because a run was still going: the Web UI does not show them. */
  readonly skippedOverlap: number;
  readonly missedCatchup: number;
  readonly next: string | null;
}

const marker = 'penstockManifest';

/** Brings the schedules of a server in line with the manifests; what is right already is not touched. */
export async function applySchedules(client: Client, manifests: readonly ScheduleManifest[], queueBase: string, pipelineFor: (m: ScheduleManifest) => string): Promise<ScheduleChange[]> {
  const changes: ScheduleChange[] = [];
  for (const manifest of manifests) changes.push({ id: manifest.id, change: await applyOne(client, manifest, queueBase, pipelineFor(manifest)) });
  return changes;
}

/** All schedules of ours, with the counts that say whether they do their work. */
export async function listSchedules(client: Client): Promise<ScheduleState[]> {
  const states: ScheduleState[] = [];
  for await (const { scheduleId } of client.schedule.list()) {
    const { action, state, info } = await client.schedule.getHandle(scheduleId).describe();
    if (action.type !== 'startWorkflow' || !action.memo?.[marker]) continue;
    states.push({
      id: scheduleId, section: String((action.args?.[0] as { section?: string } | undefined)?.section ?? ''),
      paused: state.paused, note: state.note ?? null, running: info.runningActions.length, taken: info.numActionsTaken,
      skippedOverlap: info.numActionsSkippedOverlap, missedCatchup: info.numActionsMissedCatchupWindow, next: info.nextActionTimes[0]?.toISOString() ?? null,
    });
  }
  return states.sort((a, b) => (a.id < b.id ? -1 : 1));
}

async function applyOne(client: Client, manifest: ScheduleManifest, queueBase: string, workflowType: string): Promise<ScheduleChange['change']> {
  const options = optionsOf(manifest, queueBase, workflowType);
  const handle = client.schedule.getHandle(manifest.id);
  const existing = await handle.describe().catch((error: unknown) => {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  });
  if (!existing) {
    await client.schedule.create(options);
    return 'created';
  }
  if (existing.action.type === 'startWorkflow' && existing.action.memo?.[marker] === options.action.memo?.[marker]) return 'unchanged';
  // A pause by a person outlives a new manifest.
  await handle.update((previous) => ({ ...options, state: previous.state }));
  return 'updated';
}

function optionsOf(manifest: ScheduleManifest, queueBase: string, workflowType: string): ScheduleOptions {
  return {
    scheduleId: manifest.id,
    spec: specOf(manifest.schedule),
    action: {
      type: 'startWorkflow', workflowType, taskQueue: queueBase, workflowId: `${manifest.section}-scheduled`,
      args: [{ section: manifest.section, config: manifest.config, overrides: manifest.overrides }],
      staticSummary: manifest.section,
      memo: { [marker]: hashOf({ ...manifest, queueBase, workflowType }) },
    },
    policies: {
      overlap: manifest.overlap === 'skip' ? ScheduleOverlapPolicy.SKIP : ScheduleOverlapPolicy.BUFFER_ALL,
      catchupWindow: manifest.catchup_minutes * 60_000,
    },
    state: { paused: manifest.paused },
  };
}

function specOf(schedule: ScheduleManifest['schedule']): ScheduleSpec {
  if (schedule.mode === 'interval') return { intervals: [{ every: schedule.minutes * 60_000 }] };
  if (schedule.mode === 'cron') return { cronExpressions: [schedule.cron], timezone: schedule.timezone };
  const [hour, minute] = schedule.time.split(':').map(Number);
  return { calendars: [{ hour: hour!, minute: minute! }], timezone: schedule.timezone };
}

/** The workflow a manifest starts, where the section is named as its pipeline. */
export function workflowOf(manifest: ScheduleManifest, declared: string | undefined): string {
  const pipeline = pipelineOf(declared ?? manifest.section);
  if (!pipeline) throw new PenstockError('config/unknown-section', `schedule "${manifest.id}" names the section "${manifest.section}", which is not in ${manifest.config}`);
  return pipeline.name;
}
