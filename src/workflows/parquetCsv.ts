import type { PipelineResult } from '../pipelines/contracts.js';
import { runBatched, type BatchedInput } from './batched.js';

/** Published Parquet files to CSV. */
export async function parquetCsv(input: BatchedInput): Promise<PipelineResult> {
  return runBatched({
    pipeline: 'parquetCsv', queue: 'penstock-cpu', plan: 'planCsv', batch: 'csvBatch', publish: 'publishCsv',
    words: { plan: 'looks for changed Parquet files', batch: 'writes CSV, batch', publish: 'publishes the CSV files' },
  }, input);
}
