import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { describe, test } from 'vitest';
import type { PipelineResult, Progress } from '../../src/pipelines/contracts.js';
import { openHouse } from './support/house.js';
import { changedBetween, filesIn, results, versions, type Project } from './support/project.js';
import { command, commandLine, descendants, isAlive, startHost, until, type Host } from './support/processes.js';
import { startChain, startRun, statusOf, stepsOf, type Run, type Step } from './support/server.js';

/** Long enough to be killed in the middle of each step. */
const campaign = {
  cases: 3, copies: 4,
  changes: {
    'leak_detection_pipeline.steps': ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline'],
    'features_pipeline.batch_size': 2,
    training_pfm_detection_pipeline: {
      input_path: 'data/features', output_folder: 'data/training', num_boost_round: 400, early_stopping_rounds: 400, lgbm_params: { learning_rate: 0.01, num_leaves: 15, min_data_in_leaf: 10 },
    },
  },
};

/** A run that nobody disturbs, to compare the others with. */
let calm: Project;
let undisturbed: Promise<PipelineResult>;

const house = openHouse(async (house) => {
  calm = house.project(campaign);
  await startHost(house.server.address, 'calm');
  undisturbed = (await startChain(house.server, 'calm', calm, 'calm')).result();
  undisturbed.catch(() => undefined);
});

/** Waits for a step of a run that is worked on and has said how far it is. */
async function stepUnderWay(workflowId: string, name: string): Promise<Step> {
  let found: Step | undefined;
  await until(async () => {
    found = (await stepsOf(house.server, workflowId)).find((step) => step.name === name && step.running && (step.progress?.done ?? 0) > 0);
    return found !== undefined;
  }, `${name} is under way`, 90);
  return found!;
}

async function running(workflowId: string, name: string, attempt: number): Promise<Step | undefined> {
  return (await stepsOf(house.server, workflowId)).find((step) => step.name === name && step.running && step.attempt >= attempt);
}

