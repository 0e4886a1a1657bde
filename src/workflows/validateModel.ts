import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** A bundle through the gate: the run fails where the model does not pass, and says why. */
export async function validateModel(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'validateModel', queue: 'penstock-train', plan: 'planValidation', batch: 'validateBatch', publish: 'publishValidation',
    words: { plan: 'looks for a changed model', batch: 'validates the model', publish: 'publishes the verdict' },
  }, input);
}
