import { expect, it } from 'vitest';
import { fitSignals } from '../../src/activities/predict/fitSignals.js';
import type { Column, Table } from '../../src/table/index.js';
import { thrown } from '../thrown.js';

const column = (name: string, unit: string, role: Column['role'] = 'measured'): Column => ({ name, unit, role, values: Float64Array.of(1, 2) });
const table: Table = { rows: 2, metadata: {}, columns: [column('time', 's', 'clock'), column('PT|POSITION=Inlet', 'bara'), column('GT|POSITION=Inlet', 'kg/s'), column('LEAK', '', 'truth'), column('QG|POSITION=Inlet', 'SM3/H')] };
const signal = (name: string, unit: string) => ({ name, unit, role: 'measured' as const });

it('keeps clocks and the model\'s signals, under the names of ingest, in the model\'s units', () => {
  const { table: fitted, missing, notes } = fitSignals(table, [signal('GT|POSITION=Inlet', 'KG/S'), signal('PT@INLET', 'Pa')]);
  expect(fitted.columns.map(({ name, unit, role }) => [name, unit, role])).toEqual([['time', 's', 'clock'], ['GT|POSITION=Inlet', 'KG/S', 'measured'], ['PT@INLET', 'Pa', 'measured']]);
  expect(fitted.columns[2]!.values).toEqual(Float64Array.of(1e5, 2e5));
  expect([missing, notes]).toEqual([[], ['PT@INLET was converted from bara to Pa']]);
});

it('names what is missing, and refuses units of another kind', () => {
  expect(fitSignals(table, [signal('TM@INLET', 'C')]).missing).toEqual(['TM@INLET']);
  expect(thrown(() => fitSignals(table, [signal('PT@INLET', 'kg/s')])).message).toContain('PT@INLET is in bara; the model needs kg/s');
  // A standard volume is no volume at the line's conditions.
  expect(thrown(() => fitSignals(table, [signal('QG@INLET', 'm3/h')])).message).toContain('no way from one to the other');
});
