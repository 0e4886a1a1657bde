import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineGeometry, readGenkey, type GenkeyStatement } from '../../src/olga/index.js';
import { tinyGenkey } from './tinyGenkey.js';

const first = (text: string): GenkeyStatement => readGenkey(text).statements[0]!;
const value = (statement: GenkeyStatement, name: string): unknown => {
  const { items, unit } = statement.assignments.get(name)!;
  return [items.map((item) => [item.number ?? item.text, ...item.rest]), unit];
};

describe('statements', () => {
  it('have names, values, units and lists', () => {
    const statement = first(`VALVE LABEL="V-in, \\"x", A=1`.replace('\\"', '') + `, TIME=(0, 0.9901, 4.9534) M, OPENING = 0.5 -, TYPE=C7*, D=02/09/2022, P=$where, N=1.5D+03`);
    expect(statement.keyword).toBe('VALVE');
    expect(value(statement, 'LABEL')).toEqual([[['V-in, x']], undefined]);
    expect(value(statement, 'TIME')).toEqual([[[0], [0.9901], [4.9534]], 'M']);
    expect(value(statement, 'OPENING')).toEqual([[[0.5, '-']], '-']);
    expect(value(statement, 'TYPE')).toEqual([[['C7*']], undefined]);
    expect(value(statement, 'D')).toEqual([[['02/09/2022']], undefined]);
    expect(value(statement, 'P')).toEqual([[['$where']], undefined]);
    expect(value(statement, 'N')).toEqual([[[1500]], undefined]);
  });

  it('may hold items of two words', () => {
    expect(value(first('CONNECTION TERMINALS = (FLOWPATH_1 LEAK@VALVESIG, "C 1" CONTR_1)'), 'TERMINALS')).toEqual([[['FLOWPATH_1', 'LEAK@VALVESIG'], ['C 1', 'CONTR_1']], undefined]);
    expect(value(first('SERVERDATA VARIABLE=(HOL, PT bara)'), 'VARIABLE')).toEqual([[['HOL'], ['PT', 'bara']], undefined]);
  });

  it('go on after a backslash, over comments and with any line end', () => {
    for (const end of ['\n', '\r\n', '\r']) {
      const genkey = readGenkey(['', '! comment = 1', 'PIPE \\', '        A=(1, \\  ', '! in between', '   2) m, \\ ! note', '   B="x!y", C=3 ! tail, D=4', ' NEXT E=5', ''].join(end));
      expect(genkey.warnings).toEqual([]);
      expect(genkey.statements.map(({ keyword, line, lastLine }) => [keyword, line, lastLine])).toEqual([['PIPE', 3, 7], ['NEXT', 8, 8]]);
      expect(value(genkey.statements[0]!, 'A')).toEqual([[[1], [2]], 'm']);
      expect(value(genkey.statements[0]!, 'B')).toEqual([[['x!y']], undefined]);
      expect([...genkey.statements[0]!.assignments.keys()]).toEqual(['A', 'B', 'C']);
      expect(genkey.statements[0]!.raw).toBe(genkey.text.slice(genkey.statements[0]!.start, genkey.statements[0]!.end));
    }
  });

  it('may have texts with commas, equals signs, paths and apostrophes', () => {
    const statement = first(`CASE AUTHOR="O'Hara, J = 2", FILE="C:\\dir\\", SINGLE='a "b" c', BARE=it's`);
    expect(['AUTHOR', 'FILE', 'SINGLE', 'BARE'].map((name) => statement.assignments.get(name)!.items[0]!.text)).toEqual(["O'Hara, J = 2", 'C:\\dir\\', 'a "b" c', "it's"]);
  });

  it('with a slip are read with a warning', () => {
    const comma = readGenkey('LEAK TIME=0 s OPENING=1 DIAMETER=(1, 2) mm LABEL=X');
    expect([...comma.statements[0]!.assignments.keys()]).toEqual(['TIME', 'OPENING', 'DIAMETER', 'LABEL']);
    expect(comma.statements[0]!.assignments.get('TIME')!.unit).toBe('s');
    expect(comma.warnings).toHaveLength(3);
    const quote = readGenkey('CASE TITLE="never closed\nFILES PVTFILE=x');
    expect(quote.warnings).toMatchObject([{ code: 'genkey-syntax', line: 1, message: expect.stringMatching(/quote/) }]);
    expect(quote.statements[1]!.assignments.get('PVTFILE')!.items[0]!.text).toBe('x');
    const list = readGenkey('LEAK TIME=(0, 1, \\\n 2, DIAMETER=3 mm');
    expect(list.warnings).toMatchObject([{ message: expect.stringMatching(/not closed \(lines 1 to 2\)/) }]);
    expect(list.statements[0]!.assignments.get('DIAMETER')!.items[0]!.number).toBe(3);
    expect(readGenkey('LEAK A=, B=1, A=2').warnings).toHaveLength(2);
  });

  it('know the component in which they stand', () => {
    const genkey = readGenkey(tinyGenkey());
    expect(genkey.statements.find((statement) => statement.keyword === 'LEAK')!.component).toEqual({ type: 'FLOWPATH', tag: 'FLOWPATH_1' });
    expect(genkey.statements.find((statement) => statement.keyword === 'CONNECTION')!.component).toBeUndefined();
    expect(genkey.version).toBe('2099.1.0');
  });

  it('of any text are read without a crash, and nothing is lost', () => {
    const piece = fc.constantFrom('LEAK', ' ', 'A=', '=', ',', '(', ')', '"', "'", '\\', '\n', '\r\n', '!', '1.5', 's', '-', 'x@y', '$p', 'ñ', 'PARAMETERS LABEL=', 'NETWORKCOMPONENT TYPE=FLOWPATH, TAG=T\n');
    fc.assert(fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      const genkey = readGenkey(`CASE A=1\n${pieces.join('')}`);
      let at = 0;
      for (const statement of genkey.statements) {
        const gap = genkey.text.slice(at, statement.start);
        expect(gap.replace(/![^\r\n]*/g, '').replace(/[\s\\]/g, ''), JSON.stringify(genkey.text)).toBe('');
        expect(statement.raw).toBe(genkey.text.slice(statement.start, statement.end));
        at = statement.end;
      }
      lineGeometry(genkey);
    }), { numRuns: 1000, seed: 5 });
  });

  it('that are none make no input file', () => {
    for (const text of ['', 'hello world', "'OLGA 2017'\nTIME PLOT\n"]) expect(() => readGenkey(text)).toThrow(expect.objectContaining({ code: 'olga/not-olga' }));
  });
});

