import { createHash, randomUUID } from 'node:crypto';
import { existsSync, linkSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PenstockError } from '../errors/index.js';

/**
 * A lock between processes that dies with its holder: whoever listens on the newest Unix socket of a name holds it.
 *
 * A socket file outlives a killed holder, and two starters that both find it dead could remove each other's new one.
 * So sockets are numbered, a number is taken by an atomic link, and the newest is never removed, only succeeded.
 */
export function lockName(subject: string): string {
  return createHash('sha256').update(subject).digest('hex').slice(0, 16);
}

/**
 * Takes the lock, or answers undefined where another process holds it.
 * `onConnection` is given every process that connects from then on, other starters' probes included.
 */
export async function claimLock(name: string, onConnection: (socket: Socket) => void): Promise<Server | undefined> {
  for (;;) {
    const newest = generations(name).at(-1) ?? 0;
    const holder = newest > 0 ? await connectTo(socketPath(name, newest)) : undefined;
    if (holder) {
      holder.destroy();
      return undefined;
    }
    const server = await listenAs(name, newest + 1, onConnection);
    if (server) {
      for (const old of generations(name)) if (old <= newest) rmSync(socketPath(name, old), { force: true });
      return server;
    }
  }
}

/** A connection to the process that holds the lock, or undefined where nobody does. */
export async function connectHolder(name: string): Promise<Socket | undefined> {
  const newest = generations(name).at(-1);
  return newest === undefined ? undefined : connectTo(socketPath(name, newest));
}

/** Runs `work` while holding the lock; waits for other holders to end first, telling so once by `onWait`. */
export async function withLock<T>(name: string, onWait: () => void, work: () => Promise<T>): Promise<T> {
  const waiting = new Set<Socket>();
  let told = false;
  for (;;) {
    const server = await claimLock(name, (socket) => {
      waiting.add(socket);
      socket.on('error', () => {}).on('close', () => waiting.delete(socket));
    });
    if (server) {
      try {
        return await work();
      } finally {
        server.close();
        for (const socket of waiting) socket.destroy();
      }
    }
    if (!told) onWait();
    told = true;
    await holderEnd(name);
  }
}

async function holderEnd(name: string): Promise<void> {
  const socket = await connectHolder(name);
  if (!socket) return;
  await new Promise<void>((resolve) => socket.on('error', () => {}).on('end', () => socket.end()).on('close', () => resolve()).resume());
}

/** Listens as the given generation; undefined where another process was faster. */
async function listenAs(name: string, generation: number, onConnection: (socket: Socket) => void): Promise<Server | undefined> {
  const server = createServer({ allowHalfOpen: true }, onConnection);
  const own = join(socketFolder(), randomUUID());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(own, resolve));
  const path = socketPath(name, generation);
  try {
    linkSync(own, path);
  } catch (error) {
    server.close();
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
  // A number can come free again when its successor cleans up; then the successor is the holder.
  if (generations(name).at(-1) !== generation) {
    rmSync(path, { force: true });
    server.close();
    return undefined;
  }
  return server;
}

/** Connects, or answers undefined where nobody listens. A holder too busy to accept counts as listening. */
function connectTo(path: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path, allowHalfOpen: true });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined);
      // Reset: the holder stopped listening while this connection waited to be accepted.
      else if (error.code === 'EAGAIN' || error.code === 'ECONNRESET') setTimeout(() => void connectTo(path).then(resolve, reject), 50);
      else reject(error);
    });
  });
}

function generations(name: string): number[] {
  const prefix = `${name}.`;
  return readdirSync(socketFolder())
    .filter((file) => file.startsWith(prefix))
    .map((file) => Number(file.slice(prefix.length)))
    .sort((a, b) => a - b);
}

function socketPath(name: string, generation: number): string {
  return join(socketFolder(), `${name}.${generation}`);
}

/** One private folder per user with a short path: socket paths end at about 100 bytes, and TMPDIR may differ between two starters. */
function socketFolder(): string {
  const user = process.getuid?.() ?? 0;
  const folder = join(existsSync('/tmp') ? '/tmp' : tmpdir(), `penstock-${user}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || (process.getuid && facts.uid !== user)) {
    throw new PenstockError('tool/unavailable', `${folder} is not a folder of this user; remove it`);
  }
  return folder;
}
