import { createHash } from 'node:crypto';
import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { openLightgbm, writeBundle, type BundleFile, type LightgbmParams } from '../learning/index.js';
import type {
  BatchInput, BatchResult, DetectionConfig, Metrics, ObserverConfig, PfmConfig, PipelineName, Plan, PublishInput, ResolvedSection, StageOutcome, TrainingConfig,
} from '../pipelines/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { jsonBytes, publishAll, type FileToPublish } from './files.js';
import { defineStage, type StageContext } from './stage.js';
import { bundleOf } from './training/bundleOf.js';
import { checkRequired, requireValidation } from './training/requireValidation.js';
import { openSource, prepareObserver, preparePfm, sourceFingerprint, type Prepared, type Task, type TrainingSource } from './training/prepare.js';
import { detailedMetrics, flatMetrics, modelFiles } from './training/results.js';
import type { Unavailable } from './training/target.js';
import { trainTask, type TrainedTask } from './training/trainTask.js';

type Resolved = ResolvedSection<TrainingConfig>;

interface TrainingRecord extends ItemRecord {
  readonly metrics: Metrics;
}

/** The seven trainings: which task, and whether the healthy line is learnt first. */
const trainings: Partial<Record<PipelineName, { readonly task: Task; readonly observer: boolean }>> = {
  trainingPfmDetection: { task: 'detection', observer: false },
  trainingPfmSize: { task: 'size', observer: false },
  trainingPfmLocation: { task: 'location', observer: false },
  trainingPfmLeakflow: { task: 'leakflow', observer: false },
  trainingObserverDetection: { task: 'detection', observer: true },
  trainingObserverSize: { task: 'size', observer: true },
  trainingObserverLocation: { task: 'location', observer: true },
};

export const planTraining = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config, pipeline } = resolved as Resolved;
  const { observer } = trainings[pipeline]!;
  const { threshold_path: thresholdPath } = config as Partial<DetectionConfig>;
  const fit = await openSource(context, observer, config, config.input_path);
  const threshold = thresholdPath === undefined ? undefined : await openSource(context, observer, config, thresholdPath);
  const bestParams = config.best_params_file === undefined ? undefined : { uri: config.best_params_file, sha256: sha256(await context.storage.read(config.best_params_file)) };
  const source: TrainingSource = { fit, ...(threshold && { threshold }), ...(bestParams && { bestParams }) };
  const required = config.require_validation_file === undefined ? [] : [await checkRequired(context, config.require_validation_file, resolved.storage)];
  const fingerprint = hashOf([sourceFingerprint(fit), threshold ? sourceFingerprint(threshold) : null, bestParams?.sha256 ?? null, ...required]);
  return planBatches(context, resolved, { target: targetOf(config), items: [{ id: 'model', bytes: 0, fingerprint, source }], unit: 'models', keepUnchanged: false });
});

/** Trains in a process of its own: reads the data, fits, judges, verifies the export, writes the bundle. */
export const trainModel = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config, pipeline } = resolved as Resolved;
  const { task, observer } = trainings[pipeline]!;
  return runBatch<TrainingSource, null>(context, { resolved, planUri, batch }, async (source, item): Promise<TrainingRecord> => {
    const library = openLightgbm(await context.tool('lightgbm'));
    const prepared = observer ? await prepareObserver(context, library, task, source, config as ObserverConfig) : await preparePfm(context, task, source, config as PfmConfig);
    if ('unavailable' in prepared) return { case_id: item.id, fingerprint: item.fingerprint, ...(await publishUnavailable(context, config, prepared)) };
    const bestParams = source.bestParams && await readBestParams(context, source.bestParams.uri);
    const trained: TrainedTask[] = [];
    try {
      for (const target of prepared.targets) {
        trained.push(await trainTask({
          library, fit: { ...prepared.fit, target }, threshold: prepared.threshold, config, bestParams,
          hooks: {
            signal: context.signal,
            onIteration: (done) => context.progress({ done, total: config.num_boost_round, unit: 'iterations', detail: `${target.name}: iteration ${done} of at most ${config.num_boost_round}` }),
          },
        }));
      }
      const { bundle, files, metrics } = resultsOf(trained, prepared, resolved as Resolved, observer);
      if (config.require_validation_file !== undefined) await requireValidation(context, bundle, config.require_validation_file, resolved.storage);
      const published = await publishAll(context, targetOf(config).folder, files);
      return { case_id: item.id, fingerprint: item.fingerprint, files: [...prepared.files, ...published], metrics };
    } finally {
      for (const { model } of trained) model.free();
    }
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

/** The bundle, and all that tells of its models: the first in the folder itself, further ones in folders of their own. */
function resultsOf(trained: readonly TrainedTask[], prepared: Prepared, { config, configHash }: Resolved, observer: boolean): { bundle: readonly BundleFile[]; files: FileToPublish[]; metrics: Metrics } {
  const [first, ...others] = trained as [TrainedTask, ...TrainedTask[]];
  const bundle = writeBundle(bundleOf([first, ...others], {
    learner: observer ? 'observer' : 'pfm', source: prepared.source, configHash, preparation: prepared.preparation, signals: prepared.signals, roles: prepared.roles, extra: prepared.bundleFiles,
  }));
  // A bundle is named by the hash of its manifest, which names the hash of every file.
  const id = sha256(bundle.find((file) => file.path === 'manifest.json')!.bytes).slice(0, 12);
  const metrics: Metrics = Object.fromEntries(trained.flatMap((task, at) => Object.entries(flatMetrics(task, config, { bundle: id, prefix: at === 0 ? '' : task.target.name }))));
  const detail = { ...metrics, models: Object.fromEntries(trained.map((task) => [task.target.name, detailedMetrics(task, config)])), ...prepared.facts };
  return {
    bundle, metrics,
    files: [
      ...bundle.map((file) => ({ ...file, path: `bundle/${file.path}` })),
      { path: 'metrics.json', bytes: jsonBytes(detail) },
      ...trained.flatMap((task, at) => modelFiles(task, at === 0 ? '' : `${task.target.name}/`)),
    ],
  };
}

/** No model where the data cannot teach it: the run says why, and the steps after it go on. */
async function publishUnavailable(context: StageContext, config: TrainingConfig, { unavailable }: Unavailable): Promise<Pick<TrainingRecord, 'files' | 'metrics'>> {
  const metrics: Metrics = { status: 'unavailable', reason: unavailable };
  return { metrics, files: await publishAll(context, targetOf(config).folder, [{ path: 'metrics.json', bytes: jsonBytes(metrics) }]) };
}

/** `{"params": {...}}` of a tuning; other members are for people. */
async function readBestParams(context: StageContext, uri: string): Promise<LightgbmParams> {
  const found = JSON.parse(new TextDecoder().decode(await context.storage.read(uri))) as { params?: unknown };
  if (typeof found.params === 'object' && found.params !== null && !Array.isArray(found.params)) return found.params as LightgbmParams;
  throw new PenstockError('learning/invalid-parameter', 'best_params_file must be a JSON object with the member "params"', { file: uri, key: 'best_params_file' });
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
