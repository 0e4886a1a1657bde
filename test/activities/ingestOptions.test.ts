import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchedMetadata } from '../../src/activities/batches.js';
import type { SeriesRecord } from '../../src/activities/tplGenkey.js';
import { decodeParquet, numbers } from '../../src/table/index.js';
import { tinyTpl } from '../olga/tinyTpl.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-ingest-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rows = 400;

interface Row { pt: number; inlet: number; outlet: number; leak: number; t: number }

/** One row per second: 1 bar, 100 kg/s in and out, no leak. */
function trend(change: (row: Row) => void = () => undefined): string {
  return tinyTpl((parts) => {
    parts.catalog = [
      "PT 'POSITION:' 'Inlet' '(PA)' 'Pressure'", "GT 'POSITION:' 'LINE@5M' '(KG/S)' 'Total mass flow'", "GT 'POSITION:' 'LINE@20M' '(KG/S)' 'Total mass flow'",
      "TM 'POSITION:' 'Inlet' '(C)' 'Temperature'", "GTLEAK 'LEAK:' 'HOLE' '(KG/S)' 'Leakage total mass flow rate'",
    ];
    parts.count = '5';
    parts.rows = Array.from({ length: rows }, (_, t) => {
      const row: Row = { pt: 1e5, inlet: 100, outlet: 100, leak: 0, t };
      change(row);
      return [row.t, row.pt, row.inlet, row.outlet, 20 + t / 1000, row.leak].map((value) => value.toExponential(6)).join(' ');
    });
  });
}

const leaking = trend((row) => {
  if (row.t >= 200) Object.assign(row, { leak: -5, outlet: 95, pt: 9e4 });
});

beforeAll(() => {
  const write = (into: string, files: Record<string, string>): void => {
    mkdirSync(join(folder, into), { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, into, `${name}.tpl`), text);
  };
  write('pair', { a: leaking, a_twin: trend() });
  write('same', { a: leaking, b: trend(), copy_of_a: leaking });
  write('flawed', {
    good: leaking,
    high: trend((row) => { if (row.t === 30 || row.t === 31) row.pt = 2e5; }),
    backwards: trend((row) => { if (row.t === 40) row.t = 38; }),
    gap: trend((row) => { if (row.t > 300) row.t += 60; }),
    lossy: trend((row) => { row.outlet = 90; }),
  });
});

let runs = 0;

/** Runs ingest with these keys into a folder of its own. */
async function ingest(source: string, keys: string) {
  const name = `out-${++runs}`;
  const section = `{source_folder: ${source}, output_folder: ${name}${keys && `, ${keys}`}}`;
  const outcome = await runSection(`tpl_genkey_pipeline: ${section}`, join(folder, 'pipelines_config.yml'), 'tpl_genkey_pipeline');
  const metadata = JSON.parse(readFileSync(join(folder, name, 'metadata/tpl_genkey_metadata.json'), 'utf8')) as BatchedMetadata<SeriesRecord>;
  const bytes = (id: string): Uint8Array => readFileSync(join(folder, name, 'data', `${id}.parquet`));
  return { outcome, metadata, bytes, series: (id: string) => decodeParquet(bytes(id)), folder: join(folder, name) };
}

const pressure = 'PT|POSITION=Inlet';

describe('selected_columns', () => {
  it('keeps the signals that are named, with clock and truth', async () => {
    const { series, outcome } = await ingest('pair', 'selected_columns: ["pt@inlet", "GT*"]');
    expect(outcome.quarantined).toEqual([]);
    expect((await series('a')).columns.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'time clock', 'PT|POSITION=Inlet measured', 'GT|POSITION=LINE@5M measured', 'GT|POSITION=LINE@20M measured', 'GTLEAK|LEAK=HOLE truth',
      'LEAK truth', 'LEAK_FLOW_kg_s truth', 'LEAK_POSITION_m truth', 'LEAK_DIAMETER_m truth',
    ]);
  });

  it('says which names are near where one fits nothing', async () => {
    const { outcome } = await ingest('pair', 'selected_columns: ["PT@Inlt"]');
    expect(outcome.quarantined).toMatchObject([{ input: 'a', code: 'table/column-missing', message: expect.stringContaining('"PT@Inlet"') }, { input: 'a_twin' }]);
  });
});

