import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { columnRoles, deriveLeaks, detectKind, lineGeometry, pairFiles, readCase, readGenkey, readTpl, type OlgaCase } from '../../src/olga/index.js';
import { describeShared, hasShared, sharedFile } from '../shared.js';

interface Golden {
  file: string;
  rows: number;
  catalog: string[];
  columns: { first: number; last: number; min: number; max: number; sha256: string }[];
}

const golden = hasShared ? (JSON.parse(readFileSync(sharedFile('golden/olga_columns.json'), 'utf8')) as Golden[]) : [];
const bytesOf = (path: string): Uint8Array => readFileSync(sharedFile(`data/olga/${path}`));
const sha256 = (column: Float64Array): string =>
  createHash('sha256').update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength)).digest('hex');
const caseOf = (stem: string, withGenkey = true): OlgaCase => readCase({
  caseId: stem,
  tpl: { name: `${stem}.tpl`, bytes: bytesOf(`${stem}.tpl`) },
  ...(withGenkey ? { genkey: { name: `${stem}.genkey`, bytes: bytesOf(`${stem}.genkey`) } } : {}),
});
const roleOf = (read: OlgaCase, key: string): string | undefined => read.table.columns.find((column) => column.name === key)?.role;

describeShared('trend files as they are', () => {
  it.each(golden.map((entry) => [entry.file, entry] as const))('%s equals the golden columns bit for bit', (file, entry) => {
    const tpl = readTpl(bytesOf(file), { file });
    expect(tpl.rows).toBe(entry.rows);
    expect(tpl.variables).toHaveLength(entry.catalog.length);
    expect([tpl.time.seconds, ...tpl.columns].map(sha256)).toEqual(entry.columns.map((column) => column.sha256));
    expect(tpl.warnings).toEqual([]);
    expect(tpl.encoding).toBe('ascii');
    expect(new Set(tpl.variables.map((variable) => variable.key)).size).toBe(tpl.variables.length);
    for (const [at, line] of entry.catalog.entries()) {
      expect(line.startsWith(`${tpl.variables[at]!.name} `)).toBe(true);
      expect(line.endsWith(`'(${tpl.variables[at]!.unit})' '${tpl.variables[at]!.description}'`)).toBe(true);
    }
  });

  it('covers every trend file there is', () => {
    const folders = readdirSync(sharedFile('data/olga'), { recursive: true }) as string[];
    expect(golden.map((entry) => entry.file).toSorted()).toEqual(folders.filter((path) => path.endsWith('.tpl')).toSorted());
  });

  it('reads the header, the geometry and the three ways of addressing', () => {
    const crude = readTpl(bytesOf('crude_pump_trip_leak/Leak111.tpl'));
    expect(crude.version).toBe('2017.2.0.107');
    expect(crude.lineEnding).toBe('lf');
    expect(crude.meta).toEqual({
      'INPUT FILE': ['Case111.genkey'], 'PVT FILE': ['./MCL-llenado.tab'], DATE: ['20-02-15 12:57:12'],
      PROJECT: ['OLGA'], TITLE: ['Basic Case'], AUTHOR: ['Schlumberger'],
    });
    expect(crude.geometry.unit).toBe('M');
    expect(crude.geometry.branches[0]).toMatchObject({ kind: 'BRANCH', name: 'TUBERIA' });
    expect(crude.geometry.branches[0]!.x).toHaveLength(3345);
    expect(crude.variables.map((variable) => variable.key)).toEqual([
      'PT|SECTION|BRANCH=TUBERIA|PIPE=Pipe-60|NR=1', 'TM|SECTION|BRANCH=TUBERIA|PIPE=Pipe-60|NR=1', 'GT|BOUNDARY|BRANCH=TUBERIA|PIPE=Pipe-60|NR=1',
      'PT|SECTION|BRANCH=TUBERIA|PIPE=Pipe-151|NR=1', 'TM|SECTION|BRANCH=TUBERIA|PIPE=Pipe-151|NR=1', 'GT|BOUNDARY|BRANCH=TUBERIA|PIPE=Pipe-151|NR=1',
      'PUMPSPEED|PUMP=PUMP', 'GTLEAK|LEAK=FUGA', 'CONTR|CONTROLLER=CONTROL - BOMBA', 'CONTR|CONTROLLER=CONTROL - FUGA',
    ]);
    const gasoline = readTpl(bytesOf('gasoline_leak/0001.tpl'));
    expect(gasoline.meta['PVT FILES']).toEqual(['../../../07 Fluido/fase4.tab', '../../../07 Fluido/Fluido 0.tab']);
    expect(gasoline.meta['TITLE']).toEqual(['']);
    expect(gasoline.variables[7]!.key).toBe('PT|POSITION=PIPELINE@19M');
    expect(readTpl(bytesOf('gasoline_no_leak/01.tpl'))).toMatchObject({ lineEnding: 'crlf', variables: expect.arrayContaining([expect.objectContaining({ key: 'KAPPA|POSITION=POS-19M', unit: '1/Pa' })]) });
  });

  it('takes geometry numbers exactly', () => {
    const { bytes, x } = { bytes: bytesOf('gasoline_leak/0001.tpl'), x: readTpl(bytesOf('gasoline_leak/0001.tpl')).geometry.branches[0]!.x };
    const lines = new TextDecoder().decode(bytes).split('\n');
    const from = lines.indexOf("'PIPELINE'") + 2;
    const expected = lines.slice(from, from + 303).join(' ').trim().split(/\s+/).map(Number);
    expect([...x]).toEqual(expected.slice(0, 1511));
  });

  it('passes over columns that are not selected', () => {
    const all = readTpl(bytesOf('gasoline_leak/0001.tpl'));
    const some = readTpl(bytesOf('gasoline_leak/0001.tpl'), { select: (variable) => variable.name === 'GT' || variable.name === 'VALVOP' });
    expect(some.variables.map((variable) => variable.name)).toEqual(['GT', 'GT', 'GT', 'VALVOP', 'VALVOP']);
    for (const [at, variable] of some.variables.entries()) expect(some.columns[at]).toEqual(all.columns[variable.index]);
  });
});

