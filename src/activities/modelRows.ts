import { hashOf } from '../config/index.js';
import { sha256 } from '../storage/index.js';
import type { Table } from '../table/index.js';
import { featureTable } from './featureTable.js';
import type { CutSeries, OpenModel } from './scoreSeries.js';
import { residualRows } from './training/residualDataset.js';

/*
 * Bundles of one training set are asked about the same recording one after the other: a detector, its copy inside a fusion, the models of place
 * and size. Their rows are the same, and most of the work. They are kept as long as the recording is.
 */
const made = new WeakMap<Table, Map<string, Promise<Table>>>();

/** Feature rows of a recording's windows, made as they were made for training. */
export function rowsOf(open: OpenModel, cut: CutSeries, of: { readonly caseId: string; readonly group: string }): Promise<Table> {
  const known = made.get(cut.recorded) ?? new Map<string, Promise<Table>>();
  made.set(cut.recorded, known);
  const key = hashOf([keyOf(open), of.caseId, of.group]);
  const rows = known.get(key) ?? makeRows(open, cut, of);
  known.set(key, rows);
  return rows;
}

async function makeRows({ preparation, regressors }: OpenModel, { series, index }: CutSeries, of: { readonly caseId: string; readonly group: string }): Promise<Table> {
  const { plan, observer, measured } = preparation;
  if (!observer) return featureTable(series, index, plan, of);
  return (await residualRows(series, index, { settings: observer, signals: measured ?? [], scorersFor: () => regressors }, of, plan)).rows;
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
