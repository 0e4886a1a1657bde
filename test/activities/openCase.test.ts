import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openCase } from '../../src/activities/openCase.js';
import type { SourceFile } from '../../src/activities/sourceFile.js';
import type { TplGenkeyConfig } from '../../src/pipelines/index.js';
import { tplGenkey } from '../../src/pipelines/tplGenkey.js';
import { designCampaign, simulateCase } from '../../src/simulation/index.js';
import { openStorage, type Content } from '../../src/storage/index.js';
import { decodeParquet } from '../../src/table/index.js';

const folder = mkdtempSync(join(tmpdir(), 'penstock-open-case-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const storage = openStorage();
const config = (extra: object = {}): TplGenkeyConfig =>
  tplGenkey.schema.parse({ source_folder: folder, output_folder: folder, parquet_row_group_size: 37, ...extra }) as TplGenkeyConfig;

async function source(name: string, text: string): Promise<SourceFile> {
  const uri = join(folder, name);
  writeFileSync(uri, text);
  const facts = await storage.stat(uri);
  return { uri, name, size: statSync(uri).size, sha256: createHash('sha256').update(text).digest('hex'), etag: facts!.etag! };
}

async function bytesOf(content: Content): Promise<Buffer> {
  if (typeof content === 'string' || content instanceof Uint8Array) return Buffer.from(content);
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

const [spec] = designCampaign({ cases: 1, seed: 3, durationSeconds: 200 });
const simulated = simulateCase(spec!);
const rows = simulated.tpl.slice(simulated.tpl.indexOf('TIME SERIES')).trimEnd().split('\n').slice(1);
const odd = rows.map((row, at) => (at === 20 ? row.slice(0, 30) : at === 21 ? row.replace(/\S+$/, '????') : at === 22 ? row.replace(/\S+$/, 'NaN') : row));
const texts: Record<string, string> = {
  'as it is': simulated.tpl,
  'with a restart': `${simulated.tpl}${rows.slice(-60).join('\n')}\n`,
  'with rows that cannot be read': simulated.tpl.replace(rows.join('\n'), odd.join('\n')),
  'without rows': simulated.tpl.replace(rows.join('\n'), ''),
};

describe('a trend file that is read piece by piece', () => {
  test.each(Object.keys(texts))('gives the same bytes and facts as one read whole: %s', async (what) => {
    const tpl = await source('case.tpl', texts[what]!);
    const genkey = await source('case.genkey', simulated.genkey);
    for (const [sources, settings] of [[{ group: 'case', tpl, genkey }, {}], [{ group: 'case', tpl }, { selected_columns: ['PT*'], compression: 'snappy', canonical_names: true, units: { pressure: 'bara' } }]] as const) {
      const whole = await openCase(storage, sources, 'case', config(settings));
      const streamed = await openCase(storage, sources, 'case', config(settings), { streamed: 0 });
      const facts = ({ leaks, summary, warnings, standard }: typeof whole): unknown => ({ leaks, summary, warnings, standard });
      expect(facts(streamed)).toStrictEqual(facts(whole));
      expect(Buffer.compare(await bytesOf(streamed.content({ a: 'b' })), await bytesOf(whole.content({ a: 'b' })))).toBe(0);
    }
  });

  test('leaves out what a restart wrote again, where that is asked for', async () => {
    // Two restarts that overlap, and leak flows that are told from what is kept alone.
    const tpl = await source('case.tpl', `${simulated.tpl}${rows.slice(-90, -30).join('\n')}\n${rows.slice(-60).join('\n')}\n`);
    const genkey = await source('case.genkey', simulated.genkey);
    const settings = config({ overlaps: 'keep-last' });
    const whole = await openCase(storage, { group: 'case', tpl, genkey }, 'case', settings);
    const streamed = await openCase(storage, { group: 'case', tpl, genkey }, 'case', settings, { streamed: 0 });
    const series = await decodeParquet(await bytesOf(whole.content({})));
    expect(whole.summary).toMatchObject({ rows: rows.length });
    expect(whole.warnings.map(({ code, message }) => [code, /120 rows that were written again are left out/.test(message)])).toContainEqual(['time-backwards', true]);
    const once = await openCase(storage, { group: 'case', tpl: await source('once.tpl', simulated.tpl), genkey }, 'case', config());
    const recorded = await decodeParquet(await bytesOf(once.content({})));
    expect(series.columns.filter(({ name }) => name !== 'segment').map(({ values }) => values)).toEqual(recorded.columns.map(({ values }) => values));
    expect([...new Set(series.columns[1]!.values as Int32Array)]).toEqual([0, 1, 2]);
    const facts = ({ leaks, summary, warnings }: typeof whole): unknown => ({ leaks, summary, warnings });
    expect(facts(streamed)).toStrictEqual(facts(whole));
    const pieces = await decodeParquet(await bytesOf(streamed.content({})));
    expect(pieces.rows).toBe(series.rows);
    expect(pieces.columns).toEqual(series.columns);
  });

  test('is refused where it is not the file that was planned, and read where only its mark is another', async () => {
    const tpl = await source('case.tpl', simulated.tpl);
    const sources = (file: SourceFile) => ({ group: 'case', tpl: file });
    for (const streamed of [0, Infinity]) {
      expect((await openCase(storage, sources({ ...tpl, etag: 'another' }), 'case', config(), { streamed })).summary.rows).toBe(rows.length);
      await expect(openCase(storage, sources({ ...tpl, etag: 'another', sha256: 'another' }), 'case', config(), { streamed })).rejects.toMatchObject({ code: 'storage/changed' });
    }
  });
});
