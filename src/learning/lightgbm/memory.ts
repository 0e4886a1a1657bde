import type { Matrix } from './matrix.js';
import { trainingParameters, type LightgbmParams } from './parameters.js';

/**
 * Bytes that training with these parameters needs at most, beside the process itself: the float32 matrices, LightGBM's bins, its
 * sample for the bin bounds, scores and gradients, and the histograms of the leaves, which `histogram_pool_size` bounds (1 GiB
 * unless it is given; below 0 there is no bound). Within a few per cent of what was measured on 500,000 rows.
 *
 * Errors: `learning/invalid-parameter` for names and values as in a training.
 */
export function estimateTrainingBytes(
  train: Pick<Matrix, 'rows' | 'columns'>, valid: readonly Pick<Matrix, 'rows' | 'columns'>[] = [], params: LightgbmParams = {},
): number {
  const { max_bin: maxBin = 255, num_leaves: leaves = 31, num_class: classes = 1, histogram_pool_size: pool } = trainingParameters(params);
  const binBytes = Number(maxBin) > 255 ? 2 : 1;
  const perSet = [train, ...valid].reduce((sum, { rows, columns }) => sum + rows * columns * (4 + binBytes) + rows * 40 * Number(classes), 0);
  const sample = Math.min(train.rows, 200_000) * train.columns * 12;
  const histograms = Math.min(Number(leaves) * train.columns * (Number(maxBin) + 1) * 16, Number(pool) > 0 ? Number(pool) * 2 ** 20 : Infinity);
  return perSet + sample + histograms;
}
