import { ApplicationFailure, condition, defineQuery, defineUpdate, setHandler } from '@temporalio/workflow';
import type { StudyParams, StudyReport, StudyValue, TrialResult } from '../pipelines/index.js';
import { callLocalStage } from './callStage.js';
import { failPlainly } from './failure.js';
import type { RunState } from './progress.js';
import { bestOf, countTrials, endTrial, paramsOf, showStudy, trialOf, type Study } from './study.js';
import { ask, nextWish, tooManyFailed } from './studyTrials.js';

/** A trial as people and programs outside see it. */
export interface ShownTrial {
  readonly number: number;
  readonly state: string;
  readonly value: number | null;
  readonly params: StudyParams;
  readonly last_step: number | null;
  /** Trials below it that were not finished when its values were asked for: pairs of first and last number. */
  readonly unknown: readonly number[];
  readonly reason: string | null;
}

export interface Tell {
  readonly number: number;
  /** The objective; missing for a failed trial. */
  readonly value?: number;
  readonly state?: 'complete' | 'pruned' | 'failed';
  readonly reports?: readonly StudyReport[];
  readonly reason?: string;
}

export const bestQuery = defineQuery<ShownTrial | null>('best');
export const trialsQuery = defineQuery<{ total: number; trials: readonly ShownTrial[] }, [{ offset?: number; limit?: number }?]>('trials');
export const enqueueTrialUpdate = defineUpdate<string, [Record<string, StudyValue>]>('enqueueTrial');
export const stopUpdate = defineUpdate<string>('stop');
export const addTrialsUpdate = defineUpdate<string, [number]>('addTrials');
export const setParallelismUpdate = defineUpdate<string, [number]>('setParallelism');
export const askUpdate = defineUpdate<readonly { number: number; params: StudyParams }[], [{ count?: number }?]>('ask');
export const tellUpdate = defineUpdate<ShownTrial, [Tell]>('tell');

const shownAtOnce = 500;
const askedAtOnce = 100;

/** Answers and wishes of a study. `holder.study` is there as soon as its plan is. */
export function openStudyHandlers(holder: { study?: Study }, state: RunState): void {
  setHandler(bestQuery, () => {
    const best = holder.study && bestOf(holder.study);
    return best === undefined ? null : shown(holder.study!, best);
  }, { description: 'The best trial so far, with its values' });
  setHandler(trialsQuery, ({ offset = 0, limit = 100 } = {}) => {
    const rows = holder.study?.rows ?? [];
    const numbers = rows.map((_, number) => number).slice(offset, offset + Math.min(limit, shownAtOnce));
    return { total: rows.length, trials: numbers.map((number) => shown(holder.study!, number)) };
  }, { description: `A page of the table of trials: {"offset": 0, "limit": 100}, at most ${shownAtOnce} at once` });

  setHandler(enqueueTrialUpdate, (params) => wish(holder, async (study) => {
    const kept = { id: study.nextWish++, params };
    await callLocalStage('checkParams')({ ...study.input, wish: kept });
    study.waiting.push(kept);
    return `${study.waiting.length} waiting to be tried`;
  }), {
    description: 'Values to try next, {"num_leaves": 31, ...}; those left out are drawn at random',
    validator: (params) => refuseUnless(typeof params === 'object' && params !== null && !Array.isArray(params), `expected an object of parameters, found ${JSON.stringify(params)}`),
  });
  setHandler(stopUpdate, () => wish(holder, async (study) => {
    study.end ??= 'stopped';
    showStudy(study, state);
    return `stopping: ${countTrials(study).running} trials under way end, then the results are published`;
  }), { description: 'Begins no further trial; those under way end, then the results are published. A later run goes on' });
  setHandler(addTrialsUpdate, (more) => wish(holder, async (study) => {
    refuseUnless(study.nTrials + more <= 5000, `a study has at most 5000 trials; this one is to have ${study.nTrials}`);
    study.nTrials += more;
    showStudy(study, state);
    return `${study.nTrials} trials in all`;
  }), { description: 'So many trials more than n_trials', validator: (more) => refuseUnless(Number.isInteger(more) && more >= 1, `expected a whole number, 1 or more, found ${JSON.stringify(more)}`) });
  setHandler(setParallelismUpdate, (trials) => wish(holder, async (study) => {
    study.parallelism = trials;
    showStudy(study, state);
    return `${trials} trials at the same time`;
  }), { description: 'How many trials run at the same time, from now on', validator: (trials) => refuseUnless(Number.isInteger(trials) && trials >= 1 && trials <= 100, `expected a whole number from 1 to 100, found ${JSON.stringify(trials)}`) });

  setHandler(askUpdate, ({ count = 1 } = {}) => wish(holder, (study) => askFor(study, state, count)), {
    description: 'Values for a trial that is worked on outside: {"count": 1}; answered by numbers and values, to be told by `tell`',
    validator: (input?: { count?: number }) => {
      const count = input?.count ?? 1;
      refuseUnless(Number.isInteger(count) && count >= 1 && count <= askedAtOnce, `count is ${JSON.stringify(count)}; allowed is a whole number from 1 to ${askedAtOnce}`);
    },
  });
  setHandler(tellUpdate, (tell) => wish(holder, (study) => take(study, state, tell)), {
    description: 'The result of a trial that was asked for: {"number": 3, "value": 0.91}, or {"number": 3, "state": "failed", "reason": "..."}',
    validator: (tell) => {
      refuseUnless(typeof tell === 'object' && tell !== null && Number.isInteger(tell.number), `expected {"number": 3, "value": 0.91}, found ${JSON.stringify(tell)}`);
      refuseUnless(['complete', 'pruned', 'failed'].includes(tell.state ?? 'complete'), `state is ${JSON.stringify(tell.state)}; allowed is complete, pruned, failed`);
      refuseUnless(tell.state === 'failed' || Number.isFinite(tell.value), `value is ${JSON.stringify(tell.value)}; a finite number is needed`);
    },
  });
}

