import { ActivityFailure, ApplicationFailure, CancellationScope, condition, isCancellation, sleep, TimeoutFailure, workflowInfo } from '@temporalio/workflow';
import type { StudyWish, TrialInput, TrialResult } from '../pipelines/index.js';
import { callLocalStage, callStage } from './callStage.js';
import type { RunState } from './progress.js';
import { countTrials, endTrial, showStudy, trialOf, unknownBelow, valuesOf, type Study } from './study.js';

/** Blocks of cheap trials between two words to the server: until then it knows of none, and nobody's wish is heard. */
const blocksPerWord = 8;

/** Begins trials, as many at a time as wanted, until all have ended or the run has become too long; answers which of the two. */
export async function runTrials(study: Study, state: RunState): Promise<'ended' | 'continue'> {
  const scope = new CancellationScope();
  const clock = new CancellationScope();
  let failure: { readonly error: unknown } | undefined;
  let begun = 0;
  const fail = (error: unknown): void => {
    if (!failure || (isCancellation(failure.error) && !isCancellation(error))) failure = { error };
    scope.cancel();
  };
  const isLong = (): boolean => workflowInfo().continueAsNewSuggested || begun >= study.config.trials_per_run;
  const begin = (numbers: readonly number[], work: () => Promise<void>): void => {
    begun += numbers.length;
    study.steps++;
    for (const number of numbers) study.working.add(number);
    void scope.run(work).catch(fail).finally(() => {
      study.steps--;
      for (const number of numbers) study.working.delete(number);
    });
  };
  watchTimeout(study, clock);
  try {
    let blocks = 0;
    for (;;) {
      await condition(() => failure !== undefined || study.broken !== undefined || isQuiet(study) && (isOver(study) || isLong()) || !isLong() && mayBegin(study, state));
      if (study.broken) fail(study.broken);
      if (failure || isQuiet(study) && (isOver(study) || isLong())) break;
      if (study.config.trials_per_step > 1 && study.waiting.length === 0 && !study.rows[interrupted(study) ?? -1]?.x) {
        if (++blocks % blocksPerWord === 0) {
          await condition(() => study.steps === 0);
          await sleep(1);
        }
        await beginBlock(study, state, begin);
      } else await beginTrial(study, state, begin);
    }
  } catch (error) {
    fail(error);
  }
  clock.cancel();
  await CancellationScope.nonCancellable(() => condition(() => study.steps === 0));
  if (failure) throw failure.error;
  return isOver(study) ? 'ended' : 'continue';
}

/**
 * Asks for the values of the next trial, or of one whose number is known, and writes them into the table; undefined where nothing is left
 * to suggest. What the suggestion may know is what is finished now, and that is written down with it.
 */
export function ask(study: Study, { number, wish, outside }: { number?: number; wish?: StudyWish; outside?: true }): Promise<number | undefined> {
  return oneByOne(study, async () => {
    const own = number ?? study.rows.length;
    const unknown = unknownBelow(study.rows, own);
    study.rows[own] = { s: 'running', ...(unknown.length > 0 && { u: unknown }), ...(outside && { o: outside }), ...(wish && { w: wish.id }) };
    const { parameters, direction } = study.plan;
    const { running } = countTrials(study);
    const suggested = await callLocalStage('suggestTrial')({ ...study.input, number: own, parameters, direction, rows: study.rows.slice(0, own + 1), wish, outside });
    if (suggested.kind !== 'values') {
      // A trial that has ended meanwhile is what was waited for.
      if (suggested.kind === 'wait') study.waits = countTrials(study).running >= running;
      else study.end ??= 'exhausted';
      if (own === study.rows.length - 1) study.rows.pop();
      return undefined;
    }
    study.rows[own] = { ...study.rows[own], x: valuesOf(study, suggested.params), ...(suggested.step !== undefined && { t: suggested.step }) };
    return own;
  });
}

/** Whether all trials wanted are there, or no further one shall begin. */
function isOver(study: Study): boolean {
  const { complete, pruned, outside } = countTrials(study);
  if (complete + pruned >= study.nTrials) return true;
  return study.end === 'exhausted' ? outside === 0 : study.end !== undefined;
}

function isQuiet(study: Study): boolean {
  return study.steps === 0 && study.asks === 0;
}

function mayBegin(study: Study, state: RunState): boolean {
  if (study.config.objective === 'external' || study.end || state.paused || study.waits || study.asks > 0 || study.steps >= study.parallelism) return false;
  if (interrupted(study) !== undefined) return true;
  const { complete, pruned, running } = countTrials(study);
  return complete + pruned + running < study.nTrials;
}

