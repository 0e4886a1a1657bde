import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Series to a common time step, and to an index of fixed-length windows with labels. */
export async function windows(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'windows', queue: 'penstock-cpu', plan: 'planWindows', batch: 'windowBatch', publish: 'publishWindows',
    words: { plan: 'looks for changed series', batch: 'cuts windows', publish: 'publishes the window index' },
  }, input);
}