describeShared('leaks of the real cases', () => {
  it.each([111, 112, 113, 114, 115])('crude Leak%i leaks eight times, row by row', (number) => {
    const read = caseOf(`crude_pump_trip_leak/Leak${number}`, false);
    expect(read.leaks).toHaveLength(1);
    const [leak] = read.leaks;
    expect(leak).toMatchObject({ name: 'FUGA', consistent: true });
    const scheduled = [[60, 130], [240, 310], [420, 490], [600, 670], [780, 850], [960, 1030], [1140, 1210], [1320, 1390]];
    expect(leak!.intervals).toHaveLength(8);
    for (const [at, { start, end, peakFlow }] of leak!.intervals.entries()) {
      expect(Math.abs(start - scheduled[at]![0]!)).toBeLessThan(0.02);
      expect(Math.abs(end - scheduled[at]![1]!)).toBeLessThan(0.02);
      expect(peakFlow).toBeGreaterThan(70);
      expect(peakFlow).toBeLessThan(115);
    }
    const flow = read.tpl.columns[7]!;
    const leaking = read.table.columns.find((column) => column.name === 'LEAK')!.values;
    const size = read.table.columns.find((column) => column.name === 'LEAK_FLOW_kg_s')!.values;
    for (let row = 0; row < read.tpl.rows; row++) {
      const seconds = read.tpl.time.seconds[row]!;
      const inside = leak!.intervals.some(({ start, end }) => seconds > start && seconds < end);
      if (leaking[row] !== Number(Math.abs(flow[row]!) > 1e-6) || Number(inside) !== leaking[row] || size[row] !== Math.abs(flow[row]!)) {
        expect.fail(`row ${row} at ${seconds} s`);
      }
    }
    expect(roleOf(read, 'CONTR|CONTROLLER=CONTROL - FUGA')).toBe('truth');
    expect(roleOf(read, 'CONTR|CONTROLLER=CONTROL - BOMBA')).toBe('operational');
    expect(roleOf(read, 'PUMPSPEED|PUMP=PUMP')).toBe('operational');
    expect(roleOf(read, 'GTLEAK|LEAK=FUGA')).toBe('truth');
    expect(roleOf(read, 'PT|SECTION|BRANCH=TUBERIA|PIPE=Pipe-60|NR=1')).toBe('measured');
    expect(roleOf(read, 'time')).toBe('clock');
  });

  it('gasoline_leak/0001 leaks once, from 60 to 121 s, at 48.53 m', () => {
    const read = caseOf('gasoline_leak/0001');
    expect(read.warnings).toEqual([]);
    expect(read.leaks).toHaveLength(1);
    const [leak] = read.leaks;
    expect(leak).toMatchObject({ name: 'LEAK', flowPath: 'Pipeline', position: 48.53, consistent: true });
    expect(leak!.diameter).toBeCloseTo(1.010245 * 0.0254, 15);
    expect(leak!.section!.from).toBeLessThanOrEqual(48.53);
    expect(leak!.section!.to).toBeGreaterThan(48.53);
    expect(leak!.section!.to - leak!.section!.from).toBeLessThan(1.1);
    expect(leak!.intervals).toHaveLength(1);
    expect(leak!.intervals[0]!.start).toBe(60);
    expect(leak!.intervals[0]!.end).toBeCloseTo(121.02, 6);
    expect(leak!.intervals[0]!.peakFlow).toBeCloseTo(13.994, 2);
    expect(leak!.provenance).toContain('GTLEAK|LEAK=LEAK');
    expect(leak!.provenance).toContain('LEAK line 302');
    expect(roleOf(read, 'CONTR|CONTROLLER=CONTROL-LEAK')).toBe('truth');
    for (const name of ['PUMP', 'VALVE', 'RCY']) expect(roleOf(read, `CONTR|CONTROLLER=CONTROL-${name}`)).toBe('operational');
    for (const key of ['ACMLK|LEAK=LEAK', 'PTLKUP|LEAK=LEAK']) expect(roleOf(read, key)).toBe('truth');
    expect(roleOf(read, 'VALVOP|CHOKE=V-IN')).toBe('operational');
    expect(roleOf(read, 'PVALVE|CHOKE=V-IN')).toBe('measured');
    const column = (name: string) => read.table.columns.find((candidate) => candidate.name === name)!;
    expect(column('PT|POSITION=PIPELINE@19M').attributes).toMatchObject({ position_m: '19', description: 'Pressure' });
    expect(column('PTLKUP|LEAK=LEAK').attributes!['position_m']).toBe('48.53');
    expect(column('VALVOP|CHOKE=V-IN').attributes!['position_m']).toBe('18');
    const on = column('LEAK').values;
    const place = column('LEAK_POSITION_m').values;
    const hole = column('LEAK_DIAMETER_m').values;
    for (let row = 0; row < read.tpl.rows; row++) {
      if (on[row] === 1 ? place[row] !== 48.53 || hole[row] !== leak!.diameter : !Number.isNaN(place[row]) || hole[row] !== 0) expect.fail(`row ${row}`);
    }
    expect(read.summary).toMatchObject({ rows: 1801, sections: 1510, first: 0 });
    expect(read.summary.length).toBeCloseTo(1493.38, 6);
  });

  it('without its input file, the ramp of the controller gives the same onset', () => {
    const [leak] = caseOf('gasoline_leak/0001', false).leaks;
    expect(leak!.intervals[0]!.start).toBeCloseTo(60, 2);
    expect(leak!.intervals[0]!.end).toBeCloseTo(121.0137, 3);
    expect(leak!.position).toBeUndefined();
    expect(leak!.consistent).toBe(true);
  });

  it.each([
    ['gasoline_no_leak/01', 0, 'diameter 0'],
    ['gasoline_shut_in/01', 0, 'diameter 0 and a controller that stays shut'],
    ['small/SF_SH_D0_R0_short', 0, 'diameter 0 and a controller that opens after the end'],
    ['small/olga2022_1', 2.54e-6, 'practically no diameter and a schedule after the end'],
  ] as const)('%s: a leak object that never leaks (%s m, %s)', (stem, diameter, _why) => {
    const read = caseOf(stem);
    expect(read.leaks).toMatchObject([{ name: 'LEAK', intervals: [], consistent: true }]);
    expect(read.leaks[0]!.diameter).toBeCloseTo(diameter, 12);
    expect(read.table.columns.find((column) => column.name === 'LEAK')!.values.every((value) => value === 0)).toBe(true);
    expect(read.table.columns.find((column) => column.name === 'LEAK_FLOW_kg_s')!.values.every((value) => value === 0)).toBe(true);
    expect(read.warnings).toEqual([]);
  });

  it('takes the schedule where the flow was not recorded', () => {
    const read = caseOf('small/olga2017_1');
    expect(read.leaks).toMatchObject([{ position: 1000, diameter: 0.0127, intervals: [{ start: 2, peakFlow: NaN }], consistent: true }]);
    expect(read.leaks[0]!.intervals[0]!.end).toBe(read.tpl.time.seconds.at(-1));
    const on = read.table.columns.find((column) => column.name === 'LEAK')!.values;
    const flow = read.table.columns.find((column) => column.name === 'LEAK_FLOW_kg_s')!.values;
    for (const [row, seconds] of read.tpl.time.seconds.entries()) {
      expect(on[row]).toBe(Number(seconds > 2));
      expect(flow[row]).toBe(seconds > 2 ? NaN : 0);
    }
    expect(read.warnings.map((warning) => warning.code)).toEqual(['leak-from-schedule']);
  });

  it('gives the wired controller the role truth even where nothing leaks', () => {
    const tpl = readTpl(bytesOf('small/SF_SH_D0_R0_short.tpl'));
    const roles = columnRoles(tpl, readGenkey(bytesOf('small/SF_SH_D0_R0_short.genkey')));
    const controllers = tpl.variables.flatMap((variable, at) => (variable.name === 'CONTR' ? [[variable.key.split('=')[1], roles[at]]] : []));
    expect(controllers).toEqual([['CONTROL-VOUT', 'operational'], ['CONTROL-LEAK', 'truth'], ['CONTROL-VIN', 'operational'], ['CONTROL-TKIN', 'operational'], ['CONTROL-SOURCE', 'operational']]);
  });

  it('agrees with the accumulated release of the simulator', () => {
    const read = caseOf('gasoline_leak/0001');
    const { flow } = deriveLeaks(read.tpl, read.genkey);
    const { seconds } = read.tpl.time;
    let released = 0;
    for (let row = 1; row < read.tpl.rows; row++) released += ((flow[row]! + flow[row - 1]!) / 2) * (seconds[row]! - seconds[row - 1]!);
    const recorded = read.tpl.columns[read.tpl.variables.findIndex((variable) => variable.name === 'ACMLK')]!.at(-1)!;
    expect(Math.abs(released / -recorded - 1)).toBeLessThan(1e-4);
  });
});

