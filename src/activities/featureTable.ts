import { PenstockError } from '../errors/index.js';
import { fitsColumn, isVariable, misspelt, toBasic, unitScale } from '../olga/index.js';
import { computeFeatures, type FeaturePlan, type SignalDescription } from '../signal/index.js';
import { concatTables, numbers, type Column, type Role, type Table } from '../table/index.js';

const quantities: Readonly<Record<string, SignalDescription['quantity']>> = { PT: 'pressure', PTLKUP: 'pressure', GT: 'flow', TM: 'temperature' };

/**
 * The signals that features are computed from. Only measured columns, and on request operational ones, may be named:
 * truth, clock and id columns are refused, because a model that sees them proves nothing.
 */
export function describeSignals(series: Table, config: { readonly feature_columns: readonly string[]; readonly operational_columns: boolean }): SignalDescription[] {
  const allowed = (column: Column): boolean => column.role === 'measured' || (config.operational_columns && column.role === 'operational');
  const asked = config.feature_columns;
  const candidates = series.columns.filter(allowed);
  // `GT*` asks for the flows, though GTLEAK fits it too; `GTLEAK*` fits nothing else.
  const forbidden = series.columns.filter((column) => !allowed(column) && asked.some((pattern) =>
    (fitsColumn(column, pattern) || isVariable(column, pattern)) && !candidates.some((candidate) => fitsColumn(candidate, pattern))));
  if (forbidden.length > 0) {
    const list = forbidden.map((column) => `${column.name} (${column.role})`).join(', ');
    const hint = forbidden.every((column) => column.role === 'operational') ? '; set operational_columns to use operational signals' : '';
    throw new PenstockError('table/role', `feature_columns names ${list}; only measured signals may be model input${hint}`, { key: 'feature_columns' });
  }
  const strange = misspelt(candidates, asked);
  if (strange !== undefined) throw new PenstockError('table/column-missing', `feature_columns names ${strange}`, { key: 'feature_columns' });
  return candidates.filter((column) => asked.length === 0 || asked.some((pattern) => fitsColumn(column, pattern))).map(describeSignal);
}

function describeSignal(column: Column): SignalDescription {
  const position = column.attributes?.['position_m'];
  return {
    name: column.name, unit: column.unit, quantity: quantities[column.attributes?.['name'] ?? column.name.split('|')[0]!] ?? 'other',
    ...(position !== undefined && { position_m: Number(position) }),
  };
}

/** Windows of one case with their features: what is known of each, and the features row by row as a model reads them. */
export interface WindowFeatures {
  /** Ids, clock and truth of the windows, and the imbalance that a baseline uses. */
  readonly windows: Table;
  /** Row-major, windows x features of the plan. */
  readonly features: Float32Array;
  /** One per feature of the plan. */
  readonly roles: readonly Role[];
}

// The imbalance is that of the line, also where features are computed from what a model left over of it.
type Measured = { readonly series: Table; readonly signals: readonly SignalDescription[] };

export function windowFeatures(
  series: Table, index: Table, plan: FeaturePlan, of: { caseId: string; group: string }, measured: Measured = { series, signals: plan.signals },
): WindowFeatures {
  const features = computeFeatures(series, numbers(index, 'start_row') as Int32Array, plan);
  const id = (name: string, value: string): Column => ({ name, values: Array<string>(index.rows).fill(value), unit: '', role: 'id' });
  const columns = [id('case_id', of.caseId), id('case_group', of.group), ...index.columns, imbalance(measured.series, index, measured.signals)];
  return { windows: { rows: index.rows, metadata: {}, columns }, features, roles: rolesOf(series, plan) };
}

/** A feature of one signal has its role; what is computed of several is measured. */
function rolesOf(series: Table, plan: FeaturePlan): Role[] {
  const roles = new Map(series.columns.map(({ name, role }) => [name, role]));
  return plan.features.map(({ signal }) => roles.get(signal ?? '') ?? 'measured');
}

/** Windows of cases, one case below the other, as one table: one row per window, the features as its last columns. Errors: `table/invalid` where a signal has another role in another case. */
export function featureTable(cases: readonly WindowFeatures[], plan: FeaturePlan): Table {
  const windows = concatTables(cases.map((one) => one.windows));
  const { rows } = windows;
  const width = plan.features.length;
  const { roles } = cases[0]!;
  for (const other of cases) checkRoles(roles, other.roles, plan);
  // One piece of memory for all of them: thousands of small ones would cost more than what is in them.
  const all = new Float32Array(rows * width);
  let first = 0;
  for (const { features } of cases) {
    transpose(features, width, all, first, rows);
    first += features.length / width;
  }
  return { ...windows, columns: [...windows.columns, ...plan.features.map(({ name, unit }, at): Column => ({ name, values: all.subarray(at * rows, (at + 1) * rows), unit, role: roles[at]! }))] };
}

/** The rows of a matrix to columns of `rows` values each, from row `first` on. */
function transpose(matrix: Float32Array, width: number, columns: Float32Array, first: number, rows: number): void {
  for (let at = 0; at < width; at++) {
    for (let from = at, to = at * rows + first; from < matrix.length; from += width, to++) columns[to] = matrix[from]!;
  }
}

function checkRoles(roles: readonly Role[], others: readonly Role[], plan: FeaturePlan): void {
  const at = roles.findIndex((role, index) => role !== others[index]);
  if (at < 0) return;
  throw new PenstockError('table/invalid', `the signal of feature "${plan.features[at]!.name}" is ${roles[at]} in one case and ${others[at]} in another`, { key: plan.features[at]!.name });
}

/** The column that the imbalance baseline alarms on. */
export const imbalanceColumn = 'flow_imbalance_kg_s';

/** |flow at the first position - flow at the last| at each window's last row; NaN where fewer than two flows are measured. */
function imbalance(series: Table, index: Table, signals: readonly SignalDescription[]): Column {
  const flows = signals.filter((signal) => signal.quantity === 'flow').sort((a, b) => (a.position_m ?? 0) - (b.position_m ?? 0));
  const scales = [flows[0], flows.at(-1)].map((signal) => unitScale(signal?.unit, 'massFlow') ?? { factor: 1, offset: 0 });
  const ends = numbers(index, 'end_row');
  const values = new Float32Array(index.rows).fill(NaN);
  if (flows.length >= 2) {
    const first = numbers(series, flows[0]!.name);
    const last = numbers(series, flows.at(-1)!.name);
    for (let w = 0; w < values.length; w++) values[w] = Math.abs(toBasic(first[ends[w]! - 1]!, scales[0]!) - toBasic(last[ends[w]! - 1]!, scales[1]!));
  }
  return { name: imbalanceColumn, values, unit: 'kg/s', role: 'measured' };
}