describe('the line', () => {
  it('comes from lengths or from ends, in any unit', () => {
    const byLength = lineGeometry(readGenkey(tinyGenkey())).flowPaths[0]!;
    expect(byLength).toMatchObject({ name: 'Line', tag: 'FLOWPATH_1', length: 25, sections: 2 });
    expect(byLength.pipes.map(({ from, to, rise, diameter }) => [from, to, rise, diameter])).toEqual([[0, 10, 1, 0.2], [10, 25, -3, 0.2]]);
    expect(byLength.positions.get('P-1')).toBe(7);
    const byEnd = lineGeometry(readGenkey(tinyGenkey({
      pipes: ' GEOMETRY LABEL=G, XSTART=1 km, YSTART=0 M\n PIPE LABEL=A, XEND=1003 M, YEND=4 m, NSEGMENT=5\n PIPE LABEL=B, XEND=1003 m, YEND=-1 m, NSEGMENT=2, LSEGMENT=(200, 300) cm',
    }))).flowPaths[0]!;
    expect(byEnd.length).toBeCloseTo(10, 12);
    expect([...byEnd.pipes[0]!.boundaries]).toEqual([0, 1, 2, 3, 4, 5]);
    expect([...byEnd.pipes[1]!.boundaries]).toEqual([5, 7, 10]);
  });

  it('of a file written by hand, without components, follows GEOMETRY and BRANCH', () => {
    const one = lineGeometry(readGenkey('PIPE LABEL=A, LENGTH=10 m, NSEGMENT=2, DIAMETER=8 in\nPIPE LABEL=B, LENGTH=0.5 km, NSEGMENT=3\nBRANCH LABEL=MAIN, FLUID=1\nPOSITION LABEL=P, PIPE=B, SECTION=1\n'));
    expect(one.warnings).toEqual([]);
    expect(one.flowPaths).toMatchObject([{ name: 'MAIN', length: 510, sections: 5, pipes: [{ label: 'A', diameter: 0.2032 }, { label: 'B', from: 10 }] }]);
    expect(one.flowPaths[0]!.positions.get('P')).toBeCloseTo(10 + 500 / 6, 10);
    const two = lineGeometry(readGenkey([
      'GEOMETRY LABEL=G-1, XSTART=0 m, YSTART=0 m', 'PIPE LABEL=A, XEND=3 m, YEND=4 m, NSEGMENT=1', 'GEOMETRY LABEL=G-2', 'PIPE LABEL=A, LENGTH=7 m, NSEGMENT=1',
      'BRANCH LABEL=SECOND, GEOMETRY=G-2', 'BRANCH LABEL=FIRST, GEOMETRY="g-1"', 'POSITION LABEL=P, BRANCH=second, ABSPOSITION=2 m',
    ].join('\n')));
    expect(two.flowPaths.map(({ name, length, positions }) => [name, length, [...positions]])).toEqual([['FIRST', 5, []], ['SECOND', 7, [['P', 2]]]]);
  });

  it('reports what it cannot place', () => {
    const { flowPaths, warnings } = lineGeometry(readGenkey(tinyGenkey({ pipes: ' PIPE LABEL=A, LENGTH=3 cubits\n PIPE LABEL=B, LENGTH=$len\n PIPE LABEL=C, LENGTH=4 m, NSEGMENT=3, LSEGMENT=(1, 3) m\n POSITION LABEL=X, PIPE=GONE, SECTION=1' })));
    expect(flowPaths[0]!.pipes.map((pipe) => pipe.label)).toEqual(['C']);
    expect(warnings.map((warning) => warning.code)).toEqual(['genkey-value', 'genkey-value', 'genkey-value', 'genkey-value', 'genkey-value', 'genkey-reference']);
    expect(warnings[0]!.message).toContain('cubits');
  });
});
