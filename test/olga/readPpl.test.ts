import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pplTable, readPpl, type PplFile } from '../../src/olga/index.js';
import { describeShared, hasShared, sharedFile } from '../shared.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

const steps = ['0.000000e+00', '1.0e+00 2.0e+00 3.0e+00 ', '1.000000e+05 2.000000e+05 ', '4.0e+00 5.0e+00 ', '1.500000e+00', '1.1e+00 2.1e+00 3.1e+00 ', '1.100000e+05 2.100000e+05 ', '4.1e+00 5.100000e+00 '];
const tiny = (rows: readonly string[] = steps, series = "TIME SERIES  ' (S)  '"): string => tinyTpl((parts) => {
  parts.kind = 'PROFILE PLOT';
  parts.network = ['NETWORK', '2'];
  parts.geometry = ["GEOMETRY ' (M)  '", 'BRANCH', "'Line' ", '2', '0 10 25', '0 1 -2', 'BRANCH', "'tie-in'", '2', '0 4 8', '0 0 0'];
  parts.catalog = ["GT 'BOUNDARY:' 'BRANCH:' 'LINE' '(KG/S)' 'Total mass flow'", "PT 'SECTION:' 'BRANCH:' 'Line' '(PA)' 'Pressure'", "TM 'SECTION:' 'BRANCH:' 'TIE-IN' '(C)' 'T'"];
  parts.series = series;
  parts.rows = [...rows];
});
const read = (rows?: readonly string[]): PplFile => readPpl(bytesOf(tiny(rows)));
const plain = read();