describeShared('the physics of a real leak', () => {
  const read = hasShared ? caseOf('gasoline_leak/0001') : undefined;
  const column = (fits: (name: string) => boolean): Float64Array => read!.table.columns.find(({ name }) => fits(name))!.values as Float64Array;

  it('the flow is that of an orifice at the recorded pressure and density', () => {
    const [time, flow, pressure, density] = [
      column((name) => name === 'time'), column((name) => name.startsWith('GTLEAK')), column((name) => name.startsWith('PTLKUP')), column((name) => /^ROHL.*@58M$/.test(name)),
    ];
    const { diameter, backPressure } = read!.leaks[0]!;
    const area = Math.PI * diameter! ** 2 / 4;
    const rows = Array.from(time.keys()).filter((row) => time[row]! >= 65 && time[row]! <= 119);
    expect(rows.length).toBeGreaterThan(500);
    for (const row of rows) expect(Math.abs(-flow[row]! / (0.84 * area * Math.sqrt(2 * density[row]! * (pressure[row]! - backPressure!))) - 1), `${time[row]} s`).toBeLessThan(1e-4);
  });
});

describeShared('input files as they are', () => {
  const paths = hasShared ? (readdirSync(sharedFile('data/olga'), { recursive: true }) as string[]).filter((path) => path.endsWith('.genkey')) : [];

  it.each(paths)('%s has no syntax that is not understood', (path) => {
    const genkey = readGenkey(bytesOf(path));
    expect(genkey.warnings).toEqual([]);
    expect(genkey.version).toMatch(/^20\d\d\.\d\.\d$/);
    expect(genkey.statements.at(-1)!.keyword).toBe('ENDCASE');
    for (const statement of genkey.statements) {
      expect(genkey.text.slice(statement.start, statement.end)).toBe(statement.raw);
      expect(statement.raw.toUpperCase().startsWith(statement.keyword)).toBe(true);
      expect(genkey.text.slice(0, statement.start).split(/\r\n|\n|\r/)).toHaveLength(statement.line);
    }
    const between = genkey.statements.map((statement, at) => genkey.text.slice(genkey.statements[at - 1]?.end ?? 0, statement.start)).join('');
    expect(between.replace(/![^\r\n]*/g, '').trim()).toBe('');
  });

  it.each(['gasoline_leak/0001', 'gasoline_no_leak/01', 'gasoline_shut_in/01', 'small/olga2017_1', 'small/olga2022_1', 'small/SF_SH_D0_R0_short'])(
    '%s: the pipes give the same sections as the trend file', (stem) => {
      const { flowPaths, warnings } = lineGeometry(readGenkey(bytesOf(`${stem}.genkey`)));
      const [branch] = readTpl(bytesOf(`${stem}.tpl`)).geometry.branches;
      expect(warnings).toEqual([]);
      expect(flowPaths).toHaveLength(1);
      expect(flowPaths[0]!.sections).toBe(branch!.x.length - 1);
      expect(flowPaths[0]!.length).toBeCloseTo(branch!.x.at(-1)!, 6);
      const boundaries = [0, ...flowPaths[0]!.pipes.flatMap((pipe) => [...pipe.boundaries.subarray(1)])];
      for (const [at, x] of boundaries.entries()) expect(Math.abs(x - branch!.x[at]!)).toBeLessThan(0.01);
    });

  it('pairs the files of the folder', () => {
    const listing = (readdirSync(sharedFile('data/olga'), { recursive: true }) as string[]).filter((path) => path.includes('.') && basename(path) !== 'SOURCE.txt');
    const { cases, unmatched } = pairFiles(listing.map((path) => ({ path, head: bytesOf(path).subarray(0, 4096) })));
    expect(Object.fromEntries(cases.map((pair) => [pair.tpl, pair.genkey]))).toEqual({
      ...Object.fromEntries([111, 112, 113, 114, 115].map((number) => [`crude_pump_trip_leak/Leak${number}.tpl`, undefined])),
      ...Object.fromEntries(['gasoline_leak/0001', 'gasoline_no_leak/01', 'gasoline_shut_in/01', 'small/SF_SH_D0_R0_short', 'small/olga2017_1', 'small/olga2017_2', 'small/olga2022_1']
        .map((stem) => [`${stem}.tpl`, `${stem}.genkey`])),
    });
    expect(unmatched.filter((path) => path.endsWith('.genkey'))).toHaveLength(3);
    expect(cases[0]!.caseId).toBe('crude_pump_trip_leak_Leak111');
  });

  it('tells the kinds of files apart by their content', () => {
    expect(detectKind(bytesOf('small/olga2017_1.tpl'))).toBe('trend');
    expect(detectKind(bytesOf('small/olga2017_1.ppl'))).toBe('profile');
    expect(detectKind(bytesOf('small/olga2017_1.genkey'))).toBe('genkey');
    expect(detectKind(bytesOf('SOURCE.txt'))).toBeUndefined();
  });

  it('refuses an input file of another line', () => {
    expect(() => readCase({
      caseId: 'x', tpl: { name: 'a.tpl', bytes: bytesOf('gasoline_leak/0001.tpl') },
      genkey: { name: 'b.genkey', bytes: bytesOf('genkey_only/shutdown_model_0c40eb.genkey') },
    })).toThrow(expect.objectContaining({ code: 'olga/pairing' }));
  });
});
