import { describe, expect, test } from 'vitest';
import { inPieces, packedColumn, pieceRows, someValue } from '../../src/olga/packedColumn.js';

const rows = 2 * pieceRows + 100;
const columns: Record<string, (row: number) => number> = {
  'the same everywhere': () => 0.1,
  'nothing but negative zeros': () => -0,
  'zeros of both signs': (row) => (row % 2 === 0 ? 0 : -0),
  'times of seven digits': (row) => Number((row * 0.1).toExponential(6)),
  'late times of seven digits': (row) => Number((3e6 + row * 0.1).toExponential(6)),
  'times that run backwards': (row) => (row < 20_000 ? row * 0.5 : row * 0.5 - 8000),
  'flows of seven digits': (row) => Number((-0.87 - 1e-3 * Math.sin(row)).toExponential(6)),
  'numbers of any size': (row) => Number((Math.sin(row) * 10 ** (row % 40 - 20)).toExponential(6)),
  'numbers of all digits': (row) => Math.sqrt(row),
  'steps now and then': (row) => Math.sqrt(Math.floor(row / 97)),
  'zeros, then holes, then a ramp': (row) => (row < 300 ? 0 : row < 9000 ? NaN : Number((row * 1e-7).toExponential(6))),
  'steps too many to be runs': (row) => Math.sqrt(row >> 3),
  'numbers and holes': (row) => (row % 1000 === 7 ? NaN : row % 1000 === 8 ? Infinity : row),
};

describe.each(Object.entries(columns))('%s', (_, value) => {
  const whole = Float64Array.from({ length: rows }, (__, row) => value(row));
  const column = packedColumn();
  for (let at = 0; at < rows; at += 777) column.add(whole.subarray(at, at + 777));

  test('come back bit for bit', () => {
    expect(column.length).toBe(rows);
    const bits = (values: Float64Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    expect(bits(column.subarray(0, rows)).equals(bits(whole))).toBe(true);
    for (const [values, first] of inPieces(column, 5, rows - 3, 2)) expect(bits(values).equals(bits(whole.slice(first, first + values.length)))).toBe(true);
    for (const row of [0, 1, pieceRows - 1, pieceRows, rows - 1, -1, -rows, rows, -rows - 1]) expect(Object.is(column.at(row), whole.at(row))).toBe(true);
  });
});

test('pieces follow one another without a gap, also of a plain array', () => {
  const plain = Float64Array.from({ length: rows }, (_, row) => row);
  expect([...inPieces(plain)].map(([values, first]) => [first, values.length])).toEqual([[0, pieceRows], [pieceRows, pieceRows], [2 * pieceRows, 100]]);
  expect(someValue(plain, (value) => value === rows - 1)).toBe(true);
  expect(someValue(plain, (value) => value < 0)).toBe(false);
});
