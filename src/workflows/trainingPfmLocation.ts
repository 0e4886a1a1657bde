import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Trains where a leak is, by segment and in metres, on feature rows of leaks. */
export async function trainingPfmLocation(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingPfmLocation', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
