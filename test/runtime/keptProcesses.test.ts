import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isKept, keepProcess, takeProcess } from '../../src/runtime/stages/keptProcesses.js';

const folder = mkdtempSync(join(tmpdir(), 'kept-'));
const program = join(folder, 'waits.mjs');
const started: ChildProcess[] = [];

beforeAll(() => writeFileSync(program, 'process.on("message", () => process.send("alive")); process.once("disconnect", () => process.exit(0));'));
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function start(): ChildProcess {
  const child = fork(program, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  started.push(child);
  return child;
}

describe('a process that has scored a batch', () => {
  it('takes the next batch and the report, once at a time, and answers again', async () => {
    const child = start();
    keepProcess('scoreBatch', child);
    expect(takeProcess('trainModel')).toBeUndefined();
    expect(takeProcess('publishOfflineTest')).toBe(child);
    expect(takeProcess('scoreBatch')).toBeUndefined();
    child.send('job');
    expect(await once(child, 'message')).toContain('alive');
  });

  it('is not taken once it has died, and ends where no job follows', async () => {
    const dead = start();
    keepProcess('scoreBatch', dead);
    dead.kill('SIGKILL');
    await once(dead, 'exit');
    expect(takeProcess('scoreBatch')).toBeUndefined();
    const idle = start();
    keepProcess('scoreBatch', idle);
    expect(await once(idle, 'exit')).toEqual([0, null]);
    expect(takeProcess('scoreBatch')).toBeUndefined();
  });

  it('is for stages that load the same alone, and not for ever', () => {
    const child = start();
    expect(isKept('trainModel', child)).toBe(false);
    let jobs = 0;
    for (; isKept('scoreBatch', child) && jobs < 100; jobs++) {
      keepProcess('scoreBatch', child);
      takeProcess('scoreBatch');
    }
    expect(jobs).toBe(24);
  });
});
