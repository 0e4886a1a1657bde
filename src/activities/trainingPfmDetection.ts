import { createHash } from 'node:crypto';
import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { checkModelInput, lightgbmVersion, openLightgbm, writeBundle } from '../learning/index.js';
import type { BatchInput, BatchResult, Metrics, Plan, PublishInput, ResolvedSection, StageOutcome, TrainingPfmDetectionConfig } from '../pipelines/index.js';
import { svgToPng, trainingCurveChart } from '../report/index.js';
import { joinUri, openPublished, type PublishedFile } from '../storage/index.js';
import { decodeParquetFrom, type Table } from '../table/index.js';
import { nothingLeft, planBatches, publishBatches, readUpstream, runBatch, type BatchedMetadata, type ItemRecord, type Target } from './batches.js';
import { bookkeeping, trainingRows } from './dataset.js';
import { datasetPath, schemaPath, targetOf as featuresTarget, type FeaturesShared } from './features.js';
import { detectorBundle } from './detectorBundle.js';
import { jsonBytes, publishAll, type FileToPublish } from './files.js';
import { defineStage, type StageContext } from './stage.js';
import { splitCases, trainControls, trainDetector, type Detector } from './trainDetector.js';

type Resolved = ResolvedSection<TrainingPfmDetectionConfig>;
type FeaturesMetadata = BatchedMetadata & { readonly shared: FeaturesShared };

interface TrainingSource {
  readonly dataset: PublishedFile;
  readonly schema: { readonly uri: string; readonly sha256: string };
  readonly shared: FeaturesShared;
}

interface TrainingRecord extends ItemRecord {
  readonly metrics: Metrics;
}

export const planTraining = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const upstream = await readUpstream<FeaturesMetadata>(context, featuresTarget({ output_folder: config.input_path }), 'features_pipeline');
  const published = (path: string): PublishedFile => upstream.files.find((file) => file.path === path)!;
  const dataset = published(datasetPath);
  const uri = config.features_schema_file ?? joinUri(config.input_path, schemaPath);
  const sha256 = createHash('sha256').update(await context.storage.read(uri)).digest('hex');
  const source: TrainingSource = { dataset, schema: { uri, sha256 }, shared: upstream.shared };
  const items = [{ id: 'detector', bytes: dataset.size, fingerprint: hashOf([dataset.sha256, sha256, upstream.shared]), source }];
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'models', keepUnchanged: false });
});

/** Trains in a process of its own: reads the dataset, fits, chooses the threshold, verifies the export, writes the bundle. */
export const trainDetection = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  return runBatch<TrainingSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<TrainingRecord> => {
    const { dataset, features } = await readDataset(context, config, source);
    const data = trainingRows(dataset, features, config.label_column);
    const split = splitCases(data, config);
    const library = openLightgbm(await context.tool('lightgbm'));
    const detector = await trainDetector(library, data, split, config, {
      signal: context.signal,
      onIteration: (done) => context.progress({ done, total: config.num_boost_round, unit: 'iterations', detail: `iteration ${done} of at most ${config.num_boost_round}` }),
    });
    const controls = await trainControls(library, data, split, config, context.signal);
    const groups = { train: countGroups(data.groups, split.train), valid: countGroups(data.groups, split.test) };
    const bundle = detectorBundle(detector, controls, { config, configHash: resolved.configHash, features, shared: source.shared, lightgbm: lightgbmVersion });
    const bundleFiles = writeBundle(bundle);
    const metrics = metricsOf(detector, controls.clock.validAuc, { rows: data.rows, groups, features: features.length, bundle: bundleId(bundleFiles) });
    const files = await publishAll(context, targetOf(config).folder, [
      ...bundleFiles.map((file) => ({ ...file, path: `bundle/${file.path}` })),
      ...resultFiles(detector, features, metrics),
    ]);
    detector.model.free();
    return { case_id: item.id, fingerprint: item.fingerprint, files, metrics };
  });
});

export const publishTraining = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const target = targetOf((input.resolved as Resolved).config);
  return publishBatches<TrainingRecord>(context, input, target, async ([record], _shared, _batches, quarantined) => {
    if (!record) throw nothingLeft(quarantined);
    return { files: [], metrics: record.metrics };
  });
});

export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'training_metadata.json' };
}

/** The columns needed, and no others: the features of the schema, checked by role, and what training must know of each row. */
async function readDataset(context: StageContext, config: TrainingPfmDetectionConfig, source: TrainingSource): Promise<{ dataset: Table; features: string[] }> {
  const features = JSON.parse(new TextDecoder().decode(await context.storage.read(source.schema.uri))) as unknown;
  if (!Array.isArray(features) || features.length === 0 || !features.every((name) => typeof name === 'string')) {
    throw new PenstockError('learning/invalid-data', 'features_schema_file must be a JSON list of feature names', { file: source.schema.uri, key: 'features_schema_file' });
  }
  const wanted = [...new Set([...features, ...bookkeeping(config.label_column), 'case_id'])];
  const dataset = await decodeParquetFrom(await openPublished(context.storage, config.input_path, source.dataset), { columns: wanted });
  // Operational features are there only where the features section asked for them.
  checkModelInput(dataset.columns, features, { operational: true });
  return { dataset, features };
}

function resultFiles(detector: Detector, features: readonly string[], metrics: Metrics): FileToPublish[] {
  const { history, bestIteration, importance } = detector.model;
  const metric = 'binary_logloss';
  const svg = trainingCurveChart({
    title: 'Training curve', subtitle: `leak detection, best iteration ${bestIteration}`, metric, bestIteration,
    train: history[metric]?.['train'] ?? [], valid: history[metric]?.['valid'] ?? [],
  });
  const ranking = features
    .map((feature, i) => ({ feature, gain: importance.gain[i]!, split: importance.split[i]! }))
    .sort((a, b) => b.gain - a.gain || (a.feature < b.feature ? -1 : 1));
  return [
    { path: 'metrics.json', bytes: jsonBytes(metrics) },
    { path: 'history.json', bytes: jsonBytes(history) },
    { path: 'importance.json', bytes: jsonBytes(ranking) },
    { path: 'plots/training_curve.svg', bytes: new TextEncoder().encode(svg) },
    { path: 'plots/training_curve.png', bytes: svgToPng(svg) },
  ];
}

function metricsOf(detector: Detector, clockAuc: number, facts: { rows: number; features: number; groups: { train: number; valid: number }; bundle: string }): Metrics {
  const { threshold } = detector;
  return {
    bundle: facts.bundle, rows: facts.rows, features: facts.features, train_groups: facts.groups.train, valid_groups: facts.groups.valid,
    best_iteration: detector.model.bestIteration, train_auc: detector.trainAuc, valid_auc: detector.validAuc, auc_gap: detector.trainAuc - detector.validAuc,
    threshold: threshold.threshold, threshold_strategy: threshold.strategy, valid_precision: threshold.precision, valid_recall: threshold.recall, valid_f1: threshold.f1,
    clock_only_valid_auc: clockAuc, onnx_rows_verified: detector.verification.rows, onnx_max_difference: detector.verification.maxDifference,
    ...(threshold.warning && { threshold_warning: threshold.warning }),
  };
}

/** A bundle is named by the hash of its manifest, which names the hash of every file. */
function bundleId(files: readonly FileToPublish[]): string {
  return createHash('sha256').update(files.find((file) => file.path === 'manifest.json')!.bytes).digest('hex').slice(0, 12);
}

function countGroups(groups: readonly string[], rows: Int32Array): number {
  return new Set(Array.from(rows, (row) => groups[row])).size;
}
