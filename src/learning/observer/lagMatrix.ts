import { PenstockError } from '../../errors/index.js';

/**
 * What a regressor sees of one signal's line at each of the rows: every other signal at every lag, row-major float32,
 * `rows.length` x `(columns.length - 1) x lags.length`, signals in their order, lags ascending. The signal's own values,
 * past or present, are never among them: a slow leak would explain itself. Before the first row its values are taken.
 *
 * @param columns one per signal, whole series
 * @param own the signal to be explained, a place in `columns`; -1 for a matrix of all signals
 */
export function lagMatrix(columns: readonly Float64Array[], own: number, lags: readonly number[], rows: Int32Array): Float32Array {
  const others = columns.filter((_, at) => at !== own);
  const width = others.length * lags.length;
  const matrix = new Float32Array(rows.length * width);
  for (let s = 0; s < others.length; s++) {
    const values = others[s]!;
    for (let l = 0; l < lags.length; l++) {
      const lag = lags[l]!;
      for (let i = 0, at = s * lags.length + l; i < rows.length; i++, at += width) matrix[at] = values[Math.max(0, rows[i]! - lag)]!;
    }
  }
  return matrix;
}

/** The same matrix from one of all signals (`own` -1): the columns of one signal left out. */
export function withoutSignal(all: Float32Array, signals: number, lags: number, own: number): Float32Array {
  const width = signals * lags;
  const rows = all.length / width;
  const kept = width - lags;
  const matrix = new Float32Array(rows * kept);
  for (let row = 0; row < rows; row++) {
    matrix.set(all.subarray(row * width, row * width + own * lags), row * kept);
    matrix.set(all.subarray(row * width + (own + 1) * lags, (row + 1) * width), row * kept + own * lags);
  }
  return matrix;
}

/** Lags in ascending order, each once. Errors: `learning/invalid-parameter` where one reaches further back than a window. */
export function checkedLags(lags: readonly number[], windowSize: number): number[] {
  const sorted = [...new Set(lags)].sort((a, b) => a - b);
  const far = sorted.find((lag) => lag >= windowSize);
  if (far === undefined) return sorted;
  // Recovery lasts a window longer than asked for, so that no shorter lag reaches back into a leak.
  throw new PenstockError('learning/invalid-parameter', `a lag of ${far} rows reaches beyond the window of ${windowSize} rows; at most ${windowSize - 1} is allowed`, { key: 'observer.lags' });
}
