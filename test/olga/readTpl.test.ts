import { describe, expect, it } from 'vitest';
import { readTpl, type ReadTplOptions, type TplFile } from '../../src/olga/index.js';
import { bytesOf, tinyTpl, type TinyTpl } from './tinyTpl.js';

const read = (change?: (parts: TinyTpl) => void, options?: ReadTplOptions): TplFile => readTpl(bytesOf(tinyTpl(change)), options);
const withRow = (at: number, row: string): ((parts: TinyTpl) => void) => (parts) => { parts.rows[at] = row; };
const codes = (tpl: TplFile): string[] => tpl.warnings.map((warning) => warning.code);
const plain = read();
const failure = (code: string, text: RegExp, line?: number): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(text), ...(line === undefined ? {} : { place: expect.objectContaining({ line }) }) });

describe('the header', () => {
  it('is read section by section', () => {
    expect(plain).toMatchObject({
      kind: 'trend', version: '2099.1.0.1', encoding: 'ascii', lineEnding: 'lf', rows: 5, truncated: false, skipped: [], warnings: [],
      meta: { 'INPUT FILE': ['tiny.genkey'], TITLE: [''] }, time: { unit: 'S' },
    });
    expect(plain.geometry.branches).toEqual([{ kind: 'BRANCH', name: 'LINE', x: Float64Array.of(0, 10, 25), y: Float64Array.of(0, 1, -2) }]);
    expect(plain.variables.map((variable) => variable.key)).toEqual(['PT|POSITION=LINE@5M', 'GT|BOUNDARY|BRANCH=LINE|PIPE=Pipe-1|NR=2', 'GTLEAK|LEAK=HOLE']);
    expect(plain.variables[1]!.location).toEqual({ flag: 'BOUNDARY', keys: [['BRANCH', 'LINE'], ['PIPE', 'Pipe-1'], ['NR', '2']], global: false });
    expect(plain.columns[2]).toEqual(Float64Array.of(0, 0, -1, -2, 0));
  });

  it('may have titles that read like sections', () => {
    const tpl = read((parts) => {
      parts.meta = ['TITLE', "'CATALOG'", 'PROJECT', "'TIME SERIES  ' (S)  ''", 'AUTHOR', "'NETWORK'", 'RESTART FILE', "'C:\\a b\\x.rsw'", 'SOMETHING NEW', "'x' 'y' "];
    });
    expect(tpl.meta).toMatchObject({ TITLE: ['CATALOG'], AUTHOR: ['NETWORK'], 'RESTART FILE': ['C:\\a b\\x.rsw'], 'SOMETHING NEW': ['x', 'y'] });
    expect(tpl.columns).toEqual(plain.columns);
  });

  it('may have geometry blocks of any kind, or none', () => {
    const several = read((parts) => {
      parts.network[1] = '2';
      parts.geometry.push('ANNULUS', "'CASING'", '1', '0 5 ', '0 0', 'SOLIDBUNDLE', "'B'", '1', '0', '7', '1 2', 'BRANCH', "'tie-in spool . $'", '1', '0 3 0 0');
    });
    expect(several.geometry.branches.map(({ kind, name, x }) => [kind, name, x.length])).toEqual([['BRANCH', 'LINE', 3], ['ANNULUS', 'CASING', 2], ['SOLIDBUNDLE', 'B', 2], ['BRANCH', 'tie-in spool . $', 2]]);
    expect(several.columns).toEqual(plain.columns);
    const none = read((parts) => { parts.geometry = []; parts.network = []; });
    expect(none.geometry.branches).toEqual([]);
    expect(none.columns).toEqual(plain.columns);
  });

  it('does not believe a section count that cannot be there', () => {
    const tpl = read((parts) => { parts.geometry[3] = '1000000000'; });
    expect(codes(tpl)).toEqual(['geometry-block', 'branch-count']);
    expect(tpl.columns).toEqual(plain.columns);
  });

  it.each([2, 3])('keeps the catalog behind a block that is cut after %i of its lines', (kept) => {
    const tpl = read((parts) => { parts.geometry = parts.geometry.slice(0, kept); });
    expect(codes(tpl)).toEqual(['geometry-block', 'branch-count']);
    expect(tpl.columns).toEqual(plain.columns);
  });

  it.each(['1000000000', '2', '4', '', '-3', 'x'])('trusts the place of TIME SERIES where the catalog says %j variables', (count) => {
    const tpl = read((parts) => { parts.count = count; });
    expect(tpl.columns.slice(-3)).toEqual(plain.columns.slice(-3));
    expect(codes(tpl)).toContain('catalog-count');
  });

  it('reads every way of addressing', () => {
    const lines: [string, string][] = [
      ["HT 'GLOBAL' '(S)' 'Time step'", 'HT|GLOBAL'],
      ["VOLGBL 'GLOBAL' '(-)' 'Volume error, global = max.'", 'VOLGBL|GLOBAL'],
      ["LIQC 'BRANCH:' 'B-1' '(M3)' 'Liquid'", 'LIQC|BRANCH=B-1'],
      ["VALVOP 'CHOKE:' 'V-IN' '(-)' 'Opening'", 'VALVOP|CHOKE=V-IN'],
      ["PUMPSPEED 'PUMP:' 'P 1' '(RPM)' 'Speed'", 'PUMPSPEED|PUMP=P 1'],
      ["CONTR 'CONTROLLER:' 'CONTROL - FUGA' '(-)' 'Output'", 'CONTR|CONTROLLER=CONTROL - FUGA'],
      ["PTBOU 'NODE:' 'N' '(PA)' 'Pressure'", 'PTBOU|NODE=N'],
      ["GTSOUR 'SOURCE:' 'S' '(KG/S)' 'Flow'", 'GTSOUR|SOURCE=S'],
      ["NEW 'THING:' 'x' 'PART:' 'y' '(-)' 'Unheard of'", 'NEW|THING=x|PART=y'],
      ["PT 'POSITION:' 'PEDRO'S WELL' '(PA)' 'Operator's pressure'", "PT|POSITION=PEDRO'S WELL"],
      ["TM 'SECTION:' 'BRANCH:' 'B' 'PIPE:' 'P' 'NR:' '3'  '(C)' 'T'", 'TM|SECTION|BRANCH=B|PIPE=P|NR=3'],
      ["KAPPA 'POSITION:' 'A' '(1/Pa)' '(d(rho)/dp)'", 'KAPPA|POSITION=A'],
    ];
    const tpl = read((parts) => { parts.catalog = lines.map(([line]) => line); parts.count = String(lines.length); parts.rows = []; });
    expect(tpl.variables.map((variable) => variable.key)).toEqual(lines.map(([, key]) => key));
    expect(tpl.variables.map((variable) => variable.unit)).toEqual(['S', '-', 'M3', '-', 'RPM', '-', 'PA', 'KG/S', '-', 'PA', 'C', '1/Pa']);
    expect(tpl.variables[0]!.location.global).toBe(true);
    expect(tpl.variables[1]!.description).toBe('Volume error, global = max.');
    expect(tpl.variables[9]!.description).toBe("Operator's pressure");
    expect(tpl).toMatchObject({ rows: 0, truncated: false, warnings: [] });
  });

  it('numbers variables that occur twice, and those that take a name of the table', () => {
    const tpl = read((parts) => { parts.catalog = [parts.catalog[0]!, parts.catalog[0]!.replace('LINE', 'line'), "LEAK '(-)' 'x'"]; });
    expect(tpl.variables.map((variable) => variable.key)).toEqual(['PT|POSITION=LINE@5M', 'PT|POSITION=line@5M#2', 'LEAK#2']);
  });

  it('keeps the column of a catalog line that it cannot read', () => {
    const tpl = read((parts) => { parts.catalog[1] = 'GT something broken'; });
    expect(codes(tpl)).toEqual(['catalog-line']);
    expect(tpl.variables[1]).toMatchObject({ name: 'GT', unit: '' });
    expect(tpl.columns).toEqual(plain.columns);
  });

  it('names the section that a cut header lacks', () => {
    const lines = tinyTpl().split('\n');
    const cutBefore = (line: string): string => lines.slice(0, lines.indexOf(line)).join('\n');
    expect(() => readTpl(bytesOf(cutBefore('TIME PLOT')))).toThrow(failure('olga/truncated', /before TIME PLOT/, 1));
    expect(() => readTpl(bytesOf(cutBefore('NETWORK')))).toThrow(failure('olga/truncated', /before NETWORK/, 8));
    expect(() => readTpl(bytesOf(cutBefore('0.0 1.0 -2.0 ')), { file: 'a.tpl' })).toThrow(failure('olga/truncated', /within the BRANCH block of GEOMETRY/));
    expect(() => readTpl(bytesOf(cutBefore('CATALOG ')))).toThrow(failure('olga/truncated', /before CATALOG/));
    expect(() => readTpl(bytesOf(cutBefore('3')))).toThrow(failure('olga/truncated', /CATALOG \(its number/));
    expect(() => readTpl(bytesOf(cutBefore("TIME SERIES  ' (S)  '")))).toThrow(failure('olga/truncated', /before TIME SERIES \(3 of 3/, 21));
    for (let length = 20; length < tinyTpl().indexOf("TIME SERIES"); length++) {
      expect(() => readTpl(bytesOf(tinyTpl().slice(0, length)))).toThrow(expect.objectContaining({ code: expect.stringMatching(/^olga\/(truncated|not-olga)$/) }));
    }
  });

  it('refuses what is no trend file', () => {
    expect(() => readTpl(new Uint8Array())).toThrow(failure('olga/not-olga', /empty/));
    expect(() => readTpl(bytesOf('time,pressure\n1,2\n'), { file: 'a.csv' })).toThrow(failure('olga/not-olga', /time,pressure/, 1));
    expect(() => read((parts) => { parts.kind = 'PROFILE PLOT'; })).toThrow(failure('olga/not-olga', /\.ppl/, 2));
  });
});

describe('text', () => {
  it.each([['\r\n', 'crlf'], ['\r', 'cr'], ['\n', 'lf']] as const)('may end its lines with %j', (end, name) => {
    const tpl = readTpl(bytesOf(tinyTpl().replaceAll('\n', end)));
    expect(tpl).toMatchObject({ lineEnding: name, warnings: [] });
    expect(tpl.columns).toEqual(plain.columns);
  });

  it('may mix its line ends', () => {
    let at = 0;
    const tpl = readTpl(bytesOf(tinyTpl().replaceAll('\n', () => (at++ % 2 === 0 ? '\r\n' : '\n'))));
    expect(tpl.lineEnding).toBe('mixed');
    expect(tpl.columns).toEqual(plain.columns);
  });

  it('may lack the last line end, or end in blanks, NULs and Ctrl-Z', () => {
    for (const tail of ['', '\n\n  \n', '\n\x1a', '\n\0\0\0\0', ' \r\n\x1a\0']) {
      const tpl = readTpl(bytesOf(tinyTpl().trimEnd() + tail));
      expect(tpl).toMatchObject({ rows: 5, truncated: false, warnings: [] });
      expect(tpl.columns).toEqual(plain.columns);
    }
  });

  it('may come with a byte order mark, in UTF-16, or in Windows-1252', () => {
    const titled = tinyTpl((parts) => { parts.meta[5] = "'Tubería – año'"; });
    const utf8 = readTpl(bytesOf(`\uFEFF${titled}`));
    expect(utf8).toMatchObject({ encoding: 'utf-8', meta: { TITLE: ['Tubería – año'] } });
    const little = Uint8Array.from([0xff, 0xfe, ...Array.from(titled).flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8])]);
    expect(readTpl(little)).toMatchObject({ encoding: 'utf-16le', meta: { TITLE: ['Tubería – año'] }, rows: 5 });
    const big = Uint8Array.from([0xfe, 0xff, ...Array.from(titled).flatMap((char) => [char.charCodeAt(0) >> 8, char.charCodeAt(0) & 255])]);
    expect(readTpl(big)).toMatchObject({ encoding: 'utf-16be', meta: { TITLE: ['Tubería – año'] }, rows: 5 });
    const western = Uint8Array.from(Array.from(titled).map((char) => (char === '–' ? 0x96 : char.charCodeAt(0))));
    const cp1252 = readTpl(western);
    expect(cp1252).toMatchObject({ encoding: 'windows-1252', meta: { TITLE: ['Tubería – año'] } });
    expect(cp1252.columns).toEqual(plain.columns);
  });
});

