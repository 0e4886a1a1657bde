import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { predictFiles, type PredictInput } from '../../src/activities/predictFiles.js';
import type { PredictResult } from '../../src/activities/predict/prediction.js';
import { readCase } from '../../src/olga/index.js';
import { decodeParquet, encodeCsv, encodeParquet, numbers, strings, type Column, type Table } from '../../src/table/index.js';
import { describeLightgbm } from '../lightgbmLibrary.js';
import { stageContext } from './runSection.js';
import { trainedProject, type Project } from './trainedProject.js';

describeLightgbm('predict with a bundle alone', () => {
  let project: Project;
  let recorded: Table;
  beforeAll(async () => {
    project = await trainedProject();
    recorded = readCase({ caseId: 'x', tpl: { name: 'x', bytes: readFileSync(tpl('case_0001')) } }).table;
  }, 60_000);
  afterAll(() => rmSync(project.folder, { recursive: true, force: true }));

  const tpl = (name: string): string => project.path('raw/held_out', `${name}.tpl`);
  const predict = (files: string[], more: Partial<PredictInput> = {}): Promise<PredictResult> =>
    predictFiles.run({ bundle: project.path('training/bundle'), files, persistence: 2, holdOffSeconds: 60, ...more }, stageContext());
  const saved = (name: string, change: (column: Column) => Column | undefined, table = recorded): string => {
    const columns = table.columns.flatMap((column) => change(column) ?? []);
    writeFileSync(project.path(name), name.endsWith('.csv') ? encodeCsv({ ...table, columns }) : encodeParquet({ ...table, columns }));
    return project.path(name);
  };
  const firstPressure = (): Column => recorded.columns.find((column) => column.name.startsWith('PT'))!;
  const withValues = (name: string, change: (value: number, row: number) => number): ((column: Column) => Column) => (column) =>
    column.name === name ? { ...column, values: Float64Array.from(column.values as Float64Array, change) } : column;

  it('scores raw trend files, Parquet and CSV alike, and finds the leaks of some held-out case', async () => {
    const parquet = saved('same.parquet', (column) => column);
    const csv = saved('same.csv', (column) => column);
    const { bundle, files } = await predict([tpl('case_0001'), tpl('case_0002'), tpl('case_0001_twin'), parquet, csv], { bundle: project.path('training') });
    expect(bundle).toMatchObject({ source: 'simulation', task: 'detection', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect(files.map(({ status }) => status)).toEqual(['scored', 'scored', 'scored', 'scored', 'scored']);
    expect(files[0]!.alarms.length + files[1]!.alarms.length).toBeGreaterThan(0);
    for (const other of [files[3]!, files[4]!]) expect({ ...other, file: '', notes: [] }).toEqual({ ...files[0]!, file: '', notes: [] });
    expect(files[4]!.notes.some((note) => note.includes('has no unit'))).toBe(true);
  });

  it('writes the scores of all windows', async () => {
    for (const name of ['scores.parquet', 'scores.csv']) expect((await predict([tpl('case_0001')], { out: project.path(name) })).out).toBe(project.path(name));
    const table = await decodeParquet(readFileSync(project.path('scores.parquet')));
    expect(table.columns.map(({ name }) => name)).toEqual(['file', 'end_time', 'score', 'state', 'alarm']);
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

  it('goes on where a file is none, and names what is wrong with a bundle', async () => {
    writeFileSync(project.path('notes.txt'), 'nothing');
    writeFileSync(project.path('broken.tpl'), 'nothing');
    const { files } = await predict([project.path('notes.txt'), project.path('broken.tpl'), project.path('gone.tpl'), tpl('case_0001')]);
    expect(files.map(({ status }) => status)).toEqual(['failed', 'failed', 'failed', 'scored']);
    expect(files[0]!.reason).toContain('.tpl, .parquet and .csv can');
    await expect(predict([tpl('case_0001')], { bundle: project.folder })).rejects.toMatchObject({ code: 'storage/not-found', message: expect.stringContaining('no manifest.json') as string });
  });
});
