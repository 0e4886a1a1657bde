import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchedMetadata } from '../../src/activities/batches.js';
import { bookkeeping, trainingRows } from '../../src/activities/dataset.js';
import { imbalanceColumn } from '../../src/activities/featureTable.js';
import type { WindowsRecord } from '../../src/activities/windows.js';
import { decodeParquet, describeParquet, numbers, strings, type Column, type Table } from '../../src/table/index.js';
import { tinyTpl } from '../olga/tinyTpl.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-windows-'));
const file = join(folder, 'pipelines_config.yml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A leak from second 60 to 90, at the times given. */
function trend(times: readonly number[]): string {
  return tinyTpl((parts) => {
    parts.rows = times.map((t) => [t, 1e5 + t, 100 + t / 10, t >= 60 && t <= 90 ? -3 : 0].map((value) => value.toExponential(6)).join(' '));
  });
}

const seconds = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

const config = (keys = ''): string => `
tpl_genkey_pipeline: {source_folder: raw, output_folder: series}
windows_pipeline: {source_folder: series, output_folder: windows, window_size: 20, step_size: 10, warmup_seconds: 5, recovery_seconds: 5${keys}}
features_pipeline: {source_folder: windows, output_folder: features, wavelet_level: 2}
`;
const run = (section: string, keys = '') => runSection(config(keys), file, section);
const metadata = () => JSON.parse(readFileSync(join(folder, 'windows/metadata/windows_metadata.json'), 'utf8')) as BatchedMetadata<WindowsRecord>;
const table = (path: string): Promise<Table> => decodeParquet(readFileSync(join(folder, path)));

beforeAll(async () => {
  mkdirSync(join(folder, 'raw'));
  writeFileSync(join(folder, 'raw/gap.tpl'), trend([...seconds(0, 100), ...seconds(130, 160)]));
  writeFileSync(join(folder, 'raw/restarted.tpl'), trend([...seconds(0, 100), ...seconds(100, 101).map((t) => t - 20), ...seconds(81, 160)]));
  writeFileSync(join(folder, 'raw/whole.tpl'), trend(seconds(0, 160)));
  await run('tpl_genkey_pipeline');
});

describe('windows', () => {
  it('that straddle a gap or a restart are marked and counted', async () => {
    expect((await run('windows_pipeline')).quarantined).toEqual([]);
    const marked = async (id: string, flag: string): Promise<number[]> => {
      const index = await table(`windows/data/index/${id}.parquet`);
      return Array.from(numbers(index, 'start_time')).filter((_, window) => numbers(index, flag)[window] === 1);
    };
    expect(await marked('whole', 'gap')).toEqual([]);
    expect(await marked('whole', 'restart')).toEqual([]);
    expect(await marked('gap', 'gap')).toEqual([90, 100, 110, 120]);
    expect(await marked('gap', 'restart')).toEqual([]);
    expect(await marked('restarted', 'restart')).toEqual([70]);
    expect(metadata().cases.map((c) => [c.case_id, c.straddling > 0])).toEqual([['gap', true], ['restarted', true], ['whole', false]]);
  });

  it('reach the dataset in row groups that the smaller of two keys bounds, and in the same rows', async () => {
    await run('windows_pipeline');
    const dataset = async (keys: string) => {
      await runSection(config().replace('wavelet_level: 2', `wavelet_level: 2, ${keys}`), file, 'features_pipeline');
      const bytes = readFileSync(join(folder, 'features/data/features_dataset.parquet'));
      return { rows: await decodeParquet(bytes), groups: (await describeParquet({ size: bytes.length, read: (from, to) => Promise.resolve(bytes.subarray(from, to)) })).rowGroups.map(({ rows }) => rows) };
    };
    const whole = await dataset('parquet_row_group_size: 1000');
    expect(whole.groups).toEqual([whole.rows.rows]);
    const parts = await dataset('parquet_row_group_size: 1000, write_buffer_rows: 9');
    expect(Math.max(...parts.groups)).toBe(9);
    expect(parts.rows.columns).toEqual(whole.rows.columns);
    expect((await dataset('parquet_row_group_size: 7, write_buffer_rows: 9')).groups[0]).toBe(7);
  });

  it('reach the dataset with flow, place, size and age of the leak', async () => {
    await run('windows_pipeline');
    expect((await run('features_pipeline')).quarantined).toEqual([]);
    const dataset = await table('features/data/features_dataset.parquet');
    const roles = Object.fromEntries(dataset.columns.map(({ name, role }) => [name, role]));
    expect(roles).toMatchObject({
      gap: 'clock', restart: 'clock', label: 'truth', leak_flow_kg_s: 'truth', leak_position_m: 'truth', leak_diameter_m: 'truth', since_onset_s: 'truth', phase: 'truth',
    });
    const ids = strings(dataset, 'case_id');
    const whole = Array.from(ids.keys()).filter((row) => ids[row] === 'whole');
    const leaking = whole.filter((row) => numbers(dataset, 'label')[row] === 1);
    expect(leaking.map((row) => [numbers(dataset, 'end_time')[row], numbers(dataset, 'leak_flow_kg_s')[row]])).toEqual([[69, 3], [79, 3], [89, 3]]);
    const ages = leaking.map((row) => numbers(dataset, 'since_onset_s')[row]!);
    expect(ages[1]! - ages[0]!).toBe(10);
    expect(ages[0]).toBeGreaterThanOrEqual(9);
  });

  it('may be written one file each, labelled, and come out the same each time; the index stays', async () => {
    await run('windows_pipeline');
    const plain = metadata().files.map(({ path }) => path);
    expect(plain.filter((path) => path.startsWith('data/windows/'))).toEqual([]);
    await run('windows_pipeline', ', layout: file_per_window');
    const record = metadata().cases.find((c) => c.case_id === 'whole')!;
    const paths = record.files.map(({ path }) => path).filter((path) => path.startsWith('data/windows/'));
    expect(paths).toEqual(Array.from({ length: record.windows }, (_, w) => `data/windows/whole/${String(w).padStart(6, '0')}.parquet`));
    expect(metadata().files.map(({ path }) => path)).toEqual(expect.arrayContaining(plain));

    const series = await table('windows/data/series/whole.parquet');
    const window = await table('windows/data/windows/whole/000005.parquet');
    expect(window.rows).toBe(20);
    expect(window.columns.map(({ name }) => name)).toEqual(series.columns.map(({ name }) => name));
    expect(Array.from(numbers(window, 'time'))).toEqual(Array.from(numbers(series, 'time')).slice(50, 70));
    expect(window.metadata).toMatchObject({ label: '1', phase: 'leak', window_index: '5', start_time: '50', end_time: '69', gap: '0', leak_flow_kg_s: '3', leak_position_m: 'NaN' });
    expect((await table('windows/data/windows/whole/000002.parquet')).metadata).toMatchObject({ label: '0', phase: 'healthy', since_onset_s: 'NaN' });

    const before = metadata().files;
    rmSync(join(folder, 'windows'), { recursive: true });
    await run('windows_pipeline', ', layout: file_per_window');
    expect(metadata().files).toEqual(before);
    expect(readdirSync(join(folder, 'windows/data/windows/gap'))).toHaveLength(metadata().cases.find((c) => c.case_id === 'gap')!.windows);

    await run('windows_pipeline');
    expect(existsSync(join(folder, 'windows/data/windows/whole/000000.parquet'))).toBe(false);
  });
});

describe('training', () => {
  const column = (name: string, values: Column['values']): Column => ({ name, values, unit: '', role: 'clock' });
  const dataset = (change: Record<string, Column['values']> = {}): Table => {
    const columns: Record<string, Column['values']> = {
      case_group: ['a', 'b', 'c', 'd', 'e'], phase: ['healthy', 'leak', 'warmup', 'healthy', 'healthy'], gap: Int32Array.from([0, 0, 0, 1, 0]), restart: Int32Array.from([0, 0, 0, 0, 1]),
      [imbalanceColumn]: new Float32Array(5), end_time: new Float64Array(5), window_index: new Int32Array(5), label: Int32Array.from([0, 1, 0, 0, 0]), x: Float32Array.from([1, 2, 3, 4, 5]), ...change,
    };
    return { rows: 5, metadata: {}, columns: Object.entries(columns).map(([name, values]) => column(name, values)) };
  };

  it('leaves out warm-up, recovery, and windows over a gap or a restart', () => {
    const data = trainingRows(dataset(), ['x'], 'label');
    expect([data.rows, data.groups, Array.from(data.labels), Array.from(data.features)]).toEqual([2, ['a', 'b'], [0, 1], [1, 2]]);
    for (const name of ['gap', 'restart', 'phase']) expect(bookkeeping('label')).toContain(name);
  });

  it('says so where nothing is left', () => {
    expect(() => trainingRows(dataset({ gap: new Int32Array(5).fill(1) }), ['x'], 'label')).toThrowError(expect.objectContaining({ code: 'learning/invalid-data', message: expect.stringContaining('gap') }));
  });

  it('find series that lie without subfolders, and may lie so themselves', async () => {
    const flat = config(', create_subdirectories: false')
      .replace('output_folder: series', 'output_folder: flat/series, create_subdirectories: false')
      .replace('source_folder: series, output_folder: windows', 'source_folder: flat/series, output_folder: flat/windows').replace('source_folder: windows', 'source_folder: flat/windows');
    for (const section of ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline']) expect((await runSection(flat, file, section)).metrics['cases'], section).toBe(3);
    expect(readdirSync(join(folder, 'flat/windows')).filter((name) => name !== '.work').sort()).toEqual(['index', 'run.json', 'series', 'windows_metadata.json']);
  });
});
