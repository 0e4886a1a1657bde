import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { estimateByWave, waveLocator } from '../../src/activities/waveLocation.js';
import { readCase } from '../../src/olga/index.js';
import { fallArrival, waveLocation } from '../../src/signal/index.js';
import { numbers, type Table } from '../../src/table/index.js';
import { lightgbmLibrary } from '../lightgbmLibrary.js';
import { describeShared, sharedFile } from '../shared.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-gasoline-'));
const file = join(folder, 'pipelines_config.yml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

// A detector of this line from its one leak-free recording: simulated leaks are laid over it, and OLGA's own leak is held out.
const config = `
recorded: {pipeline: tpl_genkey, source_folder: ${sharedFile('data/olga/gasoline_no_leak')}, output_folder: recorded}
imposed:
  pipeline: simulation_campaign
  output_folder: imposed
  cases: 4
  seed: 4
  cell_length: 100
  leak: {percent: [5, 25], ramp_seconds: [0.5, 3], seconds: [40, 60]}
  fluids: [{density: 760}]
  lines:
    - name: PIPELINE
      pipes: [{length: 48, diameter: 0.2032, wave_speed: 1100}, {length: 1445.38, diameter: 0.263, wave_speed: 1100}]
      stations: [{position: 0}, {position: 1493.38}]
      pump: {shutoff_head: 120, curvature: 600}
      outlet_valve: {diameter: 0.1}
  operating: {suction_pressure: [1.3e5, 1.4e5], outlet_pressure: [1.0e5, 1.2e5]}
  impose_path: recorded
fit: {pipeline: tpl_genkey, source_folder: imposed, output_folder: fit}
held_out: {pipeline: tpl_genkey, source_folder: leak, output_folder: held_out}
windows_pipeline: {source_folder: fit, output_folder: windows, resample_seconds: 1, window_size: 10, step_size: 1, warmup_seconds: 10, recovery_seconds: 10}
features_pipeline: {source_folder: windows, output_folder: features, feature_columns: ["PT*", "GT*"], wavelet_level: 1}
training_pfm_detection_pipeline: {input_path: features, output_folder: training}
test_offline_pipeline: {parquet_root: held_out, bundle_folder: training, output_report_folder: report, series_charts: 0, html_cases: 1}
foreign: {pipeline: test_offline, parquet_root: ${sharedFile('data/olga/gasoline_leak')}, bundle_folder: training, output_report_folder: foreign}
`;
const run = (section: string) => runSection(config, file, section);

const place = 48.53;
const bytes = (name: string): Uint8Array => readFileSync(sharedFile(`data/olga/gasoline_leak/${name}`));
const recording = () => readCase({ caseId: '0001', tpl: { name: '0001.tpl', bytes: bytes('0001.tpl') }, genkey: { name: '0001.genkey', bytes: bytes('0001.genkey') } });
const rule = { waveSpeed: null, searchSeconds: 60, frontSeconds: 10 };
const origin = (table: Table, changes: Partial<typeof rule> & { alarm?: number } = {}) => {
  const locate = waveLocator(table, { ...rule, ...changes });
  return typeof locate === 'function' ? locate(changes.alarm ?? 65) : locate;
};

describeShared('a leak on the gasoline line', () => {
  it('is located by its pressure wave within 120 m, whatever the width of the front, the search and the alarm', () => {
    const { table } = recording();
    const errors: number[] = [];
    for (const frontSeconds of [5, 10, 20]) for (const searchSeconds of [20, 60]) for (const alarm of [61, 65, 75]) {
      const found = origin(table, { frontSeconds, searchSeconds, alarm });
      expect(found).toMatchObject({ strength: expect.any(Number) as number });
      errors.push(Math.abs((found as { position: number }).position - place));
    }
    expect(Math.max(...errors)).toBeLessThan(120);
    expect(origin(table, { alarm: 45, searchSeconds: 20 })).toBeUndefined();
  });

  it('is located by the halfway arrivals of the feature at both ends within 120 m', () => {
    const { table } = recording();
    const time = numbers(table, 'time');
    const step = 180.0075 / 1800;
    const start = time.findIndex((t) => t >= 57.5);
    const [a, b] = [19, 1378].map((at) => fallArrival(numbers(table, `PT|POSITION=PIPELINE@${at}M`) as Float64Array, start, 64));
    const found = 19 + waveLocation(1378 - 19, 1104, (a! - b!) * step);
    expect(Math.abs(found - place)).toBeLessThan(120);
  });

  it('has no place without the speed of sound, or with one pressure alone', () => {
    const { table, leaks } = recording();
    const without = (pattern: RegExp): Table => ({ ...table, columns: table.columns.filter(({ name }) => !pattern.test(name)) });
    expect(origin(without(/^SSP/))).toEqual({ unavailable: expect.stringMatching(/wave speed is not known/) as string });
    expect(origin(without(/^SSP/), { waveSpeed: 1100 } as object)).toMatchObject({ position: expect.any(Number) as number });
    expect(origin(without(/^(PT.*@(58|1378)M|PVALVE.*OUT)/))).toEqual({ unavailable: expect.stringMatching(/fewer than two known places/) as string });
    const event = { leak: 'LEAK', interval: 1, onset: 60, end: 121, peakFlow: 14, position: place, outcome: 'missed' as const, reason: '', alarmTime: undefined, delay: undefined };
    expect(estimateByWave({ table, leaks, group: '0001', lengthM: 1493 }, '0001', [event], rule)).toEqual([]);
  });

  it.runIf(lightgbmLibrary !== undefined)('is found by a detector that knows only the leak-free recording, with its released mass and its place in the report', async () => {
    mkdirSync(join(folder, 'leak'), { recursive: true });
    // The two recordings have other names for the same places.
    const renamed = (name: string): string => Buffer.from(bytes(name)).toString('latin1').replaceAll("'PIPELINE@", "'POS-");
    for (const name of ['0001.tpl', '0001.genkey']) writeFileSync(join(folder, 'leak', name), renamed(name), 'latin1');
    for (const section of ['recorded', 'imposed', 'fit', 'held_out', 'windows_pipeline', 'features_pipeline', 'training_pfm_detection_pipeline']) {
      expect((await run(section)).quarantined, section).toEqual([]);
    }
    const { metrics } = await run('test_offline_pipeline');
    expect(metrics).toMatchObject({ cases: 1, events: 1, events_found: 1, data_source: 'simulation' });
    expect(metrics['pressure_wave.median_error_m']).toBeLessThan(120);
    const { events: [event] } = JSON.parse(readFileSync(join(folder, 'report/metrics.json'), 'utf8')) as { events: { releasedInAll: number; released: number }[] };
    const { table } = recording();
    const added = Math.abs((numbers(table, 'ACMLK|LEAK=LEAK') as Float64Array).at(-1)!);
    expect(Math.abs(event!.releasedInAll / added - 1)).toBeLessThan(1e-4);
    expect(readFileSync(join(folder, 'report/offline_report.html'), 'utf8')).toMatch(/pressure_wave: median error \d/);
    // A report on no case at all would look like one without a false alarm.
    await expect(run('foreign')).rejects.toMatchObject({ code: 'table/column-missing', message: expect.stringMatching(/all 1 inputs were quarantined.*PT\|POSITION=POS-19M/) as string });
  }, 180_000);
});
