import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Feature rows to the list of the features that are worth training on. */
export async function featureSelection(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'featureSelection', queue: 'penstock-train', plan: 'planSelection', batch: 'selectDatasetFeatures', publish: 'publishSelection',
    words: { plan: 'looks for a changed dataset', batch: 'ranks the features', publish: 'publishes the selection' },
  }, input);
}
