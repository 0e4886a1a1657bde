import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvWriter, encodeCsv, sliceRows, type ColumnValues, type Table } from '../../src/table/index.js';
import { exampleTable } from './tables.js';

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function tableOf(columns: Readonly<Record<string, ColumnValues>>): Table {
  const entries = Object.entries(columns);
  return { rows: entries[0]![1].length, metadata: {}, columns: entries.map(([name, values]) => ({ name, values, unit: '', role: 'measured' })) };
}

/** The text of each number. */
function written(values: Float64Array | Float32Array | Int32Array): string[] {
  return decoded(encodeCsv(tableOf({ number: values, after: new Int32Array(values.length) }))).split('\n').slice(1, -1).map((line) => line.slice(0, -2));
}

/** Any CSV, as RFC 4180 reads it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < text.length; at++) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        if (text[at] === '"') at++;
        cell += text[at];
      }
      at++;
    }
    for (; text[at] !== ',' && text[at] !== '\n'; at++) cell += text[at];
    row.push(cell);
    if (text[at] === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

const float64Bits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((bits) => new Float64Array(BigUint64Array.of(bits).buffer)[0]!);
const float32Bits = fc.nat(0xffffffff).map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0]!);
/** Sizes as they are met in recordings, of any number of digits. */
const recorded = fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -12, max: 24 }), fc.integer({ min: 1, max: 18 }))
  .map(([value, exponent, digits]) => (digits > 17 ? value * 10 ** exponent : Number((value * 10 ** exponent).toPrecision(digits))));
const ofFloat64 = fc.oneof(float64Bits, recorded, fc.double(), fc.integer());

describe('numbers', () => {
  test('of 64 bits read back as the same bits, in JavaScript\'s own form', () => {
    fc.assert(fc.property(fc.array(ofFloat64, { minLength: 100, maxLength: 400 }), (values) => {
      expect(written(Float64Array.from(values))).toEqual(values.map((value) => (Number.isNaN(value) ? '' : Object.is(value, -0) ? '-0' : String(value))));
    }), { numRuns: 200 });
    const texts = written(Float64Array.from([-0, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, 0.1 + 0.2]));
    expect(texts.map(Number)).toEqual([-0, 5e-324, Number.MAX_VALUE, 2 ** 53 + 2, 0.1 + 0.2]);
  });

  test('of 64 bits are right beside every power of two and of ten, and halfway between two texts', () => {
    const values = Array.from({ length: 80 }, (_, k) => [2 ** (k - 10), 10 ** (k - 30)]).flat().flatMap((value) => {
      const bits = new BigInt64Array(Float64Array.of(value).buffer)[0]!;
      return Array.from(new Float64Array(BigInt64Array.of(bits - 2n, bits - 1n, bits, bits + 1n, bits + 2n).buffer));
    });
    for (let odd = 1; odd < 2000; odd += 2) values.push(8e14 + odd / 4, 2 ** 47 + odd / 8, 2 ** 44 + odd / 128);
    expect(written(Float64Array.from(values))).toEqual(values.map(String));
  });

  test('of 32 bits read back as the same bits, with as few digits as do', () => {
    /** A text that lies exactly between two float32 is not sure to read back. */
    const isBetween = (read: number, value: number): boolean => read !== value && Math.fround(2 * read - value) === 2 * read - value;
    const shortest = (value: number): string => {
      for (let digits = 1; digits <= 9; digits++) {
        const read = Number(value.toPrecision(digits));
        if (Math.fround(read) === value && !isBetween(read, value)) return Object.is(value, -0) ? '-0' : String(read);
      }
      return Number.isNaN(value) ? '' : String(value);
    };
    fc.assert(fc.property(fc.array(fc.oneof(float32Bits, recorded.map(Math.fround)), { minLength: 100, maxLength: 400 }), (values) => {
      const texts = written(Float32Array.from(values));
      expect(texts.map((text) => (text === '' ? Number.NaN : Math.fround(Number(text))))).toEqual(values);
      expect(texts).toEqual(values.map(shortest));
    }), { numRuns: 100 });
    expect(written(Float32Array.of(0.1, 1e-7, 3.4e38, 1 / 3, 16777217))).toEqual(['0.1', '1e-7', '3.4e+38', '0.33333334', '16777216']);
  });

  test('of 32-bit integers', () => {
    const values = [0, 9, 10, -99, 100, 12345, -123456, 2 ** 31 - 1, -(2 ** 31)];
    expect(written(Int32Array.from(values))).toEqual(values.map(String));
  });

  test('that are missing are empty, infinities are words', () => {
    expect(written(Float64Array.of(Number.NaN, Infinity, -Infinity))).toEqual(['', 'Infinity', '-Infinity']);
    expect(written(Float32Array.of(Number.NaN, Infinity, -Infinity))).toEqual(['', 'Infinity', '-Infinity']);
    expect(decoded(encodeCsv(tableOf({ only: Float64Array.of(1, Number.NaN, 2) })))).toBe('only\n1\n""\n2\n');
  });
});

