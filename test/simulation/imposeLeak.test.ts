import { describe, expect, test } from 'vitest';
import { readCase } from '../../src/olga/index.js';
import { describeRecording, designCampaign, imposeLeak, lineForRecording, recordedVelocity, simulateCase, type SimulatedCase } from '../../src/simulation/index.js';
import { numbers, type Table } from '../../src/table/index.js';

const read = ({ name, tpl, genkey }: SimulatedCase) => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return readCase({ caseId: name, tpl: { name: `${name}.tpl`, bytes: bytes(tpl) }, genkey: { name: `${name}.genkey`, bytes: bytes(genkey) } });
};

/** The greatest difference of a column in two tables. */
function apart(one: Table, other: Table, name: string): number {
  const b = numbers(other, name);
  return Math.max(...Array.from(numbers(one, name), (value, row) => Math.abs(value - b[row]!)));
}

describe('a leak laid over a recording', () => {
  const [leak, twin] = designCampaign({ cases: 1, seed: 4, durationSeconds: 600, leakSeconds: [120, 150], leakFraction: [0.03, 0.03], disturbances: ['none'] });
  const recorded = read(simulateCase(twin!)).table;
  const described = describeRecording(recorded);
  const spec = { ...leak!, line: lineForRecording(leak!.line, described) };

  test('on the record of its own twin is the simulated leak case, up to the noise that goes with the flow', () => {
    const direct = read(simulateCase(leak!)).table, laid = read(imposeLeak(spec, recorded));
    expect(laid.warnings).toEqual([]);
    const differences = direct.columns.filter((column) => /^(PT|GT)\|/.test(column.name)).map((column) => {
      return { name: column.name, most: apart(direct, laid.table, column.name) };
    });
    expect(differences).toHaveLength(9);
    for (const { name, most } of differences) expect(most, name).toBeLessThanOrEqual(name.startsWith('PT') ? 2 : 0.15);
    expect(apart(direct, laid.table, 'LEAK_FLOW_kg_s')).toBeLessThan(1e-4);
    expect(laid.leaks[0]!.position).toBe(leak!.leak.position);
    // and it is another record than the twin's
    expect(apart(laid.table, recorded, 'PT|POSITION=LINE@10000M')).toBeGreaterThan(2000);
  });

  test('a recording tells places, flow and times', () => {
    expect(described).toMatchObject({ positions: [0, 5000, 10000, 15000, 20000], seconds: 600, interval: 1 });
    const truth = simulateCase(twin!).truth.initialFlow;
    expect(Math.abs(described.meanFlow / truth - 1)).toBeLessThan(1e-3);
    expect(recordedVelocity(spec.line, described)).toBeCloseTo(truth / 850 / (Math.PI / 16), 2);
  });

  test('one with a leak, or with places off the line, is refused', () => {
    expect(() => describeRecording(read(simulateCase(leak!)).table)).toThrowError(/holds a leak/);
    expect(() => lineForRecording({ ...leak!.line, pipes: leak!.line.pipes.slice(0, 2) }, described)).toThrowError(/but the line has 8000 m/);
  });
});
