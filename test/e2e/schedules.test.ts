import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WorkflowHandle } from '@temporalio/client';
import { describe, test } from 'vitest';
import type { ScheduleState } from '../../src/runtime/schedules.js';
import { openHouse } from './support/house.js';
import type { Project } from './support/project.js';
import { command, startHost, startNode, until } from './support/processes.js';

const queue = 'scheduled';
const register = fileURLToPath(new URL('../../dist/deploy/register.js', import.meta.url));

const house = openHouse(async ({ server }) => {
  await startHost(server.address, queue);
});

function writeManifest(project: Project, minutes: number): string {
  const folder = project.path('deploy/schedules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'ingest.yml'), JSON.stringify({
    id: 'ingest', section: 'tpl_genkey_pipeline', config: project.config, schedule: { mode: 'interval', minutes },
    overrides: { 'tpl_genkey_pipeline.batch_size': 1, 'tpl_genkey_pipeline.max_workers': 1 },
  }));
  return folder;
}

async function deploy(folder: string): Promise<string> {
  const { code, stderr } = await startNode([register, folder], { env: house.server.environment(queue) }).ended;
  if (code !== 0) throw new Error(`deploy/register ended with ${code}: ${stderr}`);
  return stderr;
}

async function listed(): Promise<ScheduleState> {
  const { code, stdout, stderr } = await command(['schedules', 'list', '--json'], { env: house.server.environment(queue) });
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { schedules: ScheduleState[] }).schedules.find(({ id }) => id === 'ingest')!;
}

describe('a schedule', () => {
  test('is made once, starts runs, leaves out those that would overlap, and keeps a person\'s pause', { timeout: 150_000 }, async ({ expect }) => {
    const { client } = house.server;
    const project = house.project({ copies: 12 });
    const folder = writeManifest(project, 0.05);
    expect(await deploy(folder)).toContain('ingest: created');
    const again = await deploy(folder);
    expect(again).toMatch(/^namespace default on .*: unchanged$/m);
    expect(again).toContain('ingest: unchanged');

    const handle = client.schedule.getHandle('ingest');
    let run: WorkflowHandle | undefined;
    await until(async () => {
      const [going] = (await handle.describe()).info.runningActions;
      if (going?.type === 'startWorkflow') run = client.workflow.getHandle(going.workflow.workflowId);
      return run !== undefined;
    }, 'the schedule starts a run', 30);
    // Held in the middle, so that it surely lasts until the schedule fires again.
    await run!.executeUpdate('pause');
    await until(async () => (await listed()).skippedOverlap > 0, 'a start is left out', 30);
    expect(await listed()).toMatchObject({ running: 1, taken: 1, paused: false });
    await handle.pause('pump maintenance');
    await run!.executeUpdate('resume');
    expect(await run!.result()).toMatchObject({ section: 'tpl_genkey_pipeline', outcome: 'completed', metrics: { cases: 72 } });

    expect(await listed()).toMatchObject({ id: 'ingest', section: 'tpl_genkey_pipeline', paused: true, note: 'pump maintenance' });
    expect(await deploy(writeManifest(project, 0.1))).toContain('ingest: updated');
    expect(await listed()).toMatchObject({ paused: true, note: 'pump maintenance' });
  });
});
