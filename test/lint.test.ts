import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const low = ['errors', 'table', 'numeric', 'metrics'];
const domain = ['olga', 'simulation', 'signal', 'learning', 'evaluation', 'fusion', 'tuning'];

/** Which rooms a room may import values from. Dependencies point one way; a new room gets a line here and in .oxlintrc.json. */
const allowed: Record<string, readonly string[]> = {
  errors: [],
  numeric: ['errors'],
  table: ['errors', 'numeric'],
  metrics: ['errors', 'numeric', 'table'],
  report: low,
  ...Object.fromEntries(domain.map((room) => [room, low])),
  storage: ['errors'],
  config: ['errors'],
  workflows: ['errors'],
  pipelines: ['errors', 'config', 'storage'],
  activities: [...low, ...domain, 'report', 'config', 'storage', 'pipelines'],
  runtime: ['errors', 'config', 'storage', 'pipelines', 'activities'],
  cli: ['errors', 'table', 'olga', 'simulation', 'config', 'storage', 'pipelines', 'runtime', 'worker'],
  worker: ['errors', 'config', 'storage', 'pipelines', 'runtime', 'activities'],
};
const rooms = Object.keys(allowed);
const pure = ['errors', 'numeric', 'table', 'metrics', 'report', ...domain];

/** Lines of code planted into a room, at its top and in a folder of it; each answers whether oxlint complained about that line. */
let complains: (file: string, line: string) => boolean;
const folder = mkdtempSync(join(tmpdir(), 'penstock-lint-'));

const packages = [
  'node:fs', 'node:fs/promises', 'fs', 'node:child_process', 'node:path', 'node:crypto', 'zod', '@aws-sdk/client-s3',
  '@temporalio/workflow', '@temporalio/common', '@temporalio/client', '@temporalio/activity',
];
const packageLine = (name: string): string => `import '${name}';`;
const roomLine = (file: string, room: string): string => {
  const up = file === 'worker.ts' ? './' : '../'.repeat(file.split('/').length - 1);
  return room === 'worker' ? `import '${up}worker.js';` : `export * from '${up}${room}/index.js';`;
};
const files = rooms.flatMap((room) => (room === 'worker' ? ['worker.ts'] : [`${room}/planted.ts`, `${room}/deep/planted.ts`]));
const roomOf = (file: string): string => file.replace(/(\.ts|\/.*)$/, '');

beforeAll(() => {
  copyFileSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const file of files) {
    const others = rooms.filter((room) => room !== roomOf(file));
    const lines = [...others.map((room) => roomLine(file, room)), ...packages.map(packageLine)];
    if (file === 'workflows/planted.ts') {
      lines.push(
        `import type { A } from '../activities/index.js'; export type B = A;`, `export const late = (): Promise<unknown> => import('../activities/index.js');`,
      );
    }
    if (file === 'report/planted.ts') lines.push(`import type { A } from '../evaluation/index.js'; export type B = A;`);
    if (file === 'runtime/planted.ts') lines.push(`import '../workflows/searchAttributes.js';`);
    const path = join(folder, 'src', file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${lines.join('\n')}\n`);
  }
  const run = spawnSync(process.execPath, [join(root, 'node_modules/oxlint/bin/oxlint'), '--format=json'], { cwd: folder, encoding: 'utf8', maxBuffer: 1e8 });
  const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { code: string; filename: string; labels: { span: { line: number } }[] }[] };
  const found = new Set(diagnostics.filter(({ code }) => code.includes('no-restricted-imports')).map(({ filename, labels }) => `${filename}:${labels[0]?.span.line}`));
  complains = (file, line) => {
    const at = readFileSync(join(folder, 'src', file), 'utf8').split('\n').indexOf(line);
    if (at < 0) throw new Error(`not planted in ${file}: ${line}`);
    return found.has(`src/${file}:${at + 1}`);
  };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the dependency rules', () => {
  it('name every room', () => {
    const found = readdirSync(join(root, 'src')).map((name) => name.replace(/\.ts$/, '')).sort();
    expect(found).toEqual([...rooms].sort());
    const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { overrides: { files: string[] }[] };
    const named = overrides.flatMap((override) => override.files).filter((pattern) => pattern.startsWith('src/'));
    expect(named.sort()).toEqual(rooms.map((room) => (room === 'worker' ? 'src/worker.ts' : `src/${room}/**`)).sort());
  });

  it.each(files)('let src/%s import what it may and nothing else', (file) => {
    const others = rooms.filter((room) => room !== roomOf(file));
    const forbidden = others.filter((room) => complains(file, roomLine(file, room)));
    expect(forbidden).toEqual(others.filter((room) => !allowed[roomOf(file)]?.includes(room)));
  });

  it('keep input, output and Temporal out of the rooms that compute', () => {
    for (const room of pure) {
      const forbidden = packages.filter((name) => complains(`${room}/planted.ts`, packageLine(name)));
      expect(forbidden, room).toEqual(packages.filter((name) => /fs|child_process|aws|temporalio/.test(name)));
    }
  });

  it('keep Node, zod and clients out of workflow code, which may import types of activities', () => {
    const file = 'workflows/planted.ts';
    const forbidden = packages.filter((name) => complains(file, packageLine(name)));
    expect(forbidden).toEqual(packages.filter((name) => /^node:|^fs$|zod|aws|client$|activity$/.test(name)));
    expect(complains(file, `import type { A } from '../activities/index.js'; export type B = A;`)).toBe(false);
    expect(complains(file, `export const late = (): Promise<unknown> => import('../activities/index.js');`)).toBe(true);
  });

  it('let reports know the types of results, and no more of how they come about', () => {
    expect(complains('report/planted.ts', `import type { A } from '../evaluation/index.js'; export type B = A;`)).toBe(false);
    expect(complains('report/planted.ts', roomLine('report/planted.ts', 'evaluation'))).toBe(true);
  });

  it('let runtime share the search attributes with workflow code, and no other value', () => {
    expect(complains('runtime/planted.ts', `import '../workflows/searchAttributes.js';`)).toBe(false);
    expect(complains('runtime/planted.ts', roomLine('runtime/planted.ts', 'workflows'))).toBe(true);
  });
});
