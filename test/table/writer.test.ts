import { tableFromIPC } from 'apache-arrow';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../../src/numeric/index.js';
import { valuesSink } from '../../src/table/arrowValues.js';
import { parquetWasm } from '../../src/table/parquetWasm.js';
import { decodeParquet, encodeParquet, parquetWriter, sliceRows, type Column, type ColumnValues, type Table } from '../../src/table/index.js';

type Random = ReturnType<typeof createRandom>;

const oddNumbers = [NaN, Infinity, -Infinity, -0, 0, 5e-324, -1.7976931348623157e308];

/** Numbers as files have them: constant, in runs, few, noisy, rising, or anything at all. */
function numberAt(random: Random): (row: number) => number {
  const kind = Math.floor(random.uniform() * 6);
  const scale = 10 ** Math.floor(random.uniform() * 12 - 4);
  let held = random.normal() * scale;
  return (row) => {
    if (kind === 0) return held;
    if (kind === 1) return random.uniform() < 0.02 ? (held = random.normal()) : held;
    if (kind === 2) return Math.floor(random.uniform() * 5) * scale;
    if (kind === 3) return Math.round(1e6 + random.normal() * 1000);
    if (kind === 4) return row * scale;
    return random.uniform() < 0.1 ? oddNumbers[Math.floor(random.uniform() * oddNumbers.length)]! : random.normal() * scale;
  };
}

const words = ['', 'a', 'ção', '漏れ', '😀 leak', 'x'.repeat(300), 'line\nbreak', '\0'];

function randomValues(random: Random, rows: number): ColumnValues {
  const kind = Math.floor(random.uniform() * 4);
  const number = numberAt(random);
  if (kind === 0) return Float64Array.from({ length: rows }, (_, row) => number(row));
  if (kind === 1) return Float32Array.from({ length: rows }, (_, row) => number(row));
  if (kind === 2) return Int32Array.from({ length: rows }, (_, row) => number(row));
  const many = random.uniform() < 0.3;
  return Array.from({ length: rows }, (_, row) => (many ? `n${row}` : words[Math.floor(random.uniform() ** 3 * words.length)]!));
}

function randomTable(random: Random, rows: number): Table {
  const columns = Array.from({ length: 1 + Math.floor(random.uniform() * 8) }, (_, index): Column => ({
    name: `${index} ${words[index % words.length]!}`, values: randomValues(random, rows), unit: random.uniform() < 0.5 ? '' : 'm³/s', role: 'measured',
    ...(random.uniform() < 0.5 && { attributes: { description: words[Math.floor(random.uniform() * words.length)]! } }),
  }));
  return { rows, columns, metadata: { 'penstock.case': JSON.stringify({ words }) } };
}

/** What the codec reads, which is not ours, where `decodeParquet` reads directly. */
function byCodec(bytes: Uint8Array): ColumnValues[] {
  const read = tableFromIPC(parquetWasm().readParquet(bytes).intoIPCStream());
  return read.schema.fields.map(({ name, type }, at) => {
    const sink = valuesSink(name, type, read.numRows);
    const vector = read.getChildAt(at);
    if (vector) sink.add(vector);
    return sink.values();
  });
}

const sizes = [0, 1, 2, 7, 8, 9, 47, 48, 49, 95, 96, 255, 256, 257, 1023, 1024, 1201, 5000, 20_000];

describe('a random table', () => {
  test.each(['zstd', 'snappy', 'none'] as const)('is read back equal, %s', async (compression) => {
    const random = createRandom(7);
    for (const rows of sizes) {
      const table = randomTable(random, rows);
      const bytes = encodeParquet(table, { compression, ...(random.uniform() < 0.5 && rows < 2000 && { rowGroupRows: 1 + Math.floor(random.uniform() * 300) }) });
      expect(await decodeParquet(bytes), `${rows} rows`).toStrictEqual(table);
      expect(byCodec(bytes), `${rows} rows`).toStrictEqual(table.columns.map(({ values }) => values));
      // The independent reader has no Zstandard.
      if (compression === 'zstd' || rows > 5000) continue;
      const objects = await parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer });
      for (const { name, values } of table.columns) expect(objects.map((object) => object[name])).toStrictEqual([...values]);
    }
  });

  test('with all bytes, in all proportions, is read back equal', async () => {
    const random = createRandom(8);
    for (let round = 0; round < 60; round++) {
      // From two symbols to all of them, from even to steep: codes of every depth.
      const symbols = 2 + Math.floor(random.uniform() * 255);
      const power = random.uniform() * 12;
      const bytes = Uint8Array.from({ length: 8 * (40 + Math.floor(random.uniform() * 3000)) }, () => Math.floor(random.uniform() ** power * symbols));
      const table: Table = { rows: bytes.length / 4, columns: [{ name: 'x', values: new Int32Array(bytes.buffer), unit: '', role: 'measured' }], metadata: {} };
      const file = encodeParquet(table);
      expect(await decodeParquet(file), `round ${round}`).toStrictEqual(table);
      expect(byCodec(file), `round ${round}`).toStrictEqual(table.columns.map(({ values }) => values));
    }
  });
});

