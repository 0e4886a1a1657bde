import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** A campaign of simulated cases as OLGA files. */
export async function simulationCampaign(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'simulationCampaign', queue: 'penstock-cpu', plan: 'planSimulation', batch: 'simulationBatch', publish: 'publishSimulation',
    words: { plan: 'designs the campaign', batch: 'simulates cases', publish: 'publishes the manifest' },
  }, input);
}
