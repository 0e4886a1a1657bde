import { PenstockError } from '../errors/index.js';
import type {
  BlockInput, BlockResult, KeepWishInput, OptimizeLgbmConfig, PublishStudyInput, RecordInput, ResolvedSection, StageOutcome, StudyInput, StudyPlanned, SuggestInput, Suggested,
  TrialInput, TrialRecord, TrialResult, TrialRow,
} from '../pipelines/index.js';
import { benchmarkObjective, valueOf } from './study/benchmarkTrial.js';
import { planOf } from './study/plan.js';
import { publishOf } from './study/publish.js';
import { openStudy, readTrial, writeTrial, writeWish } from './study/store.js';
import { checkFixed, suggestionFor } from './study/suggestion.js';
import { rowOf, spaceOf } from './study/table.js';
import { trainingObjective } from './study/trainTrial.js';
import { resultOf, runTrialOnce } from './study/trial.js';
import { defineStage } from './stage.js';

export const planStudy = defineStage('thread', (input: StudyInput, context): Promise<StudyPlanned> => planOf(context, input));

/** The values of the next trial. Called as a local activity, because the table comes along. */
export const suggestTrial = defineStage('inline', async (input: SuggestInput, context): Promise<Suggested> => {
  const { config } = input.resolved as ResolvedSection<OptimizeLgbmConfig>;
  const suggested = suggestionFor({ config }, input);
  if (input.outside && suggested.kind === 'values') {
    const study = await openStudy(context, input);
    const { number, rows, wish } = input;
    await writeTrial(context.storage, study.folder, { number, state: 'running', params: suggested.params, reports: [], unknown: rows[number]?.u ?? [], step: suggested.step, wish: wish?.id, outside: true, begun: 1 });
  }
  return suggested;
});

/** Refuses values that are not of the search space, and keeps others until a trial has them. */
export const checkParams = defineStage('inline', async (input: KeepWishInput, context): Promise<void> => {
  const study = await openStudy(context, input);
  checkFixed(input.wish.params, spaceOf(study.config));
  await writeWish(context.storage, study.folder, input.wish);
});

/** One training, in a process of its own. */
export const trainTrial = defineStage('process', (input: TrialInput, context): Promise<TrialResult> =>
  runTrialOnce(context, input, trainingObjective(context, input)));

/** One call of a test function. */
export const benchmarkTrial = defineStage('inline', (input: TrialInput, context): Promise<TrialResult> =>
  runTrialOnce(context, input, benchmarkObjective(input)));

/**
 * Several calls of a test function, one after the other, each with the result of those before it. Each is kept in storage as it ends:
 * where this step is tried again, it goes on behind the last one.
 */
export const benchmarkBlock = defineStage('thread', async (input: BlockInput, context): Promise<BlockResult> => {
  const study = await openStudy(context, input);
  const rows: TrialRow[] = [...input.rows];
  const made: TrialRow[] = [];
  for (let number = input.first; number < input.first + input.count; number++) {
    context.signal.throwIfAborted();
    const finished = await readTrial(context.storage, study.folder, number);
    const unknown = input.rows[input.first]?.u ?? [];
    if (!finished) {
      const suggested = suggestionFor(study, { ...input, number, rows });
      if (suggested.kind !== 'values') throw new PenstockError('internal', 'a block of trials has nothing to suggest');
      const record: TrialRecord = { number, state: 'complete', params: suggested.params, value: valueOf(study.config.benchmark, suggested.params), reports: [], unknown, begun: 1 };
      await writeTrial(context.storage, study.folder, record);
      made.push(rowOf(record, input.parameters));
    } else made.push(rowOf(finished, input.parameters));
    rows[number] = made.at(-1)!;
  }
  return { rows: made };
});

/** Keeps what became of a trial whose end the workflow knows first. */
export const recordTrial = defineStage('inline', async (input: RecordInput, context): Promise<TrialResult> => {
  const study = await openStudy(context, input);
  const before = await readTrial(context.storage, study.folder, input.number);
  if (before && before.state !== 'running') return resultOf(before);
  const { state, value, reason } = input.result;
  const record: TrialRecord = {
    begun: 1, ...before, number: input.number, state, params: input.params, unknown: input.unknown, step: input.step, wish: input.wish, reports: input.reports ?? before?.reports ?? [],
    ...(value !== undefined && { value }), ...(reason !== undefined && { reason }),
  };
  await writeTrial(context.storage, study.folder, record);
  return resultOf(record);
});

export const publishStudy = defineStage('process', (input: PublishStudyInput, context): Promise<StageOutcome> => publishOf(context, input));
