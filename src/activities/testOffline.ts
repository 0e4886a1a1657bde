import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { matchEvents, type EventEstimate, type LeakEvent } from '../evaluation/index.js';
import type { BatchInput, BatchResult, Plan, PublishInput, ResolvedSection, StageOutcome, TestOfflineConfig } from '../pipelines/index.js';
import { bundledFontFiles, openPngRenderer, type PngRenderer } from '../report/index.js';
import { publishFile, readPublished, type PublishedFile } from '../storage/index.js';
import { encodeParquet } from '../table/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { publishAll } from './files.js';
import { caseChart, caseSeries } from './caseChart.js';
import { offlineReport } from './offlineReport.js';
import { evaluateBundles, rulesOf, type NamedBundle } from './offlineEvaluation.js';
import { caseLeaks, readScores, regimeRuleOf, scoreHeldOut, type BundleScores, type CaseRecord } from './offlineScores.js';
import { heldOutCases, readHeldOut, type HeldOut } from './offlineSources.js';
import { estimateCase, sizeClasses, type NamedEstimator } from './offlineEstimates.js';
import { openBundle } from './openBundle.js';
import { publishedBundle, readPublishedBundle } from './publishedBundle.js';
import { openModel } from './scoreSeries.js';
import { defineStage, type StageContext } from './stage.js';
import { estimateByWave } from './waveLocation.js';

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
  /** What the bundles that estimate say of its leaks. */
  readonly estimates: readonly EventEstimate[];
}

/** The bundles by what they do: raise alarms, or say where a leak is and how large. */
interface Opened {
  readonly detectors: readonly NamedBundle[];
  readonly estimators: readonly NamedEstimator[];
  close(): Promise<void>;
}

export const planOfflineTest = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const cases = await heldOutCases(context, config);
  const bundles = await Promise.all(foldersOf(config).map(async ({ name, folder }) => ({ name, files: await publishedBundle(context, folder) })));
  const shared: ScoreShared = { bundles };
  const items = cases.map(({ id, bytes, fingerprint, source }, index) => ({
    id, bytes, fingerprint: hashOf([fingerprint, bundles.map(({ name, files }) => [name, files.map((file) => file.sha256)])]),
    source: { heldOut: source, chart: index < (config.series_charts ?? Infinity) } satisfies ScoreSource,
  }));
  return planBatches(context, resolved, { target: targetOf(config), items, shared, unit: 'cases' });
});

/** Scores the cases of one batch with every bundle and its baselines, from recorded series to a chart. */
export const scoreBatch = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  const { folder } = targetOf(config);
  let bundles: Opened | undefined;
  let render: PngRenderer | undefined;
  try {
    return await runBatch<ScoreSource, ScoreShared>(context, { resolved, planUri, batch }, async ({ heldOut, chart }, item, shared): Promise<ScoreRecord> => {
      bundles ??= await openBundles(context, config, shared);
      const recorded = await readHeldOut(context, config, item.id, heldOut);
      const scored: BundleScores[] = [];
      const charts: PublishedFile[] = [];
      let events: readonly LeakEvent[] = [];
      for (const [at, { name, bundle }] of bundles.detectors.entries()) {
        const { table, series, stepSeconds, meanFlow } = await scoreHeldOut(bundle, recorded, item.id, regimeRuleOf(config));
        const path = config.bundles.length === 0 ? `scores/${item.id}.parquet` : `scores/${name}/${item.id}.parquet`;
        scored.push({ scores: await publishFile(context.storage, folder, path, encodeParquet(table), { rows: table.rows }), step_seconds: stepSeconds, mean_flow: meanFlow });
        if (at > 0) continue;
        const drawn = caseChart({ caseId: item.id, table, series, leaks: recorded.leaks, stepSeconds, bundle, config });
        events = drawn.events;
        if (chart) charts.push(...await publishAll(context, folder, drawn.files(render ??= await openRenderer(context))));
      }
      const { speed: waveSpeed, search_seconds: searchSeconds, front_seconds: frontSeconds } = config.pressure_wave;
      const estimates: EventEstimate[] = estimateByWave(recorded, item.id, events, { waveSpeed, searchSeconds, frontSeconds });
      for (const estimator of bundles.estimators) estimates.push(...await estimateCase(estimator, recorded, item.id, events));
      return {
        case_id: item.id, fingerprint: item.fingerprint, files: [...scored.map(({ scores }) => scores), ...charts],
        group: recorded.group, leaks: caseLeaks(recorded.leaks), length_m: recorded.lengthM, scored, estimates, source: heldOut,
      };
    });
  } finally {
    await bundles?.close();
  }
});

