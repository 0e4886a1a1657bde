import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as stages from '../../src/activities/stages.js';
import { predictFiles } from '../../src/activities/predictFiles.js';
import { parseConfig } from '../../src/config/index.js';
import { pipelineOfSection, resolveSection } from '../../src/pipelines/resolveSection.js';
import type { Plan } from '../../src/pipelines/index.js';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
import { openStorage } from '../../src/storage/index.js';
import { decodeParquet, numbers } from '../../src/table/index.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import { runSection, stageContext } from './runSection.js';
import { trainedProject, type Project } from './trainedProject.js';

const fusion = {
  scores_path: 'scores_b', series_path: 'series_b', bundles: [{ name: 'pfm', folder: 'training' }], output_folder: 'fusion',
  line: { balance_seconds: 20, short_seconds: 5, long_seconds: 60, wave_seconds: 30 }, folds: 3, calibration: { n_trials: 12 },
};
const more = (keys: object): string => `
series_b: {pipeline: tpl_genkey, source_folder: raw/b, output_folder: series_b}
scores_b: {pipeline: test_offline, parquet_root: series_b, bundles: [{name: pfm, folder: training}], output_report_folder: scores_b, series_charts: 0, html_cases: 0, shifted_label_repeats: 1}
lds_bayesian_pipeline: ${JSON.stringify({ ...fusion, ...keys })}
report_c: {pipeline: test_offline, parquet_root: raw/held_out, bundles: [{name: fusion, folder: fusion}, {name: pfm, folder: training}], output_report_folder: report_c, series_charts: 1, html_cases: 1, shifted_label_repeats: 1}
`;

