import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchedMetadata } from '../../src/activities/batches.js';
import type { CsvRecord } from '../../src/activities/parquetCsv.js';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
import { decodeParquet, encodeCsv, encodeParquet, takeRows, type Table } from '../../src/table/index.js';
import { runSection } from './runSection.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-csv-'));
const file = join(folder, 'pipelines_config.yml');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
/** Converts the series, or what else is said; by default into a folder of its own. */
async function convert(keys: Readonly<Record<string, unknown>> = {}): Promise<Awaited<ReturnType<typeof runSection>> & { out: string }> {
  const section = { source_folder: 'series', output_folder: `csv-${++made}`, ...keys };
  return { ...(await runSection(`${chain}\nparquet_csv_pipeline: ${JSON.stringify(section)}`, file, 'parquet_csv_pipeline')), out: section.output_folder };
}

const chain = `
tpl_genkey_pipeline: {source_folder: raw, output_folder: series, parquet_row_group_size: 50}
windows_pipeline: {source_folder: series, output_folder: windows, warmup_seconds: 60, recovery_seconds: 30}
features_pipeline: {source_folder: windows, output_folder: features, wavelet_level: 2, feature_columns: ["PT*"]}`;
const path = (name: string): string => join(folder, name);
const metadata = (out: string) => JSON.parse(readFileSync(path(`${out}/metadata/parquet_csv_metadata.json`), 'utf8')) as BatchedMetadata<CsvRecord>;
const parquet = (name: string): Promise<Table> => decodeParquet(readFileSync(path(name)));
const filesIn = (name: string): string[] => readdirSync(path(name), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(path(name).length + 1)).sort();
const column = (table: Table, name: string): ArrayLike<number> => table.columns.find((c) => c.name === name)!.values as Float64Array;

/** The rows of a table for which this holds, as CSV. */
function csvWhere(table: Table, keep: (row: number) => boolean): string {
  return new TextDecoder().decode(encodeCsv(takeRows(table, Int32Array.from(Array.from({ length: table.rows }, (_, row) => row).filter(keep)))));
}

let cases: string[];
let leaky: string;

beforeAll(async () => {
  mkdirSync(path('raw'));
  for (const spec of designCampaign({ cases: 1, leakFree: 1, seed: 3, durationSeconds: 400 })) {
    const { name, tpl, genkey } = simulateCase(spec);
    writeFileSync(path(`raw/${name}.tpl`), tpl);
    writeFileSync(path(`raw/${name}.genkey`), genkey);
  }
  for (const section of ['tpl_genkey_pipeline', 'windows_pipeline', 'features_pipeline']) await runSection(chain, file, section);
  cases = filesIn('series/data').map((name) => name.replace('.parquet', ''));
  leaky = cases.find((name) => /^case_\d+$/.test(name))!;
}, 60_000);