describe('canonical_names and units', () => {
  it('rename and convert signals, say what they did, and leave labels alone', async () => {
    const plain = await ingest('pair', '');
    const { series, metadata, outcome } = await ingest('pair', 'canonical_names: true, units: {pressure: bara, mass_flow: t/h}, selected_columns: ["pt@inlet", "GT*"]');
    expect(outcome.quarantined).toEqual([]);
    const [table, original] = [await series('a'), await plain.series('a')];
    expect(table.columns.map(({ name, unit }) => `${name} ${unit}`)).toEqual([
      'time s', 'PT@INLET bara', 'GT@LINE@5M t/h', 'GT@LINE@20M t/h', 'GTLEAK|LEAK=HOLE KG/S', 'LEAK ', 'LEAK_FLOW_kg_s kg/s', 'LEAK_POSITION_m m', 'LEAK_DIAMETER_m m',
    ]);
    expect(numbers(table, 'PT@INLET')[0]).toBeCloseTo(1, 12);
    expect(numbers(table, 'GT@LINE@20M')[399]).toBeCloseTo(95 * 3.6, 9);
    expect(numbers(table, 'LEAK_FLOW_kg_s')).toEqual(numbers(original, 'LEAK_FLOW_kg_s'));
    expect(table.columns[1]!.attributes).toMatchObject({ name: 'PT', file_name: pressure, file_unit: 'PA' });
    expect(metadata.cases[0]!.standard).toEqual({
      renamed: [{ from: pressure, to: 'PT@INLET' }, { from: 'GT|POSITION=LINE@5M', to: 'GT@LINE@5M' }, { from: 'GT|POSITION=LINE@20M', to: 'GT@LINE@20M' }],
      converted: [{ column: 'PT@INLET', from: 'PA', to: 'bara' }, { column: 'GT@LINE@5M', from: 'KG/S', to: 't/h' }, { column: 'GT@LINE@20M', from: 'KG/S', to: 't/h' }],
      unknown_units: [],
    });
    expect(plain.metadata.cases[0]).not.toHaveProperty('standard');
    expect((await ingest('pair', 'canonical_names: false')).bytes('a')).toEqual(plain.bytes('a'));
  });

  it('keep the imbalance baseline in kg/s, and know PT and GT under their new names', async () => {
    const dataset = async (keys: string) => {
      const file = join(folder, 'pipelines_config.yml');
      const { folder: series } = await ingest('pair', keys);
      const config = JSON.stringify({
        windows_pipeline: { source_folder: series, output_folder: `${series}-windows`, window_size: 20, step_size: 20, warmup_seconds: 0, recovery_seconds: 0 },
        features_pipeline: { source_folder: `${series}-windows`, output_folder: `${series}-features`, wavelet_level: 1, feature_columns: ['PT@INLET', 'GT@*'] },
      });
      await runSection(config, file, 'windows_pipeline');
      await runSection(config, file, 'features_pipeline');
      return decodeParquet(readFileSync(join(`${series}-features`, 'data/features_dataset.parquet')));
    };
    const [plain, converted] = [await dataset(''), await dataset('canonical_names: true, units: {mass_flow: t/h}')];
    const [before, after] = [plain, converted].map((table) => Array.from(numbers(table, 'flow_imbalance_kg_s')));
    for (const [row, value] of before!.entries()) expect(after![row]).toBeCloseTo(value, 4);
    expect(Math.max(...after!)).toBeCloseTo(5, 4);
    expect(converted.columns).toHaveLength(plain.columns.length);
  });

  it('refuse units that are none', async () => {
    await expect(ingest('pair', 'units: {pressure: furlong}')).rejects.toMatchObject({ code: 'config/invalid' });
  });
});

