import { describe, expect, it } from 'vitest';
import { columnRoles, deriveLeaks, readCase, readGenkey, readTpl, type Leaks, type OlgaCase, type TplFile } from '../../src/olga/index.js';
import { flowRuns } from '../../src/olga/leakFlow.js';
import { pieceRows } from '../../src/olga/packedColumn.js';
import { tinyGenkey } from './tinyGenkey.js';
import { bytesOf, tinyTpl } from './tinyTpl.js';

/** Rows 0, 1, 2 ... s with the given columns; the leak flow, controllers and so on are named by their catalog lines. */
function trend(columns: Record<string, readonly number[]>): TplFile {
  const lines = Object.keys(columns);
  const rows = Object.values(columns)[0]!.map((_, row) => [row, ...lines.map((line) => columns[line]![row]!)].map((value) => value.toExponential(6)).join(' '));
  return readTpl(bytesOf(tinyTpl((parts) => { parts.catalog = lines; parts.count = String(lines.length); parts.rows = rows; })));
}
const gtleak = "GTLEAK 'LEAK:' 'HOLE' '(KG/S)' 'Leakage'";
const contr = (name: string): string => `CONTR 'CONTROLLER:' '${name}' '(-)' 'Controller output'`;
const flows = [0, 0, -2, -2, 0, 0, 0];
const derive = (columns: Record<string, readonly number[]>, change?: Parameters<typeof tinyGenkey>[0]): Leaks =>
  deriveLeaks(trend(columns), readGenkey(tinyGenkey(change)));
const codes = ({ warnings }: { warnings: readonly { code: string }[] }): string[] => warnings.map((warning) => warning.code);

describe('leaks', () => {
  it('take their ends from the schedule and their state from the flow', () => {
    const leaks = derive({ [gtleak]: flows });
    expect(leaks.leaks).toEqual([{
      name: 'HOLE', flowPath: 'Line', position: 12, section: { from: 10, to: 25 }, diameter: 0.02, backPressure: 101_325,
      intervals: [{ start: 1, end: 4, peakFlow: 2 }], consistent: true,
      provenance: 'column GTLEAK|LEAK=HOLE; LEAK line 10; CONNECTION line 16, MANUALCONTROLLER_1 line 13',
    }]);
    expect([...leaks.state]).toEqual([0, 0, 1, 1, 0, 0, 0]);
    expect([...leaks.flow]).toEqual([0, 0, 2, 2, 0, 0, 0]);
    expect(leaks.warnings).toEqual([]);
  });

  it('may come several times, and without any zero before or after', () => {
    const { leaks, state } = deriveLeaks(trend({ [gtleak]: [-1, -1, 0, -3, 0, 0, -4, -4] }));
    expect(leaks[0]!.intervals).toEqual([{ start: 0, end: 1, peakFlow: 1 }, { start: 3, end: 3, peakFlow: 3 }, { start: 6, end: 7, peakFlow: 4 }]);
    expect([...state]).toEqual([1, 1, 0, 1, 0, 0, 1, 1]);
  });

  it('begin where the ramp of the controller, or of the flow, comes from zero', () => {
    const ramped = { [gtleak]: [0, 0, -0.5, -1.5, -2, -2, -1, 0], [contr('X')]: [0, 0, 0.25, 0.75, 1, 1, 0.5, 0] };
    expect(deriveLeaks(trend(ramped)).leaks[0]!.intervals).toEqual([{ start: 1.5, end: 7, peakFlow: 2 }]);
    expect(deriveLeaks(trend({ [gtleak]: ramped[gtleak] })).leaks[0]!.intervals).toEqual([{ start: 1.5, end: 7, peakFlow: 2 }]);
  });

  it('of a case with several are told apart, and the largest gives place and size', () => {
    const second = "GTLEAK 'LEAK:' 'OTHER' '(KG/S)' 'Leakage'";
    const leaks = derive({ [gtleak]: flows, [second]: [0, 0, 0, -5, -5, 0, 0] }, {
      leak: ' LEAK LABEL=HOLE, ABSPOSITION=12 m, DIAMETER=20 mm\n LEAK LABEL=other, PIPE=PIPE-1, SECTION=1, DIAMETER=2 in, TIME=(0, 2, 3, 4, 5) s, OPENING=(0, 0, 1, 1, 0)',
    });
    expect(leaks.leaks.map(({ name, position, intervals, consistent }) => ({ name, position, intervals, consistent }))).toEqual([
      { name: 'HOLE', position: 12, intervals: [{ start: 1, end: 4, peakFlow: 2 }], consistent: true },
      { name: 'other', position: 5, intervals: [{ start: 2, end: 5, peakFlow: 5 }], consistent: true },
    ]);
    expect([...leaks.active]).toEqual([-1, -1, 0, 1, 1, -1, -1]);
    expect([...leaks.flow]).toEqual([0, 0, 2, 7, 5, 0, 0]);
    expect([...leaks.state]).toEqual([0, 0, 1, 1, 1, 0, 0]);
  });
});

