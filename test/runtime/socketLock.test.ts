import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { claimLock, connectHolder, lockName, withLock } from '../../src/runtime/socketLock.js';

const module = fileURLToPath(new URL('../../dist/src/runtime/socketLock.js', import.meta.url));
const held: Server[] = [];

afterEach(() => {
  for (const server of held.splice(0)) server.close();
});

async function claim(name: string): Promise<Server | undefined> {
  const server = await claimLock(name, (socket) => socket.destroy());
  if (server) held.push(server);
  return server;
}

/** Another process takes the lock and is killed with it. */
function killedHolder(name: string): void {
  const program = `import { claimLock } from ${JSON.stringify(module)}; await claimLock(${JSON.stringify(name)}, () => {}); process.kill(process.pid, 'SIGKILL');`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', program]).signal).toBe('SIGKILL');
}

describe('the lock between processes', () => {
  it('is held by one, and free again when that one lets go', async () => {
    const name = lockName(randomUUID());
    const first = await claim(name);
    expect(first).toBeDefined();
    expect(await claim(name)).toBeUndefined();
    first?.close();
    expect(await claim(name)).toBeDefined();
  });

  it('is free after its holder was killed, for exactly one of those who come together', async () => {
    for (let round = 0; round < 5; round++) {
      const name = lockName(randomUUID());
      killedHolder(name);
      expect(await connectHolder(name)).toBeUndefined();
      const claims = await Promise.all(Array.from({ length: 20 }, () => claim(name)));
      expect(claims.filter(Boolean).length).toBe(1);
    }
  });

  it('lets work through one at a time', async () => {
    const name = lockName(randomUUID());
    let inside = 0;
    let most = 0;
    await Promise.all(Array.from({ length: 8 }, () => withLock(name, () => {}, async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    })));
    expect(most).toBe(1);
  });
});
