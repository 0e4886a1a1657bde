import { expect, test } from 'vitest';
import { rocAuc } from '../../src/metrics/roc.js';
import { readCase } from '../../src/olga/index.js';
import { computeFeatures, defaultGroups, featurePlan, type FeatureOptions, type SignalDescription } from '../../src/signal/index.js';
import { designCampaign, simulateCase, type CaseSpec } from '../../src/simulation/index.js';

const windowSize = 40;
const groups = Object.fromEntries(Object.keys(defaultGroups).map((name) => [name, name === 'operational_context'])) as FeatureOptions['groups'];

/** Scores of windows that end within 35 s of a leak's onset or of a pump's or valve's move, far from all else that happens. */
function scores(spec: CaseSpec): { leak: number[]; move: number[] } {
  const { tpl, genkey, truth } = simulateCase(spec);
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const { table } = readCase({ caseId: spec.name, tpl: { name: 'a.tpl', bytes: bytes(tpl) }, genkey: { name: 'a.genkey', bytes: bytes(genkey) } });
  const signals = table.columns.filter((c) => c.role === 'measured').map((c): SignalDescription =>
    ({ name: c.name, unit: c.unit, quantity: c.name.startsWith('PT') ? 'pressure' : 'flow', position_m: Number(c.attributes?.['position_m']) }));
  const plan = featurePlan(signals, { windowSize, wavelet: 'db2', waveletLevel: 3, groups });
  const ends = Array.from({ length: Math.floor((table.rows - 60) / 3) }, (_, i) => 60 + 3 * i);
  const matrix = computeFeatures(table, Int32Array.from(ends, (end) => end - windowSize + 1), plan);
  const moves = [spec.operating.pumpSpeed, spec.operating.valveOpening].flatMap(({ times, setpoints, openingTime }) =>
    times.slice(1).map((start, i) => ({ start, end: start + Math.abs(setpoints[i + 1]! - setpoints[i]!) * openingTime })));
  const near = (spans: readonly { start: number; end: number }[], end: number): boolean => spans.some((span) => end >= span.start && end - windowSize <= span.end + 60);
  const found = { leak: [] as number[], move: [] as number[] };
  ends.forEach((end, w) => {
    const leaking = truth.intervals.some(({ start }) => end >= start + 5 && end <= start + 35);
    const moving = moves.some((span) => end >= span.start + 5 && end <= span.end + 35);
    if (leaking && !near(moves, end)) found.leak.push(matrix[w]!);
    else if (moving && !near(truth.intervals, end)) found.move.push(matrix[w]!);
  });
  return found;
}

test('the transient score tells leaks from pumps and valves on operating points it was not made with', () => {
  const all = designCampaign({ cases: 7, leakFree: 3, seed: 4711, durationSeconds: 600, mostEvents: 2 }).filter(({ kind }) => kind !== 'twin').map(scores);
  const leak = all.flatMap((one) => one.leak);
  const move = all.flatMap((one) => one.move);
  expect(leak.length).toBeGreaterThan(20);
  expect(move.length).toBeGreaterThan(100);
  expect(Math.min(...leak, ...move)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...leak, ...move)).toBeLessThanOrEqual(1);
  const auc = rocAuc([...leak.map(() => 1), ...move.map(() => 0)], [...leak, ...move]);
  console.log(`transient score: AUC ${auc.toFixed(3)} of ${leak.length} leak windows against ${move.length} windows of pumps and valves`);
  expect(auc).toBeGreaterThanOrEqual(0.8);
});
