import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DeterminismViolationError } from '@temporalio/workflow';
import { DefaultLogger, Runtime, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeWorkflowBundle } from '../../src/runtime/workflowBundle.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = join(root, 'test/histories');
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

interface Recorded { readonly workflowId: string; readonly history: { readonly events: readonly Event[] } }
type Event = { readonly eventType: string; readonly activityTaskStartedEventAttributes?: { readonly attempt?: number } };

/** A history as a run left it, in the form that the Web UI and the CLI write. */
function recorded(name: string): Recorded {
  return { workflowId: name, history: JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Recorded['history'] };
}

/** Replays histories against a bundle; what went wrong, by name of the history. */
async function replay(workflowBundle: WorkflowBundleWithSourceMap, some: readonly string[]): Promise<Record<string, Error>> {
  const problems: Record<string, Error> = {};
  for await (const result of Worker.runReplayHistories({ workflowBundle, replayName: 'stored' }, some.map(recorded))) {
    if (result.error) problems[result.workflowId] = result.error;
  }
  return problems;
}

function typesOf(name: string): string[] {
  return recorded(name).history.events.map((event) => event.eventType.replace('EVENT_TYPE_', ''));
}

let bundle: WorkflowBundleWithSourceMap;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: { logging: { forward: {}, filter: { core: 'ERROR', other: 'ERROR' } } } });
  bundle = await makeWorkflowBundle(join(root, 'src/workflows/index.ts'));
});
afterAll(() => Runtime.instance().shutdown());

describe('the workflows of today', () => {
  it('replay every stored history', async () => {
    expect(names.length).toBeGreaterThan(12);
    expect(await replay(bundle, names)).toEqual({});
  });

  it('are held against two stages that change places', async () => {
    const variant = await bundleWith('tplGenkey.ts', (source) =>
      source.replaceAll(/planIngest|publishIngest/g, (stage) => (stage === 'planIngest' ? 'publishIngest' : 'planIngest')));
    const problems = await replay(variant, ['tplGenkey-plain', 'windows-plain']);
    expect(Object.keys(problems)).toEqual(['tplGenkey-plain']);
    expect(problems['tplGenkey-plain']).toBeInstanceOf(DeterminismViolationError);
    expect(problems['tplGenkey-plain']?.message).toMatch(/Activity type.*planIngest.*publishIngest/);
  });
});

describe('the stored histories', () => {
  it('hold a killed host, a pause, a continued run and an open one', () => {
    const attempts = recorded('features-killed').history.events.map((event) => event.activityTaskStartedEventAttributes?.attempt ?? 0);
    expect(Math.max(...attempts)).toBeGreaterThan(1);
    expect(typesOf('windows-paused').filter((type) => type === 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED')).toHaveLength(2);
    expect(typesOf('tplGenkey-continued').at(-1)).toBe('WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
    expect(typesOf('tplGenkey-open').at(-1)).toBe('WORKFLOW_TASK_COMPLETED');
    for (const name of ['tplGenkey-cancelled', 'leakDetection-cancelled']) expect(typesOf(name).at(-1)).toBe('WORKFLOW_EXECUTION_CANCELED');
    expect(typesOf('tplGenkey-reporting')).toContain('SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED');
    expect(typesOf('leakDetection-refused').at(-1)).toBe('WORKFLOW_EXECUTION_FAILED');
  });
});

describe('protobufjs', () => {
  it('is one and the same for all parts of the SDK: with two, no stored history can be read', () => {
    const from = (name: string): string => createRequire(createRequire(import.meta.url).resolve(`@temporalio/${name}`)).resolve('protobufjs');
    const own = createRequire(import.meta.url).resolve('protobufjs');
    expect(['common', 'proto', 'worker', 'client'].map(from)).toEqual([own, own, own, own]);
    expect(createRequire(import.meta.url)('protobufjs/package.json')).toHaveProperty('version', expect.stringMatching(/^8\./));
  });
});

/** Bundles a copy of the workflows in which one file is changed. */
async function bundleWith(file: string, change: (source: string) => string): Promise<WorkflowBundleWithSourceMap> {
  const copy = mkdtempSync(join(tmpdir(), 'penstock-variant-'));
  try {
    for (const room of ['workflows', 'errors']) cpSync(join(root, 'src', room), join(copy, 'src', room), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const path = join(copy, 'src/workflows', file);
    const source = readFileSync(path, 'utf8');
    const changed = change(source);
    expect(changed).not.toBe(source);
    writeFileSync(path, changed);
    return await makeWorkflowBundle(join(copy, 'src/workflows/index.ts'));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