describe('a folder of series', () => {
  it('becomes one CSV file per Parquet file, value for value', async () => {
    const { metrics, quarantined, out, outputs } = await convert();
    expect(quarantined).toEqual([]);
    expect(cases).toHaveLength(3);
    expect(filesIn(out)).toEqual([...cases.map((name) => `data/${name}.csv`), 'metadata/parquet_csv_metadata.json', 'run.json']);
    for (const name of cases) {
      expect(readFileSync(path(`${out}/data/${name}.csv`)).equals(encodeCsv(await parquet(`series/data/${name}.parquet`)))).toBe(true);
    }
    expect(metrics).toMatchObject({ files: 3, bytes: outputs.reduce((sum, { name }) => sum + statSync(path(`${out}/${name}`)).size, 0) });
  });

  it('keeps units and roles beside it', async () => {
    const { out } = await convert();
    const { pipeline, config_hash, cases: records, files } = metadata(out);
    const series = await parquet(`series/data/${leaky}.parquet`);
    expect({ pipeline, config_hash }).toEqual({ pipeline: 'parquetCsv', config_hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const record = records.find(({ case_id }) => case_id === leaky)!;
    expect(record.columns.map(({ name, unit, role }) => ({ name, unit, role }))).toEqual(series.columns.map(({ name, unit, role }) => ({ name, unit, role })));
    expect(record).toMatchObject({ rows: series.rows, source: { path: `data/${leaky}.parquet` } });
    expect(files.find((f) => f.path === `data/${leaky}.csv`)).toMatchObject({ rows: series.rows, size: statSync(path(`${out}/data/${leaky}.csv`)).size });
  });

  it('gives the columns that are asked for, in the order of the file', async () => {
    const { out } = await convert({ selected_columns: ['LEAK', 'pt*', 'time'] });
    const names = readFileSync(path(`${out}/data/${leaky}.csv`), 'utf8').split('\n')[0]!.split(',');
    const all = (await parquet(`series/data/${leaky}.parquet`)).columns.map(({ name }) => name);
    expect(names).toEqual(all.filter((name) => /^(LEAK|time|PT.*)$/i.test(name)));
    expect(names.length).toBeGreaterThan(3);
    await expect(convert({ selected_columns: ['time', 'PTT*'] })).rejects.toMatchObject({ code: 'table/column-missing', message: expect.stringContaining('"PTT*"') });
  });

  it('gives the files that are asked for', async () => {
    const { out } = await convert({ include: ['case*_twin'] });
    expect(filesIn(`${out}/data`)).toEqual([`${leaky}_twin.csv`]);
    await expect(convert({ include: ['nothing'] })).rejects.toMatchObject({ code: 'storage/not-found', message: expect.stringContaining(leaky) });
  });

  it('gives the row groups that are asked for, in the order of the file, and of those no more than a filter leaves', async () => {
    const all = await parquet(`series/data/${leaky}.parquet`);
    expect(all.rows).toBeGreaterThan(150);
    const text = async (keys: object) => readFileSync(path(`${(await convert({ row_groups: [2, 0, 99], ...keys })).out}/data/${leaky}.csv`), 'utf8');
    const inGroup = (row: number): boolean => row < 50 || (row >= 100 && row < 150);
    expect(await text({})).toBe(csvWhere(all, inGroup));
    const leaks = column(all, 'LEAK');
    expect(await text({ leak_filter: 'no_leak' })).toBe(csvWhere(all, (row) => inGroup(row) && leaks[row] === 0));
    await expect(convert({ row_groups: [-1] })).rejects.toMatchObject({ code: 'config/invalid' });
  });

  it('gives the same text compressed, and the same bytes twice', async () => {
    const [plain, one, two] = [await convert(), await convert({ compression: 'gzip' }), await convert({ compression: 'gzip' })];
    for (const name of cases) {
      const bytes = readFileSync(path(`${one.out}/data/${name}.csv.gz`));
      expect(gunzipSync(bytes).equals(readFileSync(path(`${plain.out}/data/${name}.csv`)))).toBe(true);
      expect({ time: bytes.readUInt32LE(4), system: bytes[9] }).toEqual({ time: 0, system: 255 });
    }
    for (const name of filesIn(one.out).filter((entry) => entry !== 'run.json')) {
      expect(readFileSync(path(`${one.out}/${name}`)).equals(readFileSync(path(`${two.out}/${name}`))), name).toBe(true);
    }
  });
});

describe('the leak filter', () => {
  it.each(['leak_only', 'no_leak'] as const)('%s', async (filter) => {
    const { out, metrics } = await convert({ leak_filter: filter });
    let rows = 0;
    for (const name of cases) {
      const series = await parquet(`series/data/${name}.parquet`);
      const leaks = column(series, 'LEAK');
      const expected = csvWhere(series, (row) => leaks[row]! > 0 === (filter === 'leak_only'));
      rows += expected.split('\n').length - 2;
      expect(readFileSync(path(`${out}/data/${name}.csv`), 'utf8')).toBe(expected);
    }
    expect(rows).toBeGreaterThan(10);
    expect(metrics['rows']).toBe(rows);
  });

  it('around_onset keeps the seconds around each onset, across row groups', async () => {
    const { out } = await convert({ leak_filter: 'around_onset', onset_before_seconds: 20, onset_after_seconds: 35.5, selected_columns: ['PT*'] });
    for (const name of cases) {
      const series = await parquet(`series/data/${name}.parquet`);
      const [time, leaks] = [column(series, 'time'), column(series, 'LEAK')];
      const onsets = Array.from(time).filter((_, row) => leaks[row]! > 0 && !(leaks[row - 1]! > 0));
      expect(onsets.length > 0).toBe(name === leaky);
      const selected = { ...series, columns: series.columns.filter((c) => c.name.startsWith('PT')) };
      const expected = csvWhere(selected, (row) => onsets.some((onset) => time[row]! >= onset - 20 && time[row]! <= onset + 35.5));
      expect(readFileSync(path(`${out}/data/${name}.csv`), 'utf8')).toBe(expected);
      if (name === leaky) expect(metadata(out).cases.find(({ case_id }) => case_id === name)!.rows).toBeGreaterThan(5);
    }
  });

  it('filters a dataset of many cases by the label of its windows, case by case', async () => {
    const dataset = await parquet('features/data/features_dataset.parquet');
    const [time, label, ids] = [column(dataset, 'end_time'), column(dataset, 'label'), dataset.columns.find((c) => c.name === 'case_id')!.values as readonly string[]];
    const only = await convert({ source_folder: 'features', leak_filter: 'leak_only' });
    expect(readFileSync(path(`${only.out}/data/features_dataset.csv`), 'utf8')).toBe(csvWhere(dataset, (row) => label[row] === 1));
    const around = await convert({ source_folder: 'features', leak_filter: 'around_onset', onset_before_seconds: 10, onset_after_seconds: 10 });
    const onset = Array.from(time).find((_, row) => label[row] === 1 && label[row - 1] !== 1)!;
    const expected = csvWhere(dataset, (row) => ids[row] === leaky && Math.abs(time[row]! - onset) <= 10);
    expect(readFileSync(path(`${around.out}/data/features_dataset.csv`), 'utf8')).toBe(expected);
    expect(expected.split('\n').length).toBeGreaterThan(3);
  });

  it('quarantines a table that has no leak column', async () => {
    const { quarantined, metrics } = await convert({ leak_filter: 'leak_only', leak_column: 'DRIP' });
    expect(quarantined.map(({ code }) => code)).toEqual(cases.map(() => 'table/column-missing'));
    expect(quarantined[0]!.message).toMatch(/"DRIP".*LEAK/);
    expect(metrics['files']).toBe(0);
  });
});

describe('a folder of windows', () => {
  it('becomes CSV in the same subfolders; a selection may fit only some of its tables', async () => {
    const { out, quarantined } = await convert({ source_folder: 'windows' });
    expect(quarantined).toEqual([]);
    expect(filesIn(`${out}/data`)).toEqual(filesIn('windows/data').map((name) => name.replace('.parquet', '.csv')));
    const selected = await convert({ source_folder: 'windows', selected_columns: ['PT*'] });
    expect(selected.quarantined.map(({ input }) => input)).toEqual(cases.map((name) => `index/${name}`));
    expect((await convert({ source_folder: 'windows', selected_columns: ['PT*'], include: ['series/*'] })).quarantined).toEqual([]);
  });
});

describe('text', () => {
  it('is no formula in a spreadsheet unless that is asked for', async () => {
    const table: Table = { rows: 1, metadata: {}, columns: [{ name: '=name', values: ['@SUM(A1)'], unit: '', role: 'id' }, { name: 'n', values: Float64Array.of(-1), unit: '', role: 'measured' }] };
    publishBy('formulas', { 'data/a.parquet': encodeParquet(table) });
    const text = async (keys: object) => readFileSync(path(`${(await convert({ source_folder: 'formulas', ...keys })).out}/data/a.csv`), 'utf8');
    expect(await text({})).toBe("'=name,n\n'@SUM(A1),-1\n");
    expect(await text({ formula_safe: false })).toBe('=name,n\n@SUM(A1),-1\n');
  });
});

describe('what lies there already', () => {
  it('is left alone where nothing changed, and only what changed is written', async () => {
    cpSync(path('series'), path('growing'), { recursive: true });
    const first = await convert({ source_folder: 'growing' });
    const again = await convert({ source_folder: 'growing', output_folder: first.out });
    expect(again).toMatchObject({ upToDate: true, outputs: first.outputs });
    expect((await convert({ source_folder: 'growing', output_folder: first.out, overwrite: true })).upToDate).toBe(true);

    // One case more: the others are kept.
    republish('growing', { 'data/new.parquet': readFileSync(path(`series/data/${leaky}.parquet`)) });
    const grown = await convert({ source_folder: 'growing', output_folder: first.out });
    expect(grown).toMatchObject({ upToDate: false, planned: 1 });
    expect(filesIn(`${first.out}/data`)).toHaveLength(4);

    // A case that has changed, and one that is gone, would take files away.
    republish('growing', { 'data/new.parquet': readFileSync(path(`series/data/${leaky}_twin.parquet`)) });
    await expect(convert({ source_folder: 'growing', output_folder: first.out })).rejects.toMatchObject({ code: 'storage/exists', message: expect.stringContaining('data/new.csv') });
    republish('growing', {}, ['data/new.parquet']);
    await expect(convert({ source_folder: 'growing', output_folder: first.out })).rejects.toMatchObject({ code: 'storage/exists', message: expect.stringContaining('removed') });
    await convert({ source_folder: 'growing', output_folder: first.out, overwrite: true });
    expect(filesIn(`${first.out}/data`)).toHaveLength(3);
  });

  it('is refused where it is of another configuration, of another pipeline, or somebody\'s own', async () => {
    const { out } = await convert();
    const before = filesIn(out);
    await expect(convert({ output_folder: out, leak_filter: 'no_leak' })).rejects.toMatchObject({ code: 'storage/exists' });
    appendFileSync(path(`${out}/data/${leaky}.csv`), 'mine\n');
    await expect(convert({ output_folder: out })).rejects.toMatchObject({ code: 'storage/exists', message: expect.stringContaining(leaky) });
    expect(filesIn(out)).toEqual(before);
    mkdirSync(path('own/data'), { recursive: true });
    writeFileSync(path(`own/data/${leaky}.csv`), 'mine\n');
    await expect(convert({ output_folder: 'own' })).rejects.toMatchObject({ code: 'storage/exists' });
    expect(readFileSync(path(`own/data/${leaky}.csv`), 'utf8')).toBe('mine\n');
    await expect(convert({ output_folder: 'windows' })).rejects.toMatchObject({ code: 'storage/exists', message: expect.stringContaining('run.json') });
    await expect(convert({ output_folder: 'series', overwrite: true })).rejects.toMatchObject({ code: 'config/invalid' });
    await convert({ output_folder: 'own', overwrite: true });
    expect(readFileSync(path(`own/data/${leaky}.csv`)).equals(encodeCsv(await parquet(`series/data/${leaky}.parquet`)))).toBe(true);
  });

  it('is gone on with where a run of the same configuration was interrupted', async () => {
    const { out } = await convert();
    rmSync(path(`${out}/data/${leaky}.csv`));
    const { config_hash } = metadata(out);
    mkdirSync(path(`${out}/.work`), { recursive: true });
    writeFileSync(path(`${out}/.work/plan.json`), JSON.stringify({ config_hash, inputs_hash: 'before', batches: [], kept: [], refused: [], shared: null, started: '' }));
    rmSync(path(`${out}/metadata/parquet_csv_metadata.json`));
    expect(await convert({ output_folder: out })).toMatchObject({ upToDate: false, planned: 3 });
    expect(existsSync(path(`${out}/.work/plan.json`))).toBe(false);
  });

  it('must be published: a folder without metadata, and a damaged file', async () => {
    mkdirSync(path('bare'));
    cpSync(path(`series/data/${leaky}.parquet`), path('bare/a.parquet'));
    await expect(convert({ source_folder: 'bare' })).rejects.toMatchObject({ code: 'storage/not-found', message: expect.stringContaining('metadata') });
    publishBy('damaged', { 'data/bad.parquet': new TextEncoder().encode('PAR1 this is no table PAR1'), 'data/good.parquet': readFileSync(path(`series/data/${leaky}.parquet`)) });
    const { quarantined, metrics } = await convert({ source_folder: 'damaged', selected_columns: ['time'] });
    expect(quarantined).toMatchObject([{ input: 'bad', code: 'table/corrupt' }]);
    expect(metrics['files']).toBe(1);
  });
});

function publishBy(name: string, files: Readonly<Record<string, Uint8Array>>): void {
  mkdirSync(path(`${name}/metadata`), { recursive: true });
  writeFileSync(path(`${name}/metadata/made_metadata.json`), JSON.stringify({ files: [] }));
  republish(name, files);
}

/** Puts files into a publication, and takes others out. */
function republish(name: string, files: Readonly<Record<string, Uint8Array>>, gone: readonly string[] = []): void {
  const metadataFile = path(`${name}/metadata/${readdirSync(path(`${name}/metadata`))[0]!}`);
  const publication = JSON.parse(readFileSync(metadataFile, 'utf8')) as { files: { path: string }[] };
  const stay = publication.files.filter((entry) => !(entry.path in files) && !gone.includes(entry.path));
  const added = Object.entries(files).map(([entry, bytes]) => {
    mkdirSync(join(path(name), entry, '..'), { recursive: true });
    writeFileSync(path(`${name}/${entry}`), bytes);
    return { path: entry, size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
  });
  writeFileSync(metadataFile, JSON.stringify({ ...publication, files: [...stay, ...added] }));
}
