import { parquetReadObjects, parquetMetadata } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { concatTables, decodeParquet, decodeParquetFrom, describeParquet, encodeParquet, parquetStitcher, selectColumns, sliceRows, stitchParquet, type Table } from '../../src/table/index.js';
import { readFooter } from '../../src/table/parquetFooter.js';
import { moveRowGroup, writeFooter } from '../../src/table/parquetLayout.js';
import { writeThriftStruct } from '../../src/table/thriftCompact.js';
import { exampleTable } from './tables.js';

const source = (bytes: Uint8Array) => ({ size: bytes.length, read: async (start: number, end: number) => bytes.subarray(start, end) });

describe('a table written and read again', () => {
  test.each([0, 1, 7, 1000])('is the same table with %i rows', async (rows) => {
    const table = exampleTable(rows);
    expect(await decodeParquet(encodeParquet(table))).toStrictEqual(table);
  });

  test.each(['zstd', 'snappy', 'none'] as const)('is the same table in row groups of any size, %s', async (compression) => {
    const table = exampleTable(200);
    for (const rowGroupRows of [compression === 'none' ? 1 : 20, 137, 200, 5000]) {
      expect(await decodeParquet(encodeParquet(table, { rowGroupRows, compression }))).toStrictEqual(table);
    }
  });

  test('has the same bytes each time, also from views on larger memory', () => {
    const table = exampleTable(300);
    const bytes = encodeParquet(table, { rowGroupRows: 100 });
    const reordered = { ...table, metadata: Object.fromEntries(Object.entries(table.metadata).reverse()) };
    expect(encodeParquet(reordered, { rowGroupRows: 100 })).toStrictEqual(bytes);
    expect(encodeParquet(sliceRows(exampleTable(500), 0, 300), { rowGroupRows: 100 })).toStrictEqual(bytes);
    expect(encodeParquet(exampleTable(20))).not.toStrictEqual(encodeParquet(exampleTable(20, 1)));
  });

  test('keeps NaN and negative zero', async () => {
    const { columns } = await decodeParquet(encodeParquet(exampleTable(10)), { columns: ['PT POSITION 58.5 m (pipe.1)'] });
    const values = columns[0]?.values as Float64Array;
    expect(values[0]).toBeNaN();
    expect(Object.is(values[3], -0)).toBe(true);
  });

  test('gives the columns that are asked for, in that order', async () => {
    const table = exampleTable(100);
    const names = ['case_id', 'PT POSITION 58.5 m (pipe.1)', 'time'];
    const read = await decodeParquet(encodeParquet(table, { rowGroupRows: 30 }), { columns: names });
    expect(read).toStrictEqual(selectColumns(table, names));
  });

  test('gives the row groups that are asked for', async () => {
    const table = exampleTable(100);
    const bytes = encodeParquet(table, { rowGroupRows: 30 });
    expect(await decodeParquet(bytes, { rowGroups: [3, 1], columns: ['row'] })).toStrictEqual(
      selectColumns(concatTables([sliceRows(table, 90, 100), sliceRows(table, 30, 60)]), ['row']),
    );
    await expect(decodeParquet(bytes, { rowGroups: [4] })).rejects.toMatchObject({ code: 'table/invalid', message: expect.stringContaining('has 4') });
  });

  test('names the nearest columns where one is missing', async () => {
    const bytes = encodeParquet(exampleTable(3));
    await expect(decodeParquet(bytes, { columns: ['Time'] })).rejects.toMatchObject({
      code: 'table/column-missing',
      message: 'no column "Time"; nearest of 7: "time", "note", "LEAK"',
    });
  });

  test('is refused where it is none', () => {
    const table = exampleTable(3);
    expect(() => encodeParquet({ ...table, columns: [] })).toThrow(expect.objectContaining({ code: 'table/invalid' }));
    expect(() => encodeParquet({ ...table, rows: 4 })).toThrow(/"time" has 3 values, the table has 4 rows/);
    expect(() => encodeParquet({ ...table, columns: [...table.columns, ...table.columns] })).toThrow(/two columns are named "time"/);
    expect(() => encodeParquet(table, { rowGroupRows: 0 })).toThrow(/rowGroupRows is 0/);
  });

  test('is read the same by an independent reader', async () => {
    const table = exampleTable(250);
    const bytes = encodeParquet(table, { rowGroupRows: 100, compression: 'snappy' });
    const objects = await parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });
    expect(objects).toHaveLength(250);
    for (const { name, values } of table.columns) {
      expect(objects.map((object) => object[name])).toStrictEqual([...values]);
    }
  });
});

