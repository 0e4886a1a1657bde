import { expect, it } from 'vitest';
import { checkModelInput, type InputColumn } from '../../src/learning/index.js';

const columns: InputColumn[] = [
  { name: 'PT inlet', role: 'measured' },
  { name: 'PUMPSPEED', role: 'operational' },
  { name: 'CONTR FUGA', role: 'truth' },
  { name: 'time', role: 'clock' },
  { name: 'case_id', role: 'id' },
  { name: 'mean of PT', role: 'measured', sources: ['PT inlet'] },
  { name: 'mean of FUGA', role: 'measured', sources: ['CONTR FUGA'] },
  { name: 'ratio', role: 'measured', sources: ['mean of PT', 'mean of FUGA'] },
];

it('takes measured columns, and operational ones on request', () => {
  checkModelInput(columns, ['PT inlet', 'mean of PT']);
  checkModelInput(columns, ['PT inlet', 'PUMPSPEED'], { operational: true });
  expect(() => checkModelInput(columns, ['PUMPSPEED'])).toThrow('"PUMPSPEED" is operational; allowed are measured columns');
});

it.each([
  ['CONTR FUGA', '"CONTR FUGA" is truth'],
  ['time', '"time" is clock'],
  ['case_id', '"case_id" is id'],
  ['mean of FUGA', '"mean of FUGA" comes from "CONTR FUGA", which is truth'],
  ['ratio', '"ratio" comes from "CONTR FUGA", which is truth'],
])('refuses %s', (name, message) => {
  expect(() => checkModelInput(columns, ['PT inlet', name], { operational: true })).toThrow(
    expect.objectContaining({ code: 'table/role', message: expect.stringContaining(message) as string }),
  );
});

it('names every fault, and columns that are not there', () => {
  expect(() => checkModelInput(columns, ['time', 'case_id'])).toThrow('"time" is clock; "case_id" is id');
  expect(() => checkModelInput(columns, ['PT outlet'])).toThrow(expect.objectContaining({ code: 'table/column-missing' }));
});
