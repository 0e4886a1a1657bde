import { allHandlersFinished, CancellationScope, condition, continueAsNew, isCancellation, workflowInfo } from '@temporalio/workflow';
import type {
  BatchInput, BatchResult, Outcome, PipelineResult, Plan, PublishInput, Quarantined, ResolvedInput, ResolvedSection, StageOutcome, StartInput,
} from '../pipelines/contracts.js';
import type { PipelineName, Queue } from '../pipelines/definePipeline.js';
import type { Activities } from '../activities/index.js';
import { describeOutcome, describeRun } from './attributes.js';
import { callStage } from './callStage.js';
import { failPlainly } from './failure.js';
import { enterStage, openRun, quarantine, show, showResult, whileNotPaused, type RunState } from './progress.js';

/** The stages of a pipeline that works batch by batch: what there is to do, one batch of it, and the publication. */
export interface BatchedPipeline {
  readonly pipeline: PipelineName;
  readonly queue: Queue;
  readonly plan: StageNamed<(input: ResolvedInput) => Promise<Plan>>;
  readonly batch: StageNamed<(input: BatchInput) => Promise<BatchResult>>;
  readonly publish: StageNamed<(input: PublishInput) => Promise<StageOutcome>>;
  /** What a person reads in the timeline. */
  readonly words: { readonly plan: string; readonly batch: string; readonly publish: string };
}

type StageNamed<Signature> = { [Name in keyof Activities]: Activities[Name] extends Signature ? Name : never }[keyof Activities];

/** Where a run stands when it continues as new: its history stays short however many batches there are. */
interface Continued {
  readonly resolved: ResolvedSection;
  readonly plan: Extract<Plan, { upToDate: false }>;
  readonly nextBatch: number;
  readonly done: number;
  readonly quarantinedCount: number;
  readonly quarantined: readonly Quarantined[];
  readonly paused: boolean;
}

export type BatchedInput = StartInput | ResolvedInput | { readonly continued: Continued };

/** Keys of sections that say how batches are run. */
interface Execution {
  readonly max_workers?: number | null;
  readonly io_workers?: number | null;
  readonly parse_workers?: number | null;
  readonly use_parallel?: boolean;
  readonly batches_per_run?: number;
}

const defaultBatchesPerRun = 400;
const defaultBatchesInFlight = 8;

/** Plan, batches, publication: the order in which every batched pipeline works. */
export async function runBatched(pipeline: BatchedPipeline, input: BatchedInput): Promise<PipelineResult> {
  const state = openRun();
  return failPlainly(async () => {
    const continued = 'continued' in input ? input.continued : undefined;
    const resolved = continued?.resolved ?? (await resolve(pipeline.pipeline, input as StartInput | ResolvedInput));
    state.resolved = resolved;
    describeRun(resolved);

    const plan = continued?.plan ?? (await planned(pipeline, resolved, state));
    if (plan.upToDate) return finish(state, resolved, 'up_to_date', plan.result);
    if (continued) restore(state, continued);
    state.total = plan.total;
    state.unit = plan.unit;

    const next = await runBatches(pipeline, resolved, plan, continued?.nextBatch ?? 0, state);
    if (next < plan.batches) return continueFrom(next, resolved, plan, state);

    enterStage(state, pipeline.words.publish, '');
    const result = await callStage(pipeline.publish, pipeline.queue, pipeline.words.publish)({ resolved, planUri: plan.planUri });
    return finish(state, resolved, result.quarantined.length > 0 ? 'completed_with_quarantine' : 'completed', result);
  });
}

async function resolve(pipeline: PipelineName, input: StartInput | ResolvedInput): Promise<ResolvedSection> {
  if (input && 'resolved' in input) return input.resolved;
  return callStage('resolveSection', 'penstock', 'reads and checks the configuration')({ pipeline, input: input ?? {} });
}