async function askFor(study: Study, state: RunState, count: number): Promise<{ number: number; params: StudyParams }[]> {
  const asked: { number: number; params: StudyParams }[] = [];
  for (let i = 0; i < count; i++) {
    const { complete, pruned, running } = countTrials(study);
    if (study.end || complete + pruned + running >= study.nTrials) {
      if (asked.length > 0) break;
      throw refusal(study.end ? `the study has ended (${study.end})` : `all ${study.nTrials} trials are done or under way; addTrials raises their number`);
    }
    const number = await ask(study, { ...nextWish(study), outside: true });
    if (number === undefined) break;
    asked.push({ number, params: paramsOf(study, number) });
  }
  if (asked.length === 0) throw refusal(study.end ? 'the sampler has nothing left to suggest' : 'the sampler waits for the results of trials under way');
  showStudy(study, state);
  return asked;
}

/** Told twice is told once, as long as it is the same. */
async function take(study: Study, state: RunState, { number, value, state: ended = 'complete', reports, reason }: Tell): Promise<ShownTrial> {
  const row = study.rows[number];
  if (!row || (row.s === 'running' && !row.o)) throw refusal(row ? `trial ${number} is worked on by the study itself` : `there is no trial ${number}; there are ${study.rows.length}`);
  if (row.s !== 'running') {
    if (row.s !== ended || (value !== undefined && row.v !== value)) throw refusal(`trial ${number} has ended before: ${row.s}${row.v === undefined ? '' : `, ${row.v}`}`);
    return shown(study, number);
  }
  const result: TrialResult = { state: ended, ...(value !== undefined && { value }), ...(reason !== undefined && { reason }) };
  const kept = await callLocalStage('recordTrial')({ ...study.input, number, ...trialOf(study, number), result, ...(reports && { reports }) });
  endTrial(study, state, number, kept);
  if (kept.state === 'failed') study.broken ??= tooManyFailed(study, number);
  return shown(study, number);
}

/** A wish that came before the plan waits for it; one that came too late is refused. */
async function wish<T>(holder: { study?: Study }, work: (study: Study) => Promise<T>): Promise<T> {
  return failPlainly(async () => {
    await condition(() => holder.study !== undefined);
    if (holder.study!.closed) throw refusal('the study has ended; run it again with a larger n_trials to go on');
    return work(holder.study!);
  });
}

function shown(study: Study, number: number): ShownTrial {
  const row = study.rows[number]!;
  return { number, state: row.s, value: row.v ?? null, params: paramsOf(study, number), last_step: row.l ?? null, unknown: row.u ?? [], reason: row.e ?? null };
}

function refuseUnless(right: boolean, message: string): void {
  if (!right) throw refusal(message);
}

function refusal(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'tuning/invalid');
}
