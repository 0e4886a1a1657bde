import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { expect, it } from 'vitest';
import { watchProgress } from '../../src/cli/watchProgress.js';

it('leaves no question under way on a connection that is closed after the watch', async () => {
  const uncaught: unknown[] = [];
  const note = (error: unknown): void => { uncaught.push(error); };
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException').on('uncaughtException', note);
  try {
    // Nobody listens there: the client asks again and again, as with a server that is too busy.
    const connection = Connection.lazy({ address: '127.0.0.1:1' });
    const watch = watchProgress(new Client({ connection }), 'some-run', () => undefined);
    await sleep(250);
    await watch.stop();
    await connection.close();
    await sleep(1_500);
  } finally {
    process.removeListener('uncaughtException', note);
    for (const listener of others) process.on('uncaughtException', listener);
  }
  expect(uncaught).toEqual([]);
});
