import { distance } from 'fastest-levenshtein';
import { PenstockError } from '../errors/index.js';
import type { Column, ColumnValues, Table } from './table.js';

/** How the values of a column are held. */
export type ColumnType = 'float64' | 'float32' | 'int32' | 'string';

export type NumericValues = Float64Array | Float32Array | Int32Array;

export function columnType(values: ColumnValues): ColumnType {
  if (values instanceof Float64Array) return 'float64';
  if (values instanceof Float32Array) return 'float32';
  return values instanceof Int32Array ? 'int32' : 'string';
}

/** The column of this name. Errors: `table/column-missing`, naming the nearest existing ones. */
export function columnNamed(table: Table, name: string): Column {
  const column = table.columns.find((candidate) => candidate.name === name);
  if (!column) throw missingColumn(name, table.columns.map((candidate) => candidate.name));
  return column;
}

/** The values of a numeric column. Errors: `table/column-missing`; `table/invalid` where the column holds text. */
export function numbers(table: Table, name: string): NumericValues {
  const { values } = columnNamed(table, name);
  if (isNumeric(values)) return values;
  throw new PenstockError('table/invalid', `column "${name}" holds text, where numbers are needed`, { key: name });
}

/** The values of a text column. Errors: `table/column-missing`; `table/invalid` where the column holds numbers. */
export function strings(table: Table, name: string): readonly string[] {
  const { values } = columnNamed(table, name);
  if (!isNumeric(values)) return values;
  throw new PenstockError('table/invalid', `column "${name}" holds numbers, where text is needed`, { key: name });
}

/** The table with these columns only, in this order. Values are shared, not copied. */
export function selectColumns(table: Table, names: readonly string[]): Table {
  return { ...table, columns: names.map((name) => columnNamed(table, name)) };
}

/** The rows [start, end), clamped as `Array.slice` does. Numbers are views on the table's memory, not copies. */
export function sliceRows(table: Table, start: number, end: number): Table {
  const first = Math.min(Math.max(start, 0), table.rows);
  const last = Math.min(Math.max(end, first), table.rows);
  const columns = table.columns.map((column) => ({
    ...column,
    values: isNumeric(column.values) ? column.values.subarray(first, last) : column.values.slice(first, last),
  }));
  return { ...table, rows: last - first, columns };
}

/** These rows (from 0) in this order. */
export function takeRows(table: Table, rows: Int32Array): Table {
  const columns = table.columns.map((column) => ({ ...column, values: takeValues(column.values, rows) }));
  return { ...table, rows: rows.length, columns };
}

/**
 * The rows of all tables, one below the other. All must have the same columns: name, order, type, unit and role.
 * Metadata and column attributes keep the entries on which all tables agree.
 * Errors: `table/invalid` for no tables or columns that differ.
 */
export function concatTables(tables: readonly Table[]): Table {
  const first = tables[0];
  if (!first) throw new PenstockError('table/invalid', 'no tables to put together');
  const merge = columnMerge(first.columns.map(describeColumn));
  for (const [index, table] of tables.entries()) merge.add(table.columns.map(describeColumn), `table ${index}`);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  const columns = merge.columns().map(({ name, unit, role, attributes }, index) => {
    const values = concatValues(tables.map((table) => (table.columns[index] as Column).values), rows);
    return { name, values, unit, role, ...(Object.keys(attributes).length > 0 && { attributes }) };
  });
  return { rows, columns, metadata: tables.map((table) => table.metadata).reduce(agreedEntries) };
}

/** What two columns must have in common to be put together, and the attributes on which they may differ. */
export interface ColumnDescription {
  readonly name: string;
  readonly type: string;
  readonly unit: string;
  readonly role: Column['role'];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Checks that further tables have the same columns as the first, and keeps the attributes on which all agree. */
export function columnMerge(first: readonly ColumnDescription[]): {
  add(columns: readonly ColumnDescription[], what: string): void;
  columns(): readonly ColumnDescription[];
} {
  let merged = first;
  return {
    add(columns, what) {
      const difference = firstDifference(first, columns);
      if (difference) throw new PenstockError('table/invalid', `${what} does not have the columns of the first: ${difference}`);
      merged = merged.map((column, index) => {
        const attributes = agreedEntries(column.attributes, (columns[index] as ColumnDescription).attributes);
        return { ...column, attributes };
      });
    },
    columns: () => merged,
  };
}

/** The entries that both have with the same value. */
export function agreedEntries(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(a).filter(([key, value]) => Object.hasOwn(b, key) && b[key] === value));
}

/** Errors: `table/invalid` where a table has no columns, two of one name, or columns of unequal length. */
export function checkTable(table: Table): void {
  if (table.columns.length === 0) throw new PenstockError('table/invalid', 'the table has no columns');
  const seen = new Set<string>();
  for (const { name, values } of table.columns) {
    if (seen.has(name)) throw new PenstockError('table/invalid', `two columns are named "${name}"`, { key: name });
    seen.add(name);
    if (values.length !== table.rows) {
      throw new PenstockError('table/invalid', `column "${name}" has ${values.length} values, the table has ${table.rows} rows`, { key: name });
    }
  }
}

/** The error for a name that is not there, with the three names nearest to it. */
export function missingColumn(name: string, existing: readonly string[]): PenstockError {
  const far = (candidate: string): number => distance(name.toLowerCase(), candidate.toLowerCase());
  const nearest = [...existing].sort((a, b) => far(a) - far(b)).slice(0, 3);
  const hint = nearest.length > 0 ? `; nearest of ${existing.length}: ${nearest.map((candidate) => `"${candidate}"`).join(', ')}` : '';
  return new PenstockError('table/column-missing', `no column "${name}"${hint}`, { key: name });
}

export function describeColumn({ name, values, unit, role, attributes }: Column): ColumnDescription {
  return { name, type: columnType(values), unit, role, attributes: attributes ?? {} };
}

function firstDifference(expected: readonly ColumnDescription[], found: readonly ColumnDescription[]): string | undefined {
  for (let index = 0; index < Math.max(expected.length, found.length); index++) {
    const a = expected[index];
    const b = found[index];
    if (!a) return `column "${b?.name}" is additional`;
    if (!b) return `column "${a.name}" is missing`;
    for (const fact of ['name', 'type', 'unit', 'role'] as const) {
      if (a[fact] !== b[fact]) return `column ${index} ("${a.name}") has ${fact} "${b[fact]}" instead of "${a[fact]}"`;
    }
  }
  return undefined;
}

function isNumeric(values: ColumnValues): values is NumericValues {
  return ArrayBuffer.isView(values);
}

function concatValues(parts: readonly ColumnValues[], rows: number): ColumnValues {
  const first = parts[0] as ColumnValues;
  if (!isNumeric(first)) return (parts as (readonly string[])[]).flat();
  const all = first instanceof Float64Array ? new Float64Array(rows) : first instanceof Float32Array ? new Float32Array(rows) : new Int32Array(rows);
  let at = 0;
  for (const part of parts as NumericValues[]) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function takeValues(values: ColumnValues, rows: Int32Array): ColumnValues {
  if (!isNumeric(values)) return Array.from(rows, (row) => values[row] as string);
  const taken = values.slice(0, rows.length);
  for (let index = 0; index < rows.length; index++) taken[index] = values[rows[index] as number] as number;
  return taken;
}
