import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** A bundle and held-out series to events, false alarms, controls and a report. */
export async function testOffline(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'testOffline', queue: 'penstock-cpu', plan: 'planOfflineTest', batch: 'scoreBatch', publish: 'publishOfflineTest',
    words: { plan: 'lists the held-out cases', batch: 'scores cases', publish: 'writes the report' },
  }, input);
}
