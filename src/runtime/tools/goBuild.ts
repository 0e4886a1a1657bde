import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { lockName, withLock } from '../socketLock.js';
import type { Report } from './cacheFolder.js';
import { findOnPath, isProgram } from './findOnPath.js';
import { runProgram } from './runProgram.js';

/** The oldest Go that builds the pinned modules. */
export const oldestGo = '1.26.4';

/** Why the installed Go cannot build, in a few words; undefined where it can. */
export async function goProblem(): Promise<string | undefined> {
  if (!findOnPath('go')) return 'Go is not installed';
  const found = (await runProgram('go', ['env', 'GOVERSION'], { seconds: 10, env: { GOTOOLCHAIN: 'local' } })).trim();
  return isAtLeast(found.replace(/^go/, ''), oldestGo) ? undefined : `Go is ${found}`;
}

/** Compares dotted versions by their first three numbers. */
export function isAtLeast(found: string, wanted: string): boolean {
  const numbers = (text: string): number[] => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
  const [a, b] = [numbers(found), numbers(wanted)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

export interface GoBuild {
  /** What is built, for progress lines. */
  readonly what: string;
  /** Where the program shall stand. */
  readonly target: string;
  /** How long it usually takes, for the progress line. */
  readonly usually: string;
  /** Runs `go` so that the program lies at `output` in the end. */
  readonly build: (go: (args: readonly string[], cwd?: string) => Promise<string>, output: string) => Promise<unknown>;
  readonly report: Report;
}

/**
 * Builds a Go program once for all processes of this user. Module and build caches grow to gigabytes, so they are temporary
 * and only the program is kept; it appears under its name when it is complete.
 */
export async function goBuild({ what, target, usually, build, report }: GoBuild): Promise<string> {
  const wait = (): void => report(`waiting for another process that builds ${what}`);
  return withLock(lockName(target), wait, async () => {
    if (isProgram(target)) return target;
    mkdirSync(dirname(target), { recursive: true });
    const scratch = mkdtempSync(join(tmpdir(), 'penstock-go-'));
    const remove = (): void => rmSync(scratch, { recursive: true, force: true });
    process.once('exit', remove);
    const started = Date.now();
    report(`building ${what} with Go (usually ${usually})`);
    const ticker = setInterval(() => report(`building ${what}: ${seconds(started)} s so far`), 15_000);
    try {
      const env = {
        GOCACHE: join(scratch, 'cache'), GOMODCACHE: join(scratch, 'modules'), GOBIN: scratch, GOPATH: join(scratch, 'path'),
        GOTMPDIR: scratch, GOTOOLCHAIN: 'local', GOFLAGS: '-modcacherw -buildvcs=false', CGO_ENABLED: '0',
      };
      const output = join(scratch, 'program');
      await build((args, cwd) => runProgram('go', args, { env, seconds: 1800, ...(cwd && { cwd }) }), output);
      publish(output, target);
      report(`built ${what} in ${seconds(started)} s: ${target}`);
      return target;
    } finally {
      clearInterval(ticker);
      remove();
      process.off('exit', remove);
    }
  });
}

/** Moves a finished file to its place in one step, across file systems too. */
function publish(file: string, target: string): void {
  chmodSync(file, 0o755);
  try {
    renameSync(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${target}.${process.pid}`;
    copyFileSync(file, beside);
    renameSync(beside, target);
  }
}

function seconds(since: number): number {
  return Math.round((Date.now() - since) / 1000);
}
