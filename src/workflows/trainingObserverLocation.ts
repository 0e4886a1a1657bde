import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Learns the healthy line, then where leaks are from what it does not explain. */
export async function trainingObserverLocation(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingObserverLocation', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
