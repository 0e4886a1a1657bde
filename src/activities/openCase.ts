import { readCase, streamCase, type ColumnMemory, type OlgaCase, type StreamCaseOptions } from '../olga/index.js';
import type { TplGenkeyConfig } from '../pipelines/index.js';
import type { Content, ReadMemory, Storage } from '../storage/index.js';
import { encodeParquet, parquetWriter, rowsPerGroup, selectColumns } from '../table/index.js';
import { selectSignals } from './selectSignals.js';
import type { SeriesQuality } from './seriesQuality.js';
import { openSource, readSource, type SourceFile } from './sourceFile.js';
import { standardSeries, type SeriesStandard } from './standardSeries.js';

type Facts = Readonly<Record<string, string>>;

/** A case that was read, and its series as a Parquet file with these facts: at once, or, where it is large, in pieces. */
export interface OpenCase extends Pick<OlgaCase, 'tpl' | 'leaks' | 'summary' | 'warnings'> {
  readonly quality?: SeriesQuality;
  readonly standard?: SeriesStandard;
  content(facts: Facts): Content;
}

interface Sources {
  readonly group: string;
  readonly tpl: SourceFile;
  readonly genkey?: SourceFile;
}

/** Trend files from this size on are read twice, piece by piece, rather than held in memory. */
const streamedFrom = 64 << 20;

/** Numbers in one row group of such a file: several row groups are in memory at a time. */
const mostStreamed = 600_000;

/** What cases that follow one another use for their files and columns: less memory comes and goes. A case is good until the next one. */
export interface CaseMemory {
  readonly file: ReadMemory;
  readonly columns: ColumnMemory;
}

export function caseMemory(): CaseMemory {
  return { file: { bytes: new Uint8Array() }, columns: { values: new Float64Array() } };
}

export async function openCase(
  storage: Storage, source: Sources, caseId: string, config: TplGenkeyConfig, { streamed = streamedFrom, memory = caseMemory() }: { streamed?: number; memory?: CaseMemory } = {},
): Promise<OpenCase> {
  // Checks and noise look at whole columns.
  const looksAtWhole = isChecked(config) || config.noise.enabled;
  const genkey = source.genkey && { name: source.genkey.name, bytes: await readSource(storage, source.genkey) };
  const names = { caseId, ...(genkey && { genkey }) };
  return source.tpl.size < streamed || looksAtWhole ? openWhole(storage, source, names, config, memory) : openStreamed(storage, source, names, config);
}

type Names = Pick<Parameters<typeof readCase>[0], 'caseId' | 'genkey'>;

async function openWhole(storage: Storage, source: Sources, names: Names, config: TplGenkeyConfig, memory: CaseMemory): Promise<OpenCase> {
  const tpl = { name: source.tpl.name, bytes: await readSource(storage, source.tpl, memory.file) };
  const read = readCase({ ...names, tpl }, { ...readingOf(config), memory: memory.columns });
  const { table } = read;
  const selected = selectSignals(table, config.selected_columns);
  // Loaded where they are asked for: threads start faster without them.
  const quality = isChecked(config) ? (await import('./seriesQuality.js')).checkSeries(table, selected.columns, config.quality_checks) : undefined;
  const noisy = config.noise.enabled ? (await import('./seriesNoise.js')).withNoise(selected, table.columns, config.noise, source.group) : selected;
  const { series, standard } = standardSeries(noisy, config);
  return {
    ...read, ...(quality && { quality }), ...(standard && { standard }),
    content: (facts) => encodeParquet({ ...series, metadata: { ...series.metadata, ...facts } }, { compression: config.compression, rowGroupRows: config.parquet_row_group_size }),
  };
}

async function openStreamed(storage: Storage, source: Sources, names: Names, config: TplGenkeyConfig): Promise<OpenCase> {
  const ranges = await openSource(storage, source.tpl);
  const read = await streamCase({ ...names, tpl: { name: source.tpl.name } }, () => ranges, readingOf(config));
  const selected = selectSignals(read.table, config.selected_columns);
  const columns = selected.columns.map(({ name }) => name);
  const { series: empty, standard } = standardSeries(selected, config);
  return {
    ...read, ...(standard && { standard }),
    async *content(facts) {
      const writer = parquetWriter(config.compression);
      if (read.summary.rows === 0) yield writer.add(empty);
      for await (const table of read.tables(Math.min(rowsPerGroup(selected, config.parquet_row_group_size), Math.ceil(mostStreamed / read.table.columns.length)))) {
        yield writer.add(standardSeries(selectColumns(table, columns), config).series);
      }
      yield writer.end({ ...selected.metadata, ...facts });
    },
  };
}

function readingOf(config: TplGenkeyConfig): StreamCaseOptions {
  return { shortRows: config.short_rows, ...(config.overlaps && { overlaps: config.overlaps }) };
}

function isChecked(config: TplGenkeyConfig): boolean {
  return Object.values(config.quality_checks).some(({ action }) => action !== 'off');
}
