import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** OLGA trend and input files to one clean Parquet series per case. */
export async function tplGenkey(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'tplGenkey', queue: 'penstock-cpu', plan: 'planIngest', batch: 'ingestBatch', publish: 'publishIngest',
    words: { plan: 'lists and pairs the files', batch: 'reads cases', publish: 'publishes the series' },
  }, input);
}