describe('the traps', () => {
  const quiet = [0, 0, 0, 0, 0, 0, 0];
  const none = (change: Parameters<typeof tinyGenkey>[0]): void => {
    const leaks = derive({ [gtleak]: quiet }, change);
    expect(leaks.leaks).toMatchObject([{ intervals: [], consistent: true }]);
    expect([...leaks.state]).toEqual(quiet);
    expect(leaks.warnings).toEqual([]);
  };

  it('1, 2: a leak of diameter 0 is none, whatever its controller does', () => none({ leak: ' LEAK LABEL=HOLE, ABSPOSITION=12 m, DIAMETER=0 in' }));
  it('3: nor is one of 0.0001 inch', () => none({ leak: ' LEAK LABEL=HOLE, ABSPOSITION=12 m, DIAMETER=0.0001 in' }));
  it('4: nor one that opens after the run', () => none({ controller: ' PARAMETERS LABEL=C, TIME=(0, 75) s, SETPOINT=(0, 1), STROKETIME=1 s' }));
  it('5: M is minutes for a time: 1 M is not within 6 s, but 0.05 M is', () => {
    none({ controller: ' PARAMETERS LABEL=C, TIME=(0, 1, 3) M, SETPOINT=(0, 1, 0), STROKETIME=1 s' });
    const leaks = derive({ [gtleak]: [0, 0, 0, 0, -1, -1, -1] }, { controller: ' PARAMETERS LABEL=C, TIME=(0, 0.05) M, SETPOINT=(0, 1), STROKETIME=1 s' });
    expect(leaks.leaks).toMatchObject([{ intervals: [{ start: 3, end: 6 }], consistent: true }]);
  });
  it('5b: and metres for a length', () => {
    expect(derive({ [gtleak]: flows }, { leak: ' LEAK LABEL=HOLE, ABSPOSITION=12 M, DIAMETER=0.02 M' }).leaks).toMatchObject([{ position: 12, diameter: 0.02 }]);
  });
  it('6: a leak without controller and opening is open from the start', () => {
    const change = { leak: ' LEAK LABEL=HOLE, ABSPOSITION=12 m, DIAMETER=20 mm, TIME=0 s', connection: '' };
    expect(derive({ [gtleak]: quiet.map(() => -1) }, change)).toMatchObject({ leaks: [{ intervals: [{ start: 0, end: 6 }], consistent: true }], warnings: [] });
    const later = { ...change, leak: ' LEAK LABEL=HOLE, DIAMETER=20 mm, TIME=3.5 s' };
    expect(derive({ [gtleak]: [0, 0, 0, 0, -1, -1, -1] }, later)).toMatchObject({ leaks: [{ intervals: [{ start: 3.5, end: 6 }], consistent: true }] });
  });
  it('7: a controller that is not in the file leaves the flow to speak', () => {
    const leaks = derive({ [gtleak]: flows }, { connection: 'CONNECTION TERMINALS = (FLOWPATH_1 HOLE@VALVESIG, GONE CONTR_1)' });
    expect(codes(leaks)).toEqual(['genkey-reference']);
    expect(leaks.leaks).toMatchObject([{ intervals: [{ start: 2, end: 3 }], consistent: true }]);
    const unknown = derive({ "PTLKUP 'LEAK:' 'HOLE' '(PA)' 'P'": quiet }, { connection: 'CONNECTION TERMINALS = (GONE CONTR_1, FLOWPATH_1 HOLE@VALVESIG)' });
    expect(codes(unknown)).toEqual(['genkey-reference', 'leak-unknown']);
    expect(unknown.leaks).toMatchObject([{ intervals: [], consistent: false }]);
  });
  it('8: where file and flow disagree, the flow counts and it is said', () => {
    const silent = derive({ [gtleak]: quiet });
    expect(codes(silent)).toEqual(['leak-disagreement']);
    expect(silent.leaks).toMatchObject([{ intervals: [], consistent: false }]);
    const shut = derive({ [gtleak]: flows }, { leak: ' LEAK LABEL=HOLE, DIAMETER=0 m' });
    expect(shut.leaks).toMatchObject([{ intervals: [{ start: 2, end: 3 }], consistent: false }]);
    const elsewhere = derive({ [gtleak]: [0, 0, 0, 0, 0, -1, -1] });
    expect(elsewhere.leaks).toMatchObject([{ intervals: [{ start: 5, end: 6 }], consistent: false }]);
  });
  it('9: the label may be in any language', () => {
    const fuga = "GTLEAK 'LEAK:' 'FUGA - 1' '(KG/S)' 'Leakage'";
    const leaks = derive({ [fuga]: flows }, { leak: ' LEAK LABEL="Fuga - 1", ABSPOSITION=12 m, DIAMETER=1 cm', connection: 'CONNECTION TERMINALS = (FLOWPATH_1 "Fuga - 1@VALVESIG", MANUALCONTROLLER_1 CONTR_1)' });
    expect(leaks.leaks).toMatchObject([{ name: 'Fuga - 1', position: 12, diameter: 0.01, intervals: [{ start: 1, end: 4 }], consistent: true }]);
  });

  it('the schedule of another kind of controller is unknown, and says so; the flow counts', () => {
    for (const type of ['PIDCONTROLLER', 'ESDCONTROLLER', 'CASCADECONTROLLER', 'SOMETHINGNEW']) {
      const change = { extra: `NETWORKCOMPONENT TYPE=${type}, TAG=P_1\n PARAMETERS LABEL=Pressure, TIME=(0, 5) s, SETPOINT=(1, 2) bara\nENDNETWORKCOMPONENT`, connection: 'CONNECTION TERMINALS = (FLOWPATH_1 HOLE@VALVESIG, P_1 CONTR_1)' };
      const leaks = derive({ [gtleak]: flows }, change);
      expect(leaks.leaks).toMatchObject([{ intervals: [{ start: 2, end: 3 }], consistent: true, provenance: expect.stringContaining(`(schedule unknown: ${type})`) }]);
      expect(codes(derive({ "PTLKUP 'LEAK:' 'HOLE' '(PA)' 'P'": quiet }, change))).toEqual(['leak-unknown']);
    }
  });
  it('several leaks on several flow paths, each with several intervals, keep their own places and times', () => {
    const other = "GTLEAK 'LEAK:' 'OTHER' '(KG/S)' 'Leakage'";
    const leaks = derive({ [gtleak]: [0, 0, -2, 0, -2, 0, 0], [other]: [0, -1, 0, 0, 0, -1, 0] }, {
      controller: ' PARAMETERS LABEL=C, TIME=(0, 1, 2, 3, 4) s, SETPOINT=(0, 1, 0, 1, 0), STROKETIME=1 s',
      extra: 'NETWORKCOMPONENT TYPE=FLOWPATH, TAG=FLOWPATH_2\n PARAMETERS LABEL=Branch\n PIPE LABEL="PIPE-1", LENGTH=100 m, NSEGMENT=10, DIAMETER=4 in\n'
        + ' LEAK LABEL=other, PIPE=PIPE-1, SECTION=3, DIAMETER=(5, 5) mm, TIME=(0, 1, 1.5, 4, 5, 5.5) s, OPENING=(0, 1, 0, 0, 1, 0), BACKPRESSURE=2 barg\nENDNETWORKCOMPONENT',
    });
    expect(leaks.leaks.map(({ name, flowPath, position, diameter, backPressure, consistent, intervals }) => [name, flowPath, position, diameter, backPressure, consistent, intervals.map(({ start, end }) => [start, end])])).toEqual([
      ['HOLE', 'Line', 12, 0.02, 101_325, true, [[1, 3], [3, 5]]], ['other', 'Branch', 25, 0.005, 301_325, true, [[0, 1.5], [4, 5.5]]],
    ]);
    expect([...leaks.state]).toEqual([0, 1, 1, 0, 1, 1, 0]);
    expect([...leaks.active]).toEqual([-1, 1, 0, -1, 0, 1, -1]);
  });
  it('a leak in an input file without components has its place too', () => {
    const text = 'PIPE LABEL=A, LENGTH=10 m, NSEGMENT=2\nBRANCH LABEL=LINE\nLEAK LABEL=HOLE, ABSPOSITION=7 m, DIAMETER=1 in, TIME=(0, 1, 2, 3) s, OPENING=(0, 0, 1, 0)\n';
    expect(deriveLeaks(trend({ [gtleak]: [0, 0, -1, 0, 0] }), readGenkey(text)).leaks).toMatchObject([{ flowPath: 'LINE', position: 7, section: { from: 5, to: 10 }, diameter: 0.0254, intervals: [{ start: 1, end: 3 }], consistent: true }]);
  });
  it.each([['0 psig', 101_325], ['0 barg', 101_325], ['1 bara', 1e5], ['1 bar', 1e5], ['14.695948775513 psia', 101_325], ['1 atm', 101_325], ['5 Pa', 5], ['5', 5], ['5 furlongs', undefined]])('a back pressure of %s is %d Pa absolute', (text, pascal) => {
    const leak = ` LEAK LABEL=HOLE, ABSPOSITION=12 m, DIAMETER=20 mm, BACKPRESSURE=${text}`;
    const { backPressure } = derive({ [gtleak]: flows }, { leak }).leaks[0]!;
    if (pascal === undefined) expect(backPressure).toBeUndefined();
    else expect(backPressure).toBeCloseTo(pascal, 4);
  });

  it('a closing that the next set-point interrupts is one opening', () => {
    const change = { controller: ' PARAMETERS LABEL=C, TIME=(0, 1, 3, 4, 6) s, SETPOINT=(0, 1, 0, 1, 0), OPENINGTIME=0 s, CLOSINGTIME=2 s' };
    expect(derive({ [gtleak]: [0, 0, -1, -1, -1, -1, -1] }, change)).toMatchObject({ leaks: [{ intervals: [{ start: 1, end: 6 }], consistent: true }] });
  });
  it('a case without leak and input file says that nothing is known', () => {
    expect(codes(deriveLeaks(trend({ "PT 'POSITION:' 'A' '(PA)' 'P'": quiet })))).toEqual(['leak-unrecorded']);
  });
  it('a flow that is not a number is no leak, and is reported', () => {
    const leaks = deriveLeaks(trend({ [gtleak]: [0, NaN, -1, 0, 0, 0, 0] }));
    expect([...leaks.state]).toEqual([0, 0, 1, 0, 0, 0, 0]);
    expect(codes(leaks)).toEqual(['leak-flow-nan']);
  });
  it('a source that takes out at times is a leak, where there is no leak object', () => {
    const source = "GTSOUR 'SOURCE:' 'TAP' '(KG/S)' 'Source flow'";
    const tpl = trend({ [source]: [0, 0, -3, -3, 0, 0, 0], "GTSOUR 'SOURCE:' 'FEED' '(KG/S)' 'Source flow'": [1, 1, 1, 1, 1, 1, 1], "GTSOUR 'SOURCE:' 'SALE' '(KG/S)' 'Source flow'": [-1, -1, -1, -1, -1, -1, -1] });
    const leaks = deriveLeaks(tpl, readGenkey(tinyGenkey({ leak: ' SOURCE LABEL=Tap, ABSPOSITION=3 m, MASSFLOW=-3 kg/s', connection: '' })));
    expect(leaks.leaks).toMatchObject([{ name: 'Tap', position: 3, intervals: [{ start: 2, end: 3, peakFlow: 3 }] }]);
    expect(codes(leaks)).toEqual(['source-as-leak']);
    expect(columnRoles(tpl)).toEqual(['truth', 'measured', 'measured']);
  });
  it('and so is one by the input file alone, where its flow was not recorded; the recorded flow goes before', () => {
    const pressure = { "PT 'POSITION:' 'A' '(PA)' 'P'": quiet, [contr('Tap control')]: quiet, "PTSOUR 'SOURCE:' 'TAP' '(PA)' 'P'": quiet };
    const source = (keys: string, label = 'Tap'): string => ` SOURCE LABEL=${label}, ABSPOSITION=3 m, ${keys}`;
    const of = (leak: string, more: Parameters<typeof tinyGenkey>[0] = {}) => ({ leak, connection: '', ...more });
    const own = of(source('TIME=(0, 2, 2, 5, 5) s, MASSFLOW=(0, 0, -7200, -7200, 0) kg/h'));
    const leaks = derive(pressure, own);
    expect(leaks.leaks).toMatchObject([{ name: 'Tap', flowPath: 'Line', position: 3, consistent: true, intervals: [{ start: 2, end: 5, peakFlow: NaN }], provenance: 'SOURCE line 10' }]);
    expect([...leaks.state]).toEqual([0, 0, 0, 1, 1, 0, 0]);
    expect(codes(leaks)).toEqual(['leak-from-schedule', 'source-as-leak']);
    const wired = of(source('MASSFLOW=-3 kg/s'), {
      controller: ' PARAMETERS LABEL="Tap control", TIME=(0, 1, 3) s, SETPOINT=(0, 1, 0), STROKETIME=1 s', connection: 'CONNECTION TERMINALS = (MANUALCONTROLLER_1 CONTR_1, FLOWPATH_1 TAP@VALVESIG)',
    });
    expect(derive(pressure, wired).leaks).toMatchObject([{ name: 'Tap', intervals: [{ start: 1, end: 4 }] }]);
    expect(columnRoles(trend(pressure), readGenkey(tinyGenkey(wired)))).toEqual(['measured', 'truth', 'truth']);
    expect(columnRoles(trend(pressure))).toEqual(['measured', 'operational', 'measured']);

    // Neither a supply, nor a sale, nor a source beside a leak that can flow; a leak without a size does not hide one.
    for (const keys of ['MASSFLOW=3 kg/s', 'MASSFLOW=-3 kg/s', 'TIME=(0, 2) s, MASSFLOW=(1, -1) kg/s', 'TIME=(0, 2) s, MASSFLOW=(0, -1) cubits']) expect(derive(pressure, of(source(keys))).leaks, keys).toEqual([]);
    const beside = (diameter: string): string[] => derive(pressure, { ...own, leak: ` LEAK LABEL=HOLE, DIAMETER=${diameter}, TIME=0 s\n${own.leak}` }).leaks.filter(({ intervals }) => intervals.length > 0).map(({ name }) => name);
    expect([beside('1 in'), beside('0 in')]).toEqual([['HOLE'], ['Tap']]);

    const recorded = (flow: readonly number[]) => derive({ "GTSOUR 'SOURCE:' 'TAP' '(KG/S)' 'Source flow'": flow }, own);
    expect(recorded(quiet).leaks).toEqual([]);
    expect(recorded([0, 0, 0, -2, -2, 0, 0]).leaks).toMatchObject([{ intervals: [{ start: 2, end: 5, peakFlow: 2 }], consistent: true }]);
    expect(recorded([0, -2, 0, 0, 0, 0, 0]).leaks).toMatchObject([{ intervals: [{ start: 1, end: 1 }], consistent: false }]);
  });
});

