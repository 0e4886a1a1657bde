import type { Matrix } from './matrix.js';

/**
 * Bytes that training needs at most, beside the process itself: the float32 matrices, LightGBM's bins, its sample for the bin
 * bounds, scores and gradients, and the histograms. Within a few per cent of what was measured on 500,000 rows.
 */
export function estimateTrainingBytes(
  train: Pick<Matrix, 'rows' | 'columns'>,
  valid: readonly Pick<Matrix, 'rows' | 'columns'>[] = [],
  { maxBin = 255, leaves = 31, classes = 1, histogramPoolMegabytes = 1024 }: { maxBin?: number; leaves?: number; classes?: number; histogramPoolMegabytes?: number } = {},
): number {
  const binBytes = maxBin > 255 ? 2 : 1;
  const perSet = [train, ...valid].reduce((sum, { rows, columns }) => sum + rows * columns * (4 + binBytes) + rows * 40 * classes, 0);
  const sample = Math.min(train.rows, 200_000) * train.columns * 12;
  const histograms = Math.min(leaves * train.columns * (maxBin + 1) * 16, histogramPoolMegabytes * 2 ** 20);
  return perSet + sample + histograms;
}