/** A trial that an earlier run left under way. */
function interrupted(study: Study): number | undefined {
  const at = study.rows.findIndex((row, number) => row.s === 'running' && !row.o && !study.working.has(number));
  return at < 0 ? undefined : at;
}

type Begin = (numbers: readonly number[], work: () => Promise<void>) => void;

async function beginTrial(study: Study, state: RunState, begin: Begin): Promise<void> {
  const left = interrupted(study);
  const number = left !== undefined && study.rows[left]!.x ? left : await ask(study, { ...(left !== undefined ? { number: left } : nextWish(study)) });
  if (number === undefined) return;
  begin([number], () => runTrial(study, state, number));
  showStudy(study, state);
}

export function nextWish(study: Study): { wish?: StudyWish } {
  const wish = study.waiting.shift();
  return wish ? { wish } : {};
}

async function runTrial(study: Study, state: RunState, number: number): Promise<void> {
  const trial = trialOf(study, number);
  const { direction, metric } = study.plan;
  let result: TrialResult;
  try {
    result = await callTrial(study, `trial ${number}: ${JSON.stringify(trial.params).slice(0, 150)}`)({ ...study.input, batch: number, ...trial, direction, metric });
  } catch (error) {
    const reason = ownFailure(error);
    if (reason === undefined) throw error;
    result = await callLocalStage('recordTrial')({ ...study.input, number, ...trial, result: { state: 'failed', reason } });
  }
  endTrial(study, state, number, result);
  const broken = result.state === 'failed' ? tooManyFailed(study, number) : undefined;
  if (broken) throw broken;
}

/** Trainings, and test functions that take their time, are for whichever host has room; the others are over before one could be asked. */
function callTrial({ config }: Study, summary: string): (input: TrialInput) => Promise<TrialResult> {
  if (config.objective !== 'benchmark') return callStage('trainTrial', 'penstock-train', summary);
  return callStage('benchmarkTrial', config.benchmark.seconds > 0 ? 'penstock-train' : 'penstock', summary);
}

async function beginBlock(study: Study, state: RunState, begin: Begin): Promise<void> {
  const { complete, pruned, running } = countTrials(study);
  const left = interrupted(study);
  const first = left ?? study.rows.length;
  const count = left === undefined ? Math.min(study.config.trials_per_step, study.nTrials - complete - pruned - running) : 1;
  const unknown = unknownBelow(study.rows, first);
  for (let number = first; number < first + count; number++) study.rows[number] = { s: 'running', ...(unknown.length > 0 && { u: unknown }) };
  const { parameters, direction } = study.plan;
  begin(Array.from({ length: count }, (_, i) => first + i), async () => {
    const { rows } = await callLocalStage('benchmarkBlock')({ ...study.input, first, count, parameters, direction, rows: study.rows.slice(0, first + 1) });
    for (const [i, row] of rows.entries()) study.rows[first + i] = row;
    showStudy(study, state);
  });
}

function watchTimeout(study: Study, scope: CancellationScope): void {
  if (study.deadline === null || study.end) return;
  const left = Math.max(1, study.deadline - Date.now());
  void scope.run(() => sleep(left)).then(() => { study.end ??= 'timeout'; }, () => undefined);
}

function oneByOne<T>(study: Study, work: () => Promise<T>): Promise<T> {
  study.asks++;
  const result = study.asking.then(work).finally(() => { study.asks--; });
  study.asking = result.catch(() => undefined);
  return result;
}

/** Why a trial failed for good, where that is its own affair: its process ended again and again, or it took too long. */
function ownFailure(error: unknown): string | undefined {
  if (!(error instanceof ActivityFailure)) return undefined;
  const { cause } = error;
  if (cause instanceof ApplicationFailure && cause.type === 'stage/crashed') return cause.message.split('\n')[0]!;
  return cause instanceof TimeoutFailure ? `it was not finished in time (${cause.timeoutType})` : undefined;
}

/** The failure of the study where this failed trial is one too many. */
export function tooManyFailed(study: Study, number: number): ApplicationFailure | undefined {
  const { failed } = countTrials(study);
  if (failed <= study.config.max_failed_trials) return undefined;
  return ApplicationFailure.nonRetryable(
    `${failed} trials failed, and max_failed_trials is ${study.config.max_failed_trials}; the last, trial ${number}: ${study.rows[number]!.e ?? 'no reason'}\nSee why they failed; a later run goes on with the trials that are done [tuning/failed-trials]`,
    'tuning/failed-trials',
  );
}