describe('noise', () => {
  const noise = 'noise: {enabled: true, pressure: {span: 2.0e+5, gaussian: 0.1%, bias: 50}, columns: {"GT@LINE@5M": {gaussian: 1}}}';

  it('is the same for a case and its twin, leaves truth and clock alone, and gives the same bytes each time', async () => {
    const clean = await ingest('pair', '');
    const noisy = await ingest('pair', noise);
    const error = async (id: string, name: string): Promise<number[]> => {
      const [a, b] = [numbers(await noisy.series(id), name), numbers(await clean.series(id), name)];
      return Array.from(a, (value, row) => Number((value - b[row]!).toFixed(6)));
    };
    const errors = await error('a', pressure);
    expect(await error('a_twin', pressure)).toEqual(errors);
    const mean = errors.reduce((sum, value) => sum + value, 0) / rows;
    const deviation = Math.sqrt(errors.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows);
    expect(deviation).toBeGreaterThan(170);
    expect(deviation).toBeLessThan(230);
    expect(new Set(await error('a', 'GT|POSITION=LINE@5M')).size).toBeGreaterThan(100);
    for (const name of ['time', 'GT|POSITION=LINE@20M', 'TM|POSITION=Inlet', 'GTLEAK|LEAK=HOLE', 'LEAK', 'LEAK_FLOW_kg_s']) expect(new Set(await error('a', name)), name).toEqual(new Set([0]));
    expect(noisy.metadata.cases[0]!.leaks).toEqual(clean.metadata.cases[0]!.leaks);

    expect((await ingest('pair', noise)).bytes('a')).toEqual(noisy.bytes('a'));
    expect((await ingest('pair', noise.replace('true', 'true, seed: 2'))).bytes('a')).not.toEqual(noisy.bytes('a'));
    expect((await ingest('pair', noise.replace('true', 'false'))).bytes('a')).toEqual(clean.bytes('a'));
  });

  it('is refused where a share has no span, a key is unknown, or a pattern fits no signal', async () => {
    await expect(ingest('pair', 'noise: {enabled: true, pressure: {gaussian: 0.1%}}')).rejects.toMatchObject({ code: 'config/invalid', message: expect.stringMatching(/noise\.pressure\.span.*needs the span/) });
    await expect(ingest('pair', 'noise: {enabled: true, presure: {gaussian: 1}}')).rejects.toMatchObject({ code: 'config/invalid', message: expect.stringContaining('pressure') });
    await expect(ingest('pair', 'noise: {enabled: true, columns: {"TM*": {gaussian: 1%}}}')).rejects.toMatchObject({ code: 'config/invalid', message: expect.stringContaining('set span') });
    for (const pattern of ['LEAK', 'time', 'XY']) {
      const { outcome } = await ingest('pair', `noise: {enabled: true, columns: {${pattern}: {gaussian: 1}}}`);
      expect(outcome.quarantined, pattern).toMatchObject([{ code: 'table/column-missing' }, { code: 'table/column-missing' }]);
    }
  });
});