async function planned(pipeline: BatchedPipeline, resolved: ResolvedSection, state: RunState): Promise<Plan> {
  enterStage(state, pipeline.words.plan, '');
  return callStage(pipeline.plan, pipeline.queue, pipeline.words.plan)({ resolved });
}

/** Runs batches from `first`, several in flight; returns the first batch that this run leaves to the next. */
async function runBatches(
  pipeline: BatchedPipeline, resolved: ResolvedSection, plan: Extract<Plan, { upToDate: false }>, first: number, state: RunState,
): Promise<number> {
  enterStage(state, pipeline.words.batch, plan.reused > 0 ? `${plan.reused} unchanged and kept` : '');
  const config = resolved.config as Execution;
  const inFlight = Math.min(batchesInFlight(config), plan.batches - first);
  const last = Math.min(plan.batches, first + (config.batches_per_run ?? defaultBatchesPerRun));
  let next = first;
  const lane = async (): Promise<void> => {
    for (;;) {
      await whileNotPaused(state);
      if (next >= last || workflowInfo().continueAsNewSuggested) return;
      const batch = next++;
      await runBatch(pipeline, resolved, plan, batch, state);
    }
  };
  await allEnded(Array.from({ length: inFlight }, () => lane));
  return next;
}

/** Batches that a section allows at a time; what its keys mean stands in `pipelines/shared.ts`. */
export function batchesInFlight({ use_parallel: parallel, max_workers: workers, io_workers: io, parse_workers: parse }: Execution): number {
  if (parallel === false) return 1;
  return workers ?? Math.min(io ?? parse ?? defaultBatchesInFlight, parse ?? io ?? defaultBatchesInFlight);
}

/**
 * Runs all at once and waits for the end of each, also after a failure or a cancellation: a run must not be closed, and its
 * folder not be free for the next one, while a batch of it still writes. The first failure cancels the others.
 */
async function allEnded(lanes: readonly (() => Promise<void>)[]): Promise<void> {
  const scope = new CancellationScope();
  let failure: { readonly error: unknown } | undefined;
  await scope.run(() => Promise.all(lanes.map((lane) => lane().catch((error: unknown) => {
    if (!failure || (isCancellation(failure.error) && !isCancellation(error))) failure = { error };
    scope.cancel();
  }))));
  if (failure) throw failure.error;
}

async function runBatch(
  pipeline: BatchedPipeline, resolved: ResolvedSection, plan: Extract<Plan, { upToDate: false }>, batch: number, state: RunState,
): Promise<void> {
  const summary = plan.batches > 1 ? `${pipeline.words.batch}, batch ${batch + 1} of ${plan.batches}` : pipeline.words.batch;
  const result = await callStage(pipeline.batch, pipeline.queue, summary)({ resolved, planUri: plan.planUri, batch });
  state.done += result.done;
  quarantine(state, result.quarantined);
  state.partial.delete(String(batch));
  show(state);
}

async function continueFrom(next: number, resolved: ResolvedSection, plan: Continued['plan'], state: RunState): Promise<never> {
  await condition(allHandlersFinished);
  const continued: Continued = {
    resolved, plan, nextBatch: next, done: state.done, quarantinedCount: state.quarantinedCount, quarantined: state.quarantined, paused: state.paused,
  };
  return continueAsNew<(input: BatchedInput) => Promise<PipelineResult>>({ continued });
}

function restore(state: RunState, continued: Continued): void {
  state.done = continued.done;
  state.quarantinedCount = continued.quarantinedCount;
  state.quarantined = [...continued.quarantined];
  state.paused = continued.paused;
}

function finish(state: RunState, resolved: ResolvedSection, outcome: Outcome, result: StageOutcome): PipelineResult {
  state.total = Math.max(state.total, 1);
  state.done = state.total;
  state.quarantinedCount = result.quarantined.length;
  showResult(state, outcome, result);
  describeOutcome(outcome, { metrics: result.metrics });
  const { metrics, quarantined, outputs } = result;
  return { section: resolved.section, outcome, configHash: resolved.configHash, metrics, quarantined, outputs };
}
