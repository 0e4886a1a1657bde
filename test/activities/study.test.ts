import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { benchmarkBlock, benchmarkTrial, checkParams, planStudy, publishStudy, recordTrial, suggestTrial } from '../../src/activities/optimizeLgbm.js';
import type { StageContext } from '../../src/activities/stage.js';
import type { OptimizeLgbmConfig, ResolvedSection, StudyPlan, StudyPlanned, TrialRow } from '../../src/pipelines/index.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import { openStorage } from '../../src/storage/index.js';
import { stageContext } from './runSection.js';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'penstock-study-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const section = 'optimize_lgbm_hyperparameters';
const space = { x: { type: 'float', low: -5, high: 5 }, y: { type: 'float', low: -5, high: 5 } };

function resolved(keys: Record<string, unknown> = {}): ResolvedSection {
  const config = { [section]: { output_folder: 'study', objective: 'benchmark', search_space: space, pruner: 'none', n_trials: 6, ...keys } };
  return resolveSection(JSON.stringify(config), join(folder, 'configs.yml'), 'optimizeLgbm', { section });
}

/** What the workflow does, one trial at a time: plan, trials up to `most`, and publication unless the run dies before. */
async function runStudy(keys: Record<string, unknown> = {}, { most = Infinity, run = 'run', context = stageContext(), publish = false }: { most?: number; run?: string; context?: StageContext; publish?: boolean } = {}) {
  const input = { resolved: resolved(keys), run };
  const plan = await planStudy.run(input, context);
  if (plan.upToDate) return { plan, rows: [], begun: 0 };
  const { parameters, direction, metric } = plan;
  const config = input.resolved.config as OptimizeLgbmConfig;
  const rows: TrialRow[] = [...plan.rows];
  const waiting = [...(plan.waiting ?? [])];
  let begun = 0;
  let end: 'trials' | 'exhausted' = 'trials';
  while (rows.filter((row) => row.s === 'complete' || row.s === 'pruned').length < config.n_trials) {
    if (begun === most) return { plan, rows, begun };
    const at = rows.findIndex((row) => row.s === 'running');
    const number = at < 0 ? rows.length : at;
    const wish = waiting.shift();
    const suggested = await suggestTrial.run({ ...input, number, parameters, direction, rows, wish }, context);
    if (suggested.kind !== 'values') {
      end = 'exhausted';
      break;
    }
    begun++;
    const { params, step } = suggested;
    const result = await benchmarkTrial.run({ ...input, batch: number, params, step, wish: wish?.id, unknown: [], direction, metric }, context);
    rows[number] = { s: result.state, x: parameters.map((name) => params[name] ?? []), ...(result.value !== undefined && { v: result.value }), ...(result.lastStep !== undefined && { l: result.lastStep }), ...(step && { t: step }), ...(wish && { w: wish.id }) };
  }
  if (!publish) return { plan, rows, begun };
  const outcome = await publishStudy.run({ ...input, parameters, direction, metric, trials: rows.length, end }, context);
  return { plan, rows, begun, outcome };
}

const published = (name: string): string => readFileSync(join(folder, 'study', name), 'utf8');
const rowsOf = (plan: StudyPlanned): readonly TrialRow[] => (plan as StudyPlan).rows;

