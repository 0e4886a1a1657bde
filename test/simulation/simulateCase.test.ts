import { describe, expect, test } from 'vitest';
import { readCase } from '../../src/olga/index.js';
import { defaultInstruments, designCampaign, simulateCase, solveLine, type CaseSpec } from '../../src/simulation/index.js';
import { caseSystem } from '../../src/simulation/caseSystem.js';
import { createRandom } from '../../src/numeric/index.js';
import { formatScientific, writeTpl } from '../../src/simulation/writeTpl.js';

const specs = designCampaign({ cases: 3, seed: 11, leakFree: 1, leakFraction: [0.04, 0.06] });
const byName = (name: string): CaseSpec => specs.find((spec) => spec.name === name)!;
const silent = { ...defaultInstruments, flowNoise: 0, pressureNoise: 0 };
const rowsOf = (tpl: string): string[] => tpl.slice(tpl.indexOf('TIME SERIES')).split('\n').slice(1, -1);
const read = (spec: CaseSpec) => {
  const { name, tpl, genkey, truth } = simulateCase(spec);
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const found = readCase({ caseId: name, tpl: { name: `${name}.tpl`, bytes: bytes(tpl) }, genkey: { name: `${name}.genkey`, bytes: bytes(genkey) } });
  const column = (variable: string, place = ''): Float64Array => {
    const at = found.tpl.variables.findIndex((one) => one.name === variable && one.key.toUpperCase().includes(place));
    return found.tpl.columns[at]!;
  };
  return { ...found, column, truth };
};