describe('what is stored how', () => {
  test('floats are plain, text and integers of few values have a dictionary', () => {
    const { row_groups: groups } = parquetMetadata(encodeParquet(exampleTable(2000)).slice().buffer as ArrayBuffer);
    const dictionaries = groups[0]?.columns.map((column) => column.meta_data?.encodings.includes('RLE_DICTIONARY'));
    expect(dictionaries).toStrictEqual([false, false, false, true, false, true, true]);
  });

  test('a description comes from the end of the file alone', async () => {
    const table = exampleTable(100_000);
    const bytes = encodeParquet(table, { rowGroupRows: 40_000, compression: 'none' });
    const reads: number[] = [];
    const description = await describeParquet({
      size: bytes.length,
      read: async (start, end) => {
        reads.push(end - start);
        return bytes.subarray(start, end);
      },
    });
    expect(reads).toStrictEqual([1 << 18]);
    expect(bytes.length).toBeGreaterThan(3e6);
    expect(description.rows).toBe(100_000);
    expect(description.metadata).toStrictEqual(table.metadata);
    expect(description.rowGroups.map((group) => group.rows)).toStrictEqual([40_000, 40_000, 20_000]);
    expect(description.columns.map(({ name, unit, role }) => ({ name, unit, role }))).toStrictEqual(table.columns.map(({ name, unit, role }) => ({ name, unit, role })));
    expect(description.columns.map(({ type }) => type)).toStrictEqual(['float64', 'float64', 'float32', 'int32', 'int32', 'string', 'string']);
  });
});

describe('files put together', () => {
  const parts = [exampleTable(100), exampleTable(0, 100), exampleTable(57, 100), exampleTable(1, 157)];

  test.each(['zstd', 'snappy'] as const)('are the concatenated table, %s', async (compression) => {
    const encoded = parts.map((part) => encodeParquet(part, { compression, rowGroupRows: 40 }));
    const whole = await stitchParquet(encoded);
    expect(await decodeParquet(whole)).toStrictEqual(concatTables(parts));
    expect((await describeParquet(source(whole))).rowGroups.map((group) => group.rows)).toStrictEqual([40, 40, 20, 40, 17, 1]);
  });

  test('are read the same by an independent reader', async () => {
    const whole = await stitchParquet(parts.map((part) => encodeParquet(part, { compression: 'snappy' })));
    const objects = await parquetReadObjects({ file: whole.slice().buffer as ArrayBuffer });
    for (const { name, values } of concatTables(parts).columns) expect(objects.map((object) => object[name])).toStrictEqual([...values]);
  });

  test('are the file itself where there is one part, and what one writing gives where there are more', async () => {
    const one = encodeParquet(exampleTable(100), { rowGroupRows: 40 });
    expect(await stitchParquet([one])).toStrictEqual(one);
    const halves = [sliceRows(exampleTable(100), 0, 50), sliceRows(exampleTable(100), 50, 100)].map((half) => encodeParquet(half));
    expect(await stitchParquet(halves)).toStrictEqual(encodeParquet(exampleTable(100), { rowGroupRows: 50 }));
    expect(await stitchParquet([await stitchParquet(halves.slice(0, 1)), ...halves.slice(1)])).toStrictEqual(await stitchParquet(halves));
  });

  test('come out piece by piece', async () => {
    const encoded = parts.map((part) => encodeParquet(part));
    const stitcher = parquetStitcher();
    const pieces: Uint8Array[] = [];
    for (const part of encoded) {
      const memory = part.slice();
      const added = await stitcher.add(memory);
      expect(added.length > 0).toBe(part !== encoded[1]);
      pieces.push(...added.map((piece) => piece.slice()));
      // Whoever adds may use the memory for the next part.
      memory.fill(0);
    }
    pieces.push(await stitcher.end());
    expect(new Uint8Array(Buffer.concat(pieces))).toStrictEqual(await stitchParquet(encoded));
  });

  test('may have something between their row groups', async () => {
    const table = exampleTable(100);
    const bytes = encodeParquet(table);
    const footer = readFooter(bytes);
    const [group] = footer.rowGroups;
    const leaves = group!.chunks.map((_, leaf) => leaf);
    const pages = bytes.subarray(group!.chunks[0]!.start, group!.chunks.at(-1)!.end);
    const gap = new Uint8Array(17).fill(9);
    const start = pages.length + gap.length + 4;
    const end = writeFooter({ like: footer, fields: footer.fields, rows: 200, rowGroups: [writeThriftStruct(moveRowGroup(group!, leaves, 4, 0)), writeThriftStruct(moveRowGroup(group!, leaves, start, 1))], keyValues: footer.keyValues });
    const gapped = new Uint8Array(Buffer.concat([bytes.subarray(0, 4), pages, gap, pages, end]));
    expect(await stitchParquet([gapped])).toStrictEqual(await stitchParquet([bytes, bytes]));
  });

  test('keep the metadata and attributes on which all agree', async () => {
    const [a, b] = [exampleTable(2), exampleTable(2, 2)];
    const other: Table = {
      ...b,
      metadata: { ...b.metadata, sampling: '1 s' },
      columns: b.columns.map((column) => (column.attributes ? { ...column, attributes: { ...column.attributes, metres: '60' } } : column)),
    };
    const whole = await decodeParquet(await stitchParquet([encodeParquet(a), encodeParquet(other)]));
    expect(whole).toStrictEqual(concatTables([a, other]));
    expect(whole.metadata).toStrictEqual({ wallClock: '2024-01-01T00:00:00Z' });
    expect(whole.columns[1]?.attributes).toStrictEqual({ location: 'POSITION-1' });
  });

  test('must have the same columns', async () => {
    const table = exampleTable(2);
    const change = (index: number, facts: object): Table => ({ ...table, columns: table.columns.map((column, at) => (at === index ? { ...column, ...facts } : column)) });
    const bad: [Table, RegExp][] = [
      [change(1, { unit: 'bar' }), /column 1 .* has unit "bar" instead of "Pa"/],
      [change(1, { role: 'truth' }), /has role "truth" instead of "measured"/],
      [change(2, { values: new Float64Array(2) }), /column 2 \("feature"\) has type/],
      [change(0, { name: 'seconds' }), /has name "seconds" instead of "time"/],
      [{ ...table, columns: table.columns.slice(0, -1) }, /"note" is missing/],
    ];
    for (const [other, message] of bad) {
      await expect(stitchParquet([encodeParquet(table), encodeParquet(other)])).rejects.toThrow(message);
      expect(() => concatTables([table, other])).toThrow(message);
    }
    await expect(stitchParquet([])).rejects.toMatchObject({ code: 'table/invalid' });
  });
});

