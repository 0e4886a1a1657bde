import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGenkeyValue, readGenkey, setGenkeyBytes, setGenkeyValue, type GenkeyValue } from '../../src/olga/index.js';
import { describeShared, hasShared, sharedFile } from '../shared.js';
import { tinyGenkey } from './tinyGenkey.js';

const refusal = (code: string, text: RegExp): unknown => expect.objectContaining({ code, message: expect.stringMatching(text) });

describe('setting a value', () => {
  it.each<[string, string, GenkeyValue, string]>([
    ['LEAK A=1, DIAMETER=20 mm ! a note', 'leak.diameter', 25.5, 'LEAK A=1, DIAMETER=25.5 mm ! a note'],
    ['LEAK DIAMETER = (20) mm', 'LEAK.DIAMETER', 3, 'LEAK DIAMETER = (3) mm'],
    ['LEAK TIME=(0, \\\n   1, \\ ! why\n 2) M, A=3', 'LEAK.TIME', [5, 6, 7], 'LEAK TIME=(5, \\\n   6, \\ ! why\n 7) M, A=3'],
    ['LEAK TIME=(0, \\\n   1) M, A=3', 'LEAK.TIME', [5, 6, 7], 'LEAK TIME=(5, 6, 7) M, A=3'],
    ['LEAK TIME=4 M, A=3', 'LEAK.TIME', [5, 6], 'LEAK TIME=(5, 6) M, A=3'],
    ['LEAK TIME=(1, 2) M, A=3', 'LEAK.TIME', 5, 'LEAK TIME=(5) M, A=3'],
    ['CASE TITLE="old, title", A=3', 'CASE.TITLE', 'new = "better"', 'CASE TITLE=\'new = "better"\', A=3'],
    ['CASE TITLE="old"', 'CASE.TITLE', 'new', 'CASE TITLE="new"'],
    ['CASE TITLE=old', 'CASE.TITLE', 'new one', 'CASE TITLE="new one"'],
    ['CASE TITLE=old', 'CASE.TITLE', '', 'CASE TITLE=""'],
    ['CASE TITLE="over two \\\n lines", A=1', 'CASE.TITLE', 'x', 'CASE TITLE="x", A=1'],
    ['SERVERDATA VARIABLE=(HOL, PT bara)', 'SERVERDATA.VARIABLE', ['TM', 'GT'], 'SERVERDATA VARIABLE=(TM, GT bara)'],
    ['LEAK A=1 B=2', 'LEAK.A', 7, 'LEAK A=7 B=2'],
    ['LEAK A=$hole', 'LEAK.A', 1e-7, 'LEAK A=1e-7'],
  ])('%j: %s = %j', (text, path, value, expected) => {
    expect(setGenkeyValue(text, path, value)).toBe(expected);
  });

  it('may change the unit too', () => {
    expect(setGenkeyValue('LEAK D=20 mm, A=1', 'LEAK.D', 2, { unit: 'cm' })).toBe('LEAK D=2 cm, A=1');
    expect(setGenkeyValue('LEAK D=20, A=1', 'LEAK.D', 2, { unit: 'cm' })).toBe('LEAK D=2 cm, A=1');
    expect(setGenkeyValue('LEAK D=(1, 2), A=1', 'LEAK.D', [3, 4], { unit: 'cm' })).toBe('LEAK D=(3, 4) cm, A=1');
    expect(setGenkeyValue('LEAK D=(1, 2) mm, A=1', 'LEAK.D', [3], { unit: 'cm' })).toBe('LEAK D=(3) cm, A=1');
    expect(() => setGenkeyValue('LEAK D=1', 'LEAK.D', 1, { unit: 'c m' })).toThrow(refusal('olga/syntax', /unit/));
  });

  it('asks which of several statements is meant', () => {
    const two = 'LEAK LABEL=A, D=1\nLEAK LABEL="b 2", D=2\n';
    expect(() => setGenkeyValue(two, 'LEAK.D', 3)).toThrow(refusal('olga/unknown-name', /occurs 2 times.*line 1, A.*line 2, b 2/));
    expect(setGenkeyValue(two, 'LEAK.D', 3, { occurrence: 2 })).toBe('LEAK LABEL=A, D=1\nLEAK LABEL="b 2", D=3\n');
    expect(setGenkeyValue(two, 'LEAK.D', 3, { label: 'B 2' })).toBe('LEAK LABEL=A, D=1\nLEAK LABEL="b 2", D=3\n');
    expect(() => setGenkeyValue(two, 'LEAK.D', 3, { occurrence: 3 })).toThrow(refusal('olga/unknown-name', /2 times, not 3/));
    expect(() => setGenkeyValue(two, 'LEAK.D', 3, { label: 'C' })).toThrow(refusal('olga/unknown-name', /label "C"; .*A/));
    expect(setGenkeyValue(tinyGenkey(), 'PARAMETERS.LABEL', 'x', { label: 'FLOWPATH_1' })).toContain('PARAMETERS LABEL=x');
  });

  it('names what is near a path that is not there', () => {
    expect(() => setGenkeyValue(tinyGenkey(), 'LEEK.DIAMETER', 3)).toThrow(refusal('olga/unknown-name', /no LEEK statement; near it: LEAK/));
    expect(() => setGenkeyValue(tinyGenkey(), 'LEAK.DIAMTER', 3)).toThrow(refusal('olga/unknown-name', /LEAK has no DIAMTER; near it: DIAMETER/));
    expect(() => setGenkeyValue(tinyGenkey(), 'LEAK', 3)).toThrow(refusal('olga/unknown-name', /KEYWORD\.KEY/));
    for (const value of [NaN, Infinity, 'a\nb', `a"b'c`, []]) expect(() => setGenkeyValue(tinyGenkey(), 'LEAK.DIAMETER', value)).toThrow(refusal('olga/syntax', /written/));
  });

  it('keeps the bytes of any encoding', () => {
    const text = 'CASE TITLE="Tubería", A=1\nLEAK LABEL="Ñandú – 1", D=2 mm ! año\n';
    const windows = (of: string): Uint8Array => Uint8Array.from(of, (char) => (char === '–' ? 0x96 : char.charCodeAt(0)));
    expect(setGenkeyBytes(windows(text), 'LEAK.D', 33)).toEqual(windows(text.replace('D=2', 'D=33')));
    expect(setGenkeyBytes(windows(text), 'LEAK.LABEL', 'a – ü')).toEqual(windows(text.replace('Ñandú – 1', 'a – ü')));
    expect(() => setGenkeyBytes(windows(text), 'LEAK.LABEL', '漏')).toThrow(refusal('olga/syntax', /Windows-1252/));
    const utf8 = (of: string): Uint8Array => new TextEncoder().encode(of);
    expect(setGenkeyBytes(utf8(`\uFEFF${text}\0\x1a`), 'LEAK.D', 33)).toEqual(utf8(`\uFEFF${text.replace('D=2', 'D=33')}\0\x1a`));
    const utf16 = (of: string): Uint8Array => Uint8Array.from(Array.from(`\uFEFF${of}`).flatMap((char) => [char.charCodeAt(0) & 255, char.charCodeAt(0) >> 8]));
    expect(setGenkeyBytes(utf16(text), 'LEAK.LABEL', '漏')).toEqual(utf16(text.replace('Ñandú – 1', '漏')));
  });

  it('takes values as they are written', () => {
    expect(parseGenkeyValue('20 mm')).toEqual({ value: 20, unit: 'mm' });
    expect(parseGenkeyValue(' (0, 1,2) M')).toEqual({ value: [0, 1, 2], unit: 'M' });
    const number = readGenkey('LEAK D=20 mm').statements[0]!.assignments.get('D')!;
    for (const text of ['12mm', '12 mm']) expect(parseGenkeyValue(text, number)).toEqual({ value: 12, unit: 'mm' });
    expect(parseGenkeyValue('-1.5e-3%', number)).toEqual({ value: -0.0015, unit: '%' });
    expect(parseGenkeyValue('$hole', number)).toEqual({ value: '$hole' });
    expect(parseGenkeyValue('2NDORDER')).toEqual({ value: '2NDORDER' });
    expect(parseGenkeyValue('CLOSED')).toEqual({ value: 'CLOSED' });
    expect(parseGenkeyValue('a title, with = all')).toEqual({ value: 'a title, with = all' });
    expect(parseGenkeyValue('5', readGenkey('CASE TITLE="x"').statements[0]!.assignments.get('TITLE')!)).toEqual({ value: '5' });
  });
});