describe('a simulated case', () => {
  test('is the same bytes from the same spec, also after the spec went through JSON', () => {
    const spec = byName('case_0001');
    const once = simulateCase(spec);
    const again = simulateCase(JSON.parse(JSON.stringify(spec)) as CaseSpec);
    expect(again).toEqual(once);
    expect(simulateCase({ ...spec, seed: spec.seed + 1 }).tpl).not.toBe(once.tpl);
  });

  test('and its twin share every row before the onset, byte for byte, and part after it', () => {
    for (const name of ['case_0001', 'case_0002', 'case_0003']) {
      const leak = simulateCase(byName(name)), twin = simulateCase(byName(`${name}_twin`));
      const leakRows = rowsOf(leak.tpl), twinRows = rowsOf(twin.tpl);
      const onset = leak.truth.intervals[0]!.start;
      const before = Math.floor(onset) + 1;
      expect(leakRows.slice(0, before)).toEqual(twinRows.slice(0, before));
      const after = before + 40;
      expect(leakRows[after]).not.toBe(twinRows[after]);
      expect(leakRows.length).toBe(twinRows.length);
      expect(twin.truth.intervals).toEqual([]);
    }
  });

  test('and its twin differ in the input file by diameter and title alone', () => {
    const leak = simulateCase(byName('case_0001')).genkey.split('\n'), twin = simulateCase(byName('case_0001_twin')).genkey.split('\n');
    const changed = leak.flatMap((line, i) => (line === twin[i] ? [] : [twin[i]!.trim()]));
    expect(changed).toHaveLength(2);
    expect(changed[0]).toContain('case_0001_twin');
    expect(changed[1]).toMatch(/DIAMETER=0 mm$/);
  });

  test('balances mass from its written rows to 1e-4', () => {
    for (const name of ['case_0001', 'case_0002', 'free_0001']) {
      const spec = { ...byName(name), instruments: silent };
      const { column, tpl } = read(spec);
      const { linepack, steps } = solveLine(caseSystem(spec), { durationSeconds: spec.durationSeconds, cellLength: spec.line.cellLength });
      const { seconds } = tpl.time;
      const integral = (flow: Float64Array): number => {
        let sum = 0;
        for (let row = 1; row < seconds.length; row++) sum += 0.5 * (seconds[row]! - seconds[row - 1]!) * (flow[row - 1]! + flow[row]!);
        return sum;
      };
      const entered = integral(column('GT', '@0M'));
      const rest = entered - integral(column('GT', '@20000M')) + column('ACMLK').at(-1)! - (linepack[steps]! - linepack[0]!);
      expect(Math.abs(rest / entered)).toBeLessThan(1e-4);
    }
  });

  test('balances mass at solver steps to 1e-6', () => {
    for (const spec of specs) expect(Math.abs(simulateCase(spec).truth.massBalance)).toBeLessThan(1e-6);
  });

  test('is read back by the reader with the same intervals, place and diameter', () => {
    for (const spec of specs) {
      const { leaks, warnings, truth, summary, table } = read(spec);
      expect(warnings).toEqual([]);
      expect(summary).toMatchObject({ rows: 1201, first: 0, last: 1200, length: 20000, sections: 200 });
      expect(leaks).toHaveLength(1);
      expect(leaks[0]!.position).toBeCloseTo(truth.leakPosition, 6);
      expect(leaks[0]!.diameter).toBeCloseTo(truth.leakDiameter, 9);
      expect(leaks[0]!.intervals).toHaveLength(truth.intervals.length);
      truth.intervals.forEach((one, i) => {
        expect(leaks[0]!.intervals[i]!.start).toBeCloseTo(one.start, 3);
        expect(leaks[0]!.intervals[i]!.end).toBeCloseTo(one.end, 3);
        expect(Math.abs(leaks[0]!.intervals[i]!.peakFlow / one.peakFlow - 1)).toBeLessThan(1e-2);
      });
      const leaking = (table.columns.find((one) => one.name === 'LEAK')!.values as Float64Array).reduce((a, b) => a + b, 0);
      const open = truth.intervals.reduce((sum, one) => sum + one.end - one.start, 0);
      expect(Math.abs(leaking - open)).toBeLessThanOrEqual(1.5);
    }
  });

  test('writes truth without noise: GTLEAK is negative while leaking, its integral is ACMLK, the orifice equation holds', () => {
    const spec = byName('case_0001');
    const { column, truth, tpl } = read(spec);
    const flow = column('GTLEAK'), pressure = column('PTLKUP'), opening = column('CONTR', 'CONTROL-LEAK'), mass = column('ACMLK');
    const { start, end } = truth.intervals[0]!;
    const full = spec.leak.dischargeCoefficient * Math.PI * spec.leak.diameter ** 2 / 4;
    let integral = 0;
    tpl.time.seconds.forEach((t, row) => {
      if (t <= start || t >= end) expect(flow[row]).toBe(0);
      else expect(flow[row]).toBeLessThan(0);
      const orifice = -opening[row]! * full * Math.sqrt(2 * spec.line.fluid.density * (pressure[row]! - spec.leak.backPressure));
      expect(Math.abs(flow[row]! - orifice)).toBeLessThanOrEqual(2e-6 * Math.abs(orifice));
      if (row > 0) integral += 0.5 * (flow[row - 1]! + flow[row]!);
    });
    expect(mass.at(-1)).toBeCloseTo(-truth.releasedMass, 2);
    expect(Math.abs(integral / mass.at(-1)! - 1)).toBeLessThan(5e-3);
  });

  test('opens the leak to the wanted share of the flow', () => {
    for (const name of ['case_0001', 'case_0002', 'case_0003']) {
      const { truth } = simulateCase(byName(name));
      const share = truth.intervals[0]!.peakFlow / truth.initialFlow;
      expect(share).toBeGreaterThan(0.03);
      expect(share).toBeLessThan(0.07);
    }
  });
});

