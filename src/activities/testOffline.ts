import { hashOf } from '../config/index.js';
import { compareDetectors, shiftedLabels } from '../evaluation/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, StageOutcome, TestOfflineConfig } from '../pipelines/index.js';
import { publishFile, readPublished, type PublishedFile } from '../storage/index.js';
import { decodeParquet, encodeParquet } from '../table/index.js';
import { planBatches, publishBatches, readUpstream, runBatch, type BatchedMetadata, type ItemRecord, type Target } from './batches.js';
import { caseChart, confusionPicture, offlineReport } from './offlineReport.js';
import { publishAll } from './files.js';
import { openBundle, scoreSeries, scoredCases, type CaseFacts, type OpenBundle } from './scoreSeries.js';
import { defineStage, type StageContext } from './stage.js';
import { targetOf as trainingTarget } from './trainingPfmDetection.js';
import { targetOf as seriesTarget, type SeriesRecord } from './tplGenkey.js';

type Resolved = ResolvedSection<TestOfflineConfig>;

interface ScoreSource {
  readonly file: PublishedFile;
  readonly group: string;
  readonly leaks: SeriesRecord['leaks'];
  readonly chart: boolean;
}

interface ScoreShared {
  readonly bundle: readonly PublishedFile[];
}

/** One scored case: where its scores lie, and what the report needs beside them. */
export interface ScoreRecord extends ItemRecord {
  readonly scores: PublishedFile;
  readonly facts: CaseFacts;
}

export const planOfflineTest = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const series = await readUpstream<BatchedMetadata<SeriesRecord>>(context, seriesTarget({ output_folder: config.parquet_root }), 'tpl_genkey_pipeline');
  const training = await readUpstream(context, trainingTarget({ output_folder: config.bundle_folder }), 'training_pfm_detection_pipeline');
  const shared: ScoreShared = { bundle: training.files.filter((file) => file.path.startsWith('bundle/')) };
  const items = series.cases.map((record, index) => ({
    id: record.case_id, bytes: record.files[0]!.size, fingerprint: hashOf([record.case_group, record.files[0]!.sha256, shared.bundle.map((file) => file.sha256)]),
    source: { file: record.files[0]!, group: record.case_group, leaks: record.leaks, chart: index < config.series_charts } satisfies ScoreSource,
  }));
  return planBatches(context, resolved, { target: targetOf(config), items, shared, unit: 'cases' });
});

/** Scores the cases of one batch with the model and its baselines, from raw series to a chart. */
export const scoreBatch = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const { folder } = targetOf(config);
  let bundle: OpenBundle | undefined;
  try {
    return await runBatch<ScoreSource, ScoreShared>(context, { resolved, planUri, batch }, async (source, item, shared): Promise<ScoreRecord> => {
      bundle ??= await openBundle(await bundleFiles(context, config, shared));
      const recorded = await decodeParquet(await readPublished(context.storage, config.parquet_root, source.file));
      const { table, series, facts } = await scoreSeries(bundle, recorded, { caseId: item.id, group: source.group, leaks: source.leaks });
      const scores = await publishFile(context.storage, folder, `scores/${item.id}.parquet`, encodeParquet(table), { rows: table.rows });
      const charts = source.chart ? await publishAll(context, folder, caseChart({ caseId: item.id, table, series, facts, bundle, config })) : [];
      return { case_id: item.id, fingerprint: item.fingerprint, files: [scores, ...charts], scores, facts };
    });
  } finally {
    await bundle?.close();
  }
});

/** Evaluates the model and its baselines by the same rules, and writes the report. */
export const publishOfflineTest = defineStage('process', async (input: PublishInput, context): Promise<StageOutcome> => {
  const { config, configHash } = (input.resolved as Resolved);
  const target = targetOf(config);
  return publishBatches<ScoreRecord>(context, input, target, async (records, shared) => {
    const bundle = await openBundle(await bundleFiles(context, config, shared as ScoreShared));
    await bundle.close();
    const scored = await scoredCases(records, (file) => readPublished(context.storage, target.folder, file));
    const rules = { persistence: config.persistence, holdOffSeconds: config.hold_off_seconds, graceSeconds: config.grace_seconds };
    const comparison = compareDetectors({
      model: { cases: scored.model, options: { ...rules, threshold: bundle.threshold } },
      clock_only: { cases: scored.clock, options: { ...rules, threshold: bundle.controls.clock_only.threshold } },
      ...(bundle.controls.imbalance && { imbalance: { cases: scored.imbalance, options: { ...rules, threshold: bundle.controls.imbalance.threshold } } }),
    });
    const shifted = shiftedLabels(scored.model, { repeats: config.shifted_label_repeats, seed: 1 });
    const report = await offlineReport({ comparison, shifted, config, configHash, bundle, cases: records.length });
    const files = await publishAll(context, target.folder, [...report.files, ...confusionPicture(comparison)]);
    return { files, metrics: report.metrics };
  });
});

export function targetOf(config: { output_report_folder: string }): Target {
  return { folder: config.output_report_folder, metadata: 'offline_run_metadata.json' };
}

async function bundleFiles(context: StageContext, config: TestOfflineConfig, shared: ScoreShared): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const file of shared.bundle) files.set(file.path.slice('bundle/'.length), await readPublished(context.storage, config.bundle_folder, file));
  return files;
}