describe('a study', () => {
  it('publishes its table, the best values and what matters, and does no work where nothing changed', async () => {
    const { outcome, rows } = await runStudy({ sampler: 'tpe' }, { publish: true });
    expect(outcome?.outputs.map(({ name }) => name)).toEqual(expect.arrayContaining(['best_params.json', 'importance.json', 'trials.csv', 'trials.json', 'trials.parquet']));
    const best = rows.findIndex((row) => row.v === Math.min(...rows.map(({ v }) => v!)));
    expect(JSON.parse(published('best_params.json'))).toMatchObject({ value: rows[best]!.v, metric: 'value', trial: best, params: { x: rows[best]!.x![0], y: rows[best]!.x![1] } });
    expect(published('trials.csv').split('\n')[1]).toMatch(/^0,complete,/);
    expect(JSON.parse(published('importance.json'))).toMatchObject({ fanova: [{ importance: expect.any(Number) }, {}], ped_anova: [{}, {}] });
    expect((await runStudy({ sampler: 'tpe' })).plan.upToDate).toBe(true);
  });

  it('goes on where more trials are wanted, and comes to the table of one that was never interrupted', async () => {
    const whole = await runStudy({ n_trials: 12 });
    rmSync(join(folder, 'study'), { recursive: true });
    await runStudy({ n_trials: 5 }, { publish: true });
    const more = await runStudy({ n_trials: 12 });
    expect(more.begun).toBe(7);
    expect(more.rows).toEqual(whole.rows);
  });

  it('goes on after a run that died, without making a trial twice', async () => {
    await runStudy({}, { most: 4, run: 'first' });
    const second = await runStudy({}, { run: 'second' });
    expect(rowsOf(second.plan)).toHaveLength(4);
    expect(second.begun).toBe(2);
  });

  it('begins a trial that was interrupted again under its number, with its values', async () => {
    const abort = new AbortController();
    const steps = { benchmark: { function: 'sphere', seconds: 60, steps: 2 } };
    await expect((async () => {
      const running = runStudy(steps, { run: 'first', context: stageContext({ signal: abort.signal }) });
      setTimeout(() => abort.abort(), 100);
      await running;
    })()).rejects.toThrow();
    const plan = await planStudy.run({ resolved: resolved(steps), run: 'second' }, stageContext());
    expect(rowsOf(plan)).toMatchObject([{ s: 'running', x: [expect.any(Number), expect.any(Number)] }]);
  });

  it('loses no wish and fulfils none twice, whether its runs die or end', async () => {
    const keys = { enqueue: [{ x: 1, y: 1 }, { x: 2 }, { x: 3 }] };
    const whole = await runStudy(keys);
    expect(whole.rows.slice(0, 3).map(({ x }) => x![0])).toEqual([1, 2, 3]);
    rmSync(join(folder, 'study'), { recursive: true });
    await runStudy(keys, { most: 2, run: 'first' });
    expect((await runStudy(keys, { run: 'second' })).rows).toEqual(whole.rows);

    const wish = (id: number, params: Record<string, number>, run: string) => checkParams.run({ resolved: resolved(keys), run, wish: { id, params } }, stageContext());
    await wish(3, { x: 4 }, 'second');
    await expect(wish(4, { x: 40 }, 'second')).rejects.toThrow(/x is 40; allowed/);
    await runStudy(keys, { publish: true, run: 'third' });
    expect(JSON.parse(published('optimize_metadata.json'))).toMatchObject({ waiting: [{ id: 3, params: { x: 4 } }] });
    const more = await runStudy({ ...keys, n_trials: 8 }, { run: 'fourth' });
    expect(more.rows.map(({ x, w }) => [x![0], w]).slice(6)).toEqual([[4, 3], [expect.any(Number), undefined]]);
    expect((more.plan as StudyPlan).waiting).toHaveLength(1);
  });

  it('begins anew where its settings changed, or where it is forced to', async () => {
    await runStudy();
    expect(rowsOf((await runStudy({ random_state: 7 }, { most: 1 })).plan)).toHaveLength(0);
    const forced = { ...resolved(), force: true };
    expect(rowsOf(await planStudy.run({ resolved: forced, run: 'forced' }, stageContext()))).toHaveLength(0);
  });

  it('refuses to go on in a folder that another run has taken over', async () => {
    await runStudy({}, { most: 1, run: 'first' });
    await planStudy.run({ resolved: resolved(), run: 'second' }, stageContext());
    const input = { resolved: resolved(), run: 'first', batch: 1, params: { x: 1, y: 1 }, unknown: [], direction: 'minimize' as const, metric: 'value' };
    await expect(benchmarkTrial.run(input, stageContext())).rejects.toMatchObject({ code: 'storage/busy' });
  });

  it('ends when a grid has no combination left, by all of them', async () => {
    const choices = (count: number) => ({ type: 'categorical', choices: Array.from({ length: count }, (_, i) => i) });
    const { rows } = await runStudy({ sampler: 'grid', n_trials: 40, search_space: { a: choices(3), b: choices(4) } }, { publish: true });
    expect(new Set(rows.map(({ x }) => String(x))).size).toBe(12);
    expect(rows).toHaveLength(12);
    expect(JSON.parse(published('optimize_metadata.json'))).toMatchObject({ end: 'exhausted', finished: 12 });
  });

  it('tunes by steps, each from the best so far, and repeats none when it goes on', async () => {
    const keys = { sampler: 'stepwise', n_trials: 100, benchmark: { function: 'none' } };
    await runStudy(keys, { most: 40, run: 'first' });
    const { rows, begun, plan } = await runStudy(keys, { run: 'second' });
    expect([rowsOf(plan).length, begun]).toEqual([40, rows.length - 40]);
    expect([65, 68]).toContain(rows.length);
    expect([...new Set(rows.map(({ t }) => t))]).toEqual(['feature_fraction', 'num_leaves', 'bagging', 'feature_fraction_stage2', 'regularization_factors', 'min_child_samples']);
  });

  it('ends trials early that do worse than those known when their values were asked for', async () => {
    const keys = { pruner: { type: 'median', startup_trials: 3 }, n_trials: 15, benchmark: { function: 'sphere', steps: 5 } };
    const first = await runStudy(keys);
    expect(first.rows.filter(({ s }) => s === 'pruned').length).toBeGreaterThan(2);
    rmSync(join(folder, 'study'), { recursive: true });
    expect((await runStudy(keys)).rows).toEqual(first.rows);
  });

  it('counts a trial that ended its process again and again as failed', async () => {
    const plan = await planStudy.run({ resolved: resolved({ trial_attempts: 2 }), run: 'run' }, stageContext());
    const input = { resolved: resolved({ trial_attempts: 2 }), run: 'run', batch: 0, params: { x: 1, y: 1 }, unknown: [], direction: 'minimize' as const, metric: 'value' };
    expect(plan.upToDate).toBe(false);
    const storage = openStorage();
    await storage.write(join(folder, 'study/.work/trials/00000.json'), JSON.stringify({ number: 0, state: 'running', params: { x: 1, y: 1 }, reports: [], unknown: [], begun: 2 }));
    expect(await benchmarkTrial.run(input, stageContext())).toEqual({ state: 'failed', reason: 'its process or host ended 2 times' });
  });

  it('makes the same trials in blocks as one by one', async () => {
    const single = await runStudy({ n_trials: 9, sampler: 'tpe' });
    rmSync(join(folder, 'study'), { recursive: true });
    const input = { resolved: resolved({ n_trials: 9, sampler: 'tpe', trials_per_step: 3 }), run: 'run' };
    const plan = (await planStudy.run(input, stageContext())) as StudyPlan;
    const rows: TrialRow[] = [];
    for (let first = 0; first < 9; first += 3) rows.push(...(await benchmarkBlock.run({ ...input, ...plan, rows, first, count: 3 }, stageContext())).rows);
    expect(rows).toEqual(single.rows);
  });

  it('keeps what is told from outside, once', async () => {
    const input = { resolved: resolved({ objective: 'external' }), run: 'run' };
    const { parameters, direction } = (await planStudy.run(input, stageContext())) as StudyPlan;
    const asked = await suggestTrial.run({ ...input, number: 0, parameters, direction, rows: [{ s: 'running', o: true }], outside: true }, stageContext());
    const params = (asked as { params: Record<string, number> }).params;
    const told = { ...input, number: 0, params, unknown: [] };
    expect(await recordTrial.run({ ...told, result: { state: 'complete', value: 2 } }, stageContext())).toEqual({ state: 'complete', value: 2 });
    expect(await recordTrial.run({ ...told, result: { state: 'failed', reason: 'late' } }, stageContext())).toEqual({ state: 'complete', value: 2 });
    const again = await planStudy.run({ ...input, run: 'second' }, stageContext());
    expect(rowsOf(again)).toEqual([{ s: 'complete', x: [params['x'], params['y']], v: 2, o: true }]);
  });
});

describe('the plan of a study', () => {
  it.each([
    [{ objective: 'detection' }, /needs input_path/],
    [{ enqueue: [{ z: 1 }] }, /enqueue names z.*x, y/],
    [{ trials_per_step: 5, sampler: 'grid' }, /trials_per_step/],
    [{ objective: 'detection', input_path: 'data', search_space: { num_leafs: { type: 'int', low: 2, high: 9 } } }, /num_leafs.*num_leaves/],
    [{ objective: 'detection', input_path: 'data', metric: 'auc', direction: 'minimize' }, /auc is to be maximized/],
    [{ search_space: { x: { type: 'float', low: 2, high: 1 } } }, /2 \.\. 1/],
  ])('refuses %j', async (keys, message) => {
    await expect(planStudy.run({ resolved: resolved(keys), run: 'run' }, stageContext())).rejects.toThrow(message);
  });
});
