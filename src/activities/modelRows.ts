import { hashOf } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import { sha256 } from '../storage/index.js';
import type { Table } from '../table/index.js';
import { matrixOf } from './dataset.js';
import { windowFeatures } from './featureTable.js';
import type { CutSeries, OpenModel } from './scoreSeries.js';
import { residualRows } from './training/residualDataset.js';

/** Windows as models take them. */
export interface ModelRows {
  /** What is known of the windows: ids, clock, truth, and the imbalance of the line. */
  readonly windows: Table;
  /** The features of these names in this order, row-major float32, of all windows or of those named. */
  matrix(names: readonly string[], of?: Int32Array): Float32Array;
}

/** A table whose columns hold the features too. */
export function tableRows(table: Table): ModelRows {
  return { windows: table, matrix: (names, of) => matrixOf(table, names, of) };
}

/*
 * Bundles of one training set are asked about the same recording one after the other: a detector, its copy inside a fusion, the models of place
 * and size. Their rows are the same, and most of the work. They are kept as long as the recording is.
 */
const made = new WeakMap<Table, Map<string, Promise<ModelRows>>>();

/** Feature rows of a recording's windows, made as they were made for training. */
export function rowsOf(open: OpenModel, cut: CutSeries, of: { readonly caseId: string; readonly group: string }): Promise<ModelRows> {
  const known = made.get(cut.recorded) ?? new Map<string, Promise<ModelRows>>();
  made.set(cut.recorded, known);
  const key = hashOf([keyOf(open), of.caseId, of.group]);
  const rows = known.get(key) ?? makeRows(open, cut, of);
  known.set(key, rows);
  return rows;
}

async function makeRows({ preparation, regressors }: OpenModel, { series, index }: CutSeries, of: { readonly caseId: string; readonly group: string }): Promise<ModelRows> {
  const { plan, observer, measured } = preparation;
  if (observer) return tableRows((await residualRows(series, index, { settings: observer, signals: measured ?? [], scorersFor: () => regressors }, of, plan)).rows);
  const { windows, features } = windowFeatures(series, index, plan, of);
  const has = plan.features.map(({ name }) => name);
  return { windows, matrix: (names, wanted) => pickedFrom(features, has, names, wanted) };
}

/** Rows and columns of a matrix; the matrix itself where that is all of them in their order. Apart as columns and together again takes longer than to compute them. */
function pickedFrom(matrix: Float32Array, has: readonly string[], names: readonly string[], rows?: Int32Array): Float32Array {
  const width = has.length;
  if (!rows && names.length === width && names.every((name, at) => name === has[at])) return matrix;
  const place = new Map(has.map((name, at) => [name, at]));
  const columns = Int32Array.from(names, (name) => {
    const at = place.get(name);
    if (at === undefined) throw new PenstockError('table/column-missing', `the model reads the feature "${name}", which its preparation does not make`, { key: name });
    return at;
  });
  const count = rows?.length ?? matrix.length / width;
  const picked = new Float32Array(count * columns.length);
  for (let i = 0, to = 0; i < count; i++) {
    const from = (rows ? rows[i]! : i) * width;
    for (let c = 0; c < columns.length; c++) picked[to++] = matrix[from + columns[c]!]!;
  }
  return picked;
}

const keys = new WeakMap<object, string>();

/** Equal for bundles that make the same rows of the same recording. */
function keyOf({ preparation, bundle: { extra } }: OpenModel): string {
  const known = keys.get(preparation);
  if (known !== undefined) return known;
  const { windows, plan, observer } = preparation;
  const regressors = (observer?.regressors ?? []).map(({ file }) => sha256(extra.get(file)!));
  const key = hashOf([windows, plan, observer && { ...observer, regressors }, observer && preparation.measured]);
  keys.set(preparation, key);
  return key;
}
