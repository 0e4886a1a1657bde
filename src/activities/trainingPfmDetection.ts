import { createHash } from 'node:crypto';
import { lightgbmVersion, openLightgbm, writeBundle } from '../learning/index.js';
import type { BatchInput, BatchResult, Metrics, Plan, PublishInput, ResolvedSection, StageOutcome, TrainingPfmDetectionConfig } from '../pipelines/index.js';
import { svgToPng, trainingCurveChart } from '../report/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { splitCases, trainingRows } from './dataset.js';
import { datasetSource, fingerprintOf, readDataset, type DatasetSource } from './datasetSource.js';
import { detectorBundle } from './detectorBundle.js';
import { jsonBytes, publishAll, type FileToPublish } from './files.js';
import { defineStage } from './stage.js';
import { trainControls, trainDetector, type Detector } from './trainDetector.js';

type Resolved = ResolvedSection<TrainingPfmDetectionConfig>;

interface TrainingRecord extends ItemRecord {
  readonly metrics: Metrics;
}

export const planTraining = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const source = await datasetSource(context, config);
  const items = [{ id: 'detector', bytes: source.dataset.size, fingerprint: fingerprintOf(source), source }];
  return planBatches(context, resolved, { target: targetOf(config), items, unit: 'models', keepUnchanged: false });
});

/** Trains in a process of its own: reads the dataset, fits, chooses the threshold, verifies the export, writes the bundle. */
export const trainDetection = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  return runBatch<DatasetSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<TrainingRecord> => {
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
