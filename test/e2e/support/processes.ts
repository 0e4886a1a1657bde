import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../src/runtime/server/freePort.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const penstock = `${root}bin/penstock.js`;

export interface Ended { readonly code: number | null; readonly signal: NodeJS.Signals | null; readonly stdout: string; readonly stderr: string }

/** A command under way. */
export interface Started {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stderr(): string;
}

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
}

/** A worker host in a process of its own. */
export interface Host extends Started {
  /** As the server knows it. */
  readonly identity: string;
  readonly health: string;
  kill(signal: NodeJS.Signals): void;
}

const started = new Set<ChildProcess>();

/** Ends what a failed test left running. */
export async function endStarted(): Promise<void> {
  const left = [...started];
  for (const child of left) child.kill('SIGKILL');
  await until(() => left.every((child) => child.exitCode !== null || child.signalCode !== null), 'the test\'s own processes have ended');
}

/** Starts `penstock ARGUMENTS` as a person would; no variable of the caller's shell names a server. */
export function startCommand(args: readonly string[], { cwd = root, env = {} }: CommandOptions = {}): Started {
  return startNode([penstock, ...args], { cwd, env });
}

/** Runs `penstock ARGUMENTS` to its end. */
export function command(args: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  return startCommand(args, options).ended;
}

export function startNode(args: readonly string[], { cwd = root, env = {} }: CommandOptions): Started {
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|PENSTOCK_(QUEUE|STATE|EMBEDDED)|VITEST|NODE_ENV)/.test(name)));
  const child = spawn(process.execPath, args, { cwd, env: { ...clean, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  started.add(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      started.delete(child);
      resolve({ code, signal, stdout, stderr });
    });
  });
  return { pid: child.pid!, child, ended, stderr: () => stderr };
}

/** Starts a worker host and waits until its health endpoint says that it serves. */
export async function startHost(address: string, queue: string, options: { queues?: readonly string[]; env?: Record<string, string> } = {}): Promise<Host> {
  const port = await freePort();
  const run = startCommand(['worker', ...(options.queues ?? []), '--health-port', String(port)], {
    env: { TEMPORAL_ADDRESS: address, PENSTOCK_QUEUE: queue, PENSTOCK_CPU_SLOTS: '2', ...options.env },
  });
  const health = `http://127.0.0.1:${port}/`;
  await until(async () => {
    if (run.child.exitCode !== null) throw new Error(`the worker host ended: ${run.stderr()}`);
    return (await fetch(health).catch(() => undefined))?.status === 200;
  }, 'the worker host serves', 60);
  return { ...run, identity: `${hostname()}:${run.pid}`, health, kill: (signal) => void process.kill(run.pid, signal) };
}

/** Waits for a condition; fails by its name. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, seconds = 30): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await sleep(100);
  }
}

/** Process ids whose command line holds the text. Linux only. */
export function processesWith(text: string): number[] {
  return livingPids().filter((pid) => commandLine(pid).includes(text));
}

/** Process ids of all children, and of theirs. Linux only. */
export function descendants(pid: number): number[] {
  const parents = new Map(livingPids().map((child) => [child, parentOf(child)]));
  const found: number[] = [];
  const walk = (parent: number): void => {
    for (const [child, its] of parents) {
      if (its !== parent) continue;
      found.push(child);
      walk(child);
    }
  };
  walk(pid);
  return found;
}

/** True where the process is there and not merely waiting to be reaped. */
export function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`) && commandLine(pid) !== '';
}

function livingPids(): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
}

function parentOf(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return 0;
  }
}

export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