describe('a damaged file', () => {
  const bytes = encodeParquet(exampleTable(500), { rowGroupRows: 200 });

  test('is an error, wherever it ends or begins', async () => {
    for (const length of [0, 3, 4, 8, 11, 12, 100, bytes.length - 5000, bytes.length - 9, bytes.length - 8, bytes.length - 1]) {
      await expect(decodeParquet(bytes.slice(0, length)), `${length} bytes`).rejects.toMatchObject({ code: 'table/corrupt' });
      await expect(describeParquet(source(bytes.slice(0, length))), `${length} bytes`).rejects.toMatchObject({ code: 'table/corrupt' });
      await expect(stitchParquet([bytes.slice(0, length)])).rejects.toMatchObject({ code: 'table/corrupt' });
    }
    await expect(decodeParquet(bytes.slice(1))).rejects.toMatchObject({ code: 'table/corrupt' });
    await expect(decodeParquet(new TextEncoder().encode('PAR1 is not enough PAR1'))).rejects.toMatchObject({ code: 'table/corrupt' });
  });

  test('never takes the reader down, whatever is flipped', async () => {
    const table = exampleTable(500);
    let state = 12345;
    const random = (below: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % below;
    const outcomes = { refused: 0, read: 0 };
    for (let round = 0; round < 300; round++) {
      const damaged = bytes.slice();
      // Half of the rounds in the footer, where a flip does the most.
      const from = round % 2 ? bytes.length - 4500 : 4;
      for (let flips = 1 + random(4); flips > 0; flips--) damaged[from + random(bytes.length - from)] = random(256);
      try {
        await decodeParquet(damaged);
        outcomes.read++;
      } catch (error) {
        expect(error, String(error)).toMatchObject({ name: 'PenstockError', code: expect.stringMatching(/^table\//) });
        outcomes.refused++;
      }
    }
    expect(outcomes.refused).toBeGreaterThan(100);
    expect(await decodeParquet(bytes)).toStrictEqual(table);
  });
});

describe('a file that is read by ranges', () => {
  const table = exampleTable(60_000);
  const bytes = encodeParquet(table, { rowGroupRows: 20_000, compression: 'none' });

  test('gives the same table, and reads only what is asked for', async () => {
    const reads: number[] = [];
    const counting = {
      size: bytes.length,
      read: async (start: number, end: number) => {
        reads.push(end - start);
        return bytes.subarray(start, end);
      },
    };
    expect((await decodeParquetFrom(counting, { columns: ['time', 'feature', 'LEAK'], rowGroups: [1] })).columns).toStrictEqual(
      selectColumns(sliceRows(table, 20_000, 40_000), ['time', 'feature', 'LEAK']).columns,
    );
    // The footer, one column, two neighbours.
    expect(reads).toHaveLength(3);
    expect(reads[1]).toBeGreaterThan(160_000);
    expect(reads.slice(1).reduce((sum, length) => sum + length)).toBeLessThan(300_000);
    const whole = await decodeParquetFrom(counting);
    expect(whole.columns.map((column) => column.name)).toStrictEqual(table.columns.map((column) => column.name));
    expect(Buffer.compare(encodeParquet(whole), encodeParquet(table))).toBe(0);
  });

  test('passes on what the source reports', async () => {
    const failing = { size: bytes.length, read: async (): Promise<Uint8Array> => Promise.reject(new RangeError('the source failed')) };
    await expect(decodeParquetFrom(failing)).rejects.toThrow(new RangeError('the source failed'));
    await expect(describeParquet(failing)).rejects.toThrow(new RangeError('the source failed'));
  });

  test('takes a second read for a long footer', async () => {
    const wide: Table = { rows: 1, metadata: {}, columns: Array.from({ length: 1500 }, (_, index) => ({ name: `feature ${index}`, values: new Float32Array(1), unit: '', role: 'measured' as const })) };
    const file = encodeParquet(wide);
    expect((await describeParquet(source(file))).columns).toHaveLength(1500);
    expect((await decodeParquetFrom(source(file), { columns: ['feature 700'] })).columns).toHaveLength(1);
  });
});
