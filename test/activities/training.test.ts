import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cutWindows } from '../../src/activities/cutWindows.js';
import { rowsOf } from '../../src/activities/modelRows.js';
import { openModel } from '../../src/activities/scoreSeries.js';
import { medianOf } from '../../src/evaluation/index.js';
import { loadModel, openLightgbm, readBundle } from '../../src/learning/index.js';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
import { finishPublication, openStorage, publishFile, type PublishedFile } from '../../src/storage/index.js';
import { decodeParquet, encodeParquet, numbers, strings, type Column, type Table } from '../../src/table/index.js';
import { describeLightgbm, libraryPath } from '../lightgbmLibrary.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-training-'));
const file = join(folder, 'pipelines_config.yml');
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const chain = `
tpl_genkey_pipeline: {source_folder: raw, output_folder: series}
other_cases: {pipeline: tpl_genkey, source_folder: other, output_folder: other_series}
windows_pipeline: {source_folder: series, output_folder: windows, resample_seconds: 1, warmup_seconds: 60, recovery_seconds: 30, step_size: 4}
other_windows: {pipeline: windows, source_folder: other_series, output_folder: other_windows, resample_seconds: 1, warmup_seconds: 60, recovery_seconds: 30, step_size: 4}
features_pipeline: {source_folder: windows, output_folder: features, wavelet_level: 2, groups: {band_statistics: false, oscillation: false, spectral: false, differences: false, cross: false, temporal_context: false, operational_context: false}}
other_features: {pipeline: features, source_folder: other_windows, output_folder: other_features, wavelet_level: 2, groups: {band_statistics: false, oscillation: false, spectral: false, differences: false, cross: false, temporal_context: false, operational_context: false}}
test_offline_pipeline: {parquet_root: other_series, bundle_folder: observer_detection, output_report_folder: report, series_charts: 0, shifted_label_repeats: 2}
all_bundles: {pipeline: test_offline, parquet_root: other_series, output_report_folder: all_report, series_charts: 0, html_cases: 1, shifted_label_repeats: 2, size_edges: [40], bundles: [{name: place, folder: pfm_location}, {name: pfm, folder: pfm_detection}, {name: flow, folder: pfm_leakflow}, {name: size, folder: pfm_size}]}
`;
const quick = { num_boost_round: 10, early_stopping_rounds: 10, shap_rows: 20, lgbm_params: { learning_rate: 0.1, num_leaves: 7, min_data_in_leaf: 20 } };
const observer = { lags: [0, 2, 8], folds: 2, num_boost_round: 6, max_rows: 800 };

async function train(section: string, keys: Readonly<Record<string, unknown>> = {}) {
  const word = section.replace(/^training_|_pipeline$/g, '');
  const input = word.startsWith('observer') ? { input_path: 'windows', wavelet_level: 2, groups: { band_statistics: false, oscillation: false, spectral: false, differences: false, cross: false, temporal_context: false, operational_context: false }, observer } : { input_path: 'features' };
  const whole = { ...input, output_folder: word, ...quick, ...keys };
  return runSection(`${chain}\n${section}: ${JSON.stringify(whole)}`, file, section);
}

const json = <T>(name: string): T => JSON.parse(readFileSync(path(name), 'utf8')) as T;

function bundleFiles(training: string): Map<string, Uint8Array> {
  const { files } = json<{ files: { path: string }[] }>(`${training}/training_metadata.json`);
  const own = files.map((entry) => entry.path).filter((name) => name.startsWith('bundle/'));
  return new Map(own.map((name) => [name.slice('bundle/'.length), new Uint8Array(readFileSync(path(`${training}/${name}`)))]));
}

/** The windows again under another folder, with all leaking cases but two told healthy: in its windows, and as `hide` says in its series. */
async function plantLeaks(into: string, hide: (column: Column) => boolean): Promise<void> {
  const storage = openStorage();
  const metadata = json<{ cases: { leaking: number; series: PublishedFile; index: PublishedFile }[] }>('windows/metadata/windows_metadata.json');
  const again = async (file: PublishedFile, change: (column: Column) => Column): Promise<PublishedFile> => {
    const table: Table = await decodeParquet(readFileSync(path(`windows/${file.path}`)));
    return publishFile(storage, path(into), file.path, encodeParquet({ ...table, columns: table.columns.map(change) }));
  };
  const healthy = (column: Column): Column =>
    column.name === 'phase' ? { ...column, values: Array.from(column.values as string[], (phase) => (phase === 'warmup' ? phase : 'healthy')) } : column.name === 'label' ? zeroed(column) : column;
  const cases = [];
  let honest = 2;
  for (const one of metadata.cases) {
    const leaks = one.leaking > 0 && honest-- <= 0;
    const [series, index] = [await again(one.series, (column) => (leaks && hide(column) ? zeroed(column) : column)), await again(one.index, (column) => (leaks ? healthy(column) : column))];
    cases.push({ ...one, series, index });
  }
  await finishPublication(storage, path(into), 'metadata/windows_metadata.json', { ...metadata, cases, files: cases.flatMap(({ series, index }) => [series, index]) });
}

