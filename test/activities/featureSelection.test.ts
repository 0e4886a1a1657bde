import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clockColumns } from '../../src/activities/dataset.js';
import { imbalanceColumn } from '../../src/activities/featureTable.js';
import { createRandom } from '../../src/numeric/index.js';
import { finishPublication, openStorage, publishFile } from '../../src/storage/index.js';
import { encodeParquet, type Column, type Role } from '../../src/table/index.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-selection-'));
const file = join(folder, 'pipelines_config.yml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cases = 24;
const windows = 30;
const names = ['level', 'copy', 'slope', 'schedule', 'flat', ...Array.from({ length: 8 }, (_, i) => `noise${i}`)];

interface Ranking { rank: number; feature: string; test: string; kept: boolean; reason: string; gain: number; mean_abs_shap: number; permutation_mean: number; permutation_sd: number; stability: number; adjusted_p: number; correlation_partner: string | null; correlation: number | null }

const keys = {
  input_path: 'features', output_folder: 'selection', top_k: 5, num_boost_round: 15, lgbm_params: { num_leaves: 7, min_data_in_leaf: 10 },
  stability: { folds: 3, min_share: 0.6 }, permutation_repeats: 2, sample_rows: 150,
};
const run = (changes: Readonly<Record<string, unknown>> = {}) => runSection(JSON.stringify({ feature_selection_pipeline: { ...keys, ...changes } }), file, 'feature_selection_pipeline');
const read = (path: string): string => readFileSync(join(folder, 'selection', path), 'utf8');
const ranking = () => (JSON.parse(read('feature_ranking.json')) as { features: Ranking[] }).features;
const of = (name: string): Ranking => ranking().find((entry) => entry.feature === name)!;

describeLightgbm('feature selection', () => {
  let heldOut: string[];
  beforeAll(async () => {
    await publishDataset([]);
    await run();
    heldOut = (JSON.parse(read('feature_selection_metadata.json')) as { selected_on: { held_out_groups: string[] } }).selected_on.held_out_groups;
  });

  it('keeps what tells leaks apart, one of two that say the same, and says why the others went', async () => {
    const selected = JSON.parse(read('selected_features.json')) as string[];
    expect(selected).toEqual(ranking().filter((entry) => entry.kept).map((entry) => entry.feature));
    expect(selected).toContain('slope');
    expect(selected.filter((name) => name === 'level' || name === 'copy')).toHaveLength(1);
    const gone = of(selected.includes('level') ? 'copy' : 'level');
    expect(gone).toMatchObject({ reason: 'correlated', correlation_partner: selected.includes('level') ? 'level' : 'copy' });
    expect(Math.abs(gone.correlation!)).toBeGreaterThan(0.95);
    expect(of('flat').reason).toBe('constant');
    expect(of('slope')).toMatchObject({ stability: 1, kept: true });
    expect(of('slope').permutation_mean).toBeGreaterThan(3 * of('noise0').permutation_mean);
    expect(of('slope').adjusted_p).toBeLessThan(0.01);
    expect(of('noise0').adjusted_p).toBeGreaterThan(0.05);
    expect(ranking().map((entry) => entry.rank)).toEqual(names.map((_, i) => i + 1));
    expect(read('plots/feature_importance.svg')).toMatch(/mean \|SHAP\|[^]*gain[^]*loss of score/);
    expect(read('plots/shap_summary.svg')).toContain('slope');
    expect(readFileSync(join(folder, 'selection/plots/feature_importance.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(read('feature_ranking.csv').split('\n')).toHaveLength(names.length + 2);
  });

  it('says on which cases it was done, and does not see the others', async () => {
    const metadata = JSON.parse(read('feature_selection_metadata.json')) as { selected_on: { cases: string; training_groups: string[] }; metrics: Record<string, number> };
    expect(metadata.selected_on).toMatchObject({ cases: 'training cases only' });
    expect([metadata.selected_on.training_groups.length, heldOut.length]).toEqual([18, 6]);
    expect(metadata.metrics).toMatchObject({ features: 13, rows: 18 * windows, folds: 3, training_groups: 18, constant: 1 });
    const before = read('feature_ranking.json');
    // In the held-out cases "schedule" knows the answer.
    await publishDataset(heldOut);
    expect((await run()).upToDate).toBe(false);
    expect(read('feature_ranking.json')).toBe(before);
    expect((await run()).upToDate).toBe(true);
  });

  it.each(['gain', 'split', 'permutation', 'hypothesis'])('ranks by %s', async (method) => {
    const { metrics } = await run({ method, max_correlation: null, hypothesis_unit: method === 'split' ? 'window' : 'case' });
    expect(metrics['test_rows']).toBe(method === 'split' ? 18 * windows : 18 * 2);
    const selected = JSON.parse(read('selected_features.json')) as string[];
    expect(selected).toEqual(expect.arrayContaining(['slope']));
    expect(metrics['selected']).toBe(selected.length);
    if (method === 'hypothesis') expect([...selected].sort()).toEqual(['copy', 'level', 'slope']);
    if (method === 'hypothesis') expect(of('noise0').reason).toBe('not significant');
  });

  it('learns several classes, and does without folds', async () => {
    const { metrics } = await run({ objective: 'multiclass', label_column: 'leak_class', permutation_repeats: 0 });
    expect(metrics['fold_negative_log_loss']).toBeLessThan(0);
    expect(JSON.parse(read('feature_selection_metadata.json'))).toMatchObject({ selected_on: { classes: [0, 4, 9] } });
    expect(JSON.parse(read('selected_features.json'))).toContain('slope');
    expect((await run({ stability: { folds: 0 } })).metrics).not.toHaveProperty('fold_roc_auc');
    expect(of('slope')).toMatchObject({ stability: null, permutation_mean: null, kept: true });
  });

  it('learns a number from the windows of leaks, on the cases that a training of flows learns from', async () => {
    const { metrics } = await run({ objective: 'regression', label_column: 'leak_flow_kg_s', method: 'hypothesis', max_correlation: null });
    expect(metrics).toMatchObject({ rows: (18 * windows) / 2, held_out_groups: 6, fold_r2: expect.any(Number) as number });
    expect(metrics['fold_r2']).toBeGreaterThan(0.5);
    expect([of('level').test, of('noise0').test]).toEqual(['kendall', 'kendall']);
    // One observation per case is too few for a slope that says nothing of the flow.
    expect(JSON.parse(read('selected_features.json'))).toEqual(expect.arrayContaining(['level', 'copy']));
    expect(of('slope').kept).toBe(false);
    expect(read('plots/shap_summary.svg')).toMatch(/level[^]*contribution to the raw score \(leak_flow_kg_s\)/);
  });

  it('fails where nothing is left, and says why', async () => {
    await expect(run({ method: 'hypothesis', false_discovery_rate: 1e-9 })).rejects.toMatchObject({ code: 'learning/invalid-data', message: expect.stringMatching(/none of 13 features is left: .*12 not significant/) as string });
  });

  it('refuses truth and clock columns as features', async () => {
    await publishDataset([], 'truth');
    await expect(run()).rejects.toMatchObject({ code: 'table/role' });
    await publishDataset([], 'clock');
    await expect(run()).rejects.toMatchObject({ code: 'table/role' });
  });
});

/** A published dataset whose answer is known: level and slope rise in a leak, the copy follows the level, the rest is noise. */
async function publishDataset(scheduled: readonly string[], role: Role = 'measured'): Promise<void> {
  const storage = openStorage();
  const rows = cases * windows;
  const random = createRandom(5);
  const caseOf = (row: number): string => `case${String(Math.floor(row / windows)).padStart(2, '0')}`;
  const leak = Uint8Array.from({ length: rows }, (_, row) => Number(row % windows >= windows / 2));
  const number = (name: string, valueOf: (row: number) => number, columnRole: Role = 'measured'): Column => ({ name, values: Float64Array.from({ length: rows }, (_, row) => valueOf(row)), unit: '', role: columnRole });
  const text = (name: string, valueOf: (row: number) => string, columnRole: Role): Column => ({ name, values: Array.from({ length: rows }, (_, row) => valueOf(row)), unit: '', role: columnRole });
  const level = Float64Array.from(leak, (on) => on * 2 + random.normal());
  const shifts = Array.from({ length: cases }, () => random.normal());
  const features = names.map((name): Column => {
    const values = { level: (row: number) => level[row]!, copy: (row: number) => level[row]! + random.normal() / 50, flat: () => 4 }[name];
    if (values) return number(name, values, role);
    if (name === 'slope') return number(name, (row) => leak[row]! * 3 + random.normal(), role);
    const noise = Float64Array.from(leak, () => random.normal());
    if (name === 'schedule') return number(name, (row) => (scheduled.includes(caseOf(row)) ? leak[row]! * 9 : noise[row]!), role);
    return number(name, (row) => noise[row]! + shifts[(names.indexOf(name) * 7 + Math.floor(row / windows)) % cases]!, role);
  });
  const table = {
    rows, metadata: {},
    columns: [
      text('case_id', caseOf, 'id'), text('case_group', caseOf, 'id'), text('phase', (row) => (leak[row] ? 'leak' : 'healthy'), 'truth'),
      number('gap', () => 0, 'truth'), number('restart', () => 0, 'truth'), number(imbalanceColumn, () => 0), ...clockColumns.map((name) => number(name, (row) => row % windows, 'clock')),
      number('label', (row) => leak[row]!, 'truth'), number('leak_class', (row) => (leak[row] ? (level[row]! > 2 ? 9 : 4) : 0), 'truth'),
      number('leak_flow_kg_s', (row) => (leak[row] ? 5 + level[row]! : NaN), 'truth'), ...features,
    ],
  };
  const target = join(folder, 'features');
  const files = [
    await publishFile(storage, target, 'data/features_dataset.parquet', encodeParquet(table)),
    await publishFile(storage, target, 'metadata/features_schema.json', JSON.stringify(names)),
  ];
  await finishPublication(storage, target, 'metadata/features_metadata.json', { pipeline: 'features', config_hash: 'x', shared: { plan: {}, windows: {} }, files });
}
