import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { fitsColumn, matchesAny, misspelt } from '../olga/index.js';
import type { BatchInput, BatchResult, ParquetCsvConfig, Plan, PublishInput, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { joinUri, openPublished, publishFile, readPublication, readPublished, relativeUri, type PublishedFile } from '../storage/index.js';
import { csvWriter, decodeParquetFrom, describeParquet, selectColumns, sliceRows, takeRows, type ByteSource, type ParquetDescription } from '../table/index.js';
import { planBatches, publishBatches, runBatch, unfinishedConfig, type BatchedMetadata, type Item, type ItemRecord, type Target } from './batches.js';
import { leakFilter } from './leakFilter.js';
import { defineStage, type StageContext } from './stage.js';

type Resolved = ResolvedSection<ParquetCsvConfig>;

interface ParquetSource {
  readonly file: PublishedFile;
}

/** One CSV file: what its columns mean, which the file itself cannot say, and the Parquet file it comes from. */
export interface CsvRecord extends ItemRecord {
  readonly source: Pick<PublishedFile, 'path' | 'sha256'>;
  readonly rows: number;
  readonly columns: ParquetDescription['columns'];
}

/** Finds the Parquet files of the source folder, by whichever metadata lie there. */
export const planCsv = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  if (config.output_folder === config.source_folder) {
    throw new PenstockError('config/invalid', 'output_folder is the source folder itself; CSV files go into a folder of their own', { key: 'output_folder', file: config.output_folder });
  }
  const found = (await publishedParquet(context, config.source_folder)).map((file): Item<ParquetSource> =>
    ({ id: idOf(file.path), bytes: file.size, fingerprint: hashOf(file.sha256), source: { file } }));
  const items = found.filter(({ id }) => matchesAny(id, config.include));
  if (items.length === 0) {
    throw new PenstockError('storage/not-found', `include names none of the ${found.length} Parquet files (${few(found.map(({ id }) => id))})`, { file: config.source_folder, key: 'include' });
  }
  await checkSelection(context, config, items);
  if (!config.overwrite) await checkNothingIsLost(context, resolved as Resolved, items);
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'files' });
});

/** Writes the CSV files of one batch, row group by row group, so that files of any size take little memory. */
export const csvBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  return runBatch<ParquetSource, null>(context, { resolved, planUri, batch }, async ({ file }, item): Promise<CsvRecord> => {
    const table = await openTable(context, config, file);
    const csv = rowsAsCsv(table, config, context.signal);
    const content = config.compression === 'gzip' ? gzipped(csv.pieces) : csv.pieces;
    const published = { ...(await publishFile(context.storage, config.output_folder, csvPath(item.id, config), content)), rows: csv.rows() };
    return {
      case_id: item.id, fingerprint: item.fingerprint, source: { path: file.path, sha256: file.sha256 }, files: [published], rows: csv.rows(), columns: table.columns,
    };
  });
});

export const publishCsv = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> =>
  publishBatches<CsvRecord>(context, input, targetOf((input.resolved as Resolved).config), async (records) => ({
    files: [],
    metrics: {
      files: records.length,
      rows: records.reduce((sum, record) => sum + record.rows, 0),
      bytes: records.reduce((sum, record) => sum + record.files[0]!.size, 0),
    },
  })));

export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'metadata/parquet_csv_metadata.json' };
}

/** Every Parquet file that some pipeline has published here. */
async function publishedParquet({ storage }: StageContext, folder: string): Promise<PublishedFile[]> {
  const names = (await storage.list(folder)).map(({ uri }) => relativeUri(folder, uri)).filter((name) => /^(metadata\/)?[a-z_]+_metadata\.json$/.test(name));
  const publications = await Promise.all(names.map((name) => readPublication(storage, folder, name)));
  const files = publications.flatMap((publication) => publication?.files ?? []).filter((file) => file.path.endsWith('.parquet'));
  if (files.length > 0) return files;
  const missing = names.length > 0 ? `${names.join(', ')} lists no Parquet files` : 'there are no metadata of a pipeline';
  throw new PenstockError('storage/not-found', `no Parquet files are published here: ${missing}; run the pipeline that writes them first`, { file: folder });
}

/** Reads footers until every pattern has met a column, which the first file mostly does. */
async function checkSelection({ storage, signal }: StageContext, config: ParquetCsvConfig, items: readonly Item<ParquetSource>[]): Promise<void> {
  const columns = new Map<string, { readonly name: string }>();
  const wrong = (): string | undefined => misspelt([...columns.values()], config.selected_columns);
  for (const { source: { file } } of items) {
    if (!wrong()) return;
    signal.throwIfAborted();
    const uri = joinUri(config.source_folder, file.path);
    const source = { size: file.size, read: (start: number, end: number) => storage.read(uri, { start, end }) };
    // A damaged file is for its batch to report.
    const described = await describeParquet(source).catch((error: unknown) => (error instanceof PenstockError && error.code === 'table/corrupt' ? undefined : Promise.reject(error)));
    for (const column of described?.columns ?? []) columns.set(column.name, column);
  }
  const strange = wrong();
  if (strange) throw new PenstockError('table/column-missing', `selected_columns names ${strange}`, { key: 'selected_columns' });
}

/**
 * What lies in the output folder must be of the same configuration and the same inputs, or left behind by an interrupted
 * run of the same configuration. Errors: `storage/exists`, saying what would be lost.
 */
