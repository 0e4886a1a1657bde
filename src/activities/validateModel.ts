import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import type { BatchInput, BatchResult, Metrics, Plan, PublishInput, ResolvedSection, StageOutcome, ValidateModelConfig } from '../pipelines/index.js';
import { baseName, sha256 } from '../storage/index.js';
import { nothingLeft, planBatches, publishBatches, runBatch, type ItemRecord, type Target } from './batches.js';
import { jsonBytes, publishAll } from './files.js';
import { readBundleFolder } from './predict/readBundleFolder.js';
import { hashFile } from './sourceFile.js';
import { defineStage, type StageContext } from './stage.js';
import { recordingsIn } from './validation/inferFromRecordings.js';
import type { ValidationReport } from './validation/report.js';
import { validateBundle } from './validation/validateBundle.js';
import { validationData, validationFingerprint } from './validation/validationData.js';

type Resolved = ResolvedSection<ValidateModelConfig>;

interface VerdictRecord extends ItemRecord {
  readonly metrics: Metrics;
}

export const reportFile = 'validation_report.json';

/** Judges again only where the model, the data or the settings changed; a verdict that stands still holds. */
export const planValidation = defineStage('thread', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<Plan> => {
  const { config } = resolved as Resolved;
  const items = [{ id: 'model', bytes: 0, fingerprint: await fingerprint(context, config), source: null }];
  const plan = await planBatches(context, resolved, { target: targetOf(config), items, unit: 'models', keepUnchanged: false });
  if (plan.upToDate) refuseFailed(plan.result.metrics);
  return plan;
});

/** Judges in a process of its own, because models are native code. */
export const validateBatch = defineStage('process', async ({ resolved, planUri, batch }: BatchInput, context): Promise<BatchResult> => {
  const { config } = resolved as Resolved;
  return runBatch<null, null>(context, { resolved, planUri, batch }, async (_source, item): Promise<VerdictRecord> => {
    const report = await validateBundle(context, await readBundleFolder(context, config.model.path), config);
    const files = config.execution.save_report ? [{ path: reportFile, bytes: jsonBytes(report) }] : [];
    return { case_id: item.id, fingerprint: item.fingerprint, files: await publishAll(context, config.output_folder, files), metrics: metricsOf(report) };
  });
});

/** Publishes the verdict, good or bad, and then fails the run where it is bad: a schedule or a parent stops there. */
export const publishValidation = defineStage('thread', async (input: PublishInput, context): Promise<StageOutcome> => {
  const outcome = await publishBatches<VerdictRecord>(context, input, targetOf((input.resolved as Resolved).config), async ([record], _shared, _batches, quarantined) => {
    if (!record) throw nothingLeft(quarantined);
    return { files: [], metrics: record.metrics };
  });
  refuseFailed(outcome.metrics);
  return outcome;
});

/** The same judgement at once, without plan and metadata: for the command line. */
export const judgeModel = defineStage('process', async ({ resolved }: { resolved: ResolvedSection }, context): Promise<ValidationReport> => {
  const { config } = resolved as Resolved;
  const report = await validateBundle(context, await readBundleFolder(context, config.model.path), config);
  if (config.execution.save_report) await publishAll(context, config.output_folder, [{ path: reportFile, bytes: jsonBytes(report) }]);
  return report;
});

/** The error of a report with failed checks: one sentence for each. */
export function validationError(report: Pick<ValidationReport, 'checks'>): PenstockError {
  const failed = report.checks.filter(({ status }) => status === 'failed');
  return new PenstockError('learning/validation', `the model did not pass: ${failed.map(({ name, message }) => `${name}: ${message}`).join('; ')}`);
}

export function targetOf(config: { output_folder: string }): Target {
  return { folder: config.output_folder, metadata: 'validation_metadata.json' };
}

function metricsOf(report: ValidationReport): Metrics {
  const { metrics, bundle, passed } = report;
  return {
    verdict: passed ? 'passed' : 'failed', failed: passed ? null : validationError(report).message, model: bundle?.sha256.slice(0, 12) ?? null,
    ...(metrics && { rows: metrics.rows, precision: metrics.precision, recall: metrics.recall, false_positives: metrics.false_positives, threshold: metrics.threshold }),
  };
}

function refuseFailed(metrics: Metrics): void {
  if (metrics['verdict'] === 'failed') throw new PenstockError('learning/validation', String(metrics['failed']));
}

async function fingerprint(context: StageContext, { model, data }: ValidateModelConfig): Promise<string> {
  const files = [...await readBundleFolder(context, model.path)].map(([path, bytes]) => [path, sha256(bytes)]);
  const schema = data.features_schema_file === undefined ? null : sha256(await context.storage.read(data.features_schema_file));
  const dataset = data.features_dataset_path === undefined ? null : validationFingerprint(await validationData(context, data.features_dataset_path));
  const recordings: string[][] = [];
  for (const { uri, size, etag } of data.recordings_path === undefined ? [] : await recordingsIn(context, data.recordings_path, data.recording_samples)) {
    recordings.push([baseName(uri), (await hashFile(context.storage, uri, size, etag)).sha256]);
  }
  return hashOf([files, schema, dataset, recordings]);
}