describe.concurrent('a run', () => {
  test('outlives two killed hosts, and gives the same files as if nothing had happened', { timeout: 240_000 }, async ({ expect }) => {
    const { server } = house;
    const own = house.project(campaign);
    const hosts = await Promise.all([startHost(server.address, 'kill'), startHost(server.address, 'kill')]);
    const of = (identity: string): Host => hosts.find((host) => host.identity === identity)!;
    const run = await startChain(server, 'kill', own, 'kill');

    await until(() => existsSync(own.path('data/features/.work/batch-00002.json')), 'features are being computed', 90);
    const batch = (await running('kill.features_pipeline', 'featureBatch', 1))!;
    of(batch.host).kill('SIGKILL');
    const firstKill = Date.now();
    await until(async () => (await running('kill.features_pipeline', 'featureBatch', 2)) !== undefined, 'the batch is tried again', 25);
    const untilFirstRetry = (Date.now() - firstKill) / 1000;
    hosts.push(await startHost(server.address, 'kill'));

    const training = await stepUnderWay('kill.training_pfm_detection_pipeline', 'trainModel');
    const victim = of(training.host);
    const children = descendants(victim.pid).filter((pid) => commandLine(pid).includes('stageProcess'));
    expect(children).toHaveLength(1);
    victim.kill('SIGKILL');
    const secondKill = Date.now();
    await until(() => !children.some(isAlive), 'the training of the killed host has ended', 10);
    const untilChildEnd = (Date.now() - secondKill) / 1000;
    await until(async () => (await running('kill.training_pfm_detection_pipeline', 'trainModel', 2)) !== undefined, 'the training is tried again', 25);
    const untilSecondRetry = (Date.now() - secondKill) / 1000;

    const result = await run.result();
    console.info('seconds from kill to retry and to the end of the training child', { untilFirstRetry, untilSecondRetry, untilChildEnd });
    expect(result).toMatchObject({ outcome: 'completed', quarantined: [] });
    expect(untilFirstRetry).toBeLessThan(15);
    expect(untilSecondRetry).toBeLessThan(15);
    await undisturbed;
    expect(results(own)).toEqual(results(calm));
  });

  test('that is cancelled has stopped writing when it is closed, leaves nothing half, and can go on', { timeout: 240_000 }, async ({ expect }) => {
    const { server } = house;
    const own = house.project(campaign);
    await startHost(server.address, 'cancel');

    /** Cancels in the middle of a step and looks at what is left. */
    const cancelDuring = async (id: string, folder: string, metadata: string, underWay: () => Promise<unknown>): Promise<void> => {
      const run = await startChain(server, 'cancel', own, id);
      await underWay();
      await run.cancel();
      const asked = Date.now();
      const failure: unknown = await run.result().then(() => 'completed', (error: unknown) => error);
      const left = versions(own);
      console.info(`cancelled ${id} within`, (Date.now() - asked) / 1000);
      expect(failure).toBeInstanceOf(WorkflowFailedError);
      expect((failure as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
      expect(await statusOf(server, id)).toBe('CANCELLED');
      await sleep(4_000);
      expect(changedBetween(left, versions(own)), `written after ${id} was closed`).toEqual([]);
      expect(filesIn(own.path('data')).filter((path) => /(^|\/)\./.test(path.replace('/.work/', '/')))).toEqual([]);
      expect(existsSync(own.path(folder, '.work/plan.json')), `the plan of ${id}`).toBe(true);
      expect(existsSync(own.path(folder, metadata)), `the metadata of ${id}`).toBe(false);
    };

    const written = (folder: string, pattern: RegExp, count: number) => () =>
      until(() => existsSync(own.path(folder)) && filesIn(own.path(folder)).filter((path) => pattern.test(path)).length >= count, `${folder} is being written`, 90);
    await cancelDuring('cancel-ingest', 'data/series/fit', 'metadata/tpl_genkey_metadata.json', written('data/series/fit', /\.parquet$/, 2));
    await cancelDuring('cancel-features', 'data/features', 'metadata/features_metadata.json', written('data/features', /batch-\d+\.json$/, 2));
    await cancelDuring('cancel-training', 'data/training', 'training_metadata.json', () => stepUnderWay('cancel-training.training_pfm_detection_pipeline', 'trainModel'));

    expect((await (await startChain(server, 'cancel', own, 'cancel-none')).result()).outcome).toBe('completed');
    await undisturbed;
    expect(results(own)).toEqual(results(calm));
  });

  test('holds while its parent is paused', { timeout: 120_000 }, async ({ expect }) => {
    const { server } = house;
    const own = house.project(campaign);
    const run = await startRun(server, 'calm', 'leakDetection', 'pause', {
      config: own.config, overrides: { 'leak_detection_pipeline.steps': ['tpl_genkey_pipeline'], 'tpl_genkey_pipeline.batch_size': 1, 'tpl_genkey_pipeline.max_workers': 1 },
    }) as Run;
    const child = server.client.workflow.getHandle('pause.tpl_genkey_pipeline');
    const series = (): number => filesIn(own.path('data')).filter((path) => /^series\/fit\/data\/.*\.parquet$/.test(path)).length;
    await until(() => series() >= 2, 'some cases are read', 60);
    expect(await run.executeUpdate('pause')).toMatch(/^paused/);
    await sleep(2_000);
    const held = series();
    expect(held).toBeLessThan(24);
    const progress = await child.query<Progress>('progress');
    expect(progress).toEqual({
      stage: 'reads cases (paused)', done: held, total: 24, unit: 'cases', ratePerSecond: expect.any(Number) as number, etaSeconds: null, quarantined: 0, detail: '',
    });
    await sleep(1_500);
    expect(series()).toBe(held);
    expect(await run.executeUpdate('resume')).toBe('resumed');
    const result = await run.result();
    expect(result).toMatchObject({ outcome: 'completed', metrics: { cases: 24 } });
    expect(series()).toBe(24);
  });

  test('is given back by a host that is asked to end, and can be asked about with no host up', { timeout: 240_000 }, async ({ expect }) => {
    const { server } = house;
    await undisturbed;
    const first = await startHost(server.address, 'term');
    const health = await (await fetch(first.health)).json() as unknown;
    expect(health).toEqual({ healthy: true, queues: { penstock: 'RUNNING', 'penstock-cpu': 'RUNNING', 'penstock-train': 'RUNNING' } });
    const run = await startRun(server, 'term', 'trainingPfmDetection', 'term', {
      config: calm.config, overrides: {
        'training_pfm_detection_pipeline.output_folder': 'other/training', 'training_pfm_detection_pipeline.num_boost_round': 1_000_000, 'training_pfm_detection_pipeline.early_stopping_rounds': 1_000_000,
      },
    });
    await stepUnderWay('term', 'trainModel');
    first.kill('SIGTERM');
    const asked = Date.now();
    const { code } = await first.ended;
    console.info('seconds from SIGTERM to the end of the host', (Date.now() - asked) / 1000);
    expect(Date.now() - asked).toBeLessThan(25_000);
    expect(code).toBe(0);
    expect(await statusOf(server, 'term')).toBe('RUNNING');

    const onlyTraining = await startHost(server.address, 'term', { queues: ['penstock-train'] });
    expect(await (await fetch(onlyTraining.health)).json()).toEqual({ healthy: true, queues: { 'penstock-train': 'RUNNING' } });
    const again = await stepUnderWay('term', 'trainModel');
    expect(again.attempt).toBeGreaterThan(1);
    expect(again.host).toBe(onlyTraining.identity);
    onlyTraining.kill('SIGKILL');
    await onlyTraining.ended;

    const started = Date.now();
    const status = await command(['status', 'term', '--json'], { env: server.environment('term') });
    console.info('seconds that status took with no host up', (Date.now() - started) / 1000);
    expect(status.code, status.stderr).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({
      workflowId: 'term', status: 'RUNNING', progress: null,
      steps: [{ step: 'trainModel', host: onlyTraining.identity, reported: { unit: 'iterations', total: 1_000_000, done: expect.any(Number) as number } }],
    });
    expect(Date.now() - started).toBeLessThan(15_000);
    await run.terminate();
  });
});
