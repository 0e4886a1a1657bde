import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertMemo, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Metrics, Outcome, ResolvedSection } from '../pipelines/contracts.js';
import { searchAttributes } from './searchAttributes.js';

const scheduledStart = defineSearchAttributeKey('TemporalScheduledStartTime', 'DATETIME');

/** Makes the run findable by what it works on, and by the time a schedule started it for. */
export function describeRun(resolved: ResolvedSection): void {
  const logicalDate = workflowInfo().typedSearchAttributes.get(scheduledStart);
  const dataset = datasetOf(resolved);
  upsertSearchAttributes([
    { key: searchAttributes.section, value: resolved.section },
    { key: searchAttributes.configHash, value: resolved.configHash.slice(0, 8) },
    ...(dataset ? [{ key: searchAttributes.dataset, value: dataset }] : []),
    ...(logicalDate ? [{ key: searchAttributes.logicalDate, value: logicalDate }] : []),
  ]);
}

/** How the run ended, findable; and what stays visible when no worker is up to answer queries. */
export function describeOutcome(outcome: Outcome, facts: { readonly metrics: Metrics } & Record<string, unknown>): void {
  const { bundle } = facts.metrics;
  upsertSearchAttributes([
    { key: searchAttributes.outcome, value: outcome },
    ...(typeof bundle === 'string' ? [{ key: searchAttributes.model, value: bundle }] : []),
  ]);
  upsertMemo({ outcome, ...facts });
}

/** The folder that the run reads, by its last two names, which is what people call a dataset. */
function datasetOf({ config }: ResolvedSection): string | undefined {
  const place = config['source_folder'] ?? config['input_path'] ?? config['parquet_root'];
  return typeof place === 'string' ? place.split('/').slice(-2).join('/') : undefined;
}
