import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planBatches, publishBatches, runBatch, type ItemRecord } from '../../src/activities/batches.js';
import { openCrashCount } from '../../src/activities/crashCount.js';
import { PenstockError } from '../../src/errors/index.js';
import type { ResolvedSection } from '../../src/pipelines/index.js';
import { publishFile } from '../../src/storage/index.js';
import { stageContext } from './runSection.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'penstock-batches-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const resolved = (configHash = 'one'): ResolvedSection => ({ section: 's', pipeline: 'windows', config: {}, configHash, storage: { type: 'local' } });
const target = () => ({ folder, metadata: 'metadata.json' });
const items = ['a', 'b'].map((id) => ({ id, bytes: 1, fingerprint: id, source: id }));
const planUri = () => join(folder, '.work/plan.json');
const plan = (configHash = 'one', attempt = 1) => planBatches(stageContext({ attempt }), resolved(configHash), { target: target(), items, unit: 'cases' });
const work = async (source: string): Promise<ItemRecord> => ({
  case_id: source, fingerprint: source, files: [await publishFile(stageContext().storage, folder, source, source)],
});
const batch = (attempt = 1, body: (source: string) => Promise<ItemRecord> = work, configHash = 'one') =>
  runBatch<string, null>(stageContext({ attempt }), { resolved: resolved(configHash), planUri: planUri(), batch: 0 }, body);
const publish = (configHash = 'one') => publishBatches(stageContext(), { resolved: resolved(configHash), planUri: planUri() }, target(), async () => ({ files: [], metrics: {} }));

describe('a case that kills its process', () => {
  const dies = async (attempt: number): Promise<void> => (await openCrashCount(stageContext({ attempt }), join(folder, '.work/batch-00000.json.crashes'), ['a', 'b'])).started('a');

  it('is put aside at the third time, and the others go on', async () => {
    await plan();
    for (const attempt of [1, 2, 3]) await dies(attempt);
    expect(await batch(4)).toMatchObject({ done: 2, quarantined: [{ input: 'a', code: 'case/crashed' }] });
    expect((await publish()).quarantined).toHaveLength(1);
  });

  it('is tried again before that, and by a new run', async () => {
    await plan();
    for (const attempt of [1, 2]) await dies(attempt);
    expect((await batch(3)).quarantined).toEqual([]);
    await plan();
  });

  it('is not counted where storage failed or the host was told to stop', async () => {
    await plan();
    const fails = () => Promise.reject(new PenstockError('storage/unavailable', 'no answer'));
    for (const attempt of [1, 2, 3, 4]) await expect(batch(attempt, fails)).rejects.toMatchObject({ code: 'storage/unavailable' });
    expect((await batch(5)).quarantined).toEqual([]);
  });
});

describe('two runs in one folder', () => {
  it('do not take up each other\'s plan', async () => {
    await plan('one');
    await plan('two');
    await expect(batch(1, work, 'one')).rejects.toMatchObject({ code: 'storage/busy' });
    await expect(publish('one')).rejects.toMatchObject({ code: 'storage/busy' });
    await batch(1, work, 'two');
    expect((await publish('two')).outputs).toHaveLength(2);
  });
});

describe('a checkpoint', () => {
  it('keeps what was finished, and tries again what was put aside', async () => {
    await plan();
    const refuses = () => Promise.reject(new PenstockError('olga/truncated', 'cut'));
    expect((await batch(1, refuses)).quarantined).toHaveLength(2);
    await plan();
    expect((await batch()).quarantined).toEqual([]);
    const again = () => Promise.reject(new Error('done already'));
    await plan();
    expect(await batch(1, again)).toEqual({ done: 2, quarantined: [] });
  });

  it('that is damaged is none', async () => {
    await plan();
    writeFileSync(planUri(), '{');
    expect(await plan()).toMatchObject({ upToDate: false, total: 2 });
    expect(JSON.parse(readFileSync(planUri(), 'utf8'))).toMatchObject({ config_hash: 'one' });
  });

  it('whose items are cut is none', async () => {
    await plan();
    writeFileSync(join(folder, '.work/items.jsonl'), '[');
    await plan();
    expect((await batch()).done).toBe(2);
  });
});

describe('a publication of many cases', () => {
  const names = Array.from({ length: 430 }, (_, n) => `case_${n}`);
  const many = (changed = '') => names.map((id) => ({ id, bytes: 1, fingerprint: id === changed ? 'new' : id, source: id }));
  const run = async (changed = ''): Promise<number> => {
    const planned = await planBatches(stageContext(), resolved(), { target: target(), items: many(changed), unit: 'cases' });
    if (planned.upToDate) return 0;
    const input = { resolved: resolved(), planUri: planUri() };
    const fingerprint = (id: string) => (id === changed ? 'new' : id);
    for (let n = 0; n < planned.batches; n++) await runBatch<string, null>(stageContext(), { ...input, batch: n }, async (id) => ({ ...await work(id), fingerprint: fingerprint(id) }));
    await publish();
    return planned.total;
  };

  it('lists them by their names, and is the same whatever was kept of it', async () => {
    expect(await run()).toBe(430);
    const written = readFileSync(join(folder, 'metadata.json'), 'utf8');
    const { cases, files } = JSON.parse(written) as { cases: ItemRecord[]; files: { path: string }[] };
    expect(cases.map((record) => record.case_id)).toEqual(names.toSorted());
    expect(files.map((file) => file.path)).toEqual(names.toSorted());
    expect(await run()).toBe(0);
    expect(await run('case_7')).toBe(1);
    expect(readFileSync(join(folder, 'metadata.json'), 'utf8')).not.toBe(written);
    expect(await run()).toBe(1);
    expect(readFileSync(join(folder, 'metadata.json'), 'utf8')).toBe(written);
    rmSync(join(folder, 'case_8'));
    expect(await run()).toBe(1);
    expect(readFileSync(join(folder, 'metadata.json'), 'utf8')).toBe(written);
  });
});
