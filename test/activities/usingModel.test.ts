import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictFiles, type PredictInput } from '../../src/activities/predictFiles.js';
import type { PredictResult } from '../../src/activities/predict/prediction.js';
import { readCase } from '../../src/olga/index.js';
import { decodeParquet, encodeCsv, encodeParquet, numbers, strings, type Column, type Table } from '../../src/table/index.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import type { ValidationReport } from '../../src/activities/validation/report.js';
import { judgeModel } from '../../src/activities/validateModel.js';
import { validateModel } from '../../src/cli/validateModel.js';
import { resolveSection } from '../../src/pipelines/resolveSection.js';
import { runSection, stageContext } from './runSection.js';
import { trainedProject, type Project } from './trainedProject.js';

describeLightgbm('using a trained model', () => {
  let project: Project;
  let recorded: Table;
  beforeAll(async () => {
    project = await trainedProject();
    recorded = readCase({ caseId: 'x', tpl: { name: 'x', bytes: readFileSync(tpl('case_0001')) } }).table;
  }, 60_000);
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

  const tpl = (name: string): string => project.path('raw/held_out', `${name}.tpl`);
  const predict = (files: string[], more: Partial<PredictInput> = {}): Promise<PredictResult> =>
    predictFiles.run({ bundle: project.path('training/bundle'), files, persistence: 2, holdOffSeconds: 60, waveSpeed: 1000, ...more }, stageContext());
  const saved = (name: string, change: (column: Column) => Column | undefined, table = recorded): string => {
    const columns = table.columns.flatMap((column) => change(column) ?? []);
    writeFileSync(project.path(name), name.endsWith('.csv') ? encodeCsv({ ...table, columns }) : encodeParquet({ ...table, columns }));
    return project.path(name);
  };
  const firstPressure = (): Column => recorded.columns.find((column) => column.name.startsWith('PT'))!;
  const withValues = (name: string, change: (value: number, row: number) => number): ((column: Column) => Column) => (column) =>
    column.name === name ? { ...column, values: Float64Array.from(column.values as Float64Array, change) } : column;

  /** Takes the ranges out of the bundle of a training, and gives the lists of its files the new hashes. */
  const forgetRanges = (training: string): void => {
    const write = (name: string, text: string, lists: readonly [file: string, entries: (list: Listed) => { sha256: string; bytes?: number; size?: number }][]): void => {
      writeFileSync(`${training}/${name}`, text);
      for (const [file, entries] of lists) {
        const list = JSON.parse(readFileSync(`${training}/${file}`, 'utf8')) as Listed;
        const entry = entries(list);
        Object.assign(entry, { sha256: createHash('sha256').update(text).digest('hex'), ['bytes' in entry ? 'bytes' : 'size']: Buffer.byteLength(text) });
        writeFileSync(`${training}/${file}`, JSON.stringify(list));
      }
    };
    interface Listed { files: { path: string; sha256: string; size: number }[] & Record<string, { sha256: string; bytes: number }> }
    const published = (path: string): [string, (list: Listed) => { sha256: string }] => ['training_metadata.json', ({ files }) => files.find((file) => file.path === path)!];
    const preparation = JSON.parse(readFileSync(`${training}/bundle/preparation.json`, 'utf8')) as { plan: { signals: { trained?: object }[] } };
    for (const signal of preparation.plan.signals) delete signal.trained;
    write('bundle/preparation.json', JSON.stringify(preparation), [published('bundle/preparation.json'), ['bundle/manifest.json', ({ files }) => files['preparation.json']!]]);
    write('bundle/manifest.json', readFileSync(`${training}/bundle/manifest.json`, 'utf8'), [published('bundle/manifest.json')]);
  };

  it('scores raw trend files, Parquet and CSV alike, and finds the leaks of some held-out case', async () => {
    const parquet = saved('same.parquet', (column) => column);
    const csv = saved('same.csv', (column) => column);
    const { bundle, files } = await predict([tpl('case_0001'), tpl('case_0002'), tpl('case_0001_twin'), parquet, csv], { bundle: project.path('training') });
    expect(bundle).toMatchObject({ source: 'simulation', task: 'detection', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(files.map(({ status }) => status)).toEqual(['scored', 'scored', 'scored', 'scored', 'scored']);
    expect(files[0]!.alarms.length + files[1]!.alarms.length).toBeGreaterThan(0);
    for (const one of [...files[0]!.alarms, ...files[1]!.alarms]) expect(one.position_m === null || (one.position_m >= 0 && one.position_m <= 20_000)).toBe(true);
    expect([...files[0]!.alarms, ...files[1]!.alarms].some((one) => one.position_m !== null)).toBe(true);
    for (const other of [files[3]!, files[4]!]) expect({ ...other, file: '', notes: [] }).toEqual({ ...files[0]!, file: '', notes: [] });
    expect(files[4]!.notes.some((note) => note.includes('has no unit'))).toBe(true);
  });

  it('writes the scores of all windows', async () => {
    for (const name of ['scores.parquet', 'scores.csv']) expect((await predict([tpl('case_0001')], { out: project.path(name) })).out).toBe(project.path(name));
    const table = await decodeParquet(readFileSync(project.path('scores.parquet')));
    expect(table.columns.map(({ name }) => name)).toEqual(['file', 'end_time', 'score', 'alarm', 'state']);
    const { files: [first] } = await predict([tpl('case_0001')]);
    expect(table.rows).toBe(first!.windows);
    expect(numbers(table, 'score').every((value) => value >= 0 && value <= 1)).toBe(true);
    expect(readFileSync(project.path('scores.csv'), 'utf8').split('\n')).toHaveLength(table.rows + 2);
    await expect(predict([tpl('case_0001')], { out: project.path('scores.xlsx') })).rejects.toMatchObject({ code: 'cli/usage' });
  });

  it('converts units that can be converted, and refuses the others', async () => {
    const { name } = firstPressure();
    const bar = saved('bar.parquet', (column) => (column.name === name ? { ...column, unit: 'bara', values: Float64Array.from(column.values as Float64Array, (value) => value / 1e5) } : column));
    const odd = saved('odd.parquet', (column) => (column.name === name ? { ...column, unit: 'kg/s' } : column));
    const { files: [same, converted, refused] } = await predict([tpl('case_0001'), bar, odd]);
    expect(converted!.notes).toEqual([`${name} was converted from bara to PA`]);
    expect(converted!.alarms.map(({ start, end }) => [start, end])).toEqual(same!.alarms.map(({ start, end }) => [start, end]));
    expect(refused).toMatchObject({ status: 'failed', reason: expect.stringContaining(`${name} is in kg/s; the model needs PA`) as string });
  });

  it('gives a state in place of a score where a signal is missing, absent, stuck or beyond the training', async () => {
    const { name } = firstPressure();
    const value = (firstPressure().values as Float64Array)[300]!;
    const absent = saved('absent.parquet', (column) => (column.name === name ? undefined : column));
    const missing = saved('missing.parquet', withValues(name, (v, row) => (row >= 200 && row < 210 ? NaN : v)));
    const stuck = saved('stuck.parquet', withValues(name, (v, row) => (row >= 200 ? value : v)));
    const beyond = saved('beyond.parquet', withValues(name, (v, row) => (row >= 200 && row < 260 ? 100 * v : v)));
    const { files } = await predict([absent, missing, stuck, beyond], { out: project.path('states.parquet') });
    expect(files[0]).toMatchObject({ status: 'unavailable', reason: `${name} missing`, scored: 0, alarms: [] });
    expect(files[1]!.troubles).toEqual([expect.objectContaining({ state: 'unavailable', signal: name, reason: 'values are missing' })]);
    expect(files[2]!.troubles[0]).toMatchObject({ state: 'unavailable', signal: name, reason: expect.stringMatching(/^stuck at /) as string });
    expect(files[3]!.troubles[0]).toMatchObject({ state: 'outside_envelope', signal: name, reason: expect.stringContaining('above the trained') as string });
    for (const file of files.slice(1)) expect(file.scored + file.troubles.reduce((sum, { windows }) => sum + windows, 0)).toBe(file.windows);
    const table = await decodeParquet(readFileSync(project.path('states.parquet')));
    const state = strings(table, 'state');
    expect(numbers(table, 'score').every((score, i) => Number.isNaN(score) === (state[i] !== 'ok'))).toBe(true);
    expect(new Set(state)).toEqual(new Set(['ok', 'unavailable', 'outside_envelope']));
  });

  it('is tested offline with the same states, beside scores that stay: what lies beyond the training is counted and moves no alarm', async () => {
    const { name } = firstPressure();
    mkdirSync(project.path('strange'));
    const strange = saved('strange/beyond.parquet', withValues(name, (v, row) => (row >= 200 && row < 260 ? 100 * v : v)));
    saved('strange/usual.parquet', (column) => column);
    const { files: [file] } = await predict([strange], { out: project.path('said.parquet') });
    const section = 'strange: {pipeline: test_offline, parquet_root: strange, bundle_folder: training, output_report_folder: strange_report, series_charts: 0, html_cases: 0, shifted_label_repeats: 1}';
    const { metrics } = await runSection(`${project.config}\n${section}`, project.file, 'strange');
    const said = strings(await decodeParquet(readFileSync(project.path('said.parquet'))), 'state');
    const table = await decodeParquet(readFileSync(project.path('strange_report/scores/beyond.parquet')));
    expect(strings(table, 'state')).toEqual(said);
    expect(numbers(table, 'score').every((score) => !Number.isNaN(score))).toBe(true);
    const counted = said.filter((state, i) => state === 'outside_envelope' && ['healthy', 'leak'].includes(strings(table, 'phase')[i]!)).length;
    expect([counted > 0, file!.scored < file!.windows]).toEqual([true, true]);
    const { outside_envelope: outside } = JSON.parse(readFileSync(project.path('strange_report/metrics.json'), 'utf8')) as { outside_envelope: { windows: number; scored_windows: number } };
    expect(outside).toEqual({ windows: counted, scored_windows: outside.scored_windows, share: counted / outside.scored_windows, cases: { beyond: counted } });
    expect(metrics).toMatchObject({ outside_envelope_share: counted / outside.scored_windows });

    // A bundle that does not carry its ranges knows none, and nothing else is different.
    cpSync(project.path('training'), project.path('without'), { recursive: true });
    forgetRanges(project.path('without'));
    const { metrics: unknown } = await runSection(`${project.config}\n${section.replace('bundle_folder: training', 'bundle_folder: without').replace('strange_report', 'without_report')}`, project.file, 'strange');
    expect(unknown).toEqual({ ...metrics, bundle: unknown!['bundle'], outside_envelope_share: null });
  }, 60_000);

  it('goes on where a file is none, and names what is wrong with a bundle', async () => {
    writeFileSync(project.path('notes.txt'), 'nothing');
    writeFileSync(project.path('broken.tpl'), 'nothing');
    const { files } = await predict([project.path('notes.txt'), project.path('broken.tpl'), project.path('gone.tpl'), tpl('case_0001')]);
    expect(files.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'scored']);
    expect(files[0]!.reason).toContain('.tpl, .parquet and .csv can');
    await expect(predict([tpl('case_0001')], { bundle: project.folder })).rejects.toMatchObject({ code: 'storage/not-found', message: expect.stringContaining('no manifest.json') as string });
  });

  it('tells classes and values of leaks from raw files alone', async () => {
    const config = `${project.config}
training_pfm_size_pipeline: {input_path: features, output_folder: size, num_boost_round: 5, size_classes: {strategy: quantile, count: 2}}
training_pfm_leakflow_pipeline: {input_path: features, output_folder: flow, num_boost_round: 5}
training_pfm_location_pipeline: {input_path: features, output_folder: places, num_boost_round: 5, segments: 2, scale_features: standard, lgbm_params: {min_data_in_leaf: 5, num_leaves: 4, learning_rate: 0.3}}`;
    for (const section of ['training_pfm_size_pipeline', 'training_pfm_leakflow_pipeline', 'training_pfm_location_pipeline']) await runSection(config, project.file, section);
    const by = (folder: string): Promise<PredictResult> => predict([tpl('case_0001')], { bundle: project.path(folder), out: project.path(`${folder}.parquet`) });
    const [size, flow] = [await by('size'), await by('flow')];
    expect([size, flow].map(({ bundle, files: [one] }) => [bundle.task, bundle.target, one!.status])).toEqual([
      ['multiclass', 'size', 'scored'], ['regression', 'leak_flow', 'scored'],
    ]);
    const { classes, windows } = size.files[0]!;
    expect(classes.reduce((sum, run) => sum + run.windows, 0)).toBe(windows);
    expect(classes.every(({ probability }) => probability >= 0.5 && probability <= 1)).toBe(true);
    const table = await decodeParquet(readFileSync(project.path('flow.parquet')));
    const { values } = flow.files[0]!;
    expect(values).toMatchObject({ unit: 'kg/s', lowest: Math.min(...numbers(table, 'value')), highest: Math.max(...numbers(table, 'value')) });
    expect(values!.median).toBeGreaterThanOrEqual(values!.lowest);
    expect(table.columns.map(({ name }) => name)).toEqual(['file', 'end_time', 'value', 'state']);

    // A bundle of places tells segments and metres.
    const { bundle, files: [place] } = await by('places');
    expect(bundle).toMatchObject({ task: 'multiclass', target: 'segment' });
    expect(place!.classes.length).toBeGreaterThan(0);
    const { columns, ...places } = await decodeParquet(readFileSync(project.path('places.parquet')));
    expect(columns.map(({ name, unit }) => `${name} ${unit}`.trim())).toEqual(['file', 'end_time s', 'class', 'probability', 'position m', 'state']);
    const metres = numbers({ columns, ...places }, 'position');
    expect(place!.values).toMatchObject({ unit: 'm', lowest: Math.min(...metres), highest: Math.max(...metres) });
    expect([place!.values!.lowest >= 0, place!.values!.highest <= 20_000]).toEqual([true, true]);
    // Windows of all cases would fall into the same leaves if they were not scaled as those of the training.
    const known = [1, 2, 3, 4].map((n) => project.path('raw/fit', `case_000${n}.tpl`));
    const { files: learnt } = await predict(known, { bundle: project.path('places') });
    expect(new Set(learnt.flatMap(({ values: found }) => [found!.lowest, found!.highest])).size).toBeGreaterThan(1);
  }, 60_000);

  it('has no model of the place of leaks where the sensors do not say where they are, and says so', async () => {
    const config = `${project.config}
one_signal: {pipeline: features, source_folder: windows, output_folder: one_signal, feature_columns: ["GT@LINE@0M"], wavelet_level: 1, groups: {oscillation: false, spectral: false, band_statistics: false}}
training_pfm_location_pipeline: {input_path: one_signal, output_folder: place, num_boost_round: 3}`;
    await runSection(config, project.file, 'one_signal');
    const { metrics } = await runSection(config, project.file, 'training_pfm_location_pipeline');
    expect(metrics).toEqual({ status: 'unavailable', reason: expect.stringContaining('fewer than two signals') as string });
    expect(existsSync(project.path('place/bundle'))).toBe(false);
  });

  describe('the gate', () => {
    const section = (more: string, model = 'training'): string => `
validate_model_pipeline:
  model: {path: ${model}}
  data: {features_schema_file: features/metadata/features_schema.json, features_dataset_path: features, recordings_path: raw/held_out}
  output_folder: validation
${more}`;
    const judge = (config: string): Promise<ValidationReport> =>
      judgeModel.run({ resolved: resolveSection(config, project.file, 'validateModel', { section: 'validate_model_pipeline' }) }, stageContext());
    const failed = (report: ValidationReport): [string, string][] => report.checks.filter(({ status }) => status === 'failed').map(({ name, message }) => [name, message]);
    /** A copy of the training whose bundle is changed. */
    const changed = (name: string, change: (bundle: string) => void): string => {
      cpSync(project.path('training'), project.path(name), { recursive: true });
      change(project.path(name, 'bundle'));
      return name;
    };

    it('passes a whole model, with the numbers of every check', async () => {
      const report = await judge(section('  validation_thresholds: {min_precision: 0.3, min_recall: 0.3, max_false_positives: 1000}\n  feature_vectorizer: {window_size: 20, wavelet: db2}'));
      expect(failed(report)).toEqual([]);
      expect(report).toMatchObject({ passed: true, bundle: { source: 'simulation', task: 'detection' } });
      expect(report.checks.map(({ name, status }) => [name, status])).toEqual(['artifacts', 'agreement', 'schema', 'roles', 'inference_method_1', 'inference_method_2', 'thresholds'].map((name) => [name, 'passed']));
      expect(report.metrics!.rows).toBeGreaterThan(400);
      expect(JSON.parse(readFileSync(project.path('validation/validation_report.json'), 'utf8'))).toEqual(report);
    });

    it('measures the same from the windows of the cases, whose features the bundle computes itself', async () => {
      const wanted = '  validation_thresholds: {min_precision: 0.3, min_recall: 0.3}\n  execution: {inference_method_2: false, save_report: false}';
      const [from, own] = [await judge(section(wanted)), await judge(section(wanted).replace('features_dataset_path: features', 'features_dataset_path: windows'))];
      expect(failed(own)).toEqual([]);
      expect(own.metrics).toEqual(from.metrics);
      const some = await judge(section('  execution: {inference_method_2: false, save_report: false}').replace('features_dataset_path: features', 'features_dataset_path: windows, dataset_samples: 50'));
      expect(some.metrics).toMatchObject({ rows: 50 });
      await runSection(`${project.config}\nother_windows: {pipeline: windows, source_folder: series, output_folder: other_windows, window_size: 30, step_size: 8}`, project.file, 'other_windows');
      expect(failed(await judge(section(wanted).replace('features_dataset_path: features', 'features_dataset_path: other_windows')))[0]).toEqual([
        'inference_method_1', 'the windows of the dataset are not cut as the bundle cuts them: window_size is 30, the bundle has 20; step_size is 8, the bundle has 4',
      ]);
    });

    it('refuses a model that was tampered with, and one that lacks a file', async () => {
      const bytes = changed('tampered', (bundle) => writeFileSync(`${bundle}/model.onnx`, readFileSync(`${bundle}/model.onnx`).fill(7, 200, 201)));
      expect(failed(await judge(section('', bytes)))).toEqual([['artifacts', expect.stringMatching(/^model\.onnx: the file has the sha256 \w+; the manifest says \w+$/) as string]]);
      const lacking = changed('lacking', (bundle) => rmSync(`${bundle}/features_schema.json`));
      expect(failed(await judge(section('', lacking)))).toEqual([['artifacts', 'features_schema.json: the bundle does not have this file']]);
    });

    it('refuses a model whose text and export differ, though every hash is right', async () => {
      const other = changed('other_text', (bundle) => {
        // As many bytes as before: LightGBM ends the process on a text whose trees have another length than it says.
        const text = readFileSync(`${bundle}/model.txt`, 'utf8').replace(/(leaf_value=-?\d+\.\d)(\d)/, (_, start: string, digit: string) => `${start}${9 - Number(digit)}`);
        writeFileSync(`${bundle}/model.txt`, text);
        const manifest = JSON.parse(readFileSync(`${bundle}/manifest.json`, 'utf8')) as { files: Record<string, { sha256: string; bytes: number }> };
        manifest.files['model.txt'] = { sha256: createHash('sha256').update(text).digest('hex'), bytes: Buffer.byteLength(text) };
        writeFileSync(`${bundle}/manifest.json`, JSON.stringify(manifest));
      });
      expect(failed(await judge(section('', other)))[0]).toEqual(['agreement', expect.stringContaining('differ') as string]);
    });

    it('has an exit code for CI, and outlives a text that makes LightGBM end its process', async () => {
      const cutAt = (name: string, share: (text: string) => number): string => changed(name, (bundle) => {
        const text = readFileSync(`${bundle}/model.txt`, 'utf8');
        const half = text.slice(0, share(text));
        writeFileSync(`${bundle}/model.txt`, half);
        const manifest = JSON.parse(readFileSync(`${bundle}/manifest.json`, 'utf8')) as { files: Record<string, { sha256: string; bytes: number }> };
        manifest.files['model.txt'] = { sha256: createHash('sha256').update(half).digest('hex'), bytes: Buffer.byteLength(half) };
        writeFileSync(`${bundle}/manifest.json`, JSON.stringify(manifest));
      });
      const config = project.path('ci.yml');
      writeFileSync(config, JSON.stringify({ model: { path: 'training' }, data: { features_dataset_path: 'features' }, output_folder: 'ci' }));
      expect(await validateModel({ config, set: [] })).toBe(0);
      expect(await validateModel({ config, set: ['validation_thresholds.min_precision=1', 'validation_thresholds.prediction_threshold=0'] })).toBe(1);
      const headless = cutAt('headless', (text) => text.indexOf('feature_infos=') + 30);
      expect(await validateModel({ config, set: [`model.path=${headless}`] })).toBe(1);
      const damaged = cutAt('damaged', (text) => text.indexOf('end of trees') - 300);
      await expect(validateModel({ config, set: [`model.path=${damaged}`] })).rejects.toMatchObject({ code: 'stage/crashed', message: expect.stringMatching(/ended by SIG(ABRT|SEGV), as native code does that fails/) as string });
      await expect(validateModel({ config, set: ['model.pth=x'] })).rejects.toMatchObject({ code: 'config/invalid' });
    }, 60_000);

    it('refuses another schema, other settings, and a missed threshold, each in its own words', async () => {
      const names = JSON.parse(readFileSync(project.path('features/metadata/features_schema.json'), 'utf8')) as string[];
      writeFileSync(project.path('schema.json'), JSON.stringify([...names.slice(1), 'nothing']));
      const schema = await judge(section('').replace('features/metadata/features_schema.json', 'schema.json'));
      expect(failed(schema)).toEqual([['schema', `the model has ${names.length} features, the schema ${names.length}; the model lacks "nothing"; the schema lacks "${names[0]}"`]]);
      const order = project.path('order.json');
      writeFileSync(order, JSON.stringify(names.toReversed()));
      expect(failed(await judge(section('').replace('features/metadata/features_schema.json', order)))[0]![1]).toContain('feature 0 of the model is');
      expect(failed(await judge(section('  feature_vectorizer: {window_size: 40}')))).toEqual([['schema', 'window_size is 20; feature_vectorizer asks for 40']]);
      const missed = await judge(section('  validation_thresholds: {min_precision: 1, max_false_positives: 0, prediction_threshold: 0}'));
      expect(failed(missed)).toEqual([['thresholds', expect.stringMatching(/^precision 0\.\d{4} is below min_precision 1; \d+ false positives are more than max_false_positives 0 \(/) as string]]);
    });

    it('says what is skipped, and that thresholds without a measurement cannot be met', async () => {
      const config = section('  validation_thresholds: {min_recall: 0.5}\n  execution: {check_artifacts: false, inference_method_1: false, save_report: false}').replace(', recordings_path: raw/held_out', '');
      const report = await judge(config.replace('output_folder: validation', 'output_folder: silent'));
      expect(report.checks.filter(({ status }) => status === 'skipped').map(({ name, message }) => [name, message])).toEqual([
        ['agreement', 'switched off'], ['inference_method_1', 'switched off'], ['inference_method_2', 'data.recordings_path is not given'],
      ]);
      expect(failed(report)).toEqual([['thresholds', expect.stringContaining('the model was not measured') as string]]);
      expect(existsSync(project.path('silent'))).toBe(false);
    });

    it('stands before a training: what does not pass is not published, and a wrong file stops before anything is learnt', async () => {
      const validation = (more: object): void => writeFileSync(project.path('gate.yml'), JSON.stringify({ model: { path: 'any' }, output_folder: 'any', data: { features_dataset_path: 'features' }, ...more }));
      const config = `${project.config}\ngated: {pipeline: training_pfm_detection, input_path: features, output_folder: gated, num_boost_round: 3, require_validation_file: gate.yml}`;
      validation({ validation_thresholds: { min_recall: 1, prediction_threshold: 2 } });
      await expect(runSection(config, project.file, 'gated')).rejects.toMatchObject({
        code: 'learning/validation', message: expect.stringMatching(/thresholds: recall 0\.0000 is below min_recall 1.*it was not published$/) as string, place: { key: 'require_validation_file' },
      });
      expect(existsSync(project.path('gated/bundle'))).toBe(false);
      validation({ validation_thresholds: { min_recal: 1 } });
      await expect(runSection(config, project.file, 'gated')).rejects.toMatchObject({ code: 'config/invalid' });
      validation({});
      expect((await runSection(config, project.file, 'gated')).metrics).toMatchObject({ target: 'leak' });
      expect(existsSync(project.path('gated/bundle/manifest.json'))).toBe(true);
      expect(existsSync(project.path('any'))).toBe(false);
    });

    it('as a pipeline publishes its verdict and fails the run, also when nothing has changed', async () => {
      const good = section('  validation_thresholds: {min_recall: 0.3}').replace('output_folder: validation', 'output_folder: verdict');
      expect((await runSection(good, project.file, 'validate_model_pipeline')).metrics).toMatchObject({ verdict: 'passed', failed: null });
      expect((await runSection(good, project.file, 'validate_model_pipeline')).upToDate).toBe(true);
      cpSync(project.path('raw/held_out'), project.path('elsewhere'), { recursive: true });
      await runSection(good.replace('raw/held_out', 'elsewhere').replace('folder: verdict', 'folder: verdict_elsewhere'), project.file, 'validate_model_pipeline');
      expect(readFileSync(project.path('verdict_elsewhere/validation_metadata.json'), 'utf8')).toBe(readFileSync(project.path('verdict/validation_metadata.json'), 'utf8'));
      const bad = good.replace('min_recall: 0.3', 'min_recall: 1, min_precision: 1, prediction_threshold: 2');
      for (let run = 0; run < 2; run++) {
        await expect(runSection(bad, project.file, 'validate_model_pipeline')).rejects.toMatchObject({ code: 'learning/validation', message: expect.stringContaining('thresholds: precision 0.0000 is below') as string });
      }
      expect(JSON.parse(readFileSync(project.path('verdict/validation_metadata.json'), 'utf8'))).toMatchObject({ metrics: { verdict: 'failed' } });
    });
  });
});
