import { PenstockError } from '../errors/index.js';
import { fitsColumn, misspelt } from '../olga/index.js';
import type { Column, Table } from '../table/index.js';

/**
 * The table with the signals that are selected; clock, truth and id columns always stay. Nothing selected keeps all.
 * Truth and clock columns may be named, which changes nothing.
 * @throws PenstockError `table/column-missing` where a pattern fits no column, or no signal is left.
 */
export function selectSignals(table: Table, selected: readonly string[]): Table {
  if (selected.length === 0) return table;
  const strange = misspelt(table.columns, selected);
  if (strange !== undefined) throw new PenstockError('table/column-missing', `selected_columns: no column fits ${strange}`, { key: 'selected_columns' });
  const columns = table.columns.filter((column) => !isSignal(column) || selected.some((pattern) => fitsColumn(column, pattern)));
  if (columns.some(isSignal)) return { ...table, columns };
  throw new PenstockError('table/column-missing', `selected_columns keeps no signal; there are ${table.columns.filter(isSignal).map(({ name }) => name).join(', ') || 'none'}`, { key: 'selected_columns' });
}

export function isSignal(column: Column): boolean {
  return column.role === 'measured' || column.role === 'operational';
}
