import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import proto from '@temporalio/proto';
import { describe, test } from 'vitest';
import { decodeParquet } from '../../src/table/index.js';
import { openHouse } from './support/house.js';
import { configure, type Project } from './support/project.js';
import { command, startHost } from './support/processes.js';
import { startRun } from './support/server.js';

let own: Project;

const house = openHouse(async ({ server, project }) => {
  own = project({ cases: 1 });
  await startHost(server.address, 'refuse');
});

/** The failure that the Web UI shows first for a run that must not go well, and how long it took. */
async function failureOf(type: string, id: string, input: unknown): Promise<{ code: string | null | undefined; message: string; seconds: number }> {
  const run = await startRun(house.server, 'refuse', type, id, input);
  const started = Date.now();
  const error: unknown = await run.result().then(() => undefined, (failure: unknown) => failure);
  if (!(error instanceof WorkflowFailedError) || !(error.cause instanceof ApplicationFailure)) throw new Error(`expected an application failure; got ${String(error)}`);
  return { code: error.cause.type, message: error.cause.message, seconds: (Date.now() - started) / 1000 };
}

describe.concurrent('a mistake', () => {
  test.for([
    { what: 'a key of the input', type: 'features', input: { overides: {} }, code: 'config/invalid', says: 'did you mean "overrides"?' },
    { what: 'the input itself', type: 'features', input: ['features_pipeline'], code: 'config/invalid', says: 'A right example' },
    { what: 'a value of the input', type: 'features', input: { force: 'yes' }, code: 'config/invalid', says: 'force: expected true or false; found "yes"' },
    { what: 'a key of overrides', type: 'features', input: { overrides: { 'features_pipeline.wavelet_levle': 3 } }, code: 'config/invalid', says: 'did you mean "wavelet_level"?' },
    { what: 'a section', type: 'features', input: { section: 'feature_pipeline' }, code: 'config/unknown-section', says: 'did you mean "features_pipeline"?' },
    { what: 'a section of another pipeline', type: 'features', input: { section: 'windows_pipeline' }, code: 'config/invalid', says: 'configures windows' },
    { what: 'a key of a step', type: 'leakDetection', input: { overrides: { 'windows_pipeline.windw_size': 3 } }, code: 'config/invalid', says: 'did you mean "window_size"?' },
    { what: 'the place of the configuration', type: 'features', input: { config: '/nowhere/pipelines.yml' }, code: 'config/not-found', says: '/nowhere/pipelines.yml' },
    { what: 'the workflow type', type: 'leakDetectoin', input: {}, code: 'workflow/unknown-type', says: 'tplGenkey, windows, features' },
  ])('in $what fails the run at once and says what is right', { timeout: 60_000 }, async ({ what, type, input, code, says }, { expect }) => {
    const given = Array.isArray(input) ? input : { config: own.config, ...input };
    const failure = await failureOf(type, `mistake-${what.replaceAll(' ', '-')}`, given);
    expect(failure.code).toBe(code);
    expect(failure.message).toContain(says);
    expect(failure.seconds).toBeLessThan(15);
  });

  test('in the configuration file is refused by the command before any server is asked', { timeout: 60_000 }, async ({ expect }) => {
    const wrong = house.project({ cases: 1, changes: { 'features_pipeline.wavelt': 'db4', 'windows_pipeline.step_size': 'two' } });
    const { code, stdout, stderr } = await command(['run', 'leak_detection_pipeline', '--json'], { cwd: wrong.folder, env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
    expect(code).toBe(2);
    const { error } = JSON.parse(stdout) as { error: { code: string; message: string } };
    expect(error.code).toBe('config/invalid');
    expect(error.message).toContain('did you mean "wavelet"?');
    expect(error.message).toContain('step_size');
    expect(stderr).toContain('[config/invalid]');
  });

  test('in a folder\'s checkpoint is worked around', { timeout: 60_000 }, async ({ expect }) => {
    const broken = house.project({ cases: 1 });
    mkdirSync(dirname(broken.path('data/series/fit/.work/plan.json')), { recursive: true });
    writeFileSync(broken.path('data/series/fit/.work/plan.json'), '{');
    const run = await startRun(house.server, 'refuse', 'tplGenkey', 'broken-plan', { config: broken.config });
    expect(await run.result()).toMatchObject({ outcome: 'completed' });
  });

  test('in the code of a step ends the run at the third attempt instead of being tried for a day', { timeout: 60_000 }, async ({ expect }) => {
    const broken = house.project({ cases: 1 });
    await (await startRun(house.server, 'refuse', 'tplGenkey', 'before-defect', { config: broken.config })).result();
    const metadata = broken.path('data/series/fit/metadata/tpl_genkey_metadata.json');
    const { config_hash, inputs_hash } = JSON.parse(readFileSync(metadata, 'utf8')) as Record<string, string>;
    rmSync(metadata);
    // A plan of this very run with an item that lacks what the code takes for granted.
    const items = '[null]';
    writeFileSync(broken.path('data/series/fit/.work/items.jsonl'), items);
    writeFileSync(broken.path('data/series/fit/.work/plan.json'), JSON.stringify({ config_hash, inputs_hash, batches: [[1, 0, items.length]], kept: { files: 0, records: 0 }, refused: [] }));
    const failure = await failureOf('tplGenkey', 'defect', { config: broken.config });
    expect(failure.code).toBe('internal');
    expect(failure.seconds).toBeLessThan(40);
  });
});

describe.concurrent('a server that does not know Penstock', () => {
  test('is refused by worker hosts', { timeout: 90_000 }, async ({ expect }) => {
    const { client, address } = house.server;
    const retention = proto.google.protobuf.Duration.fromObject({ seconds: 86_400 });
    await client.workflowService.registerNamespace({ namespace: 'bare', workflowExecutionRetentionPeriod: retention });
    const start = (namespace: string) => command(['worker'], { env: { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } });
    const missing = await start('missing');
    expect(missing.code).toBe(3);
    expect(missing.stderr).toContain('the server has no namespace "missing"');
    // The server itself takes some seconds to know a new namespace everywhere.
    let bare = await start('bare');
    for (let i = 0; i < 5 && !bare.stderr.includes('PenstockSection'); i++) {
      await sleep(2_000);
      bare = await start('bare');
    }
    expect(bare.code).toBe(3);
    expect(bare.stderr).toContain('lacks the search attributes PenstockSection');
    expect(bare.stderr).toContain('[server/not-registered]');
  });
});

describe.concurrent('what a model must not see', () => {
  test('is refused as a feature', { timeout: 120_000 }, async ({ expect }) => {
    const honest = house.project({ cases: 1 });
    for (const type of ['tplGenkey', 'windows']) await (await startRun(house.server, 'refuse', type, `honest-${type}`, { config: honest.config })).result();
    const series = await decodeParquet(readFileSync(honest.path('data/windows/data/series/case_0001.parquet')));
    const forbidden = series.columns.filter(({ role }) => role === 'truth' || role === 'clock').map(({ name }) => name);
    expect(forbidden).toEqual(expect.arrayContaining(['time', 'LEAK', 'GTLEAK|LEAK=LEAK', 'CONTR|CONTROLLER=CONTROL-LEAK']));
    for (const [index, name] of [...forbidden, 'GTLEAK', 'gtleak*', 'GTLEAK@LEAK', 'CONTR@CONTROL-LEAK', '*_age_s'].entries()) {
      const failure = await failureOf('features', `forbidden-${index}`, { config: honest.config, overrides: { 'features_pipeline.feature_columns': ['PT*', name] } });
      expect(failure.code, `${name}: ${failure.message}`).toBe('table/role');
    }
    configure(honest, { 'features_pipeline.feature_columns': ['GT*', 'PT@LINE@0M'] });
    const { metrics } = await (await startRun(house.server, 'refuse', 'features', 'allowed', { config: honest.config })).result();
    expect(metrics['features']).toBeGreaterThan(0);
  });
});