async function checkNothingIsLost({ storage }: StageContext, { config, configHash }: Resolved, items: readonly Item<ParquetSource>[]): Promise<void> {
  const target = targetOf(config);
  const lost = (what: string): PenstockError =>
    new PenstockError('storage/exists', `${what}; overwrite is false, so nothing was touched`, { file: config.output_folder, key: 'overwrite' });
  const published = await readPublication<BatchedMetadata>(storage, target.folder, target.metadata);
  if (published && published.config_hash !== configHash) throw lost(`${published.files.length} files of another configuration lie here`);

  const interrupted = await unfinishedConfig(storage, target);
  if (interrupted === configHash) return;
  const sizes = new Map((await storage.list(target.folder)).map(({ uri, size }) => [relativeUri(target.folder, uri), size]));
  const asPublished = new Map(published?.cases.flatMap((record) => record.files.map((file) => [file.path, { ...file, fingerprint: record.fingerprint }] as const)));
  const wanted = new Map(items.map((item) => [csvPath(item.id, config), item.fingerprint]));
  const replaced = [...wanted].filter(([path, fingerprint]) => {
    const own = asPublished.get(path);
    return sizes.has(path) && !(own?.fingerprint === fingerprint && own.size === sizes.get(path));
  }).map(([path]) => path);
  if (replaced.length > 0) throw lost(`${replaced.length} files would be replaced by others (${few(replaced)})`);
  const removed = [...asPublished.keys()].filter((path) => sizes.has(path) && !wanted.has(path));
  if (removed.length > 0) throw lost(`${removed.length} files would be removed, since their Parquet files are gone (${few(removed)})`);
  if (!published && sizes.has('run.json')) throw lost('the results of another pipeline lie here (run.json)');
}

interface OpenTable {
  readonly source: ByteSource;
  readonly rowGroups: number;
  readonly columns: ParquetDescription['columns'];
  readonly all: ParquetDescription['columns'];
}

const smallBytes = 32 << 20;

/** A small file is read once; a large one is checked first, and then read by ranges. */
async function openTable({ storage }: StageContext, config: ParquetCsvConfig, file: PublishedFile): Promise<OpenTable> {
  const source = file.size <= smallBytes ? inMemory(await readPublished(storage, config.source_folder, file)) : await openPublished(storage, config.source_folder, file);
  const { columns: all, rowGroups } = await describeParquet(source);
  const columns = config.selected_columns.length === 0 ? all : all.filter((column) => config.selected_columns.some((pattern) => fitsColumn(column, pattern)));
  if (columns.length === 0) {
    throw new PenstockError('table/column-missing', `none of selected_columns is in this file; it has ${few(all.map(({ name }) => name), 40)}; leave the file out by include, or select more`, { key: 'selected_columns' });
  }
  return { source, rowGroups: rowGroups.length, columns, all };
}

function inMemory(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** Cells of one piece: some megabytes of text. */
const cellsAtOnce = 250_000;

/** The text in pieces, and how many rows it had in the end. */
function rowsAsCsv({ source, rowGroups, columns, all }: OpenTable, config: ParquetCsvConfig, signal: AbortSignal): { pieces: AsyncIterable<Uint8Array>; rows(): number } {
  const names = columns.map(({ name }) => name);
  const filter = leakFilter(config, all);
  const writer = csvWriter(columns, { formulaSafe: config.formula_safe });
  const rowsAtOnce = Math.max(1, Math.floor(cellsAtOnce / columns.length));
  let rows = 0;
  const read = (wanted: readonly string[], group: number) => {
    signal.throwIfAborted();
    return decodeParquetFrom(source, { columns: wanted, rowGroups: [group] });
  };
  async function* pieces(): AsyncGenerator<Uint8Array> {
    if (filter?.look) for (let group = 0; group < rowGroups; group++) filter.look(await read(filter.columns, group));
    yield writer.header();
    for (let group = 0; group < rowGroups; group++) {
      if (config.row_groups && !config.row_groups.includes(group)) continue;
      const table = await read([...new Set([...names, ...(filter?.columns ?? [])])], group);
      const chosen = selectColumns(table, names);
      const kept = filter ? takeRows(chosen, filter.rows(table)) : chosen;
      rows += kept.rows;
      for (let start = 0; start < kept.rows; start += rowsAtOnce) yield writer.rows(sliceRows(kept, start, start + rowsAtOnce));
    }
  }
  return { pieces: pieces(), rows: () => rows };
}

/**
 * Without a time, and without the operating system in the tenth byte, so that the same text gives the same bytes. Level 1
 * is five times as fast as the usual 6, for files a seventh larger.
 */
async function* gzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip({ level: 1 });
  const fed = pipeline(Readable.from(pieces, { objectMode: false }), gzip);
  // The loop throws the same error; here it would be one that nobody awaits.
  fed.catch(() => undefined);
  let first = true;
  for await (const piece of gzip as AsyncIterable<Uint8Array>) {
    if (first) piece[9] = 255;
    first = false;
    yield piece;
  }
  await fed;
}

/** `data/series/case_1.parquet` is `series/case_1`. */
function idOf(path: string): string {
  return path.replace(/^data\//, '').replace(/\.parquet$/, '');
}

function csvPath(id: string, config: ParquetCsvConfig): string {
  return `data/${id}.csv${config.compression === 'gzip' ? '.gz' : ''}`;
}

function few(names: readonly string[], most = 5): string {
  return `${names.slice(0, most).join(', ')}${names.length > most ? ', ...' : ''}`;
}