describe('numbers', () => {
  const odd = (token: string): TplFile => read(withRow(1, `1.000000e+000 ${token} 5.100000e+000 0.000000e+000`));

  it.each([['1.5D+03', 1500], ['1.5d-105', 1.5e-105], ['1.5-102', 1.5e-102], ['-2.5+101', -2.5e101], ['1e-045', 1e-45], ['1.234567E+05', 123456.7], ['82155.073', 82155.073], ['1e-320', 1e-320], ['-0.0', -0]])(
    'reads %s as %d', (token, value) => {
      const tpl = odd(token);
      expect(tpl.columns[0]![1]).toBe(value);
      expect(tpl.warnings).toEqual([]);
    });

  it.each(['NaN', '-nan', '-nan(ind)', 'nan(snan)', '1.#QNAN', '-1.#IND', '1.#INF', '1.#INF00', '1.#QNANe+000', 'Infinity', '-inf', '*****', '***************'])('%s is NaN and counted', (token) => {
    const tpl = odd(token);
    expect(tpl.rows).toBe(5);
    expect(tpl.columns[0]).toEqual(Float64Array.of(1e5, NaN, 1.2e5, 1.3e5, 1.4e5));
    expect(tpl.warnings).toMatchObject([{ code: 'not-a-number', message: expect.stringMatching(/^1 values/), line: 24 }]);
  });

  it('parts fields that are glued together', () => {
    const tpl = read((parts) => {
      parts.rows[1] = '1.000000e+000 1.100000e+005-5.100000e+000-1.000000e+000';
      parts.rows[2] = '2.000000E+00 1.5-102-2.5-103 -1.000000E+00';
      parts.rows[3] = '3.0 1.2-3.4 5';
    });
    expect(tpl.columns[0]!.subarray(1, 4)).toEqual(Float64Array.of(1.1e5, 1.5e-102, 1.2));
    expect(tpl.columns[1]!.subarray(1, 4)).toEqual(Float64Array.of(-5.1, -2.5e-103, -3.4));
    expect(tpl.columns[2]!.subarray(1, 4)).toEqual(Float64Array.of(-1, -1, 5));
  });

  it('reads decimal commas, decided once for the file', () => {
    const tpl = read((parts) => { parts.rows = parts.rows.map((row) => row.replaceAll('.', ',')); });
    expect(tpl.warnings).toEqual([]);
    expect(tpl.columns).toEqual(plain.columns);
    const strayPoint = read((parts) => { parts.rows = parts.rows.map((row, at) => (at === 2 ? row : row.replaceAll('.', ','))); });
    expect(strayPoint.skipped).toEqual([{ line: 25, reason: '"2.000000e+000" is not a number' }]);
  });

  it('never makes two numbers of 1,5', () => {
    const tpl = read(withRow(1, '1.0 1,5 0.0'));
    expect(tpl.rows).toBe(4);
    expect(tpl.skipped).toMatchObject([{ line: 24 }]);
    expect(() => read((parts) => { parts.rows = parts.rows.map((row) => row.replaceAll(' ', ',')); })).toThrow(failure('olga/ragged-row', /none of the 4 rows/, 23));
  });
});

