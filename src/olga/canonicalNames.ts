import type { Column, Table } from '../table/table.js';
import { placesOf, variableOf } from './matchColumns.js';

/**
 * The table with one form of name for measured and operational columns: `VARIABLE@PLACE`, in capitals, where the parts of a place stand in the
 * order of the file without their keys, joined by dots. `PT|POSITION=Inlet` becomes `PT@INLET`, `GT|BOUNDARY|BRANCH=LINE|PIPE=Pipe-1|NR=2` becomes
 * `GT@BOUNDARY.LINE.PIPE-1.2`; a variable without a place is its name in capitals. Two columns that would get one name, or the name
 * of another column, keep theirs. The attribute `file_name` tells the name before. Truth, clock and id columns stay as they are.
 */
export function canonicalNames(table: Table): Table {
  const wanted = table.columns.map((column) => (column.role === 'measured' || column.role === 'operational' ? canonical(column) : column.name));
  const uses = new Map<string, number>();
  for (const name of wanted) uses.set(name, (uses.get(name) ?? 0) + 1);
  const columns = table.columns.map((column, at): Column => {
    const name = wanted[at]!;
    if (name === column.name || uses.get(name) !== 1) return column;
    return { ...column, name, attributes: { ...column.attributes, name: variableOf(column), file_name: column.name } };
  });
  // A column that keeps its name may meet one that was just given it.
  const names = new Set(columns.map(({ name }) => name));
  return names.size === columns.length ? { ...table, columns } : table;
}

function canonical(column: Column): string {
  const place = placesOf(column).join('.');
  return `${variableOf(column)}${place === '' ? '' : `@${place}`}`.toUpperCase();
}
