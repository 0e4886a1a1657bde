import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Learns the healthy line, then the size of leaks from what it does not explain. */
export async function trainingObserverSize(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingObserverSize', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
