import { describe, expect, it } from 'vitest';
import { detectKind, pairFiles, type Pairing } from '../../src/olga/index.js';
import { tinyGenkey } from './tinyGenkey.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

const trendOf = (inputFile: string): Uint8Array => bytesOf(tinyTpl((parts) => { parts.meta = ['INPUT FILE', `'${inputFile}'`]; })).subarray(0, 200);
const genkey = bytesOf(tinyGenkey()).subarray(0, 200);
const pairs = ({ cases }: Pairing): (string | undefined)[][] => cases.map((pair) => [pair.caseId, pair.tpl, pair.genkey]);

describe('pairFiles', () => {
  it('goes by the INPUT FILE first, then by name, near before far, without regard to case', () => {
    const files = [
      { path: 'a/Run.TPL', head: trendOf('..\\in\\CASE1.genkey') }, { path: 'a/case1.GENKEY', head: genkey }, { path: 'a/run.genkey', head: genkey },
      { path: 'b/TPL/x.tpl', head: trendOf('gone.genkey') }, { path: 'b/X.key', head: genkey },
      { path: 'c/01.tpl', head: trendOf('01.genkey') }, { path: 'c/01.genkey', head: genkey }, { path: '01.genkey', head: genkey },
      { path: 'd/e/far.tpl', head: trendOf('far.genkey') }, { path: 'far.genkey', head: genkey },
      { path: 'notes.txt', head: bytesOf('nothing') },
    ];
    const expected = [
      ['a_Run', 'a/Run.TPL', 'a/case1.GENKEY'], ['b_TPL_x', 'b/TPL/x.tpl', 'b/X.key'], ['c_01', 'c/01.tpl', 'c/01.genkey'], ['d_e_far', 'd/e/far.tpl', undefined],
    ];
    expect(pairs(pairFiles(files))).toEqual(expected);
    expect(pairs(pairFiles(files.toReversed()))).toEqual(expected);
    expect(pairFiles(files).unmatched).toEqual(['01.genkey', 'a/run.genkey', 'far.genkey', 'notes.txt']);
  });

  it('looks above a TPL folder, and gives one input file to all the cases that name it', () => {
    const files = [
      { path: 'set/TPL/run_01.tpl', head: trendOf('base.genkey') }, { path: 'set/TPL/run_02.tpl', head: trendOf('C:\\work\\BASE.genkey') },
      { path: 'set/tpl/Run_03.TPL', head: trendOf('gone.genkey') }, { path: 'set/base.genkey', head: genkey }, { path: 'set/run_03.genkey', head: genkey },
      { path: 'set/TPL/more/run_04.tpl', head: trendOf('base.genkey') }, { path: 'set/unused.genkey', head: genkey },
    ];
    expect(pairs(pairFiles(files)).toSorted(([a], [b]) => (a! < b! ? -1 : 1))).toEqual([
      ['set_TPL_more_run_04', 'set/TPL/more/run_04.tpl', undefined], ['set_TPL_run_01', 'set/TPL/run_01.tpl', 'set/base.genkey'],
      ['set_TPL_run_02', 'set/TPL/run_02.tpl', 'set/base.genkey'], ['set_tpl_Run_03', 'set/tpl/Run_03.TPL', 'set/run_03.genkey'],
    ]);
    expect(pairFiles(files).unmatched).toEqual(['set/unused.genkey']);
  });

  it('goes by the suffix where nothing of a file is known, and by the content where it is', () => {
    expect(pairs(pairFiles([{ path: 'x.tpl' }, { path: 'x.genkey' }, { path: 'x.ppl' }]))).toEqual([['x', 'x.tpl', 'x.genkey']]);
    expect(pairs(pairFiles([{ path: 'x.txt', head: trendOf('y.txt') }, { path: 'y.txt', head: genkey }]))).toEqual([['x', 'x.txt', 'y.txt']]);
    expect(pairFiles([{ path: 'x.tpl', head: bytesOf('a,b\n1,2\n') }])).toEqual({ cases: [], unmatched: ['x.tpl'] });
  });

  it('gives names that are unique and fit for files', () => {
    const { cases } = pairFiles(['a/b_c.tpl', 'a_b/c.tpl', 'A_B_C.tpl', './día uno/v1.2.tpl', 'w\\x.tpl'].map((path) => ({ path })));
    expect(cases.map((pair) => [pair.tpl, pair.caseId])).toEqual([['./día uno/v1.2.tpl', 'día_uno_v1.2'], ['A_B_C.tpl', 'A_B_C'], ['a/b_c.tpl', 'a_b_c-2'], ['a_b/c.tpl', 'a_b_c-3'], ['w\\x.tpl', 'w_x']]);
  });
});

describe('detectKind', () => {
  it('looks at the content', () => {
    expect(detectKind(bytesOf(tinyTpl()))).toBe('trend');
    expect(detectKind(bytesOf(`\uFEFF\r\n${tinyTpl((parts) => { parts.kind = 'PROFILE PLOT'; }).replaceAll('\n', '\r\n')}`))).toBe('profile');
    expect(detectKind(bytesOf(tinyGenkey()))).toBe('genkey');
    expect(detectKind(bytesOf('! by hand\nCASE TITLE=x\n'))).toBe('genkey');
    for (const text of ['', 'hello', 'case,time\n1,2', "'OLGA 7'\nSOMETHING", '{"CASE": "x=1"}']) expect(detectKind(bytesOf(text)), text).toBeUndefined();
  });
});