describe('a profile file', () => {
  it('has one profile per variable and step, at centres or edges', () => {
    expect(plain).toMatchObject({ kind: 'profile', steps: 2, truncated: false, warnings: [], time: { unit: 'S', seconds: Float64Array.of(0, 1.5) } });
    expect(plain.variables.map(({ key, branch, size, x }) => [key, branch, size, [...x]])).toEqual([
      ['GT|BOUNDARY|BRANCH=LINE', 'Line', 3, [0, 10, 25]], ['PT|SECTION|BRANCH=Line', 'Line', 2, [5, 17.5]], ['TM|SECTION|BRANCH=TIE-IN', 'tie-in', 2, [2, 6]],
    ]);
    expect(plain.profiles).toEqual([Float64Array.of(1, 2, 3, 1.1, 2.1, 3.1), Float64Array.of(1e5, 2e5, 1.1e5, 2.1e5), Float64Array.of(4, 5, 4.1, 5.1)]);
  });

  it('may be wrapped anywhere, because values are counted', () => {
    for (const gap of ['\n', '\r\n', '  \n\n', ' ']) expect(read([steps.join(' ').trim().split(' ').join(gap)])).toMatchObject({ profiles: plain.profiles, warnings: [] });
  });

  it('that is cut loses its last step, wherever the cut is', () => {
    const text = tiny().trimEnd();
    const from = text.lastIndexOf('1.500000e+00');
    for (let length = from + 1; length < text.length; length++) {
      const cut = readPpl(bytesOf(text.slice(0, length)));
      expect([cut.steps, cut.truncated, cut.warnings.map(({ code }) => code)], text.slice(from, length)).toEqual([1, true, ['truncated']]);
      expect(cut.profiles[1]).toEqual(Float64Array.of(1e5, 2e5));
    }
    expect(readPpl(bytesOf(text))).toMatchObject({ steps: 2, truncated: false });
    expect(read([])).toMatchObject({ steps: 0, truncated: false, warnings: [] });
  });

  it('with a value missing or too many is refused, and not shifted', () => {
    for (const line of ['1.0e+00 2.0e+00', '1.0e+00 2.0e+00 3.0e+00 4.0e+00', '']) {
      expect(() => read(steps.with(1, line))).toThrow(expect.objectContaining({ code: 'olga/ragged-row' }));
    }
    expect(() => read([...steps, ...steps].toSpliced(6, 1))).toThrow(expect.objectContaining({ code: 'olga/ragged-row' }));
  });

  it('may hold odd numbers, but no words', () => {
    const odd = read(steps.with(1, '1.0D+00 NaN 3.0-102'));
    expect(odd.profiles[0]!.subarray(0, 3)).toEqual(Float64Array.of(1, NaN, 3e-102));
    expect(odd.warnings).toMatchObject([{ code: 'not-a-number' }]);
    expect(() => read(steps.with(1, '1.0 oops 3.0'))).toThrow(expect.objectContaining({ code: 'olga/syntax', message: expect.stringContaining('"oops"') }));
    expect(() => read(steps.with(4, 'NaN'))).toThrow(expect.objectContaining({ code: 'olga/syntax', message: expect.stringContaining('time') }));
  });

  it('names a branch that is not there, a time unit it does not know, and the kind of another file', () => {
    expect(() => readPpl(bytesOf(tiny().replace("'TIE-IN'", "'GONE'")))).toThrow(expect.objectContaining({ code: 'olga/syntax', message: expect.stringMatching(/"GONE".*Line, tie-in/) }));
    expect(() => readPpl(bytesOf(tiny(steps, "TIME SERIES  ' (Y)  '")))).toThrow(expect.objectContaining({ code: 'olga/syntax' }));
    expect(() => readPpl(bytesOf(tinyTpl()))).toThrow(expect.objectContaining({ code: 'olga/not-olga', message: expect.stringMatching(/trend file \(\.tpl\); a profile file says PROFILE PLOT/) }));
    expect([...readPpl(bytesOf(tiny(steps, "TIME SERIES  ' (H)  '"))).time.seconds]).toEqual([0, 5400]);
  });

  it('passes over what is not selected', () => {
    const some = readPpl(bytesOf(tiny()), { select: (variable) => variable.name === 'TM' });
    expect(some.profiles).toEqual([plain.profiles[2]]);
    expect(some.variables.map((variable) => variable.index)).toEqual([2]);
  });

  it('becomes a long table', () => {
    const table = pplTable(plain, (variable) => variable.name !== 'GT');
    expect(table.rows).toBe(8);
    expect(table.columns.map(({ name, values }) => [name, [...values]])).toEqual([
      ['time', [0, 0, 0, 0, 1.5, 1.5, 1.5, 1.5]], ['branch', ['Line', 'Line', 'tie-in', 'tie-in', 'Line', 'Line', 'tie-in', 'tie-in']],
      ['variable', ['PT', 'PT', 'TM', 'TM', 'PT', 'PT', 'TM', 'TM']], ['flag', new Array(8).fill('SECTION')],
      ['x', [5, 17.5, 2, 6, 5, 17.5, 2, 6]], ['value', [1e5, 2e5, 4, 5, 1.1e5, 2.1e5, 4.1, 5.1]], ['unit', ['PA', 'PA', 'C', 'C', 'PA', 'PA', 'C', 'C']],
    ]);
    expect(pplTable(read([])).rows).toBe(0);
  });
});

describeShared('real profile files', () => {
  const paths = hasShared ? (readdirSync(sharedFile('data/olga'), { recursive: true }) as string[]).filter((path) => path.endsWith('.ppl')) : [];

  it.each(paths)('%s is read whole', (path) => {
    const bytes = readFileSync(sharedFile(`data/olga/${path}`));
    const ppl = readPpl(bytes);
    const lines = new TextDecoder().decode(bytes).trimEnd().split(/\r?\n/);
    const data = lines.slice(lines.findIndex((line) => line.startsWith('TIME SERIES')) + 1);
    expect(ppl.warnings).toEqual([]);
    expect(ppl.steps).toBe(data.length / (1 + ppl.variables.length));
    for (const [step, time] of ppl.time.seconds.entries()) {
      const at = step * (1 + ppl.variables.length);
      expect(time).toBe(Number(data[at]));
      for (const [index, { size }] of ppl.variables.entries()) {
        expect([...ppl.profiles[index]!.subarray(step * size, (step + 1) * size)]).toEqual(data[at + 1 + index]!.trim().split(/\s+/).map(Number));
      }
    }
  });
});
