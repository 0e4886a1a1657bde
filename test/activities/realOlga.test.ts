import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { releasedMass } from '../../src/evaluation/index.js';
import { readCase } from '../../src/olga/index.js';
import { decodeParquet, numbers } from '../../src/table/index.js';
import { lightgbmLibrary } from '../lightgbmLibrary.js';
import { describeShared, sharedFile } from '../shared.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-olga-'));
const file = join(folder, 'pipelines_config.yml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config = `
tpl_genkey_pipeline: {source_folder: ${sharedFile('data/olga/crude_pump_trip_leak')}, output_folder: fit, include: [Leak111, Leak112, Leak113]}
held_out: {pipeline: tpl_genkey, source_folder: ${sharedFile('data/olga/crude_pump_trip_leak')}, output_folder: held_out, include: [Leak114, Leak115]}
windows_pipeline: {source_folder: fit, output_folder: windows, warmup_seconds: 10, recovery_seconds: 14}
features_pipeline: {source_folder: windows, output_folder: features, feature_columns: ["PT*", "GT*"]}
training_pfm_detection_pipeline: {input_path: features, output_folder: training}
test_offline_pipeline: {parquet_root: held_out, bundle_folder: training, output_report_folder: report, persistence: 1, hold_off_seconds: 0, series_charts: 1}
raw_files: {pipeline: test_offline, parquet_root: ${sharedFile('data/olga/crude_pump_trip_leak')}, include: [Leak11*], max_cases: 2, bundles: [{name: one, folder: training}, {name: other, folder: training}], output_report_folder: raw_report, persistence: 1, hold_off_seconds: 0, series_charts: 0, html_cases: 1}
every_file: {pipeline: tpl_genkey, source_folder: ${sharedFile('data/olga')}, output_folder: every}
`;
const run = (section: string) => runSection(config, file, section);
const json = (path: string): unknown => JSON.parse(readFileSync(join(folder, path), 'utf8'));

describeShared('real OLGA files', () => {
  it('are ingested: every trend file, with its leaks and units', async () => {
    const { metrics, quarantined } = await run('every_file');
    const { cases } = json('every/metadata/tpl_genkey_metadata.json') as { cases: { case_id: string; leaks: { position?: number; intervals: { start: number; end: number }[] }[]; rows: number }[] };
    expect(metrics['cases']).toBe(12);
    expect(quarantined.every((entry) => entry.code === 'olga/pairing' && entry.input.endsWith('.genkey'))).toBe(true);
    const intervals = (name: string) => cases.find((c) => c.case_id.includes(name))!.leaks.flatMap((leak) => leak.intervals);
    for (const name of ['Leak111', 'Leak112', 'Leak113', 'Leak114', 'Leak115']) expect(intervals(name)).toHaveLength(8);
    expect(intervals('gasoline_leak')).toHaveLength(1);
    for (const name of ['gasoline_no_leak', 'gasoline_shut_in', 'SF_SH']) expect(intervals(name)).toHaveLength(0);
    const crude = await decodeParquet(readFileSync(join(folder, 'every/data', `${cases.find((c) => c.case_id.includes('Leak111'))!.case_id}.parquet`)));
    const flow = numbers(crude, 'GTLEAK|LEAK=FUGA');
    expect([...numbers(crude, 'LEAK')]).toEqual(Array.from(flow, (value) => (Math.abs(value) > 1e-6 ? 1 : 0)));
    expect(Object.fromEntries(crude.columns.map((c) => [c.name, c.role]))).toMatchObject({
      time: 'clock', LEAK: 'truth', 'GTLEAK|LEAK=FUGA': 'truth', 'CONTR|CONTROLLER=CONTROL - FUGA': 'truth', 'CONTR|CONTROLLER=CONTROL - BOMBA': 'operational', 'PUMPSPEED|PUMP=PUMP': 'operational',
    });
  });

  it.runIf(lightgbmLibrary !== undefined)('make a detector as plumbing: all 16 events of two held-out cases, and the warning that the schedule is shared', async () => {
    for (const section of ['tpl_genkey_pipeline', 'held_out', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline']) {
      expect((await run(section)).quarantined, section).toEqual([]);
    }
    const { metrics } = await run('test_offline_pipeline');
    expect(metrics).toMatchObject({ cases: 2, events: 16, events_found: 16, imbalance_found: 16, data_source: 'unknown' });
    expect(metrics['clock_only_auc']).toBeGreaterThan(0.99);
    expect(metrics['warnings']).toContain('schedule shared by train and test: not evidence of skill');
    expect((await run('test_offline_pipeline')).upToDate).toBe(true);

    const raw = await run('raw_files');
    expect(raw.metrics).toMatchObject({ cases: 2, events: 16, events_found: 16, 'other.events_found': 16, 'other.roc_auc': raw.metrics['roc_auc'] });
    const { cases } = json('raw_report/offline_run_metadata.json') as { cases: { case_id: string; files: { path: string }[] }[] };
    expect(cases.flatMap(({ case_id: id, files }) => files.map(({ path }) => path.replace(id, 'CASE')))).toEqual([...Array(2)].flatMap(() => ['scores/one/CASE.parquet', 'scores/other/CASE.parquet']));
    // Places of this machine stand in run.json alone.
    expect(readFileSync(join(folder, 'raw_report/offline_run_metadata.json'), 'utf8')).not.toContain(folder);
    expect(readFileSync(join(folder, 'raw_report/offline_report.html'), 'utf8')).toContain('schedule shared by train and test: not evidence of skill');
  }, 120_000);

  it('release as much mass as the simulator itself has added up', async () => {
    const read = (name: string) => ({ name, bytes: readFileSync(sharedFile(`data/olga/gasoline_leak/${name}`)) });
    const { table } = readCase({ caseId: '0001', tpl: read('0001.tpl'), genkey: read('0001.genkey') });
    const added = numbers(table, table.columns.find((column) => column.name.startsWith('ACMLK'))!.name);
    const [released] = releasedMass(numbers(table, 'time'), numbers(table, 'LEAK_FLOW_kg_s'), [numbers(table, 'time').at(-1)!]);
    expect(Math.abs(released! / Math.abs(added.at(-1)!) - 1)).toBeLessThan(1e-4);
  });

  it('never become input of a model where they are truth, clock or a leak\'s controller', async () => {
    for (const section of ['tpl_genkey_pipeline', 'windows_pipeline']) await run(section);
    for (const name of ['GTLEAK|LEAK=FUGA', 'CONTR|CONTROLLER=CONTROL - FUGA', 'time', 'LEAK']) {
      const wrong = config.replace('feature_columns: ["PT*", "GT*"]', `feature_columns: ["PT*", "${name}"]`);
      await expect(runSection(wrong, file, 'features_pipeline'), name).rejects.toMatchObject({ code: 'table/role' });
    }
  });
});
