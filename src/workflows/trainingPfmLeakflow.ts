import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Trains the mass flow of a leak on feature rows of leaks. */
export async function trainingPfmLeakflow(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingPfmLeakflow', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