test('the ranges of columns are those of their values', async () => {
  const random = createRandom(12);
  const columns: ColumnValues[] = [
    Int32Array.from({ length: 500 }, (_, row) => (row % 7) - 3), Int32Array.from({ length: 500 }, () => Math.floor(random.normal() * 1e6)), new Int32Array(500).fill(-8),
    Float64Array.from({ length: 500 }, () => random.normal()), Float32Array.from({ length: 500 }, () => random.normal()), new Float64Array(500).fill(2.5),
    Float64Array.from({ length: 500 }, (_, row) => (row % 5 === 0 ? NaN : row)), Array.from({ length: 500 }, (_, row) => `n${row % 13}`),
  ];
  const table: Table = { rows: 500, metadata: {}, columns: columns.map((values, at) => ({ name: `c${at}`, values, unit: '', role: 'measured' })) };
  for (const compression of ['zstd', 'snappy', 'none'] as const) {
    const { row_groups: groups } = parquetMetadata(encodeParquet(table, { compression }).slice().buffer as ArrayBuffer);
    const found = groups[0]!.columns.map(({ meta_data: facts }) => [facts!.statistics!.min_value, facts!.statistics!.max_value]);
    const expected = columns.map((values) => {
      const sorted = [...values].filter((value) => !Number.isNaN(value)).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      return [sorted[0], sorted.at(-1)];
    });
    expect(found, compression).toEqual(expected);
  }
});

describe('files of several pages and row groups', () => {
  test('are read back equal', async () => {
    const rows = 300_001;
    const random = createRandom(9);
    const table: Table = {
      rows, metadata: {},
      columns: [
        { name: 'x', values: Float64Array.from({ length: rows }, () => random.normal()), unit: '', role: 'measured' },
        { name: 'constant', values: new Float32Array(rows).fill(3), unit: '', role: 'measured' },
        { name: 'count', values: Int32Array.from({ length: rows }, (_, row) => row), unit: '', role: 'clock' },
      ],
    };
    for (const compression of ['zstd', 'snappy'] as const) {
      const file = encodeParquet(table, { rowGroupRows: rows, compression });
      const read = await decodeParquet(file);
      const decoded = byCodec(file);
      // Element by element would take seconds.
      const bytesOf = (values: ColumnValues): Buffer => Buffer.from((values as Float64Array).buffer);
      for (const [index, { name, values }] of table.columns.entries()) {
        expect(Buffer.compare(bytesOf(read.columns[index]!.values), bytesOf(values)), name).toBe(0);
        expect(Buffer.compare(bytesOf(decoded[index]!), bytesOf(values)), name).toBe(0);
      }
    }
  });

  test('come out row group by row group, the same bytes as at once', () => {
    const table = randomTable(createRandom(10), 1000);
    const writer = parquetWriter('zstd');
    const pieces = [0, 300, 600, 900].map((start) => writer.add(sliceRows(table, start, start + 300)));
    expect(new Uint8Array(Buffer.concat([...pieces, writer.end(table.metadata)]))).toStrictEqual(encodeParquet(table, { rowGroupRows: 300 }));
  });

  test('must have the columns they began with', () => {
    const table = randomTable(createRandom(10), 10);
    const writer = parquetWriter();
    writer.add(table);
    expect(() => writer.add({ ...table, columns: table.columns.map((column) => ({ ...column, name: `other ${column.name}` })) })).toThrow(/other columns than the first/);
    expect(() => parquetWriter().end({})).toThrow(expect.objectContaining({ code: 'table/invalid' }));
  });
});
