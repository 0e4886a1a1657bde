import { PenstockError } from '../../errors/index.js';
import type { Table } from '../../table/table.js';
import { findColumn, numbersOf } from '../columns.js';
import { decomposition } from '../wavelets/decompose.js';
import { wavelet } from '../wavelets/wavelet.js';
import { activeGroups, type FeaturePlan } from './featurePlan.js';
import type { WindowView } from './group.js';

/**
 * The feature matrix of one case, row-major, `starts.length` x `plan.features.length`: computed in float64, stored in
 * float32. A window's row depends on its own rows of the plan's signals (and, with temporal context, on those of the window
 * before it) and on nothing else: not on time, row numbers, labels, later rows, other windows or other cases.
 *
 * @param starts first row of each window, in any order
 * @throws PenstockError `table/column-missing` for a signal the series lacks; `table/role` for one that is truth, clock or id;
 * `signal/invalid` for a window that reaches beyond the series.
 */
export function computeFeatures(series: Table, starts: Int32Array, plan: FeaturePlan): Float32Array {
  const { options, signals, features } = plan;
  const columns = signals.map(({ name }) => inputColumn(series, name));
  checkStarts(series, starts, options.windowSize);
  const groups = activeGroups(options);
  const parts = groups.map((group) => ({ width: group.definitions(signals, options).length, compute: group.kernel(signals, options) }));
  const transform = groups.some((group) => group.needsWavelets) ? decomposition(options.windowSize, wavelet(options.wavelet), options.waveletLevel) : undefined;
  const view: WindowView = {
    columns,
    size: options.windowSize,
    start: 0,
    coefficients: transform ? columns.map(() => new Float64Array(transform.bands.total)) : [],
    bands: transform?.bands,
  };
  const width = features.length;
  const row = new Float64Array(width);
  const matrix = new Float32Array(starts.length * width);
  for (let w = 0; w < starts.length; w++) {
    view.start = starts[w]!;
    if (transform) for (let s = 0; s < columns.length; s++) transform.run(columns[s]!, view.start, view.coefficients[s]!, 0);
    let offset = 0;
    for (const part of parts) {
      part.compute(view, row, offset);
      offset += part.width;
    }
    matrix.set(row, w * width);
  }
  return matrix;
}

function inputColumn(series: Table, name: string): Float64Array {
  const column = findColumn(series, name);
  if (!column) {
    const inputs = series.columns.filter(({ role }) => role === 'measured' || role === 'operational').map((other) => other.name);
    throw new PenstockError('table/column-missing', `the series has no column "${name}"; it has ${inputs.join(', ') || 'no measured column'}`, { key: name });
  }
  if (column.role !== 'measured' && column.role !== 'operational') {
    throw new PenstockError('table/role', `column "${name}" is ${column.role}; only measured and operational columns may be model input`, { key: name });
  }
  return numbersOf(column);
}

function checkStarts(series: Table, starts: Int32Array, windowSize: number): void {
  for (const start of starts) {
    if (start >= 0 && start + windowSize <= series.rows) continue;
    throw new PenstockError('signal/invalid', `a window of ${windowSize} rows from row ${start} on does not lie within the ${series.rows} rows of the series`, { key: 'starts' });
  }
}
