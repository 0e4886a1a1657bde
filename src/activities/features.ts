import { hashOf } from '../config/hash.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, FeaturesConfig, Plan, PublishInput, ResolvedSection, StageOutcome } from '../pipelines/index.js';
import { featurePlan, type FeaturePlan, type TrainedRange } from '../signal/index.js';
import { publishFile, readPublished, type PublishedFile, type ReadMemory } from '../storage/index.js';
import { decodeParquet, encodeParquet, parquetStitcher } from '../table/index.js';
import { addRanges, withRanges } from './signalRanges.js';
import { itemList, nothingLeft, planBatches, publishRecords, runBatch, scanUpstream, type BatchedMetadata, type ItemRecord, type Target } from './batches.js';
import { partUri } from './checkpoint.js';
import { describeSignals, featureTable, windowFeatures, type WindowFeatures } from './featureTable.js';
import { defineStage, type StageContext } from './stage.js';
import { targetOf as windowsTarget, type WindowsRecord, type WindowsShared } from './windows.js';

type Resolved = ResolvedSection<FeaturesConfig>;

interface WindowsSource {
  readonly group: string;
  readonly series: PublishedFile;
  readonly index: PublishedFile;
}

/** How every row of the dataset is made, and must be made again by whoever runs a model trained on it. */
export interface FeaturesShared {
  readonly plan: FeaturePlan;
  readonly windows: WindowsMetadata['config'] & WindowsShared;
}

type WindowsMetadata = BatchedMetadata<WindowsRecord> & {
  readonly shared: WindowsShared;
  readonly config: { readonly window_size: number; readonly step_size: number; readonly warmup_seconds: number; readonly recovery_seconds: number };
};

export interface FeaturesRecord extends ItemRecord {
  readonly case_group: string;
  readonly rows: number;
}

export const datasetPath = 'data/features_dataset.parquet';
export const schemaPath = 'metadata/features_schema.json';

/** Fixes the features from the first case's signals; a case that lacks one of them is quarantined later. */
export const planFeatures = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const items = itemList<WindowsSource>();
  let first: WindowsRecord | undefined;
  const upstream = await scanUpstream<WindowsMetadata>(context, windowsTarget({ output_folder: config.source_folder }), 'windows_pipeline', {
    cases(record) {
      first ??= record;
      const { case_id: id, case_group: group, series, index } = record;
      items.add({ id, bytes: series.size, fingerprint: hashOf([group, series.sha256, index.sha256]), source: { group, series, index } });
    },
  });
  if (!first) throw new PenstockError('signal/invalid', 'no case has windows, so there is nothing to compute features from', { file: config.source_folder });
  const series = await decodeParquet(await readPublished(context.storage, config.source_folder, first.series));
  const shared: FeaturesShared = {
    windows: { ...upstream.config, ...upstream.shared },
    plan: featurePlan(describeSignals(series, config), {
      windowSize: upstream.config.window_size, stepSize: upstream.config.step_size, wavelet: config.wavelet, waveletLevel: config.wavelet_level,
      groups: config.groups, includeRaw: config.include_raw_vectorization, levelEdges: config.level_edges,
      values: Object.fromEntries(Object.entries(config.values).filter(([, names]) => names.length > 0)),
      ...(upstream.shared.resample_seconds !== null && { stepSeconds: upstream.shared.resample_seconds }),
    }),
  };
  return planBatches(context, resolved, { target: targetOf(config), items, shared, unit: 'cases', keepUnchanged: false });
});

/** Computes the feature rows of one batch of cases into one part of the dataset. */
export const featureBatch = defineStage('thread', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const cases: WindowFeatures[] = [];
  const ranges = new Map<string, TrainedRange>();
  return runBatch<WindowsSource, FeaturesShared>(context, { resolved, planUri, batch }, async (source, item, { plan }): Promise<FeaturesRecord> => {
    const read = async (file: PublishedFile) => decodeParquet(await readPublished(context.storage, config.source_folder, file));
    const [series, index] = [await read(source.series), await read(source.index)];
    const made = windowFeatures(series, index, plan, { caseId: item.id, group: source.group });
    addRanges(ranges, series, index, plan.signals);
    cases.push(made);
    return { case_id: item.id, case_group: source.group, fingerprint: item.fingerprint, files: [], rows: made.windows.rows };
  }, async ({ plan }) => {
    if (cases.length === 0) return;
    const rowGroupRows = Math.min(config.write_buffer_rows ?? Infinity, config.parquet_row_group_size);
    const bytes = encodeParquet(featureTable(cases, plan), { compression: config.compression, rowGroupRows });
    await context.storage.write(partUri({ planUri, batch }, 'parquet'), bytes);
    await context.storage.write(partUri({ planUri, batch }, 'ranges.json'), JSON.stringify([...ranges]));
  });
});

/** Stitches the parts into the dataset, and writes the list of its features. */
export const publishFeatures = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const target = targetOf((input.resolved as Resolved).config);
  let cases = 0;
  let rows = 0;
  return publishRecords<FeaturesRecord>(context, input, target, {
    add(record) {
      cases++;
      rows += record.rows;
    },
    async end({ shared, batches, quarantined }) {
      if (cases === 0) throw nothingLeft(quarantined);
      const { plan: planned, windows } = shared as FeaturesShared;
      const plan = await withRanges(context, planned, input.planUri, batches);
      const names = plan.features.map((feature) => feature.name);
      const files = [
        await publishFile(context.storage, target.folder, datasetPath, stitched(context, input.planUri, batches), { rows }),
        await publishFile(context.storage, target.folder, schemaPath, new TextEncoder().encode(`${JSON.stringify(names, null, 2)}\n`)),
      ];
      return { files, extra: { shared: { plan, windows } satisfies FeaturesShared, windows, features: plan.features, signals: plan.signals }, metrics: { cases, rows, features: names.length } };
    },
  });
});

/** The parts of all batches as one file, piece by piece, so that a dataset of any size takes little memory. */
async function* stitched(context: StageContext, planUri: string, batches: number): AsyncIterable<Uint8Array> {
  const stitcher = parquetStitcher();
  // One part is written while the next one is read.
  const memories: [ReadMemory, ReadMemory] = [{ bytes: new Uint8Array() }, { bytes: new Uint8Array() }];
  for (let batch = 0; batch < batches; batch++) {
    const uri = partUri({ planUri, batch }, 'parquet');
    if (!(await context.storage.stat(uri))) continue;
    const pieces = await stitcher.add(await context.storage.read(uri, { memory: memories[0] }));
    yield* pieces;
    // Of a part without rows nothing was given away, while the one before may still be under way.
    if (pieces.length > 0) memories.reverse();
  }
  yield await stitcher.end();
}

export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'metadata/features_metadata.json' };
}
