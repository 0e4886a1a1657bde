import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { connectClient } from '../../src/runtime/connection.js';
import { attachServer } from '../../src/runtime/server/index.js';
import type { PipelineResult } from '../../src/pipelines/contracts.js';
import { newProject, results, type Project } from './support/project.js';
import { command, commandLine, descendants, endStarted, isAlive, processesWith, startCommand, until, type Started } from './support/processes.js';

let own: Project;
let other: Project;
const stateFolders: string[] = [];
const steps = ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline'];

beforeAll(() => {
  own = newProject({ changes: { 'leak_detection_pipeline.steps': steps } });
  other = newProject({ copies: 4, changes: { 'leak_detection_pipeline.steps': steps, 'features_pipeline.batch_size': 2 } });
});
afterAll(async () => {
  await endStarted();
  await until(() => stateFolders.every((folder) => processesWith(folder).length === 0), 'no server is left', 20);
  for (const folder of stateFolders) rmSync(folder, { recursive: true, force: true });
  own.remove();
  other.remove();
});

/** A state folder is a server: guard, leash and server name it in their command lines. */
function stateFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-e2e-state-')));
  stateFolders.push(folder);
  return folder;
}

function environment(state: string): Record<string, string> {
  return { PENSTOCK_STATE: state, PENSTOCK_EMBEDDED: '1' };
}

/** Starts a training that does not end by itself, and waits until its process computes. */
async function startEndlessTraining(state: string, output: string): Promise<{ run: Started; processes: number[] }> {
  const section = 'training_pfm_detection_pipeline';
  const run = startCommand([
    'run', section, '--json', '--set', `${section}.output_folder=${output}`, '--set', `${section}.num_boost_round=1000000`, '--set', `${section}.early_stopping_rounds=1000000`,
  ], { cwd: own.folder, env: environment(state) });
  const training = (): number[] => descendants(run.pid).filter((pid) => commandLine(pid).includes('stageProcess'));
  await until(() => {
    if (run.child.exitCode !== null) throw new Error(`the run ended: ${run.stderr()}`);
    return training().length === 1 && existsSync(own.path(output, '.work/batch-00000.json.crashes'));
  }, 'the training is under way', 90);
  await sleep(1_000);
  const processes = [...descendants(run.pid), ...processesWith(state)];
  if (processes.length < 4) throw new Error(`expected guard, leash, server and training; found ${processes.map(commandLine).join('; ')}`);
  return { run, processes };
}

describe.skipIf(process.platform !== 'linux')('penstock run', () => {
  test('starts what it needs, prints one document, and leaves no process behind', { timeout: 120_000 }, async ({ expect }) => {
    const state = stateFolder();
    const { code, stdout, stderr } = await command(['run', 'leak_detection_pipeline', '--json'], { cwd: own.folder, env: environment(state) });
    expect(code, stderr).toBe(0);
    const { outcome, workflowId } = JSON.parse(stdout) as { outcome: string; workflowId: string };
    expect(outcome).toBe('completed');
    // Whoever wants to ask or steer the run needs its id while it goes.
    expect(stderr.split('\n')).toContain(`follows ${workflowId}`);
    expect(processesWith(state)).toEqual([]);
  });

  describe.concurrent('that is stopped', () => {
    test('by Ctrl-C cancels the run and takes everything down', { timeout: 120_000 }, async ({ expect }) => {
      const state = stateFolder();
      const { run, processes } = await startEndlessTraining(state, 'data/interrupted');
      const asked = Date.now();
      process.kill(-run.pid, 'SIGINT');
      const { code, stderr } = await run.ended;
      console.info('seconds from Ctrl-C to the end', (Date.now() - asked) / 1000);
      expect(code, stderr).toBe(130);
      expect(processes.filter(isAlive)).toEqual([]);

      const server = await attachServer({ stateFolder: state, report: () => undefined });
      const client = await connectClient({ address: server.address, namespace: 'default' });
      const statuses: string[] = [];
      for await (const { status } of client.workflow.list()) statuses.push(status.name);
      await client.connection.close();
      await server.release();
      expect(statuses).toEqual(['CANCELLED']);
    });

    test('by SIGKILL takes server and training down with it', { timeout: 120_000 }, async ({ expect }) => {
      const state = stateFolder();
      const { run, processes } = await startEndlessTraining(state, 'data/killed');
      process.kill(run.pid, 'SIGKILL');
      const killed = Date.now();
      await until(() => !processes.some(isAlive), 'everything is gone', 10);
      console.info('seconds from SIGKILL to the end of everything', (Date.now() - killed) / 1000);
      expect(processesWith(state)).toEqual([]);
    });

    test('never by the death of the server, which two runs share', { timeout: 180_000 }, async ({ expect }) => {
      const state = stateFolder();
      const start = (args: string[] = []): Started => startCommand(['run', 'leak_detection_pipeline', '--json', ...args], { cwd: other.folder, env: environment(state) });
      const runs = [start(), start(['--set', 'tpl_genkey_pipeline.output_folder=second/series', '--set', 'windows_pipeline.source_folder=second/series',
        '--set', 'windows_pipeline.output_folder=second/windows', '--set', 'features_pipeline.source_folder=second/windows', '--set', 'features_pipeline.output_folder=second/features'])];
      // Their first step may be over within a moment.
      await until(() => existsSync(other.path('data/series/fit')) && existsSync(other.path('second/series')), 'both runs are going', 90);
      expect(processesWith(state).filter((pid) => commandLine(pid).includes('guard.js'))).toHaveLength(1);
      const { pid } = JSON.parse(readFileSync(join(state, 'server.json'), 'utf8')) as { pid: number };
      process.kill(pid, 'SIGKILL');

      const ended = await Promise.all(runs.map((run) => run.ended));
      for (const { code, stdout, stderr } of ended) {
        expect(code, stderr).toBe(0);
        expect((JSON.parse(stdout) as PipelineResult).outcome).toBe('completed');
      }
      expect(ended.some(({ stderr }) => stderr.includes('the Temporal server is back'))).toBe(true);
      expect(results(other, 'second/features')).toEqual(results(other, 'data/features'));
      expect(processesWith(state)).toEqual([]);
    });
  });
});
