import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { createRandom } from '../numeric/index.js';
import { matchesAny, pairFiles, readCase, type Leak } from '../olga/index.js';
import type { TestOfflineConfig } from '../pipelines/index.js';
import { leakIntervals } from '../signal/index.js';
import { joinUri, readPublished, relativeUri, sha256, type PublishedFile } from '../storage/index.js';
import { decodeCsv, decodeParquet, type Column, type Table } from '../table/index.js';
import { readUpstream, type BatchedMetadata } from './batches.js';
import type { StageContext } from './stage.js';
import { targetOf as seriesTarget, type SeriesRecord } from './tplGenkey.js';

/** Where a held-out case lies: a published series, or a file that nobody has prepared. */
export type HeldOut =
  | { readonly kind: 'series'; readonly file: PublishedFile; readonly group: string; readonly leaks: readonly Leak[]; readonly lengthM: number | null }
  | { readonly kind: 'tpl'; readonly tpl: RawFile; readonly genkey?: RawFile; readonly group: string }
  | { readonly kind: 'parquet' | 'csv'; readonly file: RawFile; readonly group: string };

interface RawFile {
  /** Relative to the folder. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

export interface HeldOutCase {
  readonly id: string;
  readonly bytes: number;
  readonly fingerprint: string;
  readonly source: HeldOut;
}

/** A case as it is scored: the recorded series with its truth. */
export interface RecordedCase {
  readonly table: Table;
  readonly group: string;
  readonly leaks: readonly Leak[];
  readonly lengthM: number | null;
}

export function rootOf(config: TestOfflineConfig): string {
  return (config.parquet_root ?? config.input_path)!;
}

/** The cases of the folder that the section asks for, in order of their names. */
export async function heldOutCases(context: StageContext, config: TestOfflineConfig): Promise<HeldOutCase[]> {
  const all = (await publishedCases(context, config)) ?? (await rawCases(context, config));
  return drawn(all.filter(({ id }) => matchesAny(id, config.include)), config);
}

/** Cases at random by the seed: which ones are taken does not depend on the order, nor a case's place on the others. */
function drawn(cases: readonly HeldOutCase[], { max_cases: most, sample_seed: seed }: TestOfflineConfig): HeldOutCase[] {
  const ordered = cases.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (most === null || ordered.length <= most) return ordered;
  const random = createRandom(seed);
  const lots = new Map(ordered.map(({ id }) => [id, random.derive(id).uniform()]));
  const taken = new Set(ordered.toSorted((a, b) => lots.get(a.id)! - lots.get(b.id)!).slice(0, most));
  return ordered.filter((one) => taken.has(one));
}

async function publishedCases(context: StageContext, config: TestOfflineConfig): Promise<HeldOutCase[] | undefined> {
  const metadata = await readUpstream<BatchedMetadata<SeriesRecord>>(context, seriesTarget({ output_folder: rootOf(config) }), 'tpl_genkey_pipeline').catch((error: unknown) => {
    if (error instanceof PenstockError && error.code === 'storage/not-found') return undefined;
    throw error;
  });
  return metadata?.cases.map(({ case_id: id, case_group: group, leaks, length_m: lengthM, files: [file] }) => ({
    id, bytes: file!.size, fingerprint: hashOf([group, file!.sha256]), source: { kind: 'series', file: file!, group, leaks, lengthM },
  }));
}

const headBytes = 4096;

async function rawCases(context: StageContext, config: TestOfflineConfig): Promise<HeldOutCase[]> {
  const root = rootOf(config);
  const wanted = (await context.storage.list(root)).filter(({ uri }) => /\.(tpl|genkey|key|inp|parquet|csv)$/i.test(uri));
  const files = new Map<string, RawFile & { head: Uint8Array }>();
  for (const [index, { uri, size }] of wanted.entries()) {
    context.signal.throwIfAborted();
    const name = relativeUri(root, uri);
    context.progress({ done: index, total: wanted.length, unit: 'files', detail: name });
    const bytes = await context.storage.read(uri);
    files.set(name, { name, size, sha256: sha256(bytes), head: bytes.slice(0, headBytes) });
  }
  const raw = (name: string): RawFile => {
    const { head: _, ...file } = files.get(name)!;
    return file;
  };
  const groupOf = (id: string): string => (config.twin_suffix && id.endsWith(config.twin_suffix) ? id.slice(0, -config.twin_suffix.length) : id);
  const trends = pairFiles([...files.values()].filter(({ name }) => !/\.(parquet|csv)$/i.test(name)).map(({ name, head }) => ({ path: name, head }))).cases
    .map(({ caseId: id, tpl, genkey }): HeldOutCase => ({
      id, bytes: raw(tpl).size, fingerprint: hashOf([groupOf(id), raw(tpl).sha256, genkey === undefined ? null : raw(genkey).sha256]),
      source: { kind: 'tpl', tpl: raw(tpl), group: groupOf(id), ...(genkey !== undefined && { genkey: raw(genkey) }) },
    }));
  const tables = [...files.keys()].filter((name) => /\.(parquet|csv)$/i.test(name)).map((name): HeldOutCase => {
    const id = name.replace(/\.[^.]*$/, '').replaceAll(/[^A-Za-z0-9._-]/g, '_');
    const kind = /\.csv$/i.test(name) ? 'csv' : 'parquet';
    return { id, bytes: raw(name).size, fingerprint: hashOf([groupOf(id), raw(name).sha256]), source: { kind, file: raw(name), group: groupOf(id) } };
  });
  const cases = [...trends, ...tables];
  if (cases.length === 0) {
    throw new PenstockError('storage/not-found', 'no held-out case is here: neither a publication of tpl_genkey_pipeline nor .tpl, .parquet or .csv files', { file: root });
  }
  const seen = new Set<string>();
  for (const { id } of cases) {
    if (seen.has(id)) throw new PenstockError('evaluation/invalid', `two files are case ${id}; keep one form of each case in the folder`, { file: root });
    seen.add(id);
  }
  return cases;
}

/** Reads a case. Errors: those of the readers; `storage/changed` where a file is no longer the one that was planned. */
export async function readHeldOut(context: StageContext, config: TestOfflineConfig, id: string, source: HeldOut): Promise<RecordedCase> {
  if (source.kind === 'series') {
    const table = await decodeParquet(await readPublished(context.storage, rootOf(config), source.file));
    return { table, group: source.group, leaks: source.leaks, lengthM: source.lengthM };
  }
  if (source.kind === 'tpl') {
    const part = async (file: RawFile) => ({ name: file.name, bytes: await readAsPlanned(context, config, file) });
    const { table, leaks, summary } = readCase({ caseId: id, tpl: await part(source.tpl), ...(source.genkey && { genkey: await part(source.genkey) }) });
    return { table, group: source.group, leaks, lengthM: summary.length ?? null };
  }
  const bytes = await readAsPlanned(context, config, source.file);
  return described(source.kind === 'csv' ? decodeCsv(new TextDecoder().decode(bytes)) : await decodeParquet(bytes), source.group);
}

async function readAsPlanned(context: StageContext, config: TestOfflineConfig, file: RawFile): Promise<Uint8Array> {
  const bytes = await context.storage.read(joinUri(rootOf(config), file.name));
  if (sha256(bytes) === file.sha256) return bytes;
  throw new PenstockError('storage/changed', 'the file was changed while this run worked; run the pipeline again when it is whole', { file: file.name });
}

interface CaseFacts {
  readonly case_group?: string;
  readonly leaks?: readonly Leak[];
  readonly line?: { readonly length_m: number | null };
}

/** A table that may say what it is in its metadata (`penstock.case`); else its leaks are what its columns say. */
function described(table: Table, group: string): RecordedCase {
  const facts = JSON.parse(table.metadata['penstock.case'] ?? '{}') as CaseFacts;
  const named = withTime(table);
  return { table: named, group: facts.case_group ?? group, leaks: facts.leaks ?? leaksOf(named), lengthM: facts.line?.length_m ?? null };
}

function withTime(table: Table): Table {
  const clocks = table.columns.filter(({ role, values }) => role === 'clock' && values instanceof Float64Array);
  const time = clocks.find(({ name }) => /^time$/i.test(name)) ?? clocks[0];
  if (!time) throw new PenstockError('table/column-missing', `no time column; the table has ${table.columns.map(({ name }) => name).slice(0, 20).join(', ')}`, { key: 'time' });
  return { ...table, columns: table.columns.map((column) => (column === time ? { ...column, name: 'time', unit: 's' } : column)) };
}

/** Leaks as a flag per row tells them (`LEAK`, else `label`); flow, place and diameter from their columns where there are such. */
function leaksOf(table: Table): Leak[] {
  const column = (...names: string[]): Column | undefined => table.columns.find(({ name, values }) => names.includes(name.toLowerCase()) && ArrayBuffer.isView(values));
  const flags = column('leak') ?? column('label');
  if (!flags) return [];
  const time = column('time')!.values as Float64Array;
  const at = (name: string, row: number): number | undefined => {
    const value = Number(column(name)?.values[row] ?? NaN);
    return Number.isNaN(value) ? undefined : value;
  };
  return leakIntervals(time, flags.values as ArrayLike<number>).map(({ start, end }, n): Leak => {
    const [first, last] = [time.indexOf(start), time.indexOf(end)];
    let peakFlow = NaN;
    for (let row = first; row <= last; row++) {
      const flow = Math.abs(at('leak_flow_kg_s', row) ?? NaN);
      if (!(peakFlow >= flow) && !Number.isNaN(flow)) peakFlow = flow;
    }
    const [position, diameter] = [at('leak_position_m', first), at('leak_diameter_m', first)];
    return {
      name: `leak ${n + 1}`, intervals: [{ start, end, peakFlow }], consistent: true, provenance: `column ${flags.name}`,
      ...(position !== undefined && { position }), ...(diameter !== undefined && { diameter }),
    };
  });
}
