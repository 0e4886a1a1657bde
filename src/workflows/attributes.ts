import { upsertMemo, upsertSearchAttributes } from '@temporalio/workflow';
import { searchAttributes } from './searchAttributes.js';
import type { Outcome, ResolvedSection } from '../pipelines/contracts.js';

/** Makes the run findable by what it works on. */
export function describeRun(resolved: ResolvedSection): void {
  upsertSearchAttributes([
    { key: searchAttributes.section, value: resolved.section },
    { key: searchAttributes.configHash, value: resolved.configHash.slice(0, 8) },
  ]);
}

/** What stays visible when no worker is up to answer queries. */
export function describeOutcome(outcome: Outcome, facts: Record<string, unknown>): void {
  upsertSearchAttributes([{ key: searchAttributes.outcome, value: outcome }]);
  upsertMemo({ outcome, ...facts });
}
