import { PenstockError } from '../../errors/index.js';
import type { Column, Table } from '../../table/table.js';
import type { Scorer } from '../onnx/scorer.js';
import { outsideEnvelope } from './envelope.js';
import { lagMatrix } from './lagMatrix.js';
import { residualName, type ObserverSettings } from './observer.js';

/** Rows scored in one call: bounds the memory of long series. */
const batch = 16_384;

/**
 * What the healthy line does not explain of each signal: measured minus expected, in the signal's unit, under the name
 * `residual <signal>`. All columns that are no model input stay. `outside` is 1 for rows beyond the training range.
 *
 * Errors: `table/column-missing` for a signal the series lacks; `table/role` for one that is truth, clock or id.
 */
export async function residualSeries(series: Table, { signals, lags, regressors, envelope }: ObserverSettings, scorers: readonly Scorer[]): Promise<{ series: Table; outside: Uint8Array }> {
  const columns = observedColumns(series, signals);
  const residuals: Column[] = [];
  for (const [r, { signal }] of regressors.entries()) {
    const own = signals.findIndex(({ name }) => name === signal);
    const measured = columns[own]!;
    const values = new Float64Array(series.rows);
    for (let start = 0; start < series.rows; start += batch) {
      const rows = Int32Array.from({ length: Math.min(batch, series.rows - start) }, (_, i) => start + i);
      const expected = await scorers[r]!.score(lagMatrix(columns, own, lags, rows), rows.length);
      for (let i = 0; i < rows.length; i++) values[start + i] = measured[start + i]! - expected[i]!;
    }
    residuals.push({ ...inputColumn(series, signal), name: residualName(signal), values, role: 'measured' });
  }
  const rest = series.columns.filter(({ role }) => role !== 'measured' && role !== 'operational');
  return { series: { ...series, columns: [...rest, ...residuals] }, outside: outsideEnvelope(columns, envelope) };
}

/** Signals that a series must have for OBSERVER, as whole columns. */
export function observedColumns(series: Table, signals: readonly { readonly name: string }[]): Float64Array[] {
  return signals.map(({ name }) => {
    const { values } = inputColumn(series, name);
    return values instanceof Float64Array ? values : Float64Array.from(values as ArrayLike<number>);
  });
}

function inputColumn(series: Table, name: string): Column {
  const column = series.columns.find((candidate) => candidate.name === name);
  if (!column) throw new PenstockError('table/column-missing', `the series has no column "${name}", which the healthy behaviour of the line is told by`, { key: name });
  if (column.role !== 'measured' && column.role !== 'operational') {
    throw new PenstockError('table/role', `column "${name}" is ${column.role}; only measured and operational columns may be model input`, { key: name });
  }
  return column;
}
