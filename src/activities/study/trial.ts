import { PenstockError } from '../../errors/index.js';
import type { TrialInput, TrialRecord, TrialResult } from '../../pipelines/index.js';
import { shouldPrune, type Report } from '../../tuning/index.js';
import type { StageContext } from '../stage.js';
import { openStudy, readKnown, readTrial, writeTrial, type OpenStudy } from './store.js';
import { prunerOf, trialsWithReports } from './table.js';

/** What a trial's own work gives: its value, unless the reports on the way ended it. */
export type Objective = (study: OpenStudy, hooks: TrialHooks) => Promise<number>;

export interface TrialHooks {
  readonly signal: AbortSignal;
  /** Takes a value on the way; false where the trial should end now. */
  report(step: number, value: number): boolean;
}

/** Thrown by an objective that ends because `report` said so. */
export const pruned = Symbol('pruned');

/**
 * One trial from begin to end, kept in storage at both: a finished one is not done again, whatever became of the word of its end, and
 * one that was interrupted starts again. It is judged against those trials alone that were finished when its values were asked for, so
 * that it ends the same way every time. A failure of the trial's own is a result; any other is thrown.
 */
export async function runTrialOnce(context: StageContext, input: TrialInput, objective: Objective): Promise<TrialResult> {
  const study = await openStudy(context, input);
  const { batch: number, params, unknown, step, wish } = input;
  const before = await readTrial(context.storage, study.folder, number);
  if (before && before.state !== 'running') return resultOf(before);
  const begun = (before?.begun ?? 0) + 1;
  const record: TrialRecord = { number, state: 'running', params, reports: [], unknown, step, wish, begun, host: context.host, started: new Date().toISOString() };
  if (begun > study.config.trial_attempts) {
    return finish(context, study, { ...record, begun: begun - 1, state: 'failed', reason: `its process or host ended ${begun - 1} times` });
  }
  await writeTrial(context.storage, study.folder, record);
  const reports: Report[] = [];
  try {
    const report = await openPruner(context, study, input, reports);
    const value = await objective(study, { signal: context.signal, report });
    if (!Number.isFinite(value)) return await finish(context, study, { ...record, reports, state: 'failed', reason: `its value is ${value}` });
    return await finish(context, study, { ...record, reports, state: 'complete', value });
  } catch (error) {
    if (error === pruned) return finish(context, study, { ...record, reports, state: 'pruned', value: reports.at(-1)?.value ?? undefined });
    if (context.signal.aborted || !isOwnFailure(error)) throw error;
    return finish(context, study, { ...record, reports, state: 'failed', reason: error.message });
  }
}

export function resultOf({ state, value, reports, reason }: TrialRecord): TrialResult {
  if (state === 'running') throw new PenstockError('internal', 'a running trial has no result');
  const last = reports.at(-1);
  return { state, ...(value !== undefined && { value }), ...(last && { lastStep: last.step }), ...(reason !== undefined && { reason }) };
}

async function finish(context: StageContext, study: OpenStudy, record: TrialRecord): Promise<TrialResult> {
  await writeTrial(context.storage, study.folder, { ...record, ended: new Date().toISOString() });
  return resultOf(record);
}

async function openPruner(context: StageContext, study: OpenStudy, input: TrialInput, reports: Report[]): Promise<TrialHooks['report']> {
  const pruner = prunerOf(study.config);
  const trials = pruner.type === 'none' ? [] : trialsWithReports(await readKnown(context.storage, study.folder, input.batch, input.unknown));
  return (at, value) => {
    reports.push({ step: at, value: Number.isFinite(value) ? value : null });
    return pruner.type === 'none' || !shouldPrune(pruner, trials, { number: input.batch, step: at, reports, direction: input.direction, study: input.resolved.section });
  };
}

/** What other values may do better: parameters that LightGBM refuses, a training that needs too much memory, a value that is none. */
function isOwnFailure(error: unknown): error is PenstockError {
  return error instanceof PenstockError && ['learning/invalid-parameter', 'stage/out-of-memory', 'tuning/invalid'].includes(error.code);
}