function zeroed(column: Column): Column {
  return { ...column, values: new Float64Array(column.values.length) };
}

interface Detail { readonly models: Record<string, Record<string, unknown>> }

function simulate(into: string, cases: number, seed: number): void {
  mkdirSync(path(into));
  for (const spec of designCampaign({ cases, leakFree: 1, seed, durationSeconds: 400 })) {
    const { name, tpl, genkey } = simulateCase(spec);
    writeFileSync(path(`${into}/${name}.tpl`), tpl);
    writeFileSync(path(`${into}/${name}.genkey`), genkey);
  }
}

describeLightgbm('the seven trainings', () => {
  beforeAll(async () => {
    simulate('raw', 8, 11);
    simulate('other', 2, 12);
    for (const section of ['tpl_genkey_pipeline', 'other_cases', 'windows_pipeline', 'other_windows', 'features_pipeline', 'other_features']) await runSection(chain, file, section);
  }, 60_000);

  it('detect leaks, and tell all that is known of the model', async () => {
    const { metrics } = await train('training_pfm_detection_pipeline', {
      repeats: 2, cross_validation: { folds: 3 }, class_weight: 'balanced', calibration: 'platt', scale_features: 'robust', robustness: { copies: 1, noise: 0.05, dropout: 0.01 },
    });
    expect(metrics).toMatchObject({ target: 'leak', threshold_strategy: 'max_f1', train_groups: 4, valid_groups: 3, calibration_groups: 2 });
    const { models: { leak } } = json<Detail>('pfm_detection/metrics.json');
    expect(leak).toMatchObject({ kind: 'detection', repeats: { count: 2, published: 'the first, with the seed 42' }, cross_validation: { folds: 3 } });
    const { auc } = leak!['repeats'] as { auc: { mean: number; values: number[] } };
    expect(auc.values).toHaveLength(2);
    expect(auc.values[0]).toBe(metrics['valid_auc']);
    expect(leak!['overfitting']).toBe(Number(metrics['auc_gap']) > 0.1);
    const files = bundleFiles('pfm_detection');
    const bundle = readBundle(files);
    expect(bundle.inference).toMatchObject({ task: 'detection', target: 'leak', learner: 'pfm', threshold: metrics['threshold'] });
    expect(JSON.parse(new TextDecoder().decode(files.get('preparation.json')))).toMatchObject({ scaler: { kind: 'robust' } });
    expect(JSON.parse(new TextDecoder().decode(files.get('prediction.json')))).toMatchObject({ calibration: { kind: 'platt' } });
    const model = loadModel(openLightgbm(libraryPath()), bundle.modelText, bundle.modelSha256);
    expect(model.columns).toBe(bundle.features.length);
    model.free();
    expect(metrics['onnx_rows_verified']).toBeGreaterThan(1000);
    expect(metrics['onnx_max_difference']).toBeLessThan(1e-12);
  });

  it('tell the place of leaks in segments and metres, with the error that no skill gives', async () => {
    const { metrics } = await train('training_pfm_location_pipeline');
    const { models: { segment, position } } = json<Detail>('pfm_location/metrics.json');
    expect(segment).toMatchObject({ kind: 'multiclass', edges_m: [0, 5000, 10000, 15000, 20000] });
    expect(position).toMatchObject({ kind: 'regression', unit: 'm', no_skill: { line_length_m: 20000, expected_error_m: 5000 } });
    expect((position!['validation'] as Record<string, number>)['no_skill_mae']).toBe(metrics['no_skill_error_m']);
    expect([...bundleFiles('pfm_location').keys()]).toEqual(expect.arrayContaining(['model.onnx', 'position/model.onnx', 'position/model.txt', 'position/prediction.json']));
    expect(readBundle(bundleFiles('pfm_location')).inference).toMatchObject({ task: 'multiclass', target: 'segment', threshold: null });
  });

  it('are tested together: what detects raises alarms, and what estimates is judged leak by leak', async () => {
    await train('training_pfm_leakflow_pipeline');
    await train('training_pfm_size_pipeline');
    const { metrics } = await runSection(chain, file, 'all_bundles');
    // The other leak begins in warm-up.
    expect(metrics).toMatchObject({ events: 1, 'place.no_skill_error_m': 5000 });
    interface Event { onset: number; end: number; alarmTime?: number; outcome: string }
    interface Estimate { model: string; caseId: string; quantity: string; truth: number; estimate: number; error: number; errorPercent: number | null; windows: number }
    interface Report { estimates: Estimate[]; detection_by_size: { rows: { label: string }[] }; size_reversals: unknown[]; false_alarms_without_leaks: { leakFreeSeconds: number }; baselines: Record<string, object>; events: Event[]; estimate_summaries: { model: string; confusion: { counts: number[][] } | null }[] }
    const { estimates, ...report } = json<Report>('all_report/metrics.json');
    expect([report.detection_by_size.rows.map(({ label }) => label), report.size_reversals, Object.keys(report.baselines)]).toEqual([['0 to 40 %'], [], ['clock_only', 'imbalance']]);
    // Two twins and a leak-free run of 400 s, less the warm-up.
    expect(report.false_alarms_without_leaks.leakFreeSeconds).toBe(3 * 340);
    expect(estimates.map(({ model, quantity }) => [model, quantity])).toEqual([['place', 'position'], ['place/position', 'position'], ['flow', 'flow'], ['size', 'size class']]);
    for (const { model, truth, estimate, error, errorPercent, windows } of estimates) {
      expect(error).toBe(Math.abs(estimate - truth));
      expect(windows).toBeGreaterThan(0);
      if (model === 'place') expect([[2500, 7500, 12_500, 17_500].includes(estimate), errorPercent]).toEqual([true, (100 * error) / 20_000]);
    }
    expect(metrics).toMatchObject({ 'place/position.median_error_m': estimates[1]!.error });

    // The metres are those that `predict` asks the bundle for, of the windows of the leak from its alarm on.
    const { caseId, estimate } = estimates[1]!;
    const recorded = await decodeParquet(new Uint8Array(readFileSync(path(`other_series/data/${caseId}.parquet`))));
    const open = await openModel(bundleFiles('pfm_location'));
    const cut = { recorded, ...cutWindows(recorded, [], open.preparation.windows) };
    const [, metres] = await open.scores(cut, { caseId, group: caseId, leaks: [] });
    await open.close();
    const [{ onset, end, alarmTime }] = report.events.filter(({ outcome }) => outcome !== 'excluded') as [Event];
    const own = metres!.filter((_, window) => numbers(cut.index, 'end_time')[window]! >= (alarmTime ?? onset) && numbers(cut.index, 'end_time')[window]! <= end);
    expect([estimate, own.length]).toEqual([medianOf(own), estimates[1]!.windows]);

    // One leak, in the row of its true class.
    const { confusion } = report.estimate_summaries.find(({ model }) => model === 'size')!;
    const size = estimates.find(({ model }) => model === 'size')!;
    expect(confusion).toMatchObject({ classes: readBundle(bundleFiles('pfm_size')).inference.class_names, unit: 'kg/s' });
    expect(confusion!.counts.map((row, truth) => row.map((count, said) => [count, truth === size.truth && said === size.estimate ? 1 : 0])).flat().every(([count, expected]) => count === expected)).toBe(true);
    expect(existsSync(path('all_report/plots/confusion_matrix_size.png'))).toBe(true);
    expect(readFileSync(path('all_report/offline_report.html'), 'utf8')).toMatch(/place: median error [0-9.]+ m \([0-9.]+ % of the line\).*errs by 5000 m on average/);
  });

  it('make the rows of a recording once for all bundles that make the same ones', async () => {
    const [flow, size] = [await openModel(bundleFiles('pfm_leakflow')), await openModel(bundleFiles('pfm_size'))];
    const recorded = await decodeParquet(new Uint8Array(readFileSync(path('other_series/data/case_0001.parquet'))));
    const cut = { recorded, ...cutWindows(recorded, [], flow.preparation.windows) };
    const of = { caseId: 'case_0001', group: 'case_0001' };
    const rows = rowsOf(flow, cut, of);
    expect(rowsOf(size, cut, of)).toBe(rows);
    expect(rowsOf(flow, cut, { ...of, group: 'other' })).not.toBe(rows);
    expect(rowsOf(flow, { ...cut, recorded: { ...recorded } }, of)).not.toBe(rows);
    const { preparation } = flow;
    expect(rowsOf({ ...flow, preparation: { ...preparation, windows: { ...preparation.windows, warmup_seconds: 61 } } }, cut, of)).not.toBe(rows);
    await Promise.all([flow.close(), size.close()]);
  });

  it('learn the healthy line, detect on another campaign what it does not explain, and take its threshold from there', async () => {
    const { metrics } = await train('training_observer_detection_pipeline', { threshold_path: 'other_windows', calibration: 'isotonic' });
    const { observer: facts } = json<{ observer: { training_groups: number; explained: { r2: number }[] } }>('observer_detection/metrics.json');
    expect(facts).toMatchObject({ training_groups: metrics['train_groups'] });
    expect(facts.explained.length).toBeGreaterThan(5);
    const bundle = readBundle(bundleFiles('observer_detection'));
    expect(bundle.inference).toMatchObject({ task: 'detection', target: 'leak', learner: 'observer' });
    expect(bundle.features.every(({ name }) => name.includes('residual '))).toBe(true);
    expect([...bundle.extra.keys()].filter((name) => name.startsWith('observer/') && name.endsWith('.onnx'))).toHaveLength(facts.explained.length);

    // What the bundle makes of a recorded case is what training saw of it, also where a case of the training has the same name.
    const trained = await decodeParquet(readFileSync(path('observer_detection/data/residual_dataset_threshold.parquet')));
    const recorded = await decodeParquet(new Uint8Array(readFileSync(path('other_series/data/case_0001.parquet'))));
    const open = await openModel(bundleFiles('observer_detection'));
    const made = await rowsOf(open, { recorded, ...cutWindows(recorded, [], open.preparation.windows) }, { caseId: 'case_0001', group: 'case_0001' });
    await open.close();
    const ofCase = strings(trained, 'case_id').flatMap((name, row) => (name === 'case_0001' ? [row] : []));
    expect(ofCase).toHaveLength(made.windows.rows);
    const different = bundle.features.filter(({ name }) => {
      const values = made.matrix([name]);
      return ofCase.some((row, at) => !Object.is(numbers(trained, name)[row], values[at]));
    });
    expect(different).toEqual([]);
    const scored = await runSection(chain, file, 'test_offline_pipeline');
    // Bundles of OBSERVER carry the ranges of the signals too.
    expect(scored.metrics).toMatchObject({ cases: 5, outside_envelope_share: expect.any(Number) as number });
    expect(trained.columns.map(({ name }) => name)).toContain('outside_envelope');

    // The gate measures it on windows, whose residuals the bundle computes; the features of the signals are none of its inputs.
    const gate = (dataset: string): string => `${chain}
validate_model_pipeline: {model: {path: observer_detection}, data: {features_dataset_path: ${dataset}}, validation_thresholds: {min_recall: 0}, output_folder: verdict}`;
    expect((await runSection(gate('other_windows'), file, 'validate_model_pipeline')).metrics).toMatchObject({ verdict: 'passed', rows: expect.any(Number) as number });
    await expect(runSection(gate('other_features'), file, 'validate_model_pipeline')).rejects.toMatchObject({ message: expect.stringContaining('dataset (of windows for OBSERVER)') as string });
  });

  it('learn from the features of residuals that a list names, and again when the list changes', async () => {
    const all = readBundle(bundleFiles('observer_detection')).features.map(({ name }) => name);
    const trainOn = (names: readonly string[]) => {
      writeFileSync(path('chosen.json'), JSON.stringify(names));
      return train('training_observer_detection_pipeline', { output_folder: 'observer_chosen', features_schema_file: 'chosen.json', shuffle: true, label_column: 'label' });
    };
    for (const names of [all.slice(0, 8), [all[9]!, all[3]!, all[5]!]]) {
      expect(await trainOn(names)).toMatchObject({ upToDate: false });
      expect(readBundle(bundleFiles('observer_chosen')).features.map(({ name }) => name)).toEqual(names);
    }
    const recorded = await decodeParquet(new Uint8Array(readFileSync(path('other_series/data/case_0001.parquet'))));
    const open = await openModel(bundleFiles('observer_chosen'));
    const [scores] = await open.scores({ recorded, ...cutWindows(recorded, [], open.preparation.windows) }, { caseId: 'case_0001', group: 'case_0001', leaks: [] });
    await open.close();
    expect(scores.length).toBeGreaterThan(10);
    await expect(trainOn(['nonsense'])).rejects.toMatchObject({ message: expect.stringContaining('nonsense') as string });
  });

  it.each<[string, (column: Column) => boolean]>([
    ['its windows say healthy', () => false],
    ['its windows and its flags say healthy, but a flow is recorded at the leak', ({ name }) => name.startsWith('LEAK')],
  ])('refuse to learn the healthy line from a leaking case that is planted among the healthy ones: %s', async (_, hide) => {
    await plantLeaks('planted', hide);
    const training = train('training_observer_detection_pipeline', { input_path: 'planted', output_folder: 'from_planted' });
    await expect(training).rejects.toMatchObject({
      code: 'learning/invalid-data', message: expect.stringMatching(/^case "case_\d+" leaks at row \d+, which healthy behaviour was to be learnt from .*leak-free rows alone/) as string,
    });
    expect(existsSync(path('from_planted/bundle'))).toBe(false);
  });
});
