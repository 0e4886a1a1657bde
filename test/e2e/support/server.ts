import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client, Connection, WorkflowHandle } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { connectClient } from '../../../src/runtime/connection.js';
import { attachServer, registerNamespace } from '../../../src/runtime/server/index.js';
import type { PipelineResult, StageProgress } from '../../../src/pipelines/contracts.js';
import type { Project } from './project.js';

/** The embedded server that the tests of one file share; each test has a queue of its own. */
export interface TestServer {
  readonly address: string;
  readonly client: Client;
  /** What a command needs to use this server as its embedded one, on a queue of its own. */
  environment(queue: string): Record<string, string>;
  stop(): Promise<void>;
}

export async function startTestServer(): Promise<TestServer> {
  const stateFolder = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-e2e-state-')));
  const server = await attachServer({ stateFolder, report: () => undefined });
  const client = await connectClient({ address: server.address, namespace: 'default' });
  await registerNamespace(client.connection as Connection, 'default');
  return {
    address: server.address, client,
    environment: (queue) => ({ PENSTOCK_STATE: stateFolder, PENSTOCK_EMBEDDED: '1', PENSTOCK_QUEUE: queue }),
    async stop() {
      await client.connection.close();
      await server.release();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

export interface Step {
  readonly name: string;
  readonly attempt: number;
  readonly running: boolean;
  /** The host that has it, or had it last. */
  readonly host: string;
  readonly progress: StageProgress | undefined;
}

export type Run = WorkflowHandle<(input: unknown) => Promise<PipelineResult>>;

/** Starts a workflow as the Web UI's form does. */
export function startRun({ client }: TestServer, queue: string, type: string, workflowId: string, input: unknown): Promise<Run> {
  return client.workflow.start<(input: unknown) => Promise<PipelineResult>>(type, { taskQueue: queue, workflowId, args: [input] });
}

export function startChain(server: TestServer, queue: string, project: Project, workflowId: string): Promise<Run> {
  return startRun(server, queue, 'leakDetection', workflowId, { config: project.config });
}

/** The steps under way of a run, as the server knows them. A child that has not started yet has none. */
export async function stepsOf({ client }: TestServer, workflowId: string): Promise<Step[]> {
  const description = await client.workflow.getHandle(workflowId).describe().catch(() => undefined);
  return (description?.raw.pendingActivities ?? []).map((activity): Step => ({
    name: activity.activityType?.name ?? '', attempt: activity.attempt ?? 1, running: activity.state === 2, host: activity.lastWorkerIdentity ?? '',
    progress: activity.heartbeatDetails?.payloads?.[0] && defaultPayloadConverter.fromPayload<StageProgress>(activity.heartbeatDetails.payloads[0]),
  }));
}

export async function statusOf({ client }: TestServer, workflowId: string): Promise<string> {
  return client.workflow.getHandle(workflowId).describe().then((d) => d.status.name, () => 'NONE');
}
