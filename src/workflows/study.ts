import type { OptimizeLgbmConfig, StudyEnd, StudyInput, StudyParams, StudyPlan, StudyWish, TrialResult, TrialRow } from '../pipelines/index.js';
import type { ResolvedSection } from '../pipelines/contracts.js';
import { show, type RunState } from './progress.js';

/** A study as its workflow holds it. Continue-as-new carries what must last. */
export interface Study {
  readonly input: StudyInput;
  readonly config: OptimizeLgbmConfig;
  readonly plan: Omit<StudyPlan, 'rows' | 'upToDate' | 'waiting'>;
  /** The table; a trial's number is its place. */
  readonly rows: TrialRow[];
  /** What somebody wants tried and no trial has had. */
  readonly waiting: StudyWish[];
  /** The number of the next wish. */
  nextWish: number;
  nTrials: number;
  parallelism: number;
  /** When no further trial begins, in milliseconds; null without a timeout. */
  readonly deadline: number | null;
  /** Numbers of trials that this run works on. */
  readonly working: Set<number>;
  /** Steps of this run that are under way: one trial each, or a block of cheap ones. */
  steps: number;
  /** Why no further trial begins, though not all are done. */
  end: StudyEnd | undefined;
  /** No further trial and no further wish: the results are being published. */
  closed: boolean;
  /** What ends the study though somebody outside does its work: too many of his trials failed. */
  broken: Error | undefined;
  /** A suggestion waits for the end of a trial under way. */
  waits: boolean;
  /** Suggestions are made one after the other, so that each knows the values of those before it. */
  asking: Promise<unknown>;
  asks: number;
}

/** What a run leaves to the next. */
export interface ContinuedStudy {
  readonly resolved: ResolvedSection;
  readonly run: string;
  readonly plan: Study['plan'];
  readonly rows: readonly TrialRow[];
  readonly waiting: readonly StudyWish[];
  readonly nTrials: number;
  readonly parallelism: number;
  readonly deadline: number | null;
  readonly end: StudyEnd | undefined;
  readonly paused: boolean;
  /** When counting began, and what was done then: for rate and time left. */
  readonly since: number;
  readonly doneThen: number;
}

export interface Counts {
  complete: number;
  pruned: number;
  failed: number;
  running: number;
  /** Of those running, the ones that somebody outside works on. */
  outside: number;
}

export function openStudy(input: StudyInput, plan: StudyPlan): Study {
  const config = input.resolved.config as OptimizeLgbmConfig;
  return {
    input, config, plan: { parameters: plan.parameters, direction: plan.direction, metric: plan.metric }, rows: [...plan.rows],
    waiting: [...(plan.waiting ?? [])], nextWish: wishAfter(plan.rows, plan.waiting), nTrials: config.n_trials, parallelism: config.parallelism,
    deadline: config.timeout === null ? null : Date.now() + 1000 * config.timeout,
    working: new Set(), steps: 0, end: undefined, closed: false, broken: undefined, waits: false, asking: Promise.resolve(), asks: 0,
  };
}

export function restoreStudy(continued: ContinuedStudy): Study {
  const { resolved, run, plan, rows, waiting, nTrials, parallelism, deadline, end } = continued;
  return {
    input: { resolved, run }, config: resolved.config as OptimizeLgbmConfig, plan, rows: [...rows], waiting: [...waiting], nextWish: wishAfter(rows, waiting), nTrials, parallelism, deadline, end,
    working: new Set(), steps: 0, closed: false, broken: undefined, waits: false, asking: Promise.resolve(), asks: 0,
  };
}

function wishAfter(rows: readonly TrialRow[], waiting: readonly StudyWish[] = []): number {
  return 1 + Math.max(-1, ...rows.map(({ w = -1 }) => w), ...waiting.map(({ id }) => id));
}

export function countTrials({ rows }: Pick<Study, 'rows'>): Counts {
  const counts: Counts = { complete: 0, pruned: 0, failed: 0, running: 0, outside: 0 };
  for (const row of rows) {
    counts[row.s]++;
    if (row.s === 'running' && row.o) counts.outside++;
  }
  return counts;
}

/** The best complete trial; the earlier one of equals. */
export function bestOf({ rows, plan }: Pick<Study, 'rows' | 'plan'>): number | undefined {
  const sign = plan.direction === 'minimize' ? 1 : -1;
  let best: number | undefined;
  for (const [number, row] of rows.entries()) {
    if (row.s === 'complete' && row.v !== undefined && (best === undefined || sign * row.v < sign * rows[best]!.v!)) best = number;
  }
  return best;
}

export function paramsOf({ plan, rows }: Pick<Study, 'plan' | 'rows'>, number: number): StudyParams {
  const params: Record<string, StudyParams[string]> = {};
  for (const [i, value] of (rows[number]?.x ?? []).entries()) if (!Array.isArray(value)) params[plan.parameters[i]!] = value as StudyParams[string];
  return params;
}

/** What storage must know of a trial, whoever works on it. */
export function trialOf(study: Study, number: number): { params: StudyParams; unknown: readonly number[]; step?: string; wish?: number } {
  const { u: unknown = [], t: step, w: wish } = study.rows[number]!;
  return { params: paramsOf(study, number), unknown, ...(step !== undefined && { step }), ...(wish !== undefined && { wish }) };
}

/** The same values in the order of the parameters, `[]` where one does not exist. */
export function valuesOf({ plan }: Pick<Study, 'plan'>, params: StudyParams): NonNullable<TrialRow['x']> {
  return plan.parameters.map((name) => (name in params ? params[name]! : []));
}

/** The trials below `number` that are not finished, as pairs of first and last number. */
export function unknownBelow(rows: readonly TrialRow[], number: number): number[] {
  const ranges: number[] = [];
  for (let n = 0; n < number; n++) {
    if (rows[n]!.s !== 'running') continue;
    if (ranges.length > 0 && ranges.at(-1) === n - 1) ranges[ranges.length - 1] = n;
    else ranges.push(n, n);
  }
  return ranges;
}

/** Writes the end of a trial into the table, and what people see. */
export function endTrial(study: Study, state: RunState, number: number, { state: ended, value, lastStep, reason }: TrialResult): void {
  const { x, u, t, w } = study.rows[number]!;
  study.waits = false;
  study.rows[number] = {
    s: ended, ...(x && { x }), ...(value !== undefined && { v: value }), ...(lastStep !== undefined && { l: lastStep }), ...(u && { u }),
    ...(reason !== undefined && { e: reason.slice(0, 200) }), ...(t !== undefined && { t }),
    ...(w !== undefined && { w }),
  };
  state.partial.delete(String(number));
  showStudy(study, state);
}

export function showStudy(study: Study, state: RunState): void {
  const counts = countTrials(study);
  const best = bestOf(study);
  state.total = Math.max(study.nTrials, 1);
  state.unit = 'trials';
  state.done = Math.min(state.total, counts.complete + counts.pruned);
  const told = (['complete', 'pruned', 'failed', 'running'] as const).filter((name) => counts[name] > 0).map((name) => `${counts[name]} ${name}`).join(', ');
  state.note = [best === undefined ? '' : `best ${study.plan.metric} ${Number(study.rows[best]!.v!.toPrecision(6))} by trial ${best}`, told].filter(Boolean).join('; ');
  show(state);
}