describe('rows', () => {
  const short = '2.000000e+000 1.200000e+005';
  const kept = (tpl: TplFile): number[] => [...tpl.time.seconds];

  it('of the wrong length are left out, filled or refused, but never shifted', () => {
    const skip = read(withRow(2, short));
    expect(kept(skip)).toEqual([0, 1, 3, 4]);
    expect(skip.skipped).toEqual([{ line: 25, reason: '2 values where 4 belong' }]);
    expect(skip.warnings).toMatchObject([{ code: 'rows-skipped', line: 25 }]);
    const pad = read(withRow(2, short), { shortRows: 'pad' });
    expect(pad.columns[0]).toEqual(plain.columns[0]);
    expect(pad.columns[2]).toEqual(Float64Array.of(0, 0, NaN, -2, 0));
    expect(codes(pad)).toEqual(['rows-padded']);
    expect(() => read(withRow(2, short), { shortRows: 'strict', file: 'a.tpl' })).toThrow(failure('olga/ragged-row', /2 values where 4 belong/, 25));
    for (const shortRows of ['skip', 'pad'] as const) {
      const long = read(withRow(2, '2 1 2 3 4'), { shortRows });
      expect(kept(long)).toEqual([0, 1, 3, 4]);
    }
    expect(read(withRow(2, short), { select: (variable) => variable.name === 'GT' }).columns).toEqual([Float64Array.of(5, 5.1, 5.3, 5.4)]);
  });

  it('that hold a word are left out too', () => {
    expect(read(withRow(2, '2.0 oops 5.2 0.0')).skipped).toEqual([{ line: 25, reason: '"oops" is not a number' }]);
    expect(read(withRow(2, 'NaN 1.0 5.2 0.0')).skipped).toEqual([{ line: 25, reason: 'the time is not a number' }]);
    expect(() => read(withRow(2, '2.0 oops 5.2 0.0'), { shortRows: 'strict' })).toThrow(failure('olga/ragged-row', /oops/, 25));
  });

  it('a first row that is short is not taken for wrapping', () => {
    expect(kept(read(withRow(0, '0.0 1.0')))).toEqual([1, 2, 3, 4]);
  });

  it('a last row that is cut at any byte is dropped, or whole', () => {
    const whole = tinyTpl().trimEnd();
    const last = whole.lastIndexOf('\n') + 1;
    for (let length = last + 1; length < whole.length; length++) {
      const tpl = readTpl(bytesOf(whole.slice(0, length)), { shortRows: length % 2 === 0 ? 'strict' : 'pad' });
      expect([tpl.rows, tpl.truncated, codes(tpl)], whole.slice(last, length)).toEqual([4, true, ['truncated']]);
      expect(tpl.columns[1]).toEqual(plain.columns[1]!.subarray(0, 4));
    }
    expect(readTpl(bytesOf(`${whole.slice(0, -20)}\n`))).toMatchObject({ rows: 4, truncated: true });
    expect(readTpl(bytesOf(whole))).toMatchObject({ rows: 5, truncated: false });
  });

  it('may be wrapped over several lines', () => {
    const wrap = (row: string): string => row.replace(/^(\S+ \S+) /, '$1 \n  ');
    const tpl = read((parts) => { parts.rows = parts.rows.map(wrap); });
    expect(codes(tpl)).toEqual(['rows-wrapped']);
    expect(tpl.time.seconds).toEqual(plain.time.seconds);
    expect(tpl.columns).toEqual(plain.columns);
    const cut = read((parts) => { parts.rows = parts.rows.map(wrap); parts.rows[4] = parts.rows[4]!.split('\n')[0]!; });
    expect(cut).toMatchObject({ rows: 4, truncated: true });
  });

  it('that all have another length than the catalog are an error, not a guess', () => {
    expect(() => read((parts) => { parts.rows = parts.rows.map((row) => `${row} 7.0`); })).toThrow(failure('olga/ragged-row', /5 values where 4 belong/, 23));
    expect(() => read((parts) => { parts.rows = parts.rows.map((row) => row.split(' ').slice(1).join(' ')); })).toThrow(failure('olga/ragged-row', /3 values where 4 belong/));
  });

  it('may be none, or one', () => {
    for (const rows of [[], ['', '']]) {
      expect(read((parts) => { parts.rows = rows; })).toMatchObject({ rows: 0, truncated: false, warnings: [] });
    }
    expect(read((parts) => { parts.rows = parts.rows.slice(0, 1); })).toMatchObject({ rows: 1, warnings: [] });
    expect(read((parts) => { parts.rows = ['0.0 1.0']; })).toMatchObject({ rows: 0, truncated: true });
  });

  it('grow beyond the first guess', () => {
    const tpl = read((parts) => { parts.rows = Array.from({ length: 5000 }, (_, at) => (at === 0 ? '0.00000000000000000000000 100000.00000000000000000000 5.000000000000000000000 0.000000000000' : `${at} 1 2 3`)); });
    expect(tpl.rows).toBe(5000);
    expect(tpl.time.seconds.every((value, at) => value === at)).toBe(true);
    expect(tpl.columns[2]!.subarray(1).every((value) => value === 3)).toBe(true);
  });
});

