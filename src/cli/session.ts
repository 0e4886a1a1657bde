import type { Client } from '@temporalio/client';
import { chooseServer, connectClient, serverFromEnvironment, type ChosenServer } from '../runtime/connection.js';
import { openWorker } from '../worker.js';
import { installRuntime } from '../runtime/logger.js';
import { say } from './output.js';
import { stateFolder } from './stateFolder.js';

/** A server to talk to, and with the embedded one a worker in this process. */
export interface Session {
  readonly client: Client;
  readonly server: ChosenServer;
  /** Ends the worker and gives the server back. */
  close(): Promise<void>;
  /** Settles when the worker ends by itself, which it should not. */
  readonly workerEnded: Promise<void>;
}

export interface SessionOptions {
  readonly worker: boolean;
  readonly uiPort?: number;
  readonly ignoreEnvironment?: boolean;
}

/** Attaches to the server that the environment names, or to the embedded one, and then serves it for as long as the session lasts. */
export async function openSession({ worker, uiPort, ignoreEnvironment }: SessionOptions): Promise<Session> {
  installRuntime();
  const server = await chooseServer({
    stateFolder: stateFolder(), report: say,
    ...(uiPort !== undefined && { uiPort }), ignoreEnvironment: ignoreEnvironment ?? usesEmbedded(),
  });
  try {
    const client = await connectClient(server);
    const host = worker && server.embedded ? await openWorker(server) : undefined;
    const workerEnded = host?.run() ?? new Promise<never>(() => undefined);
    workerEnded.catch(() => undefined);
    return {
      client, server, workerEnded,
      async close() {
        host?.stop();
        if (host) await workerEnded.catch(() => undefined);
        await client.connection.close();
        await server.release();
      },
    };
  } catch (error) {
    await server.release();
    throw error;
  }
}

/** Whether commands talk to the embedded server, rather than to the one that the environment names. */
export function usesEmbedded(): boolean {
  return process.env['PENSTOCK_EMBEDDED'] === '1' || serverFromEnvironment() === undefined;
}
