import { spawn } from 'node:child_process';
import { PenstockError } from '../../errors/index.js';

export interface ProgramOptions {
  readonly cwd?: string;
  /** Variables added to the own environment. */
  readonly env?: Record<string, string>;
  /** The program is killed after this many seconds. */
  readonly seconds: number;
}

/** Runs a program to its end and answers its standard output. Fails with `tool/unavailable` and the last lines it printed. */
export function runProgram(command: string, args: readonly string[], options: ProgramOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    // An own process group, so that a timeout also ends what the program started.
    const child = spawn(command, args, {
      cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
    });
    const killGroup = (): void => {
      try { if (child.pid) process.kill(-child.pid, 'SIGKILL'); } catch { /* ended meanwhile */ }
    };
    process.once('exit', killGroup);
    let late = false;
    const timer = setTimeout(() => { late = true; killGroup(); }, options.seconds * 1000);
    let output = '';
    let tail = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => { output += text; tail = (tail + text).slice(-2000); });
    child.stderr.setEncoding('utf8').on('data', (text: string) => { tail = (tail + text).slice(-2000); });
    const finish = (problem: string | undefined, cause?: Error): void => {
      clearTimeout(timer);
      process.off('exit', killGroup);
      if (problem === undefined) return resolve(output);
      const printed = tail.trim().split('\n').slice(-3).join(' | ');
      reject(new PenstockError('tool/unavailable', `${command} ${args[0] ?? ''} ${problem}${printed && `: ${printed}`}`, {}, cause && { cause }));
    };
    child.once('error', (error) => finish(`could not be started (${error.message})`, error));
    child.once('close', (code, signal) => {
      if (code === 0) finish(undefined);
      else finish(late ? `took longer than ${options.seconds} s` : `ended with ${signal ?? `code ${code}`}`);
    });
  });
}
