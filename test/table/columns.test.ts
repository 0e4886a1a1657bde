import { describe, expect, test } from 'vitest';
import { columnNamed, columnType, concatTables, numbers, selectColumns, sliceRows, strings } from '../../src/table/index.js';
import { readThriftStruct, writeThriftStruct, type ThriftStruct } from '../../src/table/thriftCompact.js';
import { exampleTable } from './tables.js';

describe('columns', () => {
  const table = exampleTable(10);

  test('are found by name and kind', () => {
    expect(columnNamed(table, 'LEAK').role).toBe('truth');
    expect(numbers(table, 'row')).toBe(table.columns[4]?.values);
    expect(strings(table, 'note')[1]).toBe('n1');
    expect(table.columns.map((column) => columnType(column.values))).toStrictEqual(['float64', 'float64', 'float32', 'int32', 'int32', 'string', 'string']);
    expect(() => numbers(table, 'note')).toThrow(/"note" holds text, where numbers are needed/);
    expect(() => strings(table, 'row')).toThrow(/"row" holds numbers, where text is needed/);
    expect(() => columnNamed(table, 'leak')).toThrow(/no column "leak"; nearest of 7: "LEAK"/);
  });

  test('are selected in order, sliced without copying, and put together again', () => {
    expect(selectColumns(table, ['row', 'time']).columns.map((column) => column.name)).toStrictEqual(['row', 'time']);
    const part = sliceRows(table, 2, 5);
    expect(part.rows).toBe(3);
    expect((numbers(part, 'row') as Int32Array).buffer).toBe((numbers(table, 'row') as Int32Array).buffer);
    expect(strings(part, 'note')).toStrictEqual(strings(table, 'note').slice(2, 5));
    expect(sliceRows(table, -3, 100)).toStrictEqual(table);
    expect(sliceRows(table, 7, 3).rows).toBe(0);
    expect(concatTables([sliceRows(table, 0, 4), sliceRows(table, 4, 4), sliceRows(table, 4, 10)])).toStrictEqual(table);
  });
});

describe('Thrift structures', () => {
  const struct: ThriftStruct = new Map([
    [1, { type: 5, value: -1 }],
    [2, { type: 6, value: 2 ** 50 + 1 }],
    [3, { type: 1, value: false }],
    [40, { type: 1, value: true }],
    [41, { type: 7, value: -0.1 }],
    [42, { type: 3, value: -128 }],
    [43, { type: 8, value: new TextEncoder().encode('ção') }],
    [44, { type: 9, value: { elementType: 5, items: Array.from({ length: 300 }, (_, index) => index * (index % 2 ? -1 : 1) * 1000) } }],
    [45, { type: 9, value: { elementType: 1, items: [true, false] } }],
    [1000, { type: 12, value: new Map([[7, { type: 8, value: new Uint8Array(3000) }]]) }],
  ]);

  test('are written and read again, whatever they hold', () => {
    expect(readThriftStruct(writeThriftStruct(struct))).toStrictEqual(struct);
  });

  test('that end early or promise too much are refused', () => {
    const bytes = writeThriftStruct(struct);
    for (let length = 0; length < bytes.length - 1; length += 7) expect(() => readThriftStruct(bytes.slice(0, length))).toThrow(RangeError);
    expect(() => readThriftStruct(Uint8Array.from([0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toThrow(/list of 4294967295 elements/);
    expect(() => readThriftStruct(new Uint8Array(100).fill(0x1c))).toThrow(/nested too deeply/);
    expect(() => readThriftStruct(Uint8Array.from([0x16, ...new Array<number>(12).fill(0xff), 0]))).toThrow(/larger than 2\^53/);
  });
});
