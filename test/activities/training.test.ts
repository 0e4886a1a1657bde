import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadModel, openLightgbm, readBundle } from '../../src/learning/index.js';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
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
features_pipeline: {source_folder: windows, output_folder: features, wavelet_level: 2, groups: {spectral: false, temporal_context: false, operational_context: false}}
other_features: {pipeline: features, source_folder: other_windows, output_folder: other_features, wavelet_level: 2, groups: {spectral: false, temporal_context: false, operational_context: false}}
test_offline_pipeline: {parquet_root: other_series, bundle_folder: observer_detection, output_report_folder: report, series_charts: 0, shifted_label_repeats: 2}
`;
const quick = { num_boost_round: 20, early_stopping_rounds: 20, shap_rows: 50, lgbm_params: { learning_rate: 0.1, num_leaves: 7, min_data_in_leaf: 20 } };
const observer = { lags: [0, 2, 8], folds: 2, num_boost_round: 15, max_rows: 2000 };

async function train(section: string, keys: Readonly<Record<string, unknown>> = {}) {
  const word = section.replace(/^training_|_pipeline$/g, '');
  const input = word.startsWith('observer') ? { input_path: 'windows', wavelet_level: 2, groups: { spectral: false, temporal_context: false, operational_context: false }, observer } : { input_path: 'features' };
  const whole = { ...input, output_folder: word, ...quick, ...keys };
  return runSection(`${chain}\n${section}: ${JSON.stringify(whole)}`, file, section);
}

const json = <T>(name: string): T => JSON.parse(readFileSync(path(name), 'utf8')) as T;

function bundleFiles(training: string): Map<string, Uint8Array> {
  const { files } = json<{ files: { path: string }[] }>(`${training}/training_metadata.json`);
  const own = files.map((entry) => entry.path).filter((name) => name.startsWith('bundle/'));
  return new Map(own.map((name) => [name.slice('bundle/'.length), new Uint8Array(readFileSync(path(`${training}/${name}`)))]));
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
    simulate('other', 4, 12);
    for (const section of ['tpl_genkey_pipeline', 'other_cases', 'windows_pipeline', 'other_windows', 'features_pipeline', 'other_features']) await runSection(chain, file, section);
  }, 60_000);

  it('detect leaks, and tell all that is known of the model', async () => {
    const { metrics } = await train('training_pfm_detection_pipeline', { repeats: 2, cross_validation: { folds: 3 }, class_weight: 'balanced', calibration: 'platt' });
    expect(metrics).toMatchObject({ target: 'leak', threshold_strategy: 'max_f1' });
    const { models: { leak } } = json<Detail>('pfm_detection/metrics.json');
    expect(leak).toMatchObject({ kind: 'detection', repeats: { count: 2 }, cross_validation: { folds: 3 } });
    const files = bundleFiles('pfm_detection');
    const bundle = readBundle(files);
    expect(bundle.inference).toMatchObject({ task: 'detection', target: 'leak', learner: 'pfm' });
    const model = loadModel(openLightgbm(libraryPath()), bundle.modelText, bundle.modelSha256);
    expect(model.columns).toBe(bundle.features.length);
    model.free();
  }, 60_000);
});
