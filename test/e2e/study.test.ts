import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { openHouse } from './support/house.js';
import { startHost, until } from './support/processes.js';
import { startRun, type Run } from './support/server.js';

const house = openHouse();
const root = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-e2e-study-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Shown { readonly number: number; readonly state: string; readonly value: number | null; readonly params: Record<string, number> }

function startStudy(name: string, keys: Record<string, unknown>): Promise<Run> {
  const folder = join(root, name);
  mkdirSync(folder);
  const space = { x: { type: 'float', low: -5, high: 5 }, y: { type: 'float', low: -5, high: 5 } };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify({
    optimize_lgbm_hyperparameters: { output_folder: 'study', objective: 'benchmark', search_space: space, pruner: 'none', ...keys },
  }));
  return startRun(house.server, 'study', 'optimizeLgbm', name, { config: join(folder, 'config.yml') });
}

const table = (name: string): string[] => readFileSync(join(root, name, 'study/trials.csv'), 'utf8').trim().split('\n').slice(1);
const allOf = async (run: Run): Promise<readonly Shown[]> => (await run.query<{ trials: Shown[] }, [object]>('trials', { limit: 500 })).trials;

/** A killed host is missed after ten seconds; meanwhile the other test has the new one. */
let newHostServes = (): void => undefined;
const newHost = new Promise<void>((resolve) => { newHostServes = resolve; });

test.concurrent('a study whose only host is killed ends as one that was left in peace, and takes wishes on its way', { timeout: 120_000 }, async () => {
  const host = await startHost(house.server.address, 'study');
  const run = await startStudy('killed', { n_trials: 6, benchmark: { function: 'sphere', seconds: 0.4 } });
  await until(async () => (await allOf(run).catch(() => [])).filter(({ state }) => state === 'complete').length >= 2, 'two trials are done', 60);
  host.kill('SIGKILL');
  await host.ended;
  await startHost(house.server.address, 'study');
  newHostServes();
  const peace = (await startStudy('peace', { n_trials: 8 })).result();
  await until(async () => (await run.query<{ done: number }>('progress').catch(() => ({ done: 0 }))).done >= 2, 'the other host answers', 60);
  expect(await run.executeUpdate('addTrials', { args: [2] })).toBe('8 trials in all');
  await expect(run.executeUpdate('enqueueTrial', { args: [{ z: 1 }] })).rejects.toMatchObject({ cause: { message: expect.stringMatching(/z is no parameter/) } });
  await expect(run.executeUpdate('setParallelism', { args: [0] })).rejects.toMatchObject({ cause: { message: expect.stringMatching(/from 1 to 100/) } });
  expect((await run.result()).metrics).toMatchObject({ complete: 8, failed: 0, ended_by: 'trials' });

  await peace;
  expect(table('killed')).toEqual(table('peace'));
});

test.concurrent('a study whose trials fail keeps their reasons, and ends when there are too many, whoever makes them', { timeout: 120_000 }, async () => {
  await newHost;
  const huge = { type: 'float', low: 1.2e308, high: 1.7e308 };
  const own = await startStudy('failing', { n_trials: 20, max_failed_trials: 2, sampler: 'random', benchmark: { function: 'none' }, search_space: { x: huge, y: huge } });
  await expect(own.result()).rejects.toMatchObject({ cause: { type: 'tuning/failed-trials', message: expect.stringMatching(/3 trials failed, and max_failed_trials is 2; the last, trial 2: its value is Infinity/) } });
  expect(await allOf(own)).toMatchObject([0, 1, 2].map((number) => ({ number, state: 'failed', reason: 'its value is Infinity' })));

  const outside = await startStudy('failing-outside', { objective: 'external', n_trials: 20, max_failed_trials: 1 });
  const asked = await outside.executeUpdate<readonly Shown[], [object]>('ask', { args: [{ count: 3 }] });
  for (const { number } of asked.slice(0, 2)) await outside.executeUpdate('tell', { args: [{ number, state: 'failed', reason: 'the rig was down' }] });
  await expect(outside.result()).rejects.toMatchObject({ cause: { type: 'tuning/failed-trials', message: expect.stringMatching(/trial 1: the rig was down/) } });
});

test.concurrent('a hundred trials told out of order make the table of those told in order', { timeout: 120_000 }, async () => {
  await newHost;
  const told = async (name: string, order: (asked: readonly Shown[]) => readonly Shown[]): Promise<string[]> => {
    const run = await startStudy(name, { objective: 'external', n_trials: 100 });
    const asked = (await Promise.all(Array.from({ length: 5 }, () => run.executeUpdate<readonly Shown[], [object]>('ask', { args: [{ count: 20 }] })))).flat();
    expect(new Set(asked.map(({ number }) => number)).size).toBe(100);
    const left = [...order(asked)];
    // The server takes ten updates of one workflow at a time.
    await Promise.all(Array.from({ length: 8 }, async () => {
      for (let trial = left.shift(); trial; trial = left.shift()) {
        await run.executeUpdate('tell', { args: [{ number: trial.number, value: trial.params['x']! ** 2 + trial.params['y']! ** 2 }] });
      }
    }));
    expect((await run.result()).metrics).toMatchObject({ complete: 100 });
    return table(name);
  };
  const [shuffled, ordered] = await Promise.all([
    told('shuffled', (asked) => asked.toSorted((a, b) => ((a.number * 37) % 100) - ((b.number * 37) % 100))),
    told('ordered', (asked) => asked),
  ]);
  expect(shuffled).toEqual(ordered);
});
