import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Windows to one table of feature rows. */
export async function features(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'features', queue: 'penstock-cpu', plan: 'planFeatures', batch: 'featureBatch', publish: 'publishFeatures',
    words: { plan: 'looks for changed windows', batch: 'computes features', publish: 'publishes the dataset' },
  }, input);
}
