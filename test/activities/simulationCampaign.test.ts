import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { simulate } from '../../src/cli/simulate.js';
import { runSection } from './runSection.js';

const project = mkdtempSync(join(tmpdir(), 'penstock-campaign-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));

const section = `simulation_campaign_pipeline:
  output_folder: data/raw
  cases: 4
  leak_free: 2
  seed: 5
  duration_seconds: 120
  leak: {minimum_multiples: {levels: [0.5, 1, 3]}}
  disturbances: [events, batch]
  instruments: {flow_bias_percent: 0.25}
  batch_size: 4
`;
const file = join(project, 'configs', 'pipelines_config.yml');
const read = (folder: string, name: string): string => readFileSync(join(project, folder, name), 'utf8');
const texts = (folder: string): string[] => readdirSync(join(project, folder)).filter((name) => /\.(tpl|genkey)$/.test(name)).sort();

test('a section writes cases, twins and manifest; the next run does nothing; ingest keeps a case, its sizes and its twin in one group', async () => {
  const first = await runSection(section, file, 'simulation_campaign_pipeline');
  expect(first.metrics).toMatchObject({ cases: 18, leak_cases: 12, twins: 4, leak_free_cases: 2, simulated_hours: 0.6 });
  expect(first.metrics['worst_mass_balance']).toBeLessThan(1e-6);
  expect(texts('data/raw')).toHaveLength(36);
  const manifest = JSON.parse(read('data/raw', 'manifest.json')) as { list: { name: string; group: string; size?: { ofMinimum: number } }[] };
  expect(manifest.list.filter((one) => one.group === 'case_0002').map((one) => [one.name, one.size?.ofMinimum.toFixed(2)])).toEqual(
    [['case_0002_size1', '0.50'], ['case_0002_size2', '1.00'], ['case_0002_size3', '3.00'], ['case_0002_twin', undefined]]);
  expect((await runSection(section, file, 'simulation_campaign_pipeline')).upToDate).toBe(true);

  const ingest = 'tpl_genkey_pipeline: {source_folder: data/raw, output_folder: data/series}\n';
  await runSection(ingest, file, 'tpl_genkey_pipeline');
  const { cases } = JSON.parse(read('data/series/metadata', 'tpl_genkey_metadata.json')) as { cases: { case_id: string; case_group: string }[] };
  expect(cases.filter((one) => one.case_group === 'case_0003').map((one) => one.case_id)).toEqual(['case_0003_size1', 'case_0003_size2', 'case_0003_size3', 'case_0003_twin']);
});

test('the command line makes the same bytes, also of one case alone', async () => {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  mkdirSync(join(project, 'configs'), { recursive: true });
  writeFileSync(file, section);
  await simulate({ out: join(project, 'one'), only: 'case_0003', section: 'simulation_campaign_pipeline', config: file, cases: 0, leakFree: 0, seed: 0, duration: 0 });
  expect(texts('one')).toEqual(texts('data/raw').filter((name) => name.startsWith('case_0003')));
  for (const name of texts('one')) expect(read('one', name)).toBe(read('data/raw', name));
});

test('a campaign whose line has no operating point is refused, and none published', async () => {
  const weak = `weak: {pipeline: simulation_campaign, output_folder: data/weak, cases: 2, duration_seconds: 60, operating: {velocity: [6, 7]}}\n`;
  await expect(runSection(weak, file, 'weak')).rejects.toMatchObject({ code: 'simulation/invalid', message: expect.stringMatching(/all 4 inputs were quarantined.*no operating point/) as string });
  expect(existsSync(join(project, 'data/weak/manifest.json'))).toBe(false);
});

test('cases whose line has no operating point are quarantined, and the others are published', async () => {
  const stations = '[{position: 0, flow_meter: true}, {position: 2000, flow_meter: true}]';
  const two = `two: {pipeline: simulation_campaign, output_folder: data/two, cases: 4, duration_seconds: 60, lines: [{name: HIGH, pipes: [{length: 2000, rise: 900}], stations: ${stations}}, ` +
    `{name: FLAT, pipes: [{length: 2000}], stations: ${stations}, pump: {shutoff_head: 120, curvature: 100}}]}\n`;
  const { metrics, quarantined } = await runSection(two, file, 'two');
  expect(metrics).toMatchObject({ cases: 4, leak_cases: 2, twins: 2 });
  expect(quarantined.map(({ code }) => code)).toEqual(Array(4).fill('simulation/invalid'));
  const manifest = JSON.parse(read('data/two', 'manifest.json')) as { lineLength: number; list: { name: string }[] };
  expect([manifest.lineLength, manifest.list.length]).toEqual([2000, 4]);
});

test('leaks are imposed on recorded leak-free series', async () => {
  const free = `free: {pipeline: simulation_campaign, output_folder: data/free, cases: 0, leak_free: 2, seed: 8, duration_seconds: 120}
free_series: {pipeline: tpl_genkey, source_folder: data/free, output_folder: data/recorded}
imposed: {pipeline: simulation_campaign, output_folder: data/imposed, cases: 2, leak_free: 3, seed: 9, leak: {percent: {levels: [2, 4]}}, impose_path: data/recorded}
imposed_series: {pipeline: tpl_genkey, source_folder: data/imposed, output_folder: data/imposed_series}
`;
  for (const name of ['free', 'free_series']) await runSection(free, file, name);
  const { metrics } = await runSection(free, file, 'imposed');
  expect(metrics).toMatchObject({ cases: 6, leak_cases: 4, twins: 2 });
  expect(JSON.parse(readFileSync(join(project, 'data/imposed/manifest.json'), 'utf8'))).toMatchObject({ durationSeconds: 120, lineLength: 20_000 });
  const read = await runSection(free, file, 'imposed_series');
  expect(read.quarantined).toEqual([]);
  expect(read.metrics).toMatchObject({ cases: 6, leak_cases: 4, warnings: 0 });
});
