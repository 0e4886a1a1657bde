import { hashOf } from '../config/index.js';
import { matchEvents } from '../evaluation/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, StageOutcome, TestOfflineConfig } from '../pipelines/index.js';
import { publishFile, readPublished, type PublishedFile } from '../storage/index.js';
import { encodeParquet } from '../table/index.js';
import { planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { publishAll } from './files.js';
import { caseChart, caseSeries } from './caseChart.js';
import { offlineReport } from './offlineReport.js';
import { evaluateBundles, rulesOf, type NamedBundle } from './offlineEvaluation.js';
import { caseLeaks, readScores, regimeRuleOf, scoreHeldOut, type BundleScores, type CaseRecord } from './offlineScores.js';
import { heldOutCases, readHeldOut, type HeldOut } from './offlineSources.js';
import { openBundle } from './openBundle.js';
import { publishedBundle, readPublishedBundle } from './publishedBundle.js';
import { defineStage, type StageContext } from './stage.js';

type Resolved = ResolvedSection<TestOfflineConfig>;

interface ScoreSource {
  readonly heldOut: HeldOut;
  readonly chart: boolean;
}

interface ScoreShared {
  /** Files of each bundle, in the order of the section. */
  readonly bundles: readonly { readonly name: string; readonly files: readonly PublishedFile[] }[];
}

/** One scored case: where its scores lie, what the report needs beside them, and where it came from. */
interface ScoreRecord extends ItemRecord, CaseRecord {
  readonly source: HeldOut;
}

export const planOfflineTest = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const cases = await heldOutCases(context, config);
  const bundles = await Promise.all(foldersOf(config).map(async ({ name, folder }) => ({ name, files: await publishedBundle(context, folder) })));
  const shared: ScoreShared = { bundles };
  const items = cases.map(({ id, bytes, fingerprint, source }, index) => ({
    id, bytes, fingerprint: hashOf([fingerprint, bundles.map(({ name, files }) => [name, files.map((file) => file.sha256)])]),
    source: { heldOut: source, chart: index < config.series_charts } satisfies ScoreSource,
  }));
  return planBatches(context, resolved, { target: targetOf(config), items, shared, unit: 'cases' });
});

/** Scores the cases of one batch with every bundle and its baselines, from recorded series to a chart. */
export const scoreBatch = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const { folder } = targetOf(config);
  let bundles: NamedBundle[] | undefined;
  try {
    return await runBatch<ScoreSource, ScoreShared>(context, { resolved, planUri, batch }, async ({ heldOut, chart }, item, shared): Promise<ScoreRecord> => {
      bundles ??= await openBundles(context, config, shared);
      const recorded = await readHeldOut(context, config, item.id, heldOut);
      const scored: BundleScores[] = [];
      const charts: PublishedFile[] = [];
      for (const [at, { name, bundle }] of bundles.entries()) {
        const { table, series, stepSeconds, meanFlow } = await scoreHeldOut(bundle, recorded, item.id, regimeRuleOf(config));
        const path = config.bundles.length === 0 ? `scores/${item.id}.parquet` : `scores/${name}/${item.id}.parquet`;
        scored.push({ scores: await publishFile(context.storage, folder, path, encodeParquet(table), { rows: table.rows }), step_seconds: stepSeconds, mean_flow: meanFlow });
        if (chart && at === 0) charts.push(...await publishAll(context, folder, caseChart({ caseId: item.id, table, series, leaks: recorded.leaks, stepSeconds, bundle, config })));
      }
      return {
        case_id: item.id, fingerprint: item.fingerprint, files: [...scored.map(({ scores }) => scores), ...charts],
        group: recorded.group, leaks: caseLeaks(recorded.leaks), length_m: recorded.lengthM, scored, source: heldOut,
      };
    });
  } finally {
    for (const { bundle } of bundles ?? []) await bundle.close();
  }
});

/** Evaluates the bundles and their baselines by the same rules, and writes the report. */
export const publishOfflineTest = defineStage('process', async (input: PublishInput, context): Promise<StageOutcome> => {
  const { config, configHash } = (input.resolved as Resolved);
  const target = targetOf(config);
  return publishBatches<ScoreRecord>(context, input, target, async (records, shared) => {
    const bundles = await openBundles(context, config, shared as ScoreShared);
    try {
      const read = (file: PublishedFile): Promise<Uint8Array> => readPublished(context.storage, target.folder, file);
      const results = await evaluateBundles(records, bundles, config, read, (done, detail) => {
        context.signal.throwIfAborted();
        context.progress({ done, total: records.length, unit: 'cases', detail });
      });
      const byId = new Map(records.map((record) => [record.case_id, record]));
      const series = async (caseId: string) => {
        const record = byId.get(caseId)!;
        const recorded = await readHeldOut(context, config, caseId, record.source);
        const { scored, scoreOf } = await readScores(record, 0, await read(record.scored[0]!.scores));
        const full = { ...scored, score: scoreOf('score') };
        return caseSeries(recorded, full, matchEvents(full, { ...rulesOf(config, bundles[0]!.bundle), regimeThresholds: config.regimes.thresholds }), bundles[0]!.bundle);
      };
      const report = await offlineReport({ results, config, configHash, cases: records.length, series });
      return { files: await publishAll(context, target.folder, report.files), metrics: report.metrics };
    } finally {
      for (const { bundle } of bundles) await bundle.close();
    }
  });
});

export function targetOf(config: { output_report_folder: string }): Target {
  return { folder: config.output_report_folder, metadata: 'offline_run_metadata.json' };
}

function foldersOf(config: TestOfflineConfig): readonly { name: string; folder: string }[] {
  return config.bundles.length > 0 ? config.bundles : [{ name: 'model', folder: config.bundle_folder! }];
}

async function openBundles(context: StageContext, config: TestOfflineConfig, shared: ScoreShared): Promise<NamedBundle[]> {
  const opened: NamedBundle[] = [];
  for (const [at, { name, folder }] of foldersOf(config).entries()) {
    opened.push({ name, bundle: await openBundle(await readPublishedBundle(context, folder, shared.bundles[at]!.files)) });
  }
  return opened;
}
