import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeParquet, describeParquet, roleOfName, stitchParquet } from '../../src/table/index.js';

/** Written by pyarrow 26 and pandas 3: all types with missing values, nested columns, no Arrow schema, two row groups. */
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(fileURLToPath(new URL(`../fixtures/parquet/${name}.parquet`, import.meta.url))));
const source = (bytes: Uint8Array) => ({ size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) });

const expected: Record<string, readonly unknown[]> = {
  time: [0, 0.5, 1, 1.5],
  pressure: [1.5, NaN, NaN, -0],
  f32: [1.5, NaN, 3.25, 4],
  f16: [1.5, NaN, -2, 0],
  i8: [1, -2, 3, 4],
  i16n: [1, NaN, -3, 4],
  i32: [1, -2147483648, 2147483647, 0],
  u8: [1, 255, 3, 4],
  u16: [1, 65535, 3, 4],
  u32: [1, 4294967295, 3, 4],
  i64: [1, -9007199254740991, NaN, 4],
  u64: [1, 9007199254740991, 3, 4],
  LEAK: [1, 0, 1, 0],
  flag: [1, NaN, 1, 0],
  name: ['a', '', '', 'ção'],
  large: ['a', 'b', '', 'b'],
  category: ['x', '', 'y', 'x'],
  numbers_category: [10.5, NaN, 20, 10.5],
  at_ms: [0, 1.5, NaN, -0.001],
  at_us: [1700000000.123456, 0, 1e-6, 2e-6],
  at_ns: [1700000000.123456789, 0, 1e-9, 2e-9],
  day: [0, 1641600000, -86400, NaN],
  clock: [1, 2, 0, 0.003],
  lasted: [1, 0.002, 0, NaN],
  money: [1.1, -123456789012345678.91, NaN, 0.3],
  PUMPSPEED: [1, 2, 3, 4],
  case_id: [1, 1, 2, 2],
};

describe("other libraries' files", () => {
  test.each(['types', 'without-arrow-schema'])('%s: every type has its values', async (name) => {
    const table = await decodeParquet(fixture(name));
    const values = Object.fromEntries(table.columns.map((column) => [column.name, [...column.values]]));
    const names = table.columns.map((column) => column.name);
    expect(values).toStrictEqual(Object.fromEntries(names.map((column) => [column, expected[column]])));
    expect(names).toHaveLength(name === 'types' ? 27 : 24);
  });

  test('what is recorded is kept, what is not is judged by name and type', async () => {
    const { columns, metadata } = await decodeParquet(fixture('types'));
    expect(metadata).toStrictEqual({ origin: 'test' });
    expect(columns[1]).toMatchObject({ unit: 'Pa', role: 'measured', attributes: { location: 'inlet' } });
    const roles = Object.fromEntries(columns.map((column) => [column.name, column.role]));
    expect(roles).toMatchObject({ time: 'clock', LEAK: 'truth', name: 'id', case_id: 'id', at_us: 'clock', PUMPSPEED: 'operational', f32: 'measured' });
    expect(columns.find((column) => column.name === 'at_ms')?.unit).toBe('s');
  });

  test('a description gives the types that reading gives, as far as no values are missing', async () => {
    const bytes = fixture('types');
    const { columns, rows, rowGroups } = await describeParquet(source(bytes));
    expect(rows).toBe(4);
    expect(rowGroups.map((group) => group.rows)).toStrictEqual([3, 1]);
    const types = Object.fromEntries(columns.map(({ name, type }) => [name, type]));
    expect(types).toMatchObject({ f16: 'float32', i8: 'int32', u32: 'float64', i64: 'float64', LEAK: 'int32', category: 'string', at_ns: 'float64', money: 'float64' });
  });

  test('columns that no table can hold do not stand in the way of others', async () => {
    const bytes = fixture('nested');
    expect((await decodeParquet(bytes, { columns: ['y', 'x'] })).columns.map((column) => [...column.values])).toStrictEqual([[3, 4], [1, 2]]);
    for (const column of ['list', 'deep', 'blob']) {
      await expect(decodeParquet(bytes, { columns: [column] })).rejects.toMatchObject({ code: 'table/invalid', message: expect.stringContaining(`"${column}" is of type`) });
    }
    await expect(decodeParquet(bytes, { columns: ['big'] })).rejects.toMatchObject({ code: 'table/invalid', message: expect.stringContaining('1152921504606846976') });
    const { columns } = await describeParquet(source(bytes));
    expect(columns.map(({ type }) => type)).toStrictEqual(['float64', 'unsupported', 'unsupported', 'unsupported', 'float64', 'float64']);
  });

  test('notes that pandas leaves for itself are not the metadata of the table', async () => {
    const { columns, metadata } = await decodeParquet(fixture('pandas'));
    expect(metadata).toStrictEqual({});
    expect(columns.map((column) => [...column.values])).toStrictEqual([[1704067200, 1704067201, 1704067202], [1, 2, 3], ['a', 'b', 'a'], [1, 2, 3]]);
  });

  test.each(['types', 'without-arrow-schema', 'nested', 'pandas'])('%s: put together twice', async (name) => {
    const columns = name === 'nested' ? ['x', 'y'] : (await decodeParquet(fixture(name))).columns.map((column) => column.name);
    const once = await decodeParquet(fixture(name), { columns });
    const twice = await decodeParquet(await stitchParquet([fixture(name), fixture(name)]), { columns });
    expect(twice.columns.map((column) => [...column.values])).toStrictEqual(once.columns.map((column) => [...column.values, ...column.values]));
  });
});

test('roles by name', () => {
  const roles = (names: string[], kind: 'number' | 'text' | 'time' = 'number') => names.map((name) => roleOfName(name, kind));
  expect(new Set(roles(['time', 'TIME (S)', 'Time_s', 'timestamp', 'window_index', 'start_row', 'end_time', 't', 'row']))).toStrictEqual(new Set(['clock']));
  expect(new Set(roles(['LEAK', 'GTLEAK', 'LEAK_FLOW_kg_s', 'label', 'target', 'leak_position', 'ACMLK']))).toStrictEqual(new Set(['truth']));
  expect(new Set(roles(['case_id', 'id', 'case', 'source_file', 'fold']))).toStrictEqual(new Set(['id']));
  expect(new Set(roles(['PT', 'GT_mean_delta', 'TM', 'ROHL', 'PT_mean_prev', 'throughput', 'tension', 'timing_free']))).toStrictEqual(new Set(['measured']));
  expect(new Set(roles(['PUMPSPEED', 'VALVOP']))).toStrictEqual(new Set(['operational']));
  expect(roles(['PT'], 'text')).toStrictEqual(['id']);
  expect(roles(['PT'], 'time')).toStrictEqual(['clock']);
});