describeShared('in every real input file', () => {
  const paths = hasShared ? (readdirSync(sharedFile('data/olga'), { recursive: true }) as string[]).filter((path) => path.endsWith('.genkey')) : [];

  it.each(paths)('%s: one value is set, and nothing else changes', (path) => {
    const bytes = new Uint8Array(readFileSync(sharedFile(`data/olga/${path}`)));
    const genkey = readGenkey(bytes);
    const places = genkey.statements.flatMap((statement) => [...statement.assignments.keys()].map((key) => ({ statement, key })));
    const scalar = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom('BARE', 'two words', 'a,b=c!d', 'x@y', '(', '\\', "O'Hara", 'say "x"', 'año'));
    const value = fc.oneof(scalar, fc.array(scalar, { minLength: 1, maxLength: 4 }));
    fc.assert(fc.property(fc.nat(places.length - 1), value, (at, wanted) => {
      const { statement, key } = places[at]!;
      const same = genkey.statements.filter((one) => one.keyword === statement.keyword && one.assignments.has(key));
      const changed = setGenkeyBytes(bytes, `${statement.keyword}.${key}`, wanted, { occurrence: same.indexOf(statement) + 1 });
      const again = readGenkey(changed);
      const index = genkey.statements.indexOf(statement);
      expect(again.statements[index]!.assignments.get(key)!.items.map((item) => item.text)).toEqual((Array.isArray(wanted) ? wanted : [wanted]).map(String));
      // Behind a word, what was a unit is a second word.
      if ([wanted].flat().every((one) => typeof one === 'number')) expect(again.statements[index]!.assignments.get(key)!.unit).toBe(statement.assignments.get(key)!.unit);
      expect([...again.statements[index]!.assignments].filter(([name]) => name !== key)).toEqual([...statement.assignments].filter(([name]) => name !== key));
      expect(again.statements.toSpliced(index, 1).map((one) => one.raw)).toEqual(genkey.statements.toSpliced(index, 1).map((one) => one.raw));
      // All bytes before and behind the value are the same.
      let front = 0;
      while (front < bytes.length && bytes[front] === changed[front]) front++;
      let back = 0;
      while (back < bytes.length - front && back < changed.length - front && bytes[bytes.length - 1 - back] === changed[changed.length - 1 - back]) back++;
      const touched = new TextDecoder().decode(bytes.subarray(front, bytes.length - back));
      if (front < bytes.length) {
        expect(front).toBeGreaterThanOrEqual(statement.start);
        expect(bytes.length - back).toBeLessThanOrEqual(statement.end);
        expect(statement.raw).toContain(touched);
      }
    }), { numRuns: 12, seed: 8 });
  });
});
