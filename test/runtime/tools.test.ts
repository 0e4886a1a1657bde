import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { cacheFolder, obtainLightgbm, obtainTemporalCli, obtainVersitygw, temporalCliVersion, toolFolder } from '../../src/runtime/tools/index.js';
import { goBuild, isAtLeast } from '../../src/runtime/tools/goBuild.js';
import { runProgram } from '../../src/runtime/tools/runProgram.js';

let folder: string;
const quiet = (): void => {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'penstock-tools-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A program that does what the shell text says, at a path of the test's folder. */
function program(path: string, shell: string): string {
  const full = join(folder, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, `#!/bin/sh\n${shell}\n`);
  chmodSync(full, 0o755);
  return full;
}

/** An empty cache, and a PATH that holds only the programs the test wrote into `bin`. */
function bareMachine(): void {
  mkdirSync(join(folder, 'bin'), { recursive: true });
  vi.stubEnv('PENSTOCK_CACHE', join(folder, 'cache'));
  vi.stubEnv('PATH', join(folder, 'bin'));
  for (const name of ['PENSTOCK_TEMPORAL', 'PENSTOCK_LIGHTGBM']) vi.stubEnv(name, '');
}

describe('the cache folder', () => {
  it('is PENSTOCK_CACHE, else penstock in the cache folder of the user', () => {
    vi.stubEnv('PENSTOCK_CACHE', '/somewhere/else');
    expect(cacheFolder()).toBe('/somewhere/else');
    vi.stubEnv('PENSTOCK_CACHE', '');
    vi.stubEnv('XDG_CACHE_HOME', '/var/cache/me');
    expect(cacheFolder()).toBe('/var/cache/me/penstock');
  });
});

describe('the Temporal CLI', () => {
  it('is what PENSTOCK_TEMPORAL names, and nothing else where that is wrong', async () => {
    bareMachine();
    vi.stubEnv('PENSTOCK_TEMPORAL', program('own/temporal', 'exit 0'));
    expect(await obtainTemporalCli(quiet)).toBe(join(folder, 'own/temporal'));
    vi.stubEnv('PENSTOCK_TEMPORAL', '/not/there');
    await expect(obtainTemporalCli(quiet)).rejects.toMatchObject({ code: 'tool/unavailable', message: expect.stringContaining('/not/there') as string });
  });

  it('is the prepared one before the one on PATH', async () => {
    bareMachine();
    program('bin/temporal', 'echo "temporal version 9.9.9 (Server 9.9.9, UI 9.9.9)"');
    expect(await obtainTemporalCli(quiet)).toBe(join(folder, 'bin/temporal'));
    program(`cache/${toolFolder('temporal', temporalCliVersion).split('/').at(-1)}/temporal`, 'exit 0');
    expect(await obtainTemporalCli(quiet)).toBe(join(toolFolder('temporal', temporalCliVersion), 'temporal'));
  });

  it('is not an old one on PATH; without download and Go one line says what to install', async () => {
    bareMachine();
    program('bin/temporal', 'echo "temporal version 1.1.0 (Server 1.25.0, UI 2.30.0)"');
    // The download is tried through a proxy that is not there, so that the machine's own reach does not matter.
    vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('ALL_PROXY', 'http://127.0.0.1:9');
    vi.stubEnv('NO_PROXY', '');
    const lines: string[] = [];
    const failure = await obtainTemporalCli((line) => lines.push(line)).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'tool/unavailable' });
    expect((failure as Error).message).toMatch(/^no Temporal CLI: install Go 1\.26\.4 or newer \(Go is not installed\).*PENSTOCK_TEMPORAL[^\n]*$/);
    expect(lines[0]).toMatch(/passed over: its server is 1\.25\.0/);
    expect(existsSync(toolFolder('temporal', temporalCliVersion)) && execFileSync('/bin/ls', [toolFolder('temporal', temporalCliVersion)], { encoding: 'utf8' })).toBeFalsy();
  });

  it('is pinned to the version that temporal/go.mod pins', () => {
    const module = readFileSync(fileURLToPath(new URL('../../temporal/go.mod', import.meta.url)), 'utf8');
    expect(module).toContain(`github.com/temporalio/cli v${temporalCliVersion}`);
    expect(module).toContain('tool (');
  });
});