describe('roles', () => {
  const on = [0, 0, 1, 1, 0, 0, 0];
  const tpl = trend({
    [gtleak]: flows, [contr('CONTROL - HOLE')]: on, [contr('MASTER')]: on, [contr('PUMP')]: [1, 1, 1, 0, 0, 0, 0],
    "HT 'GLOBAL' '(S)' 'Time step'": on, "VALVOP 'CHOKE:' 'V' '(-)' 'Opening'": on, "PUMPSPEED 'PUMP:' 'P' '(RPM)' 'Speed'": on,
    "PT 'POSITION:' 'A' '(PA)' 'P'": on, "TLEAK 'LEAK:' 'HOLE' '(C)' 'T'": on, "ACMLK 'BRANCH:' 'LINE' '(KG)' 'Mass'": on, "SETPVAR 'CONTROLLER:' 'CONTROL - HOLE' '(-)' 'Set-point'": on,
  });

  it('follow the wires of the input file', () => {
    const wired = readGenkey(tinyGenkey({ controller: ' PARAMETERS LABEL="Control - hole", TIME=0 s, SETPOINT=1' }));
    expect(columnRoles(tpl, wired)).toEqual(['truth', 'truth', 'operational', 'operational', 'clock', 'operational', 'operational', 'measured', 'truth', 'truth', 'truth']);
    const chain = readGenkey(tinyGenkey({ extra: 'NETWORKCOMPONENT TYPE=MANUALCONTROLLER, TAG=M_2\n PARAMETERS LABEL=Master\nENDNETWORKCOMPONENT\nCONNECTION TERMINALS=(MANUALCONTROLLER_1 SETPOINT_1, M_2 CONTR_1)', controller: ' PARAMETERS LABEL="Control - hole", TIME=0 s' }));
    expect(columnRoles(tpl, chain).slice(0, 4)).toEqual(['truth', 'truth', 'truth', 'operational']);
  });

  it('follow the flow where there is no input file', () => {
    expect(columnRoles(tpl)).toEqual(['truth', 'truth', 'truth', 'operational', 'clock', 'operational', 'operational', 'measured', 'truth', 'truth', 'truth']);
  });
});

