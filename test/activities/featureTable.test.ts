import { expect, test } from 'vitest';
import { featureTable, windowFeatures } from '../../src/activities/featureTable.js';
import { featurePlan, type FeaturePlan } from '../../src/signal/index.js';
import type { Role, Table } from '../../src/table/index.js';

const plan: FeaturePlan = featurePlan([{ name: 'PT', unit: 'Pa', quantity: 'pressure' }, { name: 'N', unit: 'rpm', quantity: 'other' }], {
  windowSize: 20, stepSize: 5, wavelet: 'db2', waveletLevel: 1, groups: { time_statistics: true },
});

function series(rows: number, from: number, role: Role = 'operational'): Table {
  return {
    rows, metadata: {}, columns: [
      { name: 'PT', values: Float64Array.from({ length: rows }, (_, row) => from + Math.sin(row)), unit: 'Pa', role: 'measured' },
      { name: 'N', values: Float64Array.from({ length: rows }, (_, row) => from * row), unit: 'rpm', role },
    ],
  };
}

function index(starts: number[]): Table {
  const column = (name: string, values: Int32Array) => ({ name, values, unit: '', role: 'clock' as const });
  return { rows: starts.length, metadata: {}, columns: [column('start_row', Int32Array.from(starts)), column('end_row', Int32Array.from(starts, (start) => start + 20))] };
}

test('the windows of several cases stand one below the other, each with its own features', () => {
  const cases = [[0, 5, 10], [], [7], [3, 30]].map((starts, n) => windowFeatures(series(60, n + 1), index(starts), plan, { caseId: `c${n}`, group: 'g' }));
  const table = featureTable(cases, plan);
  expect(table.rows).toBe(6);
  expect(table.columns[0]!.values).toEqual(['c0', 'c0', 'c0', 'c2', 'c3', 'c3']);
  const rows = cases.flatMap(({ features }) => Array.from({ length: features.length / plan.features.length }, (_, w) => features.subarray(w * plan.features.length, (w + 1) * plan.features.length)));
  for (const [at, { name, unit, signal }] of plan.features.entries()) {
    const column = table.columns.find((candidate) => candidate.name === name)!;
    expect([...(column.values as Float32Array)], name).toEqual(rows.map((row) => row[at]));
    expect(column).toMatchObject({ unit, role: signal === 'N' ? 'operational' : 'measured' });
  }
});

test('a signal that is measured in one case and operational in another cannot be one column', () => {
  const cases = (['operational', 'measured'] as const).map((role) => windowFeatures(series(60, 1, role), index([0]), plan, { caseId: role, group: 'g' }));
  expect(() => featureTable(cases, plan)).toThrow(expect.objectContaining({ code: 'table/invalid', message: expect.stringMatching(/"N_.*" is operational in one case and measured in another/) }));
});