describe('the LightGBM library', () => {
  it('is what PENSTOCK_LIGHTGBM names', async () => {
    bareMachine();
    writeFileSync(join(folder, 'own.so'), '');
    vi.stubEnv('PENSTOCK_LIGHTGBM', join(folder, 'own.so'));
    expect(await obtainLightgbm(quiet)).toBe(join(folder, 'own.so'));
    vi.stubEnv('PENSTOCK_LIGHTGBM', '/not/there.so');
    await expect(obtainLightgbm(quiet)).rejects.toMatchObject({ code: 'tool/unavailable' });
  });

  it('refuses a wheel of another content, and leaves nothing of it', async () => {
    bareMachine();
    // A stand-in for pip that writes a file of its own into the folder after --dest.
    program('bin/python3', 'while [ "$1" != --dest ]; do shift; done; echo wrong > "$2/lightgbm-4.7.0.whl"');
    const failure = await obtainLightgbm(quiet).catch((error: Error) => error);
    expect((failure as Error).message).toMatch(/has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}; it is not used$/);
    expect(execFileSync('/bin/ls', [toolFolder('lightgbm', '4.7.0')], { encoding: 'utf8' })).toBe('');
  });

  it('says what to install where there is no Python', async () => {
    bareMachine();
    await expect(obtainLightgbm(quiet)).rejects.toMatchObject({
      code: 'tool/unavailable', message: expect.stringMatching(/install Python 3 with pip, or set PENSTOCK_LIGHTGBM/) as string,
    });
  });
});

describe('the S3 server', () => {
  it('needs a Go that is new enough', async () => {
    bareMachine();
    program('bin/go', 'echo go1.22.1');
    await expect(obtainVersitygw(quiet)).rejects.toMatchObject({ code: 'tool/unavailable', message: expect.stringContaining('Go is go1.22.1') as string });
  });
});

describe('building with Go', () => {
  it('happens once for those who come together', async () => {
    const target = join(folder, 'built/tool');
    let builds = 0;
    const lines: string[] = [];
    const one = (): Promise<string> => goBuild({
      what: 'a tool', target, usually: 'no time', report: (line) => lines.push(line),
      build: async (_go, output) => {
        builds++;
        await runProgram('/bin/sleep', ['0.2'], { seconds: 5 });
        writeFileSync(output, '');
      },
    });
    expect(await Promise.all([one(), one(), one()])).toEqual([target, target, target]);
    expect(builds).toBe(1);
    expect(lines.filter((line) => line.startsWith('waiting')).length).toBe(2);
  });

  it('leaves no half-made program and lets the next one try again', async () => {
    const target = join(folder, 'built/tool');
    const options = { what: 'a tool', target, usually: 'no time', report: quiet };
    await expect(goBuild({ ...options, build: () => Promise.reject(new Error('no network')) })).rejects.toThrow('no network');
    expect(existsSync(target)).toBe(false);
    expect(await goBuild({ ...options, build: async (_go, output) => writeFileSync(output, '') })).toBe(target);
  });

  it('compares versions by number', () => {
    expect(isAtLeast('1.26.10', '1.26.4')).toBe(true);
    expect(isAtLeast('1.26.4', '1.26.4')).toBe(true);
    expect(isAtLeast('1.25.9', '1.26.4')).toBe(false);
    expect(isAtLeast('2', '1.26.4')).toBe(true);
  });
});

describe('running a program', () => {
  it('ends it and what it started after its time', async () => {
    const mark = join(folder, 'mark');
    const late = runProgram('/bin/sh', ['-c', `(sleep 1; touch ${mark}) & wait`], { seconds: 0.2 });
    await expect(late).rejects.toMatchObject({ code: 'tool/unavailable', message: expect.stringContaining('took longer than 0.2 s') as string });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(existsSync(mark)).toBe(false);
  });

  it('fails with the last lines that it printed', async () => {
    await expect(runProgram('/bin/sh', ['-c', 'echo first; echo the reason >&2; exit 3'], { seconds: 5 })).rejects.toThrow(/code 3: .*the reason/);
  });
});