describe('flowRuns', () => {
  it('finds the same runs wherever the pieces of a column end', () => {
    const rows = 2 * pieceRows + 10;
    const flow = new Float64Array(rows);
    const expected = [[0, 3], [pieceRows - 5, pieceRows - 1], [pieceRows + 1, pieceRows + 1], [2 * pieceRows - 2, 2 * pieceRows + 3], [rows - 2, rows - 1]] as const;
    for (const [first, last] of expected) flow.fill(-2, first, last + 1);
    flow[10] = NaN;
    const whole = { from: 0, to: rows };
    expect(flowRuns(flow, 1e-6, [whole])).toEqual(expected.map(([first, last]) => ({ first, last, segment: whole })));
    // A restart within a run ends it.
    const halves = [{ from: 0, to: 2 * pieceRows }, { from: 2 * pieceRows, to: rows }];
    expect(flowRuns(flow, 1e-6, halves).map(({ first, last }) => [first, last])).toEqual([
      ...expected.slice(0, 3), [2 * pieceRows - 2, 2 * pieceRows - 1], [2 * pieceRows, 2 * pieceRows + 3], expected[4],
    ]);
  });
});

describe('readCase', () => {
  const input = (genkey?: string, tpl = tinyTpl()): OlgaCase => readCase({
    caseId: 'a_b', tpl: { name: 'tiny.tpl', bytes: bytesOf(tpl) }, ...(genkey === undefined ? {} : { genkey: { name: 'tiny.genkey', bytes: bytesOf(genkey) } }),
  });

  it('makes a table with labels', () => {
    const read = input(tinyGenkey());
    expect(read.warnings).toEqual([]);
    expect(read.summary).toEqual({ rows: 5, first: 0, last: 4, medianStep: 1, length: 25, sections: 2 });
    expect(read.table.columns.map(({ name, unit, role }) => [name, unit, role])).toEqual([
      ['time', 's', 'clock'], ['PT|POSITION=LINE@5M', 'PA', 'measured'], ['GT|BOUNDARY|BRANCH=LINE|PIPE=Pipe-1|NR=2', 'KG/S', 'measured'], ['GTLEAK|LEAK=HOLE', 'KG/S', 'truth'],
      ['LEAK', '', 'truth'], ['LEAK_FLOW_kg_s', 'kg/s', 'truth'], ['LEAK_POSITION_m', 'm', 'truth'], ['LEAK_DIAMETER_m', 'm', 'truth'],
    ]);
    const labels = read.table.columns.slice(-4).map((column) => [...(column.values as Float64Array)]);
    expect(labels).toEqual([[0, 0, 1, 1, 0], [0, 0, 1, 2, 0], [NaN, NaN, 12, 12, NaN], [0, 0, 0.02, 0.02, 0]]);
    expect(read.table.columns[1]!.attributes).toMatchObject({ position_m: '5', position: 'LINE@5M' });
    expect(read.table.columns[2]!.attributes).toMatchObject({ position_m: '10', flag: 'BOUNDARY', pipe: 'Pipe-1', nr: '2' });
    expect(read.table.columns[3]!.attributes).toMatchObject({ position_m: '12' });
    expect(read.table.columns.every((column) => column.values.length === read.table.rows)).toBe(true);
    expect(JSON.parse(read.table.metadata['penstock.case']!)).toEqual({
      caseId: 'a_b', olgaVersion: '2099.1.0.1', sources: { tpl: 'tiny.tpl', genkey: 'tiny.genkey' }, line: { length_m: 25, sections: 2 }, leaks: read.leaks,
    });
  });

  it('finds leaks and roles from columns that the table does not get', () => {
    const read = readCase({ caseId: 'x', tpl: { name: 't', bytes: bytesOf(tinyTpl()) } }, { select: (variable) => variable.name === 'PT' });
    expect(read.table.columns.map((column) => column.name)).toEqual(['time', 'PT|POSITION=LINE@5M', 'LEAK', 'LEAK_FLOW_kg_s', 'LEAK_POSITION_m', 'LEAK_DIAMETER_m']);
    expect([...(read.table.columns[2]!.values as Int32Array)]).toEqual([0, 0, 1, 1, 0]);
    expect([...(read.table.columns[5]!.values as Float64Array)]).toEqual([0, 0, NaN, NaN, 0]);
  });

  it('warns of one difference between the lines and refuses two', () => {
    expect(codes(input(tinyGenkey({ pipes: ' PIPE LABEL=A, LENGTH=25 m, NSEGMENT=3' })))).toEqual(['pairing']);
    expect(() => input(tinyGenkey({ pipes: ' PIPE LABEL=A, LENGTH=35 m, NSEGMENT=3' }))).toThrow(expect.objectContaining({ code: 'olga/pairing', message: expect.stringMatching(/2 sections and 25\.00 m .* 3 and 35\.00 m/) }));
  });

  it('takes the middle of uneven steps, in whatever order they come', () => {
    const read = input(undefined, tinyTpl((parts) => { parts.rows = [0, 4, 5, 7, 20].map((time) => `${time} 1e5 5 0`); }));
    expect(read.summary.medianStep).toBe(3);
  });

  it('reads a case without rows', () => {
    const read = input(tinyGenkey(), tinyTpl((parts) => { parts.rows = []; }));
    expect(read.table.rows).toBe(0);
    expect(read.summary).toMatchObject({ rows: 0, first: NaN, last: NaN, medianStep: NaN });
  });
});
