import { expect, it } from 'vitest';
import { selectSignals } from '../../src/activities/selectSignals.js';
import type { Column, Role, Table } from '../../src/table/index.js';

const column = (name: string, role: Role): Column => ({ name, values: new Float64Array(2), unit: '', role });
const series: Table = {
  rows: 2, metadata: {},
  columns: [
    column('time', 'clock'), column('PT|POSITION=Inlet', 'measured'), column('PT|BRANCH=LINE|PIPE=Pipe-1|NR=2', 'measured'), column('GT|POSITION=LINE@5M', 'measured'),
    column('PUMPSPEED|PUMP=P1', 'operational'), column('LEAK', 'truth'),
  ],
};
const signals = (...selected: string[]) => selectSignals(series, selected).columns.filter(({ role }) => role === 'measured' || role === 'operational').map(({ name }) => name.split('|')[0]! + (name.split('=').at(-1) ?? ''));

it('keeps what is named, by whole name, glob, or place, in any case, and never drops clock and truth', () => {
  expect(signals()).toEqual(['PTInlet', 'PT2', 'GTLINE@5M', 'PUMPSPEEDP1']);
  expect(signals('pt*')).toEqual(['PTInlet', 'PT2']);
  expect(signals('PT@inlet')).toEqual(['PTInlet']);
  expect(signals('PT@pipe-1')).toEqual(['PT2']);
  expect(signals('GT@LINE@5m')).toEqual(['GTLINE@5M']);
  expect(signals('*@IN*', 'GT|POSITION=LINE@5M')).toEqual(['PTInlet', 'GTLINE@5M']);
  expect(signals('PT@INLET', 'LEAK', 'time')).toEqual(['PTInlet']);
  for (const name of ['time', 'LEAK']) expect(selectSignals(series, ['PT@INLET']).columns.map((c) => c.name)).toContain(name);
});

it('refuses what fits nothing, with the names nearest to it, and a selection of no signal at all', () => {
  const refusal = (...selected: string[]): unknown => {
    try {
      return selectSignals(series, selected);
    } catch (error) {
      return error;
    }
  };
  expect(refusal('PT@INLT', 'GT*')).toMatchObject({ code: 'table/column-missing', place: { key: 'selected_columns' }, message: expect.stringContaining('"PT@INLT"; nearest of 6: "PT@Inlet"') });
  expect(refusal('GT*', 'PT@INLT')).not.toMatchObject({ message: expect.stringContaining('"GT*"') });
  expect(refusal('P.*')).toMatchObject({ code: 'table/column-missing' });
  expect(refusal('LEAK')).toMatchObject({ code: 'table/column-missing', message: expect.stringContaining('keeps no signal') });
});
