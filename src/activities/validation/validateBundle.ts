import { loadModel, openLightgbm, readBundle, verifyOnnx, type Bundle } from '../../learning/index.js';
import type { ValidateModelConfig } from '../../pipelines/index.js';
import type { StageContext } from '../stage.js';
import { checkRoles, checkSchema } from './checkSchema.js';
import { inferFromDataset } from './inferFromDataset.js';
import { inferFromRecordings } from './inferFromRecordings.js';
import { fault, runCheck, type DatasetMetrics, type Skipped, type ValidationCheck, type ValidationReport } from './report.js';

/** What the gate judges by; training may call it with its own bundle before it publishes it. */
export type ValidationSettings = Pick<ValidateModelConfig, 'data' | 'feature_vectorizer' | 'validation_thresholds' | 'execution'>;

/**
 * Judges a bundle, given by its files: every check that can still be made is made, so that one run tells all that is wrong. Runs
 * native code (LightGBM, onnxruntime), so the caller is a stage in a process of its own.
 *
 *     const report = await validateBundle(context, files, settings);
 *     if (!report.passed) throw validationError(report);
 */
export async function validateBundle(context: StageContext, files: ReadonlyMap<string, Uint8Array>, settings: ValidationSettings): Promise<ValidationReport> {
  const { data, execution } = settings;
  let bundle: Bundle | undefined;
  // The bundle is read whatever is switched off: there is nothing to judge without it.
  const artifacts = await runCheck('artifacts', true, () => {
    bundle = readBundle(files);
    return `${files.size} files with the hashes of their manifest`;
  });
  if (!bundle) return { passed: false, bundle: null, checks: [artifacts], metrics: null };
  const whole = bundle;
  const found: { metrics: DatasetMetrics | null } = { metrics: null };
  const checks: ValidationCheck[] = [
    artifacts,
    await runCheck('agreement', execution.check_artifacts, () => checkAgreement(context, whole)),
    await runCheck('schema', execution.check_schema, () => checkSchema(context, whole, settings)),
    await runCheck('roles', execution.check_schema, () => checkRoles(whole)),
    await runCheck('inference_method_1', execution.inference_method_1, async () => {
      if (data.features_dataset_path === undefined) return { skipped: 'data.features_dataset_path is not given' };
      const inferred = await inferFromDataset(context, files, whole, settings);
      if ('skipped' in inferred) return inferred;
      found.metrics = inferred.metrics;
      return inferred.message;
    }),
    await runCheck('inference_method_2', execution.inference_method_2, async () =>
      (data.recordings_path === undefined ? { skipped: 'data.recordings_path is not given' } : inferFromRecordings(context, files, data.recordings_path, data.recording_samples))),
  ];
  checks.push(await runCheck('thresholds', true, () => checkThresholds(found.metrics, settings)));
  const { inference, manifest, sha256 } = whole;
  return {
    passed: checks.every(({ status }) => status !== 'failed'), checks, metrics: found.metrics,
    bundle: { sha256, source: manifest.source, task: inference.task, threshold: inference.threshold },
  };
}

/** The exported model against LightGBM's own text of it. */
async function checkAgreement(context: StageContext, { onnx, modelText, modelSha256 }: Bundle): Promise<string> {
  const model = loadModel(openLightgbm(await context.tool('lightgbm')), modelText, modelSha256);
  try {
    const { rows, maxDifference } = await verifyOnnx(onnx, model);
    return `model.onnx and model.txt give the same scores on ${rows} rows (largest difference ${maxDifference})`;
  } finally {
    model.free();
  }
}

function checkThresholds(metrics: DatasetMetrics | null, { validation_thresholds: wanted }: ValidationSettings): string | Skipped {
  const { min_precision: precision, min_recall: recall, max_false_positives: most } = wanted;
  if (precision === undefined && recall === undefined && most === undefined) return { skipped: 'no threshold is given' };
  if (!metrics) throw fault('thresholds are given, but the model was not measured: they need a detector, and inference_method_1 with a dataset (of windows for OBSERVER)');
  const missed = [
    ...(precision !== undefined && metrics.precision < precision ? [`precision ${shown(metrics.precision)} is below min_precision ${precision}`] : []),
    ...(recall !== undefined && metrics.recall < recall ? [`recall ${shown(metrics.recall)} is below min_recall ${recall}`] : []),
    ...(most !== undefined && metrics.false_positives > most ? [`${metrics.false_positives} false positives are more than max_false_positives ${most}`] : []),
  ];
  if (missed.length > 0) throw fault(`${missed.join('; ')} (${metrics.rows} windows, ${metrics.positives} with a leak, threshold ${metrics.threshold})`);
  return `precision ${shown(metrics.precision)}, recall ${shown(metrics.recall)}, ${metrics.false_positives} false positives over ${metrics.rows} windows at ${metrics.threshold}`;
}

function shown(value: number): string {
  return value.toFixed(4);
}
