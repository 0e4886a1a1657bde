import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Trains the classes of leak size on feature rows of leaks. */
export async function trainingPfmSize(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingPfmSize', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