describeLightgbm('lds_bayesian', () => {
  let project: Project;
  const run = (section: string, keys: object = {}) => runSection(project.config + more(keys), project.file, section);
  const text = (name: string): string => readFileSync(project.path(name), 'utf8');
  const json = <T>(name: string): T => JSON.parse(text(name)) as T;

  beforeAll(async () => {
    project = await trainedProject();
    mkdirSync(project.path('raw/b'), { recursive: true });
    for (const spec of designCampaign({ cases: 3, leakFree: 0, seed: 3, durationSeconds: 400 })) {
      const { name, tpl, genkey } = simulateCase(spec);
      writeFileSync(project.path('raw/b', `${name}.tpl`), tpl);
      writeFileSync(project.path('raw/b', `${name}.genkey`), genkey);
    }
    for (const section of ['series_b', 'scores_b']) await run(section);
  }, 180_000);
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

  it('fuses all detectors that the signals allow, survives a kill, and becomes a bundle like any other', async () => {
    const { metrics } = await run('lds_bayesian_pipeline');
    expect(metrics).toMatchObject({ detectors: 6, events: 3 });
    const report = json<{ detectors: { detector: string }[]; left_out: unknown[]; claim: { statement: string }; groups: { detectors: unknown[] }[] }>('fusion/fusion_report.json');
    expect(report.detectors.map(({ detector }) => detector)).toEqual(['pfm', 'mass_balance', 'sprt', 'cusum', 'pressure_wave', 'flow_deviation']);
    expect(report.groups).toHaveLength(1);
    expect(report.claim.statement).toMatch(/best single detector/);
    expect(existsSync(project.path('fusion/plots/fusion_report.png'))).toBe(true);
    expect((await run('lds_bayesian_pipeline')).upToDate).toBe(true);

    // A run that dies after five trials: the next one goes on, to the same bytes.
    const whole = { trials: text('fusion/calibration_trials.csv'), manifest: text('fusion/bundle/manifest.json') };
    rmSync(project.path('fusion'), { recursive: true });
    await killedAfter(5);
    const kept = Array.from({ length: 5 }, (_, n) => readFileSync(trial(n)));
    // A second death at the seventh trial: what the first attempt finished is there, and is not done again.
    expect(await killedAfter(2)).toEqual([5, 6]);
    expect(Array.from({ length: 5 }, (_, n) => readFileSync(trial(n)))).toEqual(kept);
    expect((await run('lds_bayesian_pipeline')).upToDate).toBe(false);
    expect({ trials: text('fusion/calibration_trials.csv'), manifest: text('fusion/bundle/manifest.json') }).toEqual(whole);
  }, 180_000);

  it('is tested offline beside its detectors, by its own rules of alarms', async () => {
    const { metrics } = await run('report_c');
    expect(metrics).toMatchObject({ cases: 4, events: 1, outside_envelope_share: expect.any(Number) as number });
    expect(metrics).toHaveProperty(['pfm.events_found']);
    const table = await decodeParquet(readFileSync(project.path('report_c/scores/fusion/case_0001.parquet')));
    const names = table.columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['score', 'log_ratio', 'score_pfm', 'score_sprt', 'score_pressure_wave', 'score_clock_only']));
    const alone = await decodeParquet(readFileSync(project.path('report_c/scores/pfm/case_0001.parquet')));
    expect([...numbers(table, 'score_pfm')]).toEqual([...numbers(alone, 'score')]);
    expect(numbers(table, 'score').every((value) => value >= 0 && value <= 1)).toBe(true);
  }, 180_000);

  it('predicts from the folder alone, as the offline test scores', async () => {
    const { bundle, files: [file] } = await predictFiles.run({
      bundle: project.path('fusion/bundle'), files: [project.path('raw/held_out/case_0001.tpl')], persistence: 2, holdOffSeconds: 60, waveSpeed: null, out: project.path('fused.parquet'),
    }, stageContext());
    expect(bundle).toMatchObject({ task: 'detection', target: 'leak', source: 'simulation' });
    expect(file).toMatchObject({ status: 'scored' });
    const predicted = numbers(await decodeParquet(readFileSync(project.path('fused.parquet'))), 'score');
    const tested = numbers(await decodeParquet(readFileSync(project.path('report_c/scores/fusion/case_0001.parquet'))), 'score');
    expect(predicted.every((value, i) => Number.isNaN(value) || value === tested[i])).toBe(true);
  }, 180_000);

  it('takes settings from elsewhere and refuses what does not fit', async () => {
    const fuse = (keys: object) => run('lds_bayesian_pipeline', { output_folder: 'other', ...keys });
    writeFileSync(project.path('best.json'), JSON.stringify({ params: { theta_on: 0.8, weight: 0.3 } }));
    await fuse({ detectors: ['pfm', 'sprt'], best_params_file: 'best.json', filter: { theta_on: 0.9 } });
    expect(json('other/best_params.json')).toMatchObject({ params: { theta_on: 0.9, weight: 0.3, persistence: 2 } });
    expect(json<{ left_out: object[] }>('other/fusion_report.json').left_out).toContainEqual({ detector: 'cusum', reason: 'not asked for' });
    await expect(fuse({ detectors: ['radar'] })).rejects.toThrow(/names radar/);
    await expect(fuse({ groups: [{ name: 'a', detectors: ['pfm'] }] })).rejects.toThrow(/is in no group/);
    await expect(fuse({ folds: 4 })).rejects.toThrow(/3 case groups for 4 folds/);
    await expect(fuse({ bundles: [{ name: 'fused', folder: 'fusion' }] })).rejects.toThrow(/is a fusion itself/);
    await expect(fuse({ series_path: 'series' })).rejects.toThrow(/another recording/);
  }, 180_000);

  const trial = (number: number): string => project.path(`fusion/.work/trials/0000${number}.json`);

  /** Runs the calibration against a storage that fails like a dead host once so many trials are written; answers their numbers. */
  async function killedAfter(trials: number): Promise<number[]> {
    const config = project.config + more({});
    const resolved = resolveSection(config, project.file, pipelineOfSection(parseConfig(config, project.file), 'lds_bayesian_pipeline'), { section: 'lds_bayesian_pipeline' });
    const storage = openStorage();
    const written: number[] = [];
    const dying = stageContext({ storage: { ...storage, write: async (uri, content) => {
      if (uri.includes('/trials/') && written.length === trials) throw new Error('killed');
      await storage.write(uri, content);
      if (uri.includes('/trials/')) written.push(Number(/(\d+)\.json$/.exec(uri)![1]));
    } } });
    const plan = await stages.planFusion.run({ resolved }, dying) as Extract<Plan, { upToDate: false }>;
    await expect(stages.calibrateFusion.run({ resolved, planUri: plan.planUri, batch: 0 }, dying)).rejects.toThrow('killed');
    return written;
  }
});
