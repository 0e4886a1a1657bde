import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { planStudy, suggestTrial, trainTrial } from '../../src/activities/optimizeLgbm.js';
import type { StudyPlan, TrialRow } from '../../src/pipelines/index.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import { stageContext } from './runSection.js';
import { trainedProject, type Project } from './trainedProject.js';

const section = 'optimize_lgbm_hyperparameters';
const space = { num_leaves: { type: 'int', low: 3, high: 9 }, learning_rate: { type: 'float', low: 0.05, high: 0.3, log: true } };

describeLightgbm('trials on a dataset', () => {
  let project: Project;
  beforeAll(async () => { project = await trainedProject(); }, 120_000);
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

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
