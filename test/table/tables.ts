import type { Table } from '../../src/table/index.js';

/** A table with every kind of column, numbers that are hard to keep, and names that are hard to address. */
export function exampleTable(rows: number, offset = 0): Table {
  const time = Float64Array.from({ length: rows }, (_, row) => (offset + row) * 0.1);
  const pressure = Float64Array.from({ length: rows }, (_, row) => 5e6 + Math.sin(offset + row) * 1e3);
  const hard = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 1.7976931348623157e308];
  hard.slice(0, rows).forEach((value, row) => (pressure[row] = value));
  return {
    rows,
    columns: [
      { name: 'time', values: time, unit: 's', role: 'clock' },
      { name: 'PT POSITION 58.5 m (pipe.1)', values: pressure, unit: 'Pa', role: 'measured', attributes: { location: 'POSITION-1', metres: '58.5' } },
      { name: 'feature', values: Float32Array.from(time, (value) => value * 1.5), unit: '', role: 'measured' },
      { name: 'LEAK', values: Int32Array.from({ length: rows }, (_, row) => (offset + row) % 2), unit: '', role: 'truth' },
      { name: 'row', values: Int32Array.from({ length: rows }, (_, row) => offset + row - 5), unit: '', role: 'clock' },
      { name: 'case_id', values: Array.from({ length: rows }, (_, row) => `caso ção ${Math.floor((offset + row) / 10)}`), unit: '', role: 'id' },
      { name: 'note', values: Array.from({ length: rows }, (_, row) => ((offset + row) % 3 ? `n${offset + row}` : '')), unit: '', role: 'id' },
    ],
    metadata: { wallClock: '2024-01-01T00:00:00Z', sampling: '0.1 s' },
  };
}
