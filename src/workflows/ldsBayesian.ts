import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Scores of several detectors to a calibrated fusion and its bundle. */
export async function ldsBayesian(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'ldsBayesian', queue: 'penstock-cpu', plan: 'planFusion', batch: 'calibrateFusion', publish: 'publishFusion',
    words: { plan: 'looks for scores and bundles', batch: 'fits and calibrates the fusion', publish: 'publishes the fusion' },
  }, input);
}
