/**
 * `node guard.js STATE_FOLDER TEMPORAL_CLI`: owns the embedded Temporal server. It runs detached, so that neither a terminal's
 * Ctrl-C nor the end of one command takes the server from the others. Every user of the server holds one connection to the
 * guard's socket; a killed user's connection closes by itself, and the last close stops the server. Listening is the lock.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimLock, lockName } from '../socketLock.js';
import { receive, send, type Answer, type Hello } from './messages.js';
import { startServer, type ServerProcess } from './serverProcess.js';

/** A guard that nobody asks for the server ends after this long. */
const idleSeconds = 10;
/** A server that dies more often than this within a minute is given up. */
const restartsPerMinute = 5;

/** Everybody connected, other starters' probes included. */
const sockets = new Set<Socket>();
const clients = new Map<Socket, Hello>();
/** Those who left as the last one: they get their end when the server has stopped. */
const departed = new Set<Socket>();
let changed = (): void => {};
let stopping = false;

function accept(socket: Socket): void {
  sockets.add(socket);
  socket.on('error', () => socket.destroy());
  socket.on('end', () => {
    if (clients.delete(socket) && clients.size === 0) departed.add(socket);
    else socket.end();
    changed();
  });
  socket.on('close', () => {
    for (const set of [sockets, clients, departed]) set.delete(socket);
    changed();
  });
  receive<Hello>(socket, (hello) => {
    clients.set(socket, hello);
    changed();
  });
}

function nextChange(): Promise<void> {
  return new Promise((resolve) => { changed = resolve; });
}

function tellAll(answer: Answer): void {
  for (const client of clients.keys()) send(client, answer);
}

async function firstClient(): Promise<void> {
  const deadline = sleep(idleSeconds * 1000, true, { ref: false });
  while (clients.size === 0 && !stopping) {
    if (await Promise.race([nextChange().then(() => false), deadline])) return;
  }
}

/** Keeps a server running for as long as there are clients, the same one to them even when its process dies. */
async function serve(stateFolder: string, temporalCli: string): Promise<void> {
  const uiPort = [...clients.values()].find((hello) => hello.uiPort !== undefined)?.uiPort;
  let server = await startServer(stateFolder, temporalCli, { uiPort });
  const deaths: number[] = [];
  const told = new Set<Socket>();
  while (clients.size > 0 && !stopping) {
    for (const socket of departed) socket.end();
    departed.clear();
    for (const client of clients.keys()) if (!told.has(client)) send(client, ready(server));
    for (const client of clients.keys()) told.add(client);
    const died = await Promise.race([server.ended.then(() => true), nextChange().then(() => false)]);
    if (!died) continue;
    deaths.push(Date.now());
    if (deaths.filter((time) => time > Date.now() - 60_000).length > restartsPerMinute) {
      throw new Error(`the Temporal server ended ${restartsPerMinute} times within a minute; see server.log in ${stateFolder}`);
    }
    tellAll({ kind: 'restarting' });
    told.clear();
    server = await startServer(stateFolder, temporalCli, { ports: server });
  }
  await server.stop();
}

function ready(server: ServerProcess): Answer {
  return { kind: 'ready', port: server.port, uiPort: server.uiPort, guardPid: process.pid, serverPid: server.pid };
}

const [stateFolder, temporalCli] = process.argv.slice(2);
if (!stateFolder || !temporalCli) throw new Error('expected STATE_FOLDER TEMPORAL_CLI');

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  process.on(signal, () => {
    stopping = true;
    changed();
  });
}

const lock = await claimLock(lockName(stateFolder), accept);
if (lock) {
  try {
    await firstClient();
    while (clients.size > 0 && !stopping) await serve(stateFolder, temporalCli);
  } catch (error) {
    process.exitCode = 1;
    process.stderr.write(`${String(error)}\n`);
    tellAll({ kind: 'failed', message: (error as Error).message });
  }
  lock.close();
  for (const socket of sockets) socket.end();
  // A client that does not read must not keep the guard.
  setTimeout(() => process.exit(), 1000).unref();
}
