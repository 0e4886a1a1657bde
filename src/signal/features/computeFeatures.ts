import { PenstockError } from '../../errors/index.js';
import type { Table } from '../../table/table.js';
import { findColumn, numbersOf } from '../columns.js';
import { windowKernels, type WindowKernels } from '../kernels/windowKernels.js';
import { decomposition, type BandLayout } from '../wavelets/decompose.js';
import { wavelet, type WaveletFilter } from '../wavelets/wavelet.js';
import { activeGroups, type FeaturePlan } from './featurePlan.js';
import type { FeatureGroup, FeatureOptions, WindowView } from './group.js';

/**
 * The feature matrix of one case, row-major, `starts.length` x `plan.features.length`: computed in float64, stored in
 * float32. A window's row depends on its own rows of the plan's signals (and on the `lookbackRows` before them) and on
 * nothing else: not on time, row numbers, labels, later rows, other windows or other cases.
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
  const n = options.windowSize;
  const width = features.length;
  const filter = wavelet(options.wavelet);
  const transform = groups.some((group) => group.needsWavelets) ? decomposition(n, filter, options.waveletLevel) : undefined;
  const kernels = kernelsFor(groups, signals.length, n, transform?.bands.total ?? 0, width, options);
  const view: Moving<WindowView> = {
    columns, size: n, start: 0, bands: transform?.bands,
    rowsAt: Int32Array.from(columns, () => kernels.reserve(n)),
    coefficientsAt: Int32Array.from(columns, () => kernels.reserve(transform?.bands.total ?? 0)),
    coefficients: [],
  };
  view.coefficients = transform ? Array.from(view.coefficientsAt, (at) => kernels.floats(at, transform.bands.total)) : [];
  const rows = Array.from(view.rowsAt, (at) => kernels.floats(at, n));
  const decompose = transform && filter.decLo.length === 4 ? fourTaps(kernels, filter, n, transform.bands) : undefined;
  const widths = new Map<string, number>();
  for (const { group } of features) widths.set(group, (widths.get(group) ?? 0) + 1);
  const parts = groups.map((group) => ({ width: widths.get(group.name) ?? 0, compute: group.kernel(signals, options, kernels) }));
  const rowAt = kernels.reserve(width);
  const row = kernels.floats(rowAt, width);
  const narrowAt = kernels.reserve(width);
  const narrow = kernels.singles(narrowAt, width);
  const matrix = new Float32Array(starts.length * width);
  for (let w = 0; w < starts.length; w++) {
    const start = starts[w]!;
    view.start = start;
    for (let s = 0; s < columns.length; s++) {
      copy(columns[s]!, start, n, rows[s]!);
      if (decompose) decompose(view.rowsAt[s]!, view.coefficientsAt[s]!);
      else if (transform) transform.run(columns[s]!, start, view.coefficients[s]!, 0);
    }
    let offset = 0;
    for (let p = 0; p < parts.length; p++) {
      parts[p]!.compute(view, row, offset);
      offset += parts[p]!.width;
    }
    kernels.narrow(rowAt, width, narrowAt);
    matrix.set(narrow, w * width);
  }
  return matrix;
}

type Moving<T> = { -readonly [K in keyof T]: T[K] };

/** Memory for the rows and coefficients of every signal, for the result, and for what the groups ask for. */
function kernelsFor(groups: readonly FeatureGroup[], signals: number, n: number, coefficients: number, width: number, options: FeatureOptions): WindowKernels {
  const asked = groups.map((group) => group.reserves?.(options) ?? { places: 0, numbers: 0 });
  const places = 2 * signals + 2 + 3 + asked.reduce((sum, { places: more }) => sum + more, 0);
  return windowKernels(places, signals * (n + coefficients) + 2 * width + 2 * n + 32 + asked.reduce((sum, { numbers }) => sum + numbers, 0));
}

/** The transform by the kernel, for wavelets of four taps: from the address of a window's rows to that of its coefficients. */
function fourTaps(kernels: WindowKernels, filter: WaveletFilter, n: number, bands: BandLayout): (rows: number, coefficients: number) => void {
  const tapsAt = kernels.reserve(8);
  kernels.floats(tapsAt, 8).set([...filter.decLo, ...filter.decHi]);
  const approximations = [kernels.reserve((n >> 1) + 8), kernels.reserve((n >> 1) + 8)] as const;
  const { level, offsets, lengths } = bands;
  return (rows, coefficients) => {
    let from = rows;
    let length = n;
    for (let l = 1; l <= level; l++) {
      const band = level + 1 - l;
      const to = l === level ? coefficients : approximations[l & 1]!;
      kernels.transform(from, length, tapsAt, to, coefficients + 8 * offsets[band]!);
      length = lengths[band]!;
      from = to;
    }
  };
}

function copy(from: Float64Array, start: number, n: number, to: Float64Array): void {
  for (let i = 0; i < n; i++) to[i] = from[start + i]!;
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
