import { executeChild, ParentClosePolicy, setHandler, workflowInfo } from '@temporalio/workflow';
import type { PipelineResult, ResolvedSection, StartInput } from '../pipelines/contracts.js';
import { describeOutcome, describeRun } from './attributes.js';
import { callStage } from './callStage.js';
import { percentOf } from './currentDetails.js';
import { failPlainly } from './failure.js';
import { childProgressSignal, enterStage, openRun, progressOf, quarantine, show, showResult, whileNotPaused, type RunState } from './progress.js';

/**
 * Walks the whole way from raw files to a tested model: each step is a section, run as a child workflow in the order given.
 * All sections are checked before the first one starts.
 */
export async function leakDetection(input: StartInput): Promise<PipelineResult> {
  const state = openRun();
  setHandler(childProgressSignal, ({ id, progress }) => {
    const step = state.steps.find((s) => s.workflowId === id);
    if (!step || step.state !== 'running') return;
    step.progress = progress;
    // A step that runs is not done, even where all its batches are: it still publishes.
    state.partial.set(id, { done: Math.min(99, percentOf(progress)), total: 100, unit: '%', detail: [progress.stage, progress.detail].filter(Boolean).join(', ') });
    show(state);
  });
  return failPlainly(async () => {
    const resolved = await callStage('resolveSection', 'penstock', 'reads and checks all sections')({ pipeline: 'leakDetection', input: input ?? {} });
    const steps = resolved.config['steps'] as readonly ResolvedSection[];
    state.resolved = resolved;
    state.total = steps.length;
    state.unit = 'steps';
    state.steps = steps.map((step) => ({ name: step.section, state: 'waiting', workflowId: `${workflowInfo().workflowId}.${step.section}` }));
    describeRun(resolved);

    const results: PipelineResult[] = [];
    for (const [index, step] of steps.entries()) results.push(await runStep(state, index, step));
    return finish(state, resolved, results);
  });
}

async function runStep(state: RunState, index: number, resolved: ResolvedSection): Promise<PipelineResult> {
  await whileNotPaused(state);
  const step = state.steps[index]!;
  step.state = 'running';
  enterStage(state, step.name, '');
  const result = await executeChild<(input: { resolved: ResolvedSection }) => Promise<PipelineResult>>(resolved.pipeline, {
    workflowId: step.workflowId,
    args: [{ resolved }],
    staticSummary: step.name,
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
  });
  step.state = result.outcome === 'up_to_date' ? 'up to date' : 'done';
  state.partial.clear();
  state.done = index + 1;
  quarantine(state, result.quarantined);
  show(state);
  return result;
}

function finish(state: RunState, resolved: ResolvedSection, results: readonly PipelineResult[]): PipelineResult {
  const quarantined = results.flatMap((r) => r.quarantined);
  const outcome = results.every((r) => r.outcome === 'up_to_date') ? 'up_to_date' : quarantined.length > 0 ? 'completed_with_quarantine' : 'completed';
  const last = results.at(-1);
  const metrics = last?.metrics ?? {};
  showResult(state, outcome, { outputs: last?.outputs ?? [], metrics });
  describeOutcome(outcome, { metrics, progress: progressOf(state) });
  return { section: resolved.section, outcome, configHash: resolved.configHash, metrics, quarantined, outputs: results.flatMap((r) => r.outputs.slice(0, Math.ceil(mostOutputs / results.length))) };
}

/** References in a result of many steps: a payload has room for some thousand, and the metadata of each step has them all. */
const mostOutputs = 1_000;
