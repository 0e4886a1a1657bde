import { readFileSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planStudy, publishStudy, suggestTrial, trainTrial } from '../../src/activities/optimizeLgbm.js';
import type { StudyPlan, TrialRow } from '../../src/pipelines/index.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import { runSection, stageContext } from './runSection.js';
import { trainedProject, type Project } from './trainedProject.js';

const section = 'optimize_lgbm_hyperparameters';
const space = { num_leaves: { type: 'int', low: 3, high: 9 }, learning_rate: { type: 'float', low: 0.05, high: 0.3, log: true } };

describeLightgbm('trials on a dataset', () => {
  let project: Project;
  beforeAll(async () => { project = await trainedProject(); }, 120_000);
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

  /** The plan of a study of trainings, and what runs one trial of it. */
  async function study(keys: object) {
    const config = { [section]: { input_path: 'features', output_folder: 'study', search_space: space, num_boost_round: 30, test_size: 0.4, lgbm_params: { min_data_in_leaf: 5 }, ...keys } };
    const input = { resolved: resolveSection(JSON.stringify(config), project.file, 'optimizeLgbm', { section }), run: 'run' };
    const plan = await planStudy.run(input, stageContext()) as StudyPlan;
    const { direction, metric } = plan;
    return { input, plan, train: (number: number, params: Record<string, number>) => trainTrial.run({ ...input, batch: number, params, unknown: [], direction, metric }, stageContext()) };
  }

  it('end within the iteration at which the pruner says so, and keep why they failed', { timeout: 60_000 }, async () => {
    const { train } = await study({ pruner: { type: 'threshold', upper: 0, warmup_steps: 10 }, report_interval: 4 });
    // The reports before the tenth step are in warm-up; the next one is that of iteration 12.
    expect(await train(0, { num_leaves: 5, learning_rate: 0.1 })).toMatchObject({ state: 'pruned', lastStep: 12 });
    expect(await train(1, { num_leaves: 1, learning_rate: 0.1 })).toMatchObject({ state: 'failed', reason: expect.stringMatching(/num_leaves/) as string });
  });

  it('write the best values as a file that a training reads where it is asked to', { timeout: 60_000 }, async () => {
    const { input, plan, train } = await study({ pruner: 'none', n_trials: 2 });
    await train(0, { num_leaves: 3, learning_rate: 0.05 });
    await train(1, { num_leaves: 9, learning_rate: 0.3 });
    const { parameters, direction, metric } = plan;
    await publishStudy.run({ ...input, parameters, direction, metric, trials: 2, end: 'trials' }, stageContext());
    const { params } = JSON.parse(readFileSync(project.path('study/best_params.json'), 'utf8')) as { params: Record<string, number> };
    // What the trial did not name it learnt with LightGBM's own values, and not with those of a training.
    expect(params).toEqual({ min_data_in_leaf: 5, feature_fraction: 1, num_leaves: params['num_leaves'], learning_rate: params['num_leaves'] === 9 ? 0.3 : 0.05 });
    const training = 'training_pfm_detection_pipeline';
    for (const [folder, keys, leaves] of [['tuned', { best_params_file: 'study/best_params.json' }, params['num_leaves']], ['plain', {}, 15]] as const) {
      const whole = { input_path: 'features', output_folder: folder, num_boost_round: 5, shap_rows: 20, ...keys };
      await runSection(JSON.stringify({ [training]: whole }), project.file, training);
      expect(readFileSync(project.path(folder, 'bundle/model.txt'), 'utf8')).toContain(`[num_leaves: ${leaves}]`);
      expect(readFileSync(project.path(folder, 'bundle/model.txt'), 'utf8')).toContain(`[feature_fraction: ${folder === 'tuned' ? 1 : 0.5}]`);
    }
  });

  it.each([
    ['detection', {}, (value: number) => value > 0.4 && value <= 1],
    ['multiclass', { classes: 2 }, (value: number) => value > 0 && Number.isFinite(value)],
    ['regression', {}, (value: number) => value > 0 && Number.isFinite(value)],
    ['detection', { cross_validation: { folds: 2 } }, (value: number) => value > 0.4 && value <= 1],
  ] as const)('train for %s %j, and twice give the same', { timeout: 60_000 }, async (objective, keys, isRight) => {
    const config = { [section]: { input_path: 'features', output_folder: 'study', objective, search_space: space, n_trials: 2, num_boost_round: 10, test_size: 0.4, lgbm_params: { min_data_in_leaf: 5 }, ...keys } };
    const input = { resolved: resolveSection(JSON.stringify(config), project.file, 'optimizeLgbm', { section }), run: 'run' };
    const context = stageContext();
    const plan = await planStudy.run(input, context) as StudyPlan;
    const { parameters, direction, metric } = plan;
    const rows: TrialRow[] = [];
    for (const number of [0, 1]) {
      const suggested = await suggestTrial.run({ ...input, number, parameters, direction, rows }, context);
      if (suggested.kind !== 'values') throw new Error(suggested.kind);
      const job = { ...input, batch: number, params: suggested.params, unknown: [], direction, metric };
      const result = await trainTrial.run(job, context);
      expect(result.state).toBe('complete');
      expect(isRight(result.value!), `${objective}: ${result.value}`).toBe(true);
      expect(await trainTrial.run({ ...job, batch: number + 2 }, context)).toMatchObject({ value: result.value! });
      rows.push({ s: 'complete', x: parameters.map((name) => suggested.params[name] ?? []), v: result.value! });
    }
  });
});
