import { PenstockError } from '../errors/index.js';
import type { Column, Table } from '../table/table.js';

export function findColumn(series: Table, name: string): Column | undefined {
  return series.columns.find((column) => column.name === name);
}

/** A truth column by its name in any case. */
export function findTruth(series: Table, name: string): Column | undefined {
  return series.columns.find((column) => column.role === 'truth' && column.name.toLowerCase() === name.toLowerCase());
}

/**
 * Seconds since the start of the case: the column `time` (any case) with role clock, else the first clock column with unit s.
 * @throws PenstockError `table/column-missing` where there is neither, or it holds no float64 numbers.
 */
export function timeColumn(series: Table): Column<Float64Array> {
  const clocks = series.columns.filter((column) => column.role === 'clock' && column.values instanceof Float64Array) as Column<Float64Array>[];
  const found = clocks.find((column) => column.name.toLowerCase() === 'time') ?? clocks.find((column) => column.unit === 's' && column.name !== sampleAge);
  if (found) return found;
  const names = series.columns.map((column) => `${column.name} (${column.role})`).join(', ');
  throw new PenstockError('table/column-missing', `no time column: a float64 column "time" of role clock is needed; the series has ${names || 'no columns'}`, { key: 'time' });
}

/** Name of the column that `resampleTable` adds: seconds since the held row was recorded. */
export const sampleAge = 'sample_age_s';

/** The column's numbers in float64, without a copy where they are so already. */
export function numbersOf(column: Column): Float64Array {
  const { values } = column;
  if (values instanceof Float64Array) return values;
  if (values instanceof Float32Array || values instanceof Int32Array) return Float64Array.from(values);
  throw new PenstockError('signal/invalid', `column "${column.name}" holds texts; numbers are needed`, { key: column.name });
}
