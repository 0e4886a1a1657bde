import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDecimal, parsed } from '../../src/olga/parseDecimal.js';
import { readTpl } from '../../src/olga/index.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

function parse(text: string): number {
  const bytes = bytesOf(`${text} `);
  const value = parseDecimal(bytes, 0, bytes.length, 46);
  expect(parsed.ok, text).toBe(true);
  expect(parsed.end, text).toBe(text.length);
  return value;
}

function expectSame(text: string): void {
  const value = parse(text);
  if (!Object.is(value, Number(text))) expect.fail(`${text}: ${value} instead of ${Number(text)}`);
}

const digits = (min: number, max: number): fc.Arbitrary<string> => fc.array(fc.integer({ min: 0, max: 9 }), { minLength: min, maxLength: max }).map((list) => list.join(''));
const sign = fc.constantFrom('', '-', '+');
const exponent = (limit: number): fc.Arbitrary<string> => fc.tuple(fc.constantFrom('e', 'E'), fc.integer({ min: -limit, max: limit }), fc.constantFrom(0, 2, 3))
  .map(([mark, value, width]) => `${mark}${value < 0 ? '-' : '+'}${String(Math.abs(value)).padStart(width, '0')}`);

describe('parseDecimal', () => {
  it('equals Number() on any decimal text', () => {
    fc.assert(fc.property(sign, digits(1, 25), fc.oneof(fc.constant(''), digits(0, 25).map((text) => `.${text}`)), fc.oneof(fc.constant(''), exponent(340)),
      (s, whole, fraction, power) => expectSame(s + whole + fraction + power)), { numRuns: 10_000, seed: 1 });
  });

  it('equals Number() on seventeen digits, as geometry is written', () => {
    fc.assert(fc.property(sign, digits(1, 1), digits(16, 16), exponent(20), (s, first, rest, power) => expectSame(`${s}${first}.${rest}${power}`)), { numRuns: 20_000, seed: 2 });
  });

  it('equals Number() on every way of writing a double, and beside the half-way points', () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 20 }), (value, places) => {
      expectSame(String(value));
      expectSame(value.toExponential(places));
    }), { numRuns: 10_000, seed: 3 });
    // 2^53 + 1 and its neighbours lie half-way between two doubles; a longer tail decides.
    for (const text of ['9007199254740993', '9007199254740993.0000000000001', '9007199254740992.9999999999999', '90071992547409930e-1', '1e23', '8.5e22', '0.1e-22',
      '4.9e-324', '2.4703282292062327e-324', '2.4703282292062328e-324', '1.7976931348623157e308', '1.7976931348623159e308', '1e400', '-1e-400', '0e400', '-0.0', '00012.50', '.5', '5.', '1e-045']) {
      expectSame(text);
    }
  });

  it('equals Number() on small numbers of few digits', () => {
    fc.assert(fc.property(sign, digits(1, 1), digits(6, 6), fc.integer({ min: 0, max: 75 }), fc.constantFrom(2, 3), (s, first, rest, power, width) =>
      expectSame(`${s}${first}.${rest}e-${String(power).padStart(width, '0')}`)), { numRuns: 20_000, seed: 6 });
  });

  it('takes nothing but plain numbers', () => {
    for (const text of ['', '-', '.', 'e5', '1e', '1e+', '1.5-102', '1.0e+005-2.0e+000', '1,5', 'NaN', '****', '1.5D+03', '1..5', '0x10', '1e5e5', 'Infinity']) {
      const bytes = bytesOf(`${text} `);
      parseDecimal(bytes, 0, bytes.length, 46);
      expect(parsed.ok, text).toBe(false);
    }
  });

  it('stops at the limit', () => {
    expect(parseDecimal(bytesOf('12.5e3'), 0, 4, 46)).toBe(12.5);
    expect(parsed).toEqual({ end: 4, ok: true });
  });
});

describe('the rows of a file', () => {
  it('equal Number() for mixed spellings of numbers', () => {
    const token = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential(6)),
      fc.double({ min: -1e9, max: 1e9, noNaN: true }).map(String),
      fc.tuple(fc.integer({ min: -9_999_999, max: 9_999_999 }), fc.integer({ min: -45, max: 45 })).map(([mantissa, power]) => {
        const [head, tail] = (mantissa / 1e6).toFixed(6).split('.');
        return `${head}.${tail}${power % 2 === 0 ? 'e' : 'E'}${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(power % 3 === 0 ? 3 : 2, '0')}`;
      }),
    );
    fc.assert(fc.property(fc.array(fc.array(token, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 20 }), fc.constantFrom(' ', '  ', '\t', ' \t '), fc.constantFrom('\n', '\r\n', '\r'),
      (rows, gap, end) => {
        const text = tinyTpl((parts) => { parts.rows = rows.map((row) => row.join(gap)); }).replaceAll('\n', end);
        const tpl = readTpl(bytesOf(text));
        expect(tpl.rows).toBe(rows.length);
        for (const [at, row] of rows.entries()) {
          const read = [tpl.time.seconds, ...tpl.columns].map((column) => column[at]);
          for (const [column, value] of read.entries()) if (!Object.is(value, Number(row[column]))) expect.fail(`${row[column]} became ${value}`);
        }
      }), { numRuns: 800, seed: 4 });
  });

  it('equal Number() for lines in the layout of OLGA between other ones, also where columns are left out', () => {
    const plain = fc.tuple(sign.filter((text) => text !== '+'), digits(7, 7), fc.constantFrom('e', 'E'), fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 60 }), fc.constantFrom(2, 3))
      .map(([minus, digit, e, s, power, width]) => `${minus}${digit[0]}.${digit.slice(1)}${e}${s}${String(power).padStart(width, '0')}`);
    const strange = fc.constantFrom('1', '-0', '+1.000000E+00', '1.0000000E+00', '12.34567E+01', '1.000000E+1', '-0.000000E-00', '1.000000D+02');
    const line = (token: fc.Arbitrary<string>) => fc.tuple(fc.array(token, { minLength: 4, maxLength: 4 }), fc.constantFrom('', '', '', ' ', '  '), fc.constantFrom('\n', '\n', '\n', '\r\n'));
    const lines = fc.array(fc.oneof({ weight: 20, arbitrary: line(plain) }, { weight: 1, arbitrary: line(strange) }, { weight: 1, arbitrary: fc.constant([[], '', '\n'] as [string[], string, string]) }), { minLength: 1, maxLength: 60 });
    fc.assert(fc.property(lines, fc.subarray([0, 1, 2]), (rows, chosen) => {
      const head = tinyTpl((parts) => { parts.rows = []; });
      const text = `${head}${rows.map(([tokens, blanks, end]) => `${tokens.join(' ')}${blanks}${end}`).join('')}`;
      let at = 0;
      const tpl = readTpl(bytesOf(text), { select: (variable) => chosen.includes(variable.index) });
      for (const [tokens] of rows) {
        if (tokens.length === 0) continue;
        const expected = tokens.map((token) => Number(token.replace('D', 'E')));
        const read = [tpl.time.seconds, ...tpl.columns].map((column) => column[at]);
        expect(read).toEqual([expected[0], ...chosen.map((column) => expected[column + 1])]);
        at++;
      }
    }), { numRuns: 600, seed: 7 });
  });
});
