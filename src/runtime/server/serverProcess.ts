import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { searchAttributeTypes } from '../../workflows/searchAttributes.js';
import { freePort } from './freePort.js';
import { isServing } from './isServing.js';

export interface Ports {
  readonly port: number;
  readonly uiPort: number;
}

export interface ServerProcess extends Ports {
  readonly pid: number;
  /** Settles when the server's process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Asks the server to stop, makes it stop after a few seconds, and waits for its end. */
  stop(): Promise<void>;
}

/**
 * Starts its arguments, prints the process id, and stops the program when standard input ends: by intent, or because the
 * guard at the other end was killed. A shell does it in a megabyte, on every system.
 */
const leash = `
exec 3<&0
"$@" </dev/null >&2 3<&- &
server=$!
echo $server
(
  read -r _ <&3
  kill -TERM $server
  i=0; while [ $i -lt 60 ] && kill -0 $server; do sleep 0.1; i=$((i+1)); done
  kill -KILL $server
) >/dev/null 2>&1 &
watcher=$!
exec 3<&- 1>&-
wait $server
status=$?
kill $watcher 2>/dev/null
exit $status
`;

const startAttempts = 5;
const startSeconds = 30;
const largestLog = 10e6;

/**
 * Starts the development server on its SQLite file and waits until it serves. It keeps the ports it had last where they are
 * free; `uiPort` goes before. `ports` insists on ports, as a restart under running workers needs.
 */
export async function startServer(stateFolder: string, temporalCli: string, wish: { uiPort?: number | undefined; ports?: Ports }): Promise<ServerProcess> {
  const log = join(stateFolder, 'server.log');
  if (existsSync(log) && statSync(log).size > largestLog) renameSync(log, `${log}.1`);
  let last = readRecord(stateFolder);
  await endLeftover(stateFolder, last?.pid);
  for (let attempt = 1; ; attempt++) {
    const port = wish.ports?.port ?? (await freePort([last?.port]));
    const uiPort = wish.ports?.uiPort ?? (await freePort([wish.uiPort, last?.uiPort]));
    const logStart = existsSync(log) ? statSync(log).size : 0;
    const server = await spawnServer(stateFolder, temporalCli, log, { port, uiPort });
    const problem = server && (await servingProblem(server));
    if (server && problem === undefined) return server;
    await server?.stop();
    if (attempt === startAttempts) throw new Error(`the Temporal server did not start: ${problem ?? 'no process'}${logTail(log, logStart)}`);
    // Somebody may have taken a port between the probe and the start: other ports, or patience where these are needed.
    last = undefined;
    await sleep(wish.ports ? 1000 : 50);
  }
}

async function spawnServer(stateFolder: string, temporalCli: string, log: string, { port, uiPort }: Ports): Promise<ServerProcess | undefined> {
  const logFile = openSync(log, 'a');
  const shell = spawn('/bin/sh', ['-c', leash, 'leash', temporalCli, ...serverArguments(stateFolder, { port, uiPort })], { stdio: ['pipe', 'pipe', logFile] });
  closeSync(logFile);
  shell.stdin?.on('error', () => {});
  const shellEnded = new Promise<void>((resolve) => shell.once('exit', () => resolve()).once('error', () => resolve()));
  const pid = await firstNumber(shell);
  if (pid === undefined) return undefined;
  // The shell may be killed alone; its death counts as the server's, so the server must follow it.
  const ended = shellEnded.then(() => {
    shell.stdin?.destroy();
    return kill(pid, stateFolder);
  });
  writeFileSync(recordFile(stateFolder), JSON.stringify({ pid, port, uiPort }));
  return {
    pid, port, uiPort, ended,
    async stop() {
      shell.stdin?.destroy();
      const late = setTimeout(() => void kill(pid, stateFolder).then(() => shell.kill('SIGKILL')), 8000);
      await ended;
      clearTimeout(late);
    },
  };
}

/**
 * The server looks for new tasks at most 20 times a second unless told otherwise: each step of a run then waits about 45 ms for its
 * worker, and the run as long again to hear of the step's end.
 */
const pollsPerSecond = ['history.transferProcessorMaxPollRPS', 'history.timerProcessorMaxPollRPS'].flatMap((key) => ['--dynamic-config-value', `${key}=10000`]);

function serverArguments(stateFolder: string, { port, uiPort }: Ports): string[] {
  return [
    'server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort), '--ui-disable-news-fetch',
    '--db-filename', databaseFile(stateFolder), '--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL', '--log-level', 'error', ...pollsPerSecond,
    ...searchAttributeTypes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
  ];
}

function databaseFile(stateFolder: string): string {
  return join(stateFolder, 'temporal.db');
}

/** What keeps the server from serving, or undefined as soon as it serves. */
async function servingProblem(server: ServerProcess): Promise<string | undefined> {
  let ended = false;
  void server.ended.then(() => { ended = true; });
  const deadline = Date.now() + startSeconds * 1000;
  while (Date.now() < deadline) {
    if (ended) return 'it ended at once';
    if (await isServing(`127.0.0.1:${server.port}`)) return undefined;
    await sleep(30);
  }
  return `it did not answer within ${startSeconds} s`;
}

function firstNumber(shell: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = '';
    shell.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.includes('\n')) resolve(Number(text.trim()));
    }).once('close', () => resolve(undefined));
    shell.once('error', () => resolve(undefined));
  });
}

interface ServerRecord extends Ports {
  readonly pid: number;
}

function recordFile(stateFolder: string): string {
  return join(stateFolder, 'server.json');
}

function readRecord(stateFolder: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(stateFolder), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

/** A server takes no lock on its database, so one left behind by a killed guard must be gone before the next one starts. */
async function endLeftover(stateFolder: string, pid: number | undefined): Promise<void> {
  // Its leash stops it by itself within a second or two.
  for (let i = 0; i < 25 && pid !== undefined && serves(pid, stateFolder); i++) await sleep(100);
  if (pid !== undefined) await kill(pid, stateFolder);
}

async function kill(pid: number, stateFolder: string): Promise<void> {
  while (serves(pid, stateFolder)) {
    process.kill(pid, 'SIGKILL');
    await sleep(20);
  }
}

/** True where this process id is a living server of this database: ids are used again, so the command line decides. */
function serves(pid: number, stateFolder: string): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return commandLine(pid).includes(databaseFile(stateFolder));
}

/** The command line of a process; empty for one that is gone or only waits to be reaped. */
function commandLine(pid: number): string {
  try {
    return existsSync('/proc/self') ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

function logTail(log: string, start: number): string {
  const tail = existsSync(log) ? readFileSync(log).subarray(start).toString('utf8').trim() : '';
  return tail && `; its log ends with: ${tail.split('\n').slice(-3).join(' | ').slice(-1000)}`;
}