describe('quality_checks', () => {
  const checks = (action: string): string => `quality_checks: {
    range: {action: ${action}, pressure: [0, 1.5e+5]}, rate_of_change: {action: ${action}, columns: {"PT*": 5.0e+4}}, time_order: {action: ${action}}, gaps: {action: ${action}, seconds: 30},
    mass_balance: {action: ${action}, steady_seconds: 50}}`;

  it('count findings in the metadata and let the case go on', async () => {
    const { metadata, outcome } = await ingest('flawed', checks('warn'));
    expect(outcome.quarantined).toEqual([]);
    expect(metadata.metrics['quality_findings']).toBe(5);
    const found = Object.fromEntries(metadata.cases.map((c) => [c.case_id, c.quality?.findings.map((f) => [f.code, f.column, f.count, f.first_s])]));
    expect(found).toEqual({
      good: [],
      high: [['range', pressure, 2, 30], ['rate-of-change', pressure, 2, 30]],
      backwards: [['time-order', 'time', 1, 39]],
      gap: [['gap', 'time', 1, 300]],
      lossy: [['mass-balance', 'GT|POSITION=LINE@5M - GT|POSITION=LINE@20M', 7, 0]],
    });
  });

  it('quarantine the case with the reason', async () => {
    const { metadata, outcome } = await ingest('flawed', `selected_columns: ["PT*"], ${checks('quarantine')}`);
    expect(metadata.cases.map((c) => c.case_id)).toEqual(['good']);
    expect(outcome.quarantined.map(({ input, code, message }) => [input, code, message])).toEqual([
      ['backwards', 'signal/quality', 'time-order: time once, first at 39 s (38 s follows 39 s)'],
      ['gap', 'signal/quality', 'gap: time once, first at 300 s (no row for 61 s)'],
      ['high', 'signal/quality', `range: ${pressure} 2 times, first at 30 s (200000 is not in 0 .. 150000); rate-of-change: ${pressure} 2 times, first at 30 s (100000 per second)`],
      ['lossy', 'signal/quality', 'mass-balance: GT|POSITION=LINE@5M - GT|POSITION=LINE@20M 7 times, first at 0 s (10.00 kg/s, 10.0 % of the flow)'],
    ]);
  });

  it('leave no trace where they are off, and look at what the file says, not at the noise', async () => {
    expect((await ingest('flawed', '')).metadata.cases.every((c) => !('quality' in c))).toBe(true);
    const { outcome } = await ingest('pair', `noise: {enabled: true, pressure: {gaussian: 1.0e+6}}, ${checks('quarantine')}`);
    expect(outcome.quarantined).toEqual([]);
    const flat = await ingest('pair', 'quality_checks: {flat_line: {action: quarantine, seconds: 250, columns: ["PT*"]}}');
    expect(flat.outcome.quarantined).toMatchObject([{ input: 'a_twin', message: `flat-line: ${pressure} once, first at 0 s (100000 for 399 s)` }]);
  });
});

describe('duplicates', () => {
  it('are kept with a warning, kept, or left out with the reason', async () => {
    const warned = await ingest('same', '');
    expect(warned.metadata.cases.map((c) => [c.case_id, c.warnings.map((w) => w.code)])).toEqual([['a', []], ['b', []], ['copy_of_a', ['duplicate']]]);
    const kept = await ingest('same', 'duplicates: keep');
    expect(kept.metadata.cases.map((c) => c.warnings.length)).toEqual([0, 0, 0]);
    const skipped = await ingest('same', 'duplicates: skip');
    expect(skipped.metadata.cases.map((c) => c.case_id)).toEqual(['a', 'b']);
    expect(skipped.outcome.quarantined).toEqual([{ input: 'copy_of_a', code: 'olga/duplicate', message: expect.stringContaining('copy_of_a.tpl has the same bytes as a.tpl') }]);
  });
});

describe('metadata_mode per_file', () => {
  it('writes what is known of each case beside the metadata of the run', async () => {
    const { metadata, folder: out } = await ingest('pair', 'metadata_mode: per_file');
    expect(metadata.files.map((f) => f.path)).toEqual(['data/a.parquet', 'data/a_twin.parquet', 'metadata/a.json', 'metadata/a_twin.json']);
    const own = JSON.parse(readFileSync(join(out, 'metadata/a.json'), 'utf8')) as unknown;
    expect(own).toMatchObject({ pipeline: 'tplGenkey', case_id: 'a', case_group: 'a', rows, leaks: [{ name: 'HOLE' }], files: [{ path: 'data/a.parquet' }] });
  });
});
