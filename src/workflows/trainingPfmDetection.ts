import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Feature rows to a tested bundle that detects leaks. */
export async function trainingPfmDetection(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'trainingPfmDetection', queue: 'penstock-train', plan: 'planTraining', batch: 'trainModel', publish: 'publishTraining',
    words: { plan: 'looks for changed data', batch: 'trains the model', publish: 'publishes the bundle' },
  }, input);
}
