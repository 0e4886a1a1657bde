import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { PenstockError } from '../../errors/index.js';
import { builtModule } from '../builtModule.js';
import { connectHolder, lockName } from '../socketLock.js';
import { obtainTemporalCli, type Report } from '../tools/index.js';
import { receive, send, type Answer, type Hello } from './messages.js';

export interface AttachOptions {
  /** Folder of the server's database and logs; one server runs per folder. */
  readonly stateFolder: string;
  /** Port of the Web UI, taken if it is free and the server not yet running. Default: the last one, else any. */
  readonly uiPort?: number | undefined;
  readonly report: Report;
}

export interface AttachedServer {
  /** `host:port` of the server's gRPC service. It stays the same when the server or its guard is restarted. */
  readonly address: string;
  readonly uiUrl: string;
  /** Process ids, for diagnosis. */
  readonly guardPid: number;
  readonly serverPid: number;
  /** Gives the server back; settles when it has stopped, or at once where others still use it. */
  release(): Promise<void>;
}

const guardSeconds = 20;
const releaseSeconds = 15;
const attempts = 5;

type Ready = Extract<Answer, { kind: 'ready' }>;

/** One connection to the guard and its newest answer. */
interface Attachment {
  readonly socket: Socket;
  ready: Ready;
}

/**
 * Uses the embedded Temporal server of a state folder, and starts it where nobody else does. It runs for as long as somebody
 * is attached: a process that ends without `release`, even by SIGKILL, counts as released. Fails with `server/unavailable`.
 */
export async function attachServer({ stateFolder, uiPort, report }: AttachOptions): Promise<AttachedServer> {
  mkdirSync(stateFolder, { recursive: true });
  const folder = realpathSync(stateFolder);
  let released = false;
  let attachment = await attach(folder, { uiPort }, report);
  follow();

  return {
    address: `127.0.0.1:${attachment.ready.port}`,
    uiUrl: `http://127.0.0.1:${attachment.ready.uiPort}`,
    get guardPid() { return attachment.ready.guardPid; },
    get serverPid() { return attachment.ready.serverPid; },
    async release() {
      released = true;
      await leave(attachment.socket);
    },
  };

  /** Being attached does not keep the process alive; a killed guard is started again, with the server's ports of before. */
  function follow(): void {
    attachment.socket.unref().once('close', () => {
      if (!released) void attachAgain();
    });
  }

  async function attachAgain(): Promise<void> {
    report('the guard of the Temporal server ended; starting it again');
    try {
      attachment = await attach(folder, { uiPort: attachment.ready.uiPort }, report);
      if (released) await leave(attachment.socket);
      else follow();
    } catch (error) {
      report((error as Error).message);
    }
  }
}

/** Says hello to the guard and waits until it answers that the server is ready. */
async function attach(stateFolder: string, hello: Hello, report: Report): Promise<Attachment> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const socket = await guardConnection(stateFolder, report);
    const attachment = await new Promise<Attachment | undefined>((resolve) => {
      let own: Attachment | undefined;
      socket.on('error', () => {}).once('end', () => socket.end()).once('close', () => resolve(undefined));
      receive<Answer>(socket, (answer) => {
        if (answer.kind === 'restarting') return report('the Temporal server ended; its guard starts it again');
        if (answer.kind === 'failed') return void socket.destroy(new PenstockError('server/unavailable', answer.message, { file: join(stateFolder, 'server.log') }));
        if (own) report('the Temporal server is back');
        own ??= { socket, ready: answer };
        own.ready = answer;
        resolve(own);
      });
      send(socket, hello);
    });
    if (attachment) return attachment;
    if (socket.errored instanceof PenstockError) throw socket.errored;
    // The guard was just leaving: the next attempt starts a new one.
    await sleep(50 * attempt);
  }
  throw new PenstockError('server/unavailable', `the guard of the Temporal server does not stay; see guard.log in ${stateFolder}`);
}

async function leave(socket: Socket): Promise<void> {
  if (socket.closed) return;
  socket.ref();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.end();
  await Promise.race([closed, sleep(releaseSeconds * 1000, undefined, { ref: false })]);
  socket.destroy();
}

/** A connection to the folder's guard, which is started where there is none. */
async function guardConnection(stateFolder: string, report: Report): Promise<Socket> {
  const name = lockName(stateFolder);
  const running = await connectHolder(name);
  if (running) return running;
  startGuard(stateFolder, await obtainTemporalCli(report));
  const deadline = Date.now() + guardSeconds * 1000;
  while (Date.now() < deadline) {
    const socket = await connectHolder(name);
    if (socket) return socket;
    await sleep(25);
  }
  throw new PenstockError('server/unavailable', `the guard of the Temporal server did not start within ${guardSeconds} s; see guard.log in ${stateFolder}`);
}

function startGuard(stateFolder: string, temporalCli: string): void {
  const log = openSync(join(stateFolder, 'guard.log'), 'a');
  // Detached: an own session, so that a terminal's signals do not reach it. The root folder keeps no file system busy.
  spawn(process.execPath, [builtModule(import.meta.url, './guard.js'), stateFolder, temporalCli], {
    cwd: '/', detached: true, stdio: ['ignore', log, log], env: { ...process.env, NODE_OPTIONS: '' },
  }).unref();
  closeSync(log);
}