describe('text', () => {
  test('stands in quotes only where it must', () => {
    const texts = ['plain', 'caso ção', 'a,b', 'say "so"', 'two\nlines', 'two\r\nlines', ' spaces ', '', '\u{1f600}'];
    expect(decoded(encodeCsv(tableOf({ 'PT, Pa': texts, n: new Int32Array(texts.length) })))).toBe(
      '"PT, Pa",n\nplain,0\ncaso ção,0\n"a,b",0\n"say ""so""",0\n"two\nlines",0\n"two\r\nlines",0\n spaces ,0\n,0\n\u{1f600},0\n');
  });

  test('of any kind reads back as it was', () => {
    const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', '=') })), { minLength: 1, maxLength: 20 });
    fc.assert(fc.property(texts, (values) => {
      const table = tableOf({ text: values, again: values });
      expect(cellsOf(decoded(encodeCsv(table, { formulaSafe: false }))).slice(1)).toEqual(values.map((value) => [value, value]));
    }), { numRuns: 300 });
  });

  test('is no formula in a spreadsheet, unless asked for', () => {
    const texts = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', 'a=1', '=HYPERLINK("x",1)'];
    const table = tableOf({ '=name': texts, n: Float64Array.from(texts, () => -1.5) });
    const safe = cellsOf(decoded(encodeCsv(table)));
    expect(safe[0]).toEqual(["'=name", 'n']);
    expect(safe.slice(1).map(([text]) => text)).toEqual(texts.map((text) => (text === 'a=1' ? text : `'${text}`)));
    expect(safe.slice(1).map(([, n]) => n)).toEqual(texts.map(() => '-1.5'));
    expect(cellsOf(decoded(encodeCsv(table, { formulaSafe: false }))).slice(1).map(([text]) => text)).toEqual(texts);
  });
});

describe('a writer', () => {
  test('gives the same bytes row by row, in pieces and at once', () => {
    const table = exampleTable(1000);
    const whole = encodeCsv(table);
    for (const size of [1, 7, 1000]) {
      const writer = csvWriter(table.columns);
      const pieces = [writer.header()];
      for (let row = 0; row < table.rows; row += size) pieces.push(writer.rows(sliceRows(table, row, row + size)));
      expect(Buffer.concat(pieces).equals(whole)).toBe(true);
    }
  });

  test('finds room for long texts', () => {
    const texts = Array.from({ length: 50 }, (_, row) => 'long '.repeat(row * 100));
    const lines = decoded(encodeCsv(tableOf({ a: texts, b: texts }))).split('\n');
    expect(lines.slice(1, -1)).toEqual(texts.map((text) => `${text},${text}`));
  });

  test('refuses a table of other columns', () => {
    const writer = csvWriter([{ name: 'a' }, { name: 'b' }]);
    const one = Float64Array.of(1);
    expect(decoded(writer.rows(tableOf({ a: one, b: one })))).toBe('1,1\n');
    for (const other of [tableOf({ a: one }), tableOf({ b: one, a: one }), tableOf({ a: one, b: one, c: one })]) {
      expect(() => writer.rows(other)).toThrow(expect.objectContaining({ code: 'table/invalid' }));
    }
  });
});