describe('instruments', () => {
  const spec: CaseSpec = { ...byName('free_0001'), operating: { ...byName('free_0001').operating,
    pumpSpeed: { times: [0], setpoints: [0.92], openingTime: 0, closingTime: 0 }, valveOpening: { times: [0], setpoints: [0.4], openingTime: 0, closingTime: 0 } } };

  test('noise has the stated size, independent per sensor', () => {
    const { column } = read(spec);
    const clean = read({ ...spec, instruments: silent });
    const error = (variable: string, place: string): number[] => [...column(variable, place)].map((value, row) => value - clean.column(variable, place)[row]!);
    const deviation = (errors: number[]): number => Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(deviation(error('PT', '@0M')) / 3000).toBeCloseTo(1, 1);
    expect(deviation(error('GT', '@0M')) / (0.0025 * clean.column('GT', '@0M')[0]!)).toBeCloseTo(1, 1);
    const a = error('PT', '@0M'), b = error('PT', '@20000M');
    const correlation = a.reduce((sum, e, i) => sum + e * b[i]!, 0) / a.length / 3000 ** 2;
    expect(Math.abs(correlation)).toBeLessThan(0.12);
  });

  test('a scan interval holds values, a deadband swallows small moves', () => {
    const distinct = (values: Float64Array): number => values.reduce((count, value, i) => count + (i === 0 || value !== values[i - 1] ? 1 : 0), 0);
    const scanned = read({ ...spec, instruments: { ...defaultInstruments, scanInterval: 5 } });
    expect(distinct(scanned.column('PT', '@5000M'))).toBeGreaterThan(230);
    expect(distinct(scanned.column('PT', '@5000M'))).toBeLessThanOrEqual(241);
    const banded = read({ ...spec, instruments: { ...defaultInstruments, deadband: 0.002 } });
    expect(distinct(banded.column('PT', '@5000M'))).toBeLessThan(60);
  });

  test('a clock error shifts what a station shows', () => {
    const moving = byName('case_0001');
    const right = read({ ...moving, instruments: silent });
    const skewed = read({ ...moving, instruments: { ...silent, clockSkew: 5 } });
    const a = right.column('PT', '@10000M'), b = skewed.column('PT', '@10000M');
    const misfit = (shift: number): number => {
      let sum = 0;
      for (let row = 40; row < a.length - 40; row++) sum += (b[row]! - a[row - shift]!) ** 2;
      return sum;
    };
    const shifts = Array.from({ length: 41 }, (_, i) => i - 20);
    const best = shifts.reduce((x, y) => (misfit(y) < misfit(x) ? y : x));
    expect(best).not.toBe(0);
    expect(misfit(best)).toBeLessThan(0.5 * misfit(0));
  });

  test('rows at solver steps carry the time of the step', () => {
    const { tpl } = read({ ...spec, line: { ...spec.line, cellLength: 70 }, sampling: { interval: 1, mode: 'solver' } });
    const steps = [...tpl.time.seconds].slice(1).map((t, i) => t - tpl.time.seconds[i]!);
    expect(Math.min(...steps)).toBeLessThan(0.999);
    expect(Math.max(...steps)).toBeGreaterThan(1.001);
    tpl.time.seconds.forEach((t, row) => expect(t).toBeGreaterThanOrEqual(row - 1e-3));
  });
});

test('numbers are written with 7 significant digits and two digits of exponent', () => {
  const cases: [number, string][] = [[0, '0.000000e+00'], [-0, '0.000000e+00'], [123456.789, '1.234568e+05'], [-1.5e-9, '-1.500000e-09'], [9.9999999e99, '1.000000e+100'], [2e-120, '2.000000e-120']];
  for (const [value, text] of cases) expect(formatScientific(value, 6)).toBe(text);
});

test('the fast writer of rows gives the text of the exact one', () => {
  const random = createRandom(7);
  const values = Float64Array.from({ length: 20000 }, (_, i) => {
    const size = (i % 3 === 0 ? Math.round(random.uniform(1, 2e7)) / 2 : random.uniform(1, 10)) * 10 ** random.integer(-14, 17);
    return i % 50 === 0 ? 0 : i % 2 === 0 ? size : -size;
  });
  values.set([9.9999995, 99999.995, 999999.95, 9.99999949, 1e-12, 1e15, 9.9999999e15, 1e16, 1000000, 0.1, 0.001]);
  const tpl = writeTpl({ inputFile: 'x', title: 'x', branch: 'X', boundaries: new Float64Array(2), elevations: new Float64Array(2), times: values,
    columns: [{ variable: 'PT', object: 'POSITION', label: 'A', unit: 'PA', description: 'Pressure', values }] });
  const rows = rowsOf(tpl);
  expect(rows).toHaveLength(values.length);
  rows.forEach((row, i) => expect(row).toBe(`${formatScientific(values[i]!, 6)} ${formatScientific(values[i]!, 6)}`));
});
