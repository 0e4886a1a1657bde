import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clockColumns } from '../../src/activities/dataset.js';
import { imbalanceColumn } from '../../src/activities/featureTable.js';
import { createRandom } from '../../src/numeric/index.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import type { Plan, ResolvedSection, StageProgress } from '../../src/pipelines/index.js';
import { runInProcess } from '../../src/runtime/stages/inProcess.js';
import { runStage } from '../../src/runtime/stages/runStage.js';
import { finishPublication, openStorage, publishFile } from '../../src/storage/index.js';
import { encodeParquet, type Column, type Role } from '../../src/table/index.js';
import { planTraining } from '../../src/activities/training.js';
import { stageContext } from '../activities/runSection.js';
import { describeLightgbm } from '../lightgbmLibrary.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-process-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const unlimited = { num_boost_round: 1_000_000, early_stopping_rounds: 1_000_000 };

/** A training in a process of its own, as a worker runs it. `watch` sees every iteration it tells of. */
async function train(name: string, keys: object, watch: (iteration: number, stop: AbortController) => void = () => undefined, run = runInProcess): Promise<unknown> {
  const section = { training_pfm_detection_pipeline: { input_path: 'features', output_folder: name, ...keys } };
  const resolved = resolveSection(JSON.stringify(section), join(folder, 'x.yml'), 'trainingPfmDetection', { section: 'training_pfm_detection_pipeline' });
  const { planUri } = await planTraining.run({ resolved: resolved as ResolvedSection }, stageContext()) as Extract<Plan, { planUri: string }>;
  const stop = new AbortController();
  const seen = ({ unit, done }: StageProgress): void => (unit === 'iterations' ? watch(done, stop) : undefined);
  return run({ name: 'trainModel', input: { resolved, planUri, batch: 0 }, attempt: 1, storage: resolved.storage }, stop.signal, seen);
}

/** The one process that this one has started and that is still there. */
function childProcess(): number {
  const [pid, more] = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' }).split('\n').filter((line) => line.includes('stageProcess'));
  if (pid === undefined || more !== undefined) throw new Error('there is not one process of a stage');
  return Number.parseInt(pid, 10);
}

describeLightgbm('a training in a process of its own', () => {
  beforeAll(publishDataset);

  it('ends after the iteration in which it is cancelled', async () => {
    let cancelled = 0;
    await expect(train('cancelled', unlimited, (iteration, stop) => {
      if (iteration !== 30) return;
      cancelled = performance.now();
      stop.abort();
    })).rejects.toMatchObject({ code: 'stage/cancelled', message: expect.stringMatching(/^training was cancelled after \d+ of 1000000 rounds$/) as string });
    const milliseconds = performance.now() - cancelled;
    console.info(`${milliseconds.toFixed(0)} ms from the wish to the end of the process`);
    // 20 to 60 ms on a quiet machine; a process that did not hear it would be ended after five seconds.
    expect(milliseconds).toBeLessThan(2000);
  });

  it.each([
    ['SIGKILL', 'SIGKILL, as the system does where memory runs out'],
    ['SIGSEGV', 'SIGSEGV, as native code does that fails or gets no memory'],
  ] as const)('that is ended by %s is an outcome that says so', async (signal, reason) => {
    await expect(train(signal, unlimited, (iteration) => {
      if (iteration !== 5) return;
      const pid = childProcess();
      // Threads that wait actively would slow each other down by orders of magnitude on a busy machine.
      if (process.platform === 'linux') expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain('OMP_WAIT_POLICY=passive');
      process.kill(pid, signal);
    })).rejects.toMatchObject({ code: 'stage/crashed', retryable: true, message: `the process of this step ended by ${reason}` });
  });

  it.skipIf(process.platform !== 'linux')('that gets no more memory is an outcome that says so', async () => {
    // What the process has it keeps; LightGBM, which wants 300 MB of histograms for the next tree, gets nothing.
    const lgbm_params = { num_leaves: 4000, min_data_in_leaf: 1, max_bin: 1000 };
    await expect(train('memory', { ...unlimited, lgbm_params }, (iteration) => {
      if (iteration === 1) execFileSync('prlimit', ['--pid', String(childProcess()), '--data=1000000']);
    })).rejects.toMatchObject({
      // Where LightGBM can still say it, it does; else the process ends.
      message: expect.stringMatching(/^LightGBM: std::bad_alloc: there was no more memory|^the process of this step ended by (SIG\w+, as native code does|exit code)/) as string,
      code: expect.stringMatching(/^stage\/(out-of-memory|crashed)$/) as string,
    });
  });

  it('passes on what LightGBM says of a bad parameter', async () => {
    await expect(train('refused', { lgbm_params: { num_leaves: 1 } })).rejects.toMatchObject({
      code: 'learning/invalid-parameter', retryable: false, message: expect.stringContaining('Check failed: (num_leaves) > (1)') as string,
    });
  });

  it('is refused where it is to need more memory than it may take', async () => {
    const lgbm_params = { num_leaves: 100_000, max_bin: 60_000, histogram_pool_size: -1 };
    await expect(train('large', { memory_limit_mb: 512, lgbm_params }, undefined, runStage)).rejects.toMatchObject({
      code: 'stage/out-of-memory', retryable: false, place: { key: 'memory_limit_mb' },
      message: expect.stringMatching(/^training on 360 rows of 2 features needs about \d{5,} MB; memory_limit_mb is 512$/) as string,
    });
  });
});

/** A published dataset of 16 cases, whose first feature tells leaks apart. */
async function publishDataset(): Promise<void> {
  const [cases, windows] = [16, 30];
  const random = createRandom(5);
  const of = (name: string, role: Role, value: (row: number) => number): Column => ({ name, unit: '', role, values: Float64Array.from({ length: cases * windows }, (_, row) => value(row)) });
  const text = (name: string, role: Role, value: (row: number) => string): Column => ({ name, unit: '', role, values: Array.from({ length: cases * windows }, (_, row) => value(row)) });
  const leak = (row: number): number => Number(row % windows >= windows / 2);
  const caseOf = (row: number): string => `case_${Math.floor(row / windows)}`;
  const truth = ['leak_flow_kg_s', 'leak_position_m', 'leak_diameter_m', 'since_onset_s'];
  const columns = [
    text('case_id', 'id', caseOf), text('case_group', 'id', caseOf), text('phase', 'truth', (row) => (leak(row) ? 'leak' : 'healthy')), of('label', 'truth', leak),
    ...['gap', 'restart', ...clockColumns].map((name) => of(name, 'clock', (row) => (name.includes('_') ? row % windows : 0))),
    ...truth.map((name) => of(name, 'truth', leak)), of(imbalanceColumn, 'measured', leak), of('a', 'measured', (row) => leak(row) + random.normal()), of('b', 'measured', () => random.normal()),
  ];
  const [storage, target] = [openStorage(), join(folder, 'features')];
  const files = [
    await publishFile(storage, target, 'data/features_dataset.parquet', encodeParquet({ rows: cases * windows, columns, metadata: {} })),
    await publishFile(storage, target, 'metadata/features_schema.json', JSON.stringify(['a', 'b'])),
  ];
  const shared = { plan: { signals: [], features: [] }, windows: { source: 'simulation' } };
  await finishPublication(storage, target, 'metadata/features_metadata.json', { pipeline: 'features', config_hash: 'x', shared, files });
}
