/** What a client and the guard say to each other over the guard's socket: one JSON object per line. */
import type { Socket } from 'node:net';

/** A client's first and only message. */
export interface Hello {
  /** The Web UI's port this client would like best. */
  readonly uiPort?: number | undefined;
}

/** The guard's answers. `ready` comes again after a restart. */
export type Answer =
  | { readonly kind: 'ready'; readonly port: number; readonly uiPort: number; readonly guardPid: number; readonly serverPid: number }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'failed'; readonly message: string };

export function send(socket: Socket, message: Hello | Answer): void {
  if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
}

/** Calls `take` with each message; the other side is this program too, so its form is trusted. */
export function receive<T extends Hello | Answer>(socket: Socket, take: (message: T) => void): void {
  let rest = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as T);
  });
}