describe('memory of the caller', () => {
  it('holds the columns until the next file, also where it is too small at first or the file grows', () => {
    const memory = { values: new Float64Array(3) };
    const long = (parts: TinyTpl): void => { parts.rows = Array.from({ length: 5000 }, (_, at) => (at === 0 ? '0.00000000000000000000000 100000.00000000000000000000 5.000000000000000000000 0.000000000000' : `${at} 1 2 3`)); };
    const even = (parts: TinyTpl): void => { parts.rows = Array.from({ length: 500 }, (_, at) => `${1000 + at}.${'0'.repeat(90)} 1 2 3`); };
    for (const change of [undefined, long, even]) expect(read(change, { memory })).toEqual(read(change));
    expect(read(even, { memory }).columns.every((column) => column.buffer === memory.values.buffer)).toBe(true);
  });
});

describe('time', () => {
  it.each([['S', 1], ['M', 60], ['min', 60], ['H', 3600], ['h', 3600], ['D', 86400]])('in %s is turned into seconds', (unit, factor) => {
    const tpl = read((parts) => { parts.series = `TIME SERIES  ' (${unit})  '`; });
    expect(tpl.time.unit).toBe(unit);
    expect([...tpl.time.seconds]).toEqual([0, 1, 2, 3, 4].map((value) => value * factor));
  });

  it('in a unit that is not known is an error', () => {
    expect(() => read((parts) => { parts.series = "TIME SERIES  ' (FORTNIGHT)  '"; })).toThrow(failure('olga/syntax', /FORTNIGHT.*S, M, MIN, H and D/));
  });

  it('that stands still or goes back is reported and kept', () => {
    const tpl = read((parts) => { parts.rows.push(parts.rows[4]!, parts.rows[2]!, parts.rows[3]!); });
    expect(tpl.rows).toBe(8);
    expect(codes(tpl)).toEqual(['time-duplicate', 'time-backwards']);
  });
});