/** Evaluates the bundles and their baselines by the same rules, and writes the report. */
export const publishOfflineTest = defineStage('process', async (input: PublishInput, context): Promise<StageOutcome> => {
  const { config, configHash } = (input.resolved as Resolved);
  const target = targetOf(config);
  return publishBatches<ScoreRecord>(context, input, target, async (records, shared, _batches, quarantined) => {
    if (records.length === 0) throw nothingLeft(quarantined);
    const bundles = await openBundles(context, config, shared as ScoreShared);
    try {
      const read = (file: PublishedFile): Promise<Uint8Array> => readPublished(context.storage, target.folder, file);
      const results = await evaluateBundles(records, bundles.detectors, config, read, (done, detail) => {
        context.signal.throwIfAborted();
        context.progress({ done, total: records.length, unit: 'cases', detail });
      });
      const byId = new Map(records.map((record) => [record.case_id, record]));
      const series = async (caseId: string) => {
        const record = byId.get(caseId)!;
        const recorded = await readHeldOut(context, config, caseId, record.source);
        const { scored, scoreOf } = await readScores(record, 0, await read(record.scored[0]!.scores));
        const { bundle } = bundles.detectors[0]!;
        const full = { ...scored, score: scoreOf('score') };
        return caseSeries(recorded, full, matchEvents(full, { ...rulesOf(config, bundle), regimeThresholds: config.regimes.thresholds }), bundle);
      };
      const report = await offlineReport({
        results, config, configHash, cases: records.length, series,
        estimates: records.flatMap((record) => record.estimates), classes: sizeClasses(bundles.estimators), lineLength: lengthOf(records),
      });
      return { files: await publishAll(context, target.folder, report.files), metrics: report.metrics };
    } finally {
      await bundles.close();
    }
  });
});

async function openRenderer({ storage }: StageContext): Promise<PngRenderer> {
  return openPngRenderer(await Promise.all(bundledFontFiles().map((file) => storage.read(file))));
}

export function targetOf(config: { output_report_folder: string }): Target {
  return { folder: config.output_report_folder, metadata: 'offline_run_metadata.json' };
}

function foldersOf(config: TestOfflineConfig): readonly { name: string; folder: string }[] {
  return config.bundles.length > 0 ? config.bundles : [{ name: 'model', folder: config.bundle_folder! }];
}

async function openBundles(context: StageContext, config: TestOfflineConfig, shared: ScoreShared): Promise<Opened> {
  const detectors: NamedBundle[] = [];
  const estimators: NamedEstimator[] = [];
  for (const [at, { name, folder }] of foldersOf(config).entries()) {
    const files = await readPublishedBundle(context, folder, shared.bundles[at]!.files);
    if (taskOf(files) === 'detection') detectors.push({ name, bundle: await openBundle(files) });
    else estimators.push({ name, open: await openModel(files) });
  }
  const close = async (): Promise<void> => {
    for (const { bundle } of detectors) await bundle.close();
    for (const { open } of estimators) await open.close();
  };
  if (detectors.length > 0) return { detectors, estimators, close };
  await close();
  throw new PenstockError('learning/bundle', 'none of the bundles is a detector; estimates of size and place are made of leaks that a detector has found', { key: 'bundles' });
}

function taskOf(files: ReadonlyMap<string, Uint8Array>): string {
  const config = files.get('inference_config.json');
  return config ? (JSON.parse(new TextDecoder().decode(config)) as { task: string }).task : 'detection';
}

/** Length of the line, where it is one for all cases. */
function lengthOf(records: readonly CaseRecord[]): number | null {
  const lengths = new Set(records.map((record) => record.length_m));
  return lengths.size === 1 ? [...lengths][0]! : null;
}
