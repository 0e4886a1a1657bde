import { hashOf } from '../config/hash.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, StageOutcome, WindowsConfig } from '../pipelines/index.js';
import { publishFile, readPublished, type PublishedFile } from '../storage/index.js';
import { decodeParquet, encodeParquet, numbers, type Table } from '../table/index.js';
import { itemList, layout, planBatches, publishRecords, runBatch, scanUpstream, type BatchedMetadata, type ItemRecord, type Target } from './batches.js';
import { cutWindows, windowTables } from './cutWindows.js';
import { defineStage, type StageContext } from './stage.js';
import { targetOf as seriesTarget, type DataSource, type SeriesRecord } from './tplGenkey.js';

type Resolved = ResolvedSection<WindowsConfig>;

interface SeriesSource {
  readonly group: string;
  readonly file: PublishedFile;
  readonly leaks: SeriesRecord['leaks'];
}

/** The windows of one case: the resampled series, and the index of ranges in it. */
export interface WindowsRecord extends ItemRecord {
  readonly case_group: string;
  readonly series: PublishedFile;
  readonly index: PublishedFile;
  readonly windows: number;
  readonly leaking: number;
  /** Windows that straddle a gap or a restart: they stay in the index, and out of training. */
  readonly straddling: number;
}

/** What holds for all cases of a dataset, and must hold again wherever its models run. */
export interface WindowsShared {
  readonly resample_seconds: number | null;
  readonly source: DataSource;
}

export const planWindows = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const items = itemList<SeriesSource>();
  const steps: number[] = [];
  let simulated = false;
  await scanUpstream<BatchedMetadata<SeriesRecord>>(context, seriesTarget({ ...config, output_folder: config.source_folder }), 'tpl_genkey_pipeline', {
    cases({ case_id: id, case_group: group, files, leaks, median_step_s: step, data_source: source }) {
      const file = files[0]!;
      items.add({ id, bytes: file.size, fingerprint: hashOf([group, file.sha256]), source: { group, file, leaks } });
      steps.push(step);
      simulated ||= source === 'simulation';
    },
  });
  const shared: WindowsShared = { resample_seconds: commonStep(config, steps), source: simulated ? 'simulation' : 'unknown' };
  return planBatches(context, resolved, { target: targetOf(config), items, shared, unit: 'cases' });
});

export const windowBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const target = targetOf(config);
  const encode = { compression: config.compression, rowGroupRows: config.parquet_row_group_size };
  return runBatch<SeriesSource, WindowsShared>(context, { resolved, planUri, batch }, async (source, item, shared): Promise<WindowsRecord> => {
    const recorded = await decodeParquet(await readPublished(context.storage, config.source_folder, source.file));
    const { series, index } = cutWindows(recorded, source.leaks, { ...config, resample_seconds: shared.resample_seconds });
    const publish = (name: string, bytes: Uint8Array, rows: number) =>
      publishFile(context.storage, target.folder, `${layout(config).data}${name}/${item.id}.parquet`, bytes, { rows });
    const files = { series: await publish('series', encodeParquet(series, encode), series.rows), index: await publish('index', encodeParquet(index, encode), index.rows) };
    const single = config.layout === 'file_per_window' ? await publishWindowFiles(context, target, `${layout(config).data}windows/${item.id}`, windowTables(series, index), config) : [];
    const label = numbers(index, 'label'), gap = numbers(index, 'gap'), restart = numbers(index, 'restart');
    const count = (holds: (window: number) => boolean): number => Array.from(label.keys()).filter(holds).length;
    return {
      case_id: item.id, case_group: source.group, fingerprint: item.fingerprint, files: [files.series, files.index, ...single], ...files,
      windows: index.rows, leaking: count((w) => label[w] === 1), straddling: count((w) => gap[w] === 1 || restart[w] === 1),
    };
  });
});

/** One Parquet file per window. Its names have as many digits as sort well. */
async function publishWindowFiles(context: StageContext, target: Target, folder: string, windows: Iterable<Table>, config: WindowsConfig): Promise<PublishedFile[]> {
  const files: PublishedFile[] = [];
  for (const window of windows) {
    context.signal.throwIfAborted();
    const name = `${folder}/${String(files.length).padStart(6, '0')}.parquet`;
    files.push(await publishFile(context.storage, target.folder, name, encodeParquet(window, { compression: config.compression }), { rows: window.rows }));
  }
  return files;
}

export const publishWindows = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const metrics = { cases: 0, windows: 0, leaking_windows: 0, straddling_windows: 0 };
  return publishRecords<WindowsRecord>(context, input, targetOf((input.resolved as Resolved).config), {
    add(record) {
      metrics.cases++;
      metrics.windows += record.windows;
      metrics.leaking_windows += record.leaking;
      metrics.straddling_windows += record.straddling;
    },
    end: async () => ({ files: [], metrics }),
  });
});

export function targetOf(config: { output_folder: string; create_subdirectories?: boolean }): Target {
  return { folder: config.output_folder, metadata: `${layout(config).metadata}windows_metadata.json` };
}

/** One step for the whole dataset: wavelet bands of different steps cannot be compared. */
function commonStep(config: WindowsConfig, steps: readonly number[]): number | null {
  if (config.resample_seconds === 'off') return null;
  if (config.resample_seconds !== 'median') return config.resample_seconds;
  const sorted = steps.filter((step) => step > 0).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new PenstockError('signal/invalid', 'no case has two rows, so there is no median step; set resample_seconds', { key: 'resample_seconds' });
  return Number(middle.toPrecision(3));
}
