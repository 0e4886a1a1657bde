import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computeFeatures, defaultGroups, featurePlan, lookbackRows, type FeatureOptions, type SignalDescription } from '../../src/signal/index.js';
import type { Table } from '../../src/table/table.js';
import { column, lineSeries } from './series.js';

// What makes a result honest: a row of features knows its own window, the rows before that it says, and nothing else.

const signals: SignalDescription[] = [
  { name: 'PT|IN', unit: 'Pa', position_m: 0, quantity: 'pressure' },
  { name: 'PT|OUT', unit: 'Pa', position_m: 1000, quantity: 'pressure' },
  { name: 'GT|IN', unit: 'kg/s', position_m: 0, quantity: 'flow' },
  { name: 'GT|OUT', unit: 'kg/s', position_m: 1000, quantity: 'flow' },
];
const size = 40;
const step = 3;
const rows = 500;
/** 120 s at half a second per row. */
const dropped = 240;

/** A series with a leak's onset in some windows, so that waves and changes are there to be seen. */
function onsetSeries(seed = 1): Table {
  const fall = (c: Table['columns'][number], by: number, lag: number): Table['columns'][number] =>
    ({ ...c, values: (c.values as Float64Array).map((v, i) => (i % 120 > 60 + lag ? v - by : v)) });
  const series = lineSeries(rows, seed);
  return { ...series, columns: series.columns.map((c) => (c.name === 'PT|IN' ? fall(c, 40, 0) : c.name === 'PT|OUT' ? fall(c, 30, 7) : c.name === 'GT|OUT' ? fall(c, 3, 5) : c)) };
}

function mapValues(series: Table, change: (values: Float64Array, name: string, role: string) => Float64Array): Table {
  return { ...series, columns: series.columns.map((c) => (c.values instanceof Float64Array ? { ...c, values: change(c.values, c.name, c.role) } : c)) };
}

const bytes = (matrix: Float32Array): string => Buffer.from(matrix.buffer, matrix.byteOffset, matrix.byteLength).toString('hex');
const same = (a: Float32Array, b: Float32Array): void => expect(bytes(a) === bytes(b), 'same bytes').toBe(true);

/** Rows that each group depends on before the window itself. */
const lookbacks: Readonly<Record<string, number>> = { temporal_context: 60 * step };

describe.each(['raw', ...Object.keys(defaultGroups)])('%s', (group) => {
  const groups = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, name === group])) as FeatureOptions['groups'];
  const plan = featurePlan(signals, { windowSize: size, wavelet: 'db2', waveletLevel: 3, groups, includeRaw: group === 'raw', stepSize: step, stepSeconds: 0.5, levelEdges: { pressure: [3.5e5, 4.5e5] } });
  const width = plan.features.length;
  const lookback = lookbacks[group] ?? 0;
  const series = onsetSeries();
  const starts = Int32Array.from({ length: 12 }, (_, w) => 425 - 13 * w);
  const expected = computeFeatures(series, starts, plan);

  test('says how far it looks back', () => {
    expect(lookbackRows(plan)).toBe(lookback);
    for (const { rows: needed } of plan.features) expect(needed).toBeGreaterThanOrEqual(size);
  });

  test('another future gives the same bytes', () => {
    const last = 300;
    const before = starts.filter((start) => start + size <= last);
    const matrix = computeFeatures(series, before, plan);
    fc.assert(fc.property(fc.infiniteStream(fc.nat()), (stream) => {
      const keys = [...stream.take(rows - last)];
      const future = keys.map((key, i) => ({ key, row: last + i })).sort((a, b) => a.key - b.key).map(({ row }) => row);
      const order = [...Array(last).keys(), ...future];
      same(computeFeatures(mapValues(series, (values) => values.map((_, i) => values[order[i]!]!)), before, plan), matrix);
    }), { numRuns: 4 });
  });

  test('the order of cases and of windows does not matter', () => {
    const others = [onsetSeries(2), series, onsetSeries(3)];
    const forward = others.map((one) => computeFeatures(one, starts, plan));
    const backward = others.toReversed().map((one) => computeFeatures(one, starts, plan)).reverse();
    forward.forEach((matrix, i) => same(matrix, backward[i]!));
    same(forward[1]!, expected);
    const reversed = computeFeatures(series, starts.toReversed(), plan);
    starts.forEach((_, w) => same(reversed.slice((starts.length - 1 - w) * width, (starts.length - w) * width), expected.slice(w * width, (w + 1) * width)));
  });

  test('without the first 120 s, 10,000 s later, with other labels: the same bytes beyond the lookback', () => {
    const late: Table = {
      rows: rows - dropped, metadata: {},
      columns: [
        column('row', Int32Array.from({ length: rows - dropped }, (_, i) => i), 'clock'),
        ...mapValues(series, (values, _, role) => values.slice(dropped).map((v) => (role === 'clock' ? v + 10_000 : v))).columns
          .map((c) => (c.values instanceof Int32Array ? { ...c, values: c.values.slice(dropped).map((v) => 1 - v) } : c)),
      ].reverse(),
    };
    const kept = starts.filter((start) => start - lookback >= dropped);
    expect(kept.length).toBeGreaterThan(0);
    same(computeFeatures(late, kept.map((start) => start - dropped), plan), computeFeatures(series, kept, plan));
  });

  test('each feature depends on the rows it names and on none before', () => {
    const start = 300;
    const matrix = computeFeatures(series, Int32Array.of(start), plan);
    for (const needed of new Set(plan.features.map((feature) => feature.rows!))) {
      const first = start + size - needed;
      const other = computeFeatures(mapValues(series, (values) => values.map((v, i) => (i < first ? -7 * v + i : v))), Int32Array.of(start), plan);
      plan.features.forEach(({ name, rows: own }, f) => {
        if (own! <= needed) expect([name, other[f]]).toEqual([name, matrix[f]]);
      });
    }
  });
});
