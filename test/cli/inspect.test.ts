import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { pplTable, readCase, readPpl } from '../../src/olga/index.js';
import { decodeParquet } from '../../src/table/index.js';
import { command } from '../e2e/support/processes.js';
import { tinyGenkey } from '../olga/tinyGenkey.js';
import { bytesOf, tinyTpl } from '../olga/tinyTpl.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const profile = tinyTpl((parts) => {
  parts.kind = 'PROFILE PLOT';
  parts.geometry[0] = "GEOMETRY ' (M)  '";
  parts.catalog = ["GT 'BOUNDARY:' 'BRANCH:' 'LINE' '(KG/S)' 'Total mass flow'", "PT 'SECTION:' 'BRANCH:' 'LINE' '(PA)' 'Pressure'"];
  parts.count = '2';
  parts.rows = ['0.0', '1.0 2.0 3.0 ', '1.0e+05 2.0e+05 ', '1.5', '4.0 5.0 6.0 ', '3.0e+05 4.0e+05 '];
});

test('inspect --out writes profiles in long form, and the series of a trend file with its labels', async () => {
  writeFileSync(join(folder, 'a.ppl'), profile);
  writeFileSync(join(folder, 'b.tpl'), tinyTpl());
  writeFileSync(join(folder, 'tiny.genkey'), tinyGenkey());
  const inspect = (...args: string[]) => command(['inspect', ...args], { cwd: folder });
  const [ppl, tpl, wrong] = await Promise.all([inspect('a.ppl', '--out', 'a.parquet', '--json'), inspect('b.tpl', '--out', 'b.parquet'), inspect('b.tpl', '--out', 'b.csv')]);
  expect([ppl.code, ppl.stderr]).toEqual([0, 'a.parquet: 10 rows, 7 columns\n']);
  expect(JSON.parse(ppl.stdout)).toMatchObject({ kind: 'profile', steps: 2 });
  const table = (name: string) => decodeParquet(readFileSync(join(folder, name)));
  expect((await table('a.parquet')).columns.map(({ name, values, unit, role }) => ({ name, values, unit, role })))
    .toEqual(pplTable(readPpl(bytesOf(profile))).columns.map(({ name, values, unit, role }) => ({ name, values, unit, role })));
  expect(tpl.code).toBe(0);
  const read = readCase({ caseId: 'b', tpl: { name: 'b.tpl', bytes: bytesOf(tinyTpl()) }, genkey: { name: 'tiny.genkey', bytes: bytesOf(tinyGenkey()) } });
  expect((await table('b.parquet')).columns).toEqual(read.table.columns);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('.parquet file is expected')]);
});
