import { allHandlersFinished, condition, continueAsNew, uuid4 } from '@temporalio/workflow';
import type { PipelineResult, PublishStudyInput, ResolvedInput, ResolvedSection, StageOutcome, StartInput } from '../pipelines/index.js';
import { describeOutcome, describeRun } from './attributes.js';
import { callLocalStage, callStage } from './callStage.js';
import { failPlainly } from './failure.js';
import { enterStage, openRun, showResult, type RunState } from './progress.js';
import { countTrials, endTrial, openStudy, restoreStudy, showStudy, trialOf, type ContinuedStudy, type Study } from './study.js';
import { openStudyHandlers } from './studyHandlers.js';
import { runTrials } from './studyTrials.js';

export type StudyStart = StartInput | ResolvedInput | { readonly continued: ContinuedStudy };

const words = { plan: 'looks for earlier trials', trials: 'tries values', publish: 'publishes the study' };

/** The best LightGBM parameters by trials: a study whose table lives here, and whose trials run on any host. */
export async function optimizeLgbm(input: StudyStart): Promise<PipelineResult> {
  const state = openRun();
  const holder: { study?: Study } = {};
  openStudyHandlers(holder, state);
  return failPlainly(async () => {
    const continued = input && 'continued' in input ? input.continued : undefined;
    const resolved = continued?.resolved ?? (await resolve(input as StartInput | ResolvedInput));
    state.resolved = resolved;
    describeRun(resolved);

    const study = continued ? restoreStudy(continued) : await planned(resolved, state);
    if ('result' in study) return finish(state, resolved, 'up_to_date', study.result);
    holder.study = study;
    enterStage(state, words.trials, '');
    if (continued) Object.assign(state, { paused: continued.paused, since: continued.since, doneThen: continued.doneThen });
    else state.doneThen = countTrials(study).complete + countTrials(study).pruned;
    showStudy(study, state);

    if ((await runTrials(study, state)) === 'continue') return continueFrom(study, state);
    study.closed = true;
    await giveUpOutside(study, state);
    await condition(allHandlersFinished);
    state.note = '';
    enterStage(state, words.publish, '');
    return finish(state, resolved, 'completed', await callStage('publishStudy', 'penstock-cpu', words.publish)(publication(study)));
  });
}

async function resolve(input: StartInput | ResolvedInput): Promise<ResolvedSection> {
  if (input && 'resolved' in input) return input.resolved;
  return callStage('resolveSection', 'penstock', 'reads and checks the configuration')({ pipeline: 'optimizeLgbm', input: input ?? {} });
}

async function planned(resolved: ResolvedSection, state: RunState): Promise<Study | { readonly result: StageOutcome }> {
  enterStage(state, words.plan, '');
  const study = { resolved, run: uuid4() };
  const plan = await callStage('planStudy', 'penstock-cpu', words.plan)(study);
  return plan.upToDate ? { result: plan.result } : openStudy(study, plan);
}

/** Values were given to somebody who has not told a result; nobody waits for it any more. */
async function giveUpOutside(study: Study, state: RunState): Promise<void> {
  for (const [number, row] of study.rows.entries()) {
    if (row.s !== 'running') continue;
    const result = await callLocalStage('recordTrial')({
      ...study.input, number, ...trialOf(study, number), result: { state: 'failed', reason: row.o ? 'no result was told' : 'the study ended before it' },
    });
    endTrial(study, state, number, result);
  }
}

function publication({ input, plan, rows, nTrials, end }: Study): PublishStudyInput {
  const { complete, pruned } = countTrials({ rows });
  return { ...input, ...plan, trials: rows.length, end: complete + pruned >= nTrials ? 'trials' : (end ?? 'stopped') };
}

async function continueFrom(study: Study, state: RunState): Promise<never> {
  await condition(allHandlersFinished);
  const { input, plan, rows, waiting, nTrials, parallelism, deadline, end } = study;
  const continued: ContinuedStudy = {
    ...input, plan, rows, waiting, nTrials, parallelism, deadline, end, paused: state.paused, since: state.since, doneThen: state.doneThen,
  };
  return continueAsNew<(input: StudyStart) => Promise<PipelineResult>>({ continued });
}

function finish(state: RunState, resolved: ResolvedSection, outcome: 'completed' | 'up_to_date', result: StageOutcome): PipelineResult {
  state.total = Math.max(state.total, 1);
  state.done = state.total;
  showResult(state, outcome, result);
  describeOutcome(outcome, { metrics: result.metrics });
  return { section: resolved.section, outcome, configHash: resolved.configHash, ...result };
}
