import {
  condition, defineQuery, defineSignal, defineUpdate, getExternalWorkflowHandle, setCurrentDetails, setHandler, workflowInfo,
} from '@temporalio/workflow';
import type { Outcome, Progress, Quarantined, ResolvedSection, StageProgress } from '../pipelines/contracts.js';
import { currentDetails, percentOf, type ShownResult, type Step } from './currentDetails.js';

export const progressQuery = defineQuery<Progress>('progress');
export const quarantineQuery = defineQuery<readonly Quarantined[]>('quarantine');
export const configQuery = defineQuery<ResolvedSection | null>('config');
export const pauseUpdate = defineUpdate<string>('pause');
export const resumeUpdate = defineUpdate<string>('resume');
/** Sent by long stages, which workflows cannot see into. */
export const stageProgressSignal = defineSignal<[{ id: string; progress: StageProgress }]>('stageProgress');
/** Sent by children to their parent. */
export const childProgressSignal = defineSignal<[{ id: string; progress: Progress }]>('childProgress');
/** Sent by a paused or resumed parent to the child that runs, since an update reaches one run only. */
export const parentPausedSignal = defineSignal<[boolean]>('parentPaused');

const shownQuarantined = 100;
const parentEverySeconds = 5;
/** The share of the work from which on the time left is told: the first pieces also bear what a stage reads and prepares. */
const earliestEstimate = 0.05;

/** What a run knows of itself. Lives inside the workflow function; continue-as-new carries what must last. */
export interface RunState {
  stage: string;
  done: number;
  total: number;
  unit: string;
  detail: string;
  /** What is told before all details. */
  note: string;
  /** When the present stage began, and what was done then: for rate and time left. */
  since: number;
  doneThen: number;
  quarantinedCount: number;
  quarantined: Quarantined[];
  resolved: ResolvedSection | null;
  paused: boolean;
  /** Since when; time paused counts for no rate. */
  pausedAt: number | undefined;
  /** How far the steps that are under way have come: work not yet counted in `done`. */
  partial: Map<string, StageProgress>;
  steps: Step[];
  result: ShownResult | undefined;
  toldParent: { at: number; percent: number };
}

export function openRun(): RunState {
  const state: RunState = {
    stage: 'starting', done: 0, total: 0, unit: '', detail: '', note: '', since: Date.now(), doneThen: 0,
    quarantinedCount: 0, quarantined: [], resolved: null, paused: false, pausedAt: undefined, partial: new Map(), steps: [], result: undefined, toldParent: { at: Date.now(), percent: 0 },
  };
  setHandler(progressQuery, () => progressOf(state), { description: 'How far the run is: stage, done of total, rate, time left' });
  setHandler(quarantineQuery, () => state.quarantined, { description: `Inputs that could not be processed, with reasons (the first ${shownQuarantined})` });
  setHandler(configQuery, () => state.resolved, { description: 'The resolved configuration of this run' });
  setHandler(pauseUpdate, () => setPaused(state, true), { description: 'Begins no further batch or trial; those under way end' });
  setHandler(resumeUpdate, () => setPaused(state, false), { description: 'Goes on after a pause' });
  setHandler(parentPausedSignal, (paused) => void setPaused(state, paused));
  setHandler(stageProgressSignal, ({ id, progress }) => {
    state.partial.set(id, progress);
    show(state);
  });
  show(state);
  return state;
}

/** Waits while the run is paused. */
export async function whileNotPaused(state: RunState): Promise<void> {
  if (state.paused) await condition(() => !state.paused);
}

export function enterStage(state: RunState, stage: string, detail: string): void {
  state.stage = stage;
  state.detail = detail;
  state.since = Date.now();
  if (state.pausedAt !== undefined) state.pausedAt = state.since;
  state.doneThen = state.done;
  state.partial.clear();
  show(state);
}

/** The end of a run as it stays readable: what came out, and where it lies. */
export function showResult(state: RunState, outcome: Outcome, result: ShownResult): void {
  state.result = result;
  enterStage(state, outcome === 'up_to_date' ? 'up to date, nothing to do' : 'completed', '');
}

export function quarantine(state: RunState, found: readonly Quarantined[]): void {
  state.quarantinedCount += found.length;
  state.quarantined.push(...found.slice(0, shownQuarantined - state.quarantined.length));
}

export function progressOf(state: RunState): Progress {
  const partial = [...state.partial.values()].reduce((sum, p) => sum + share(p) * partialWeight(state, p), 0);
  const done = Math.min(state.total, state.done + partial);
  const seconds = ((state.pausedAt ?? Date.now()) - state.since) / 1000;
  // Steps differ too much from one another to foretell from one how long the others take.
  const rate = state.steps.length === 0 && seconds > 0 && done > state.doneThen ? (done - state.doneThen) / seconds : null;
  return {
    stage: state.paused ? `${state.stage} (paused)` : state.stage,
    done: round(done), total: state.total, unit: state.unit,
    ratePerSecond: rate === null ? null : Number(rate.toPrecision(3)),
    etaSeconds: rate === null || state.paused || done - state.doneThen < earliestEstimate * state.total ? null : Math.ceil((state.total - done) / rate),
    quarantined: state.quarantinedCount,
    detail: [state.note, [...state.partial.values()].at(-1)?.detail ?? state.detail].filter(Boolean).join('; '),
  };
}

/** Writes Current Details, and tells the parent at each percent but at most every few seconds. */
export function show(state: RunState): void {
  const progress = progressOf(state);
  setCurrentDetails(currentDetails(progress, state.steps, state.result));
  tellParent(state, progress);
}

function setPaused(state: RunState, paused: boolean): string {
  if (!paused && state.pausedAt !== undefined) state.since += Date.now() - state.pausedAt;
  state.pausedAt = paused ? (state.pausedAt ?? Date.now()) : undefined;
  state.paused = paused;
  const running = state.steps.find((step) => step.state === 'running');
  // The child may end at the same moment; then there is nothing to pause.
  if (running) getExternalWorkflowHandle(running.workflowId).signal(parentPausedSignal, paused).catch(() => undefined);
  show(state);
  return paused ? 'paused: what is under way ends, nothing further begins' : 'resumed';
}

function tellParent(state: RunState, progress: Progress): void {
  const parent = workflowInfo().parent;
  const percent = percentOf(progress);
  if (!parent || percent === state.toldParent.percent || Date.now() - state.toldParent.at < parentEverySeconds * 1000) return;
  state.toldParent = { at: Date.now(), percent };
  getExternalWorkflowHandle(parent.workflowId)
    .signal(childProgressSignal, { id: workflowInfo().workflowId, progress })
    .catch(() => undefined); // The parent may have ended; progress is no reason to fail.
}

function share(p: StageProgress): number {
  return p.total > 0 ? Math.min(1, p.done / p.total) : 0;
}

/** A stage that counts in the run's own unit adds what it did; one that counts otherwise (iterations) adds its share of one unit of work. */
function partialWeight(state: RunState, p: StageProgress): number {
  return p.unit === state.unit ? p.total : 1;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
