import type { Column, Role, Table } from '../../src/table/table.js';
import { lcg } from '../../src/numeric/index.js';

export function column(name: string, values: Column['values'], role: Role = 'measured', unit = ''): Column {
  return { name, values, unit, role };
}

export function table(columns: Column[], rows = columns[0]!.values.length): Table {
  return { rows, columns, metadata: { case_id: 'c1' } };
}

/** x[i] = 50 + 0.01 i - 0.0001 i^2 + (lcg(n, seed)[i] - 0.5): the input of the golden numbers. */
export function signal(n: number, seed: number): Float64Array {
  return lcg(n, seed).map((u, i) => 50 + 0.01 * i - 0.0001 * i * i + (u - 0.5));
}

/** Two flows and three pressures along a line, a temperature without position, with time and a truth column. */
export function lineSeries(rows: number, seed = 1, from = 0): Table {
  const noise = (s: number, level: number): Float64Array => signal(rows + from, seed * 10 + s).map((v) => v + level).subarray(from);
  return table([
    column('TIME', Float64Array.from({ length: rows }, (_, i) => (i + from) * 0.5), 'clock', 's'),
    column('PT|IN', noise(1, 5e5), 'measured', 'Pa'),
    column('PT|MID', noise(2, 4e5), 'measured', 'Pa'),
    column('PT|OUT', noise(3, 3e5), 'measured', 'Pa'),
    column('GT|IN', noise(4, 0), 'measured', 'kg/s'),
    column('GT|OUT', noise(5, -0.5), 'measured', 'kg/s'),
    column('TM|IN', noise(6, 250), 'measured', 'C'),
    column('LEAK', Int32Array.from({ length: rows }, (_, i) => (i > rows / 2 ? 1 : 0)), 'truth'),
  ]);
}
