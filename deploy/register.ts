import type { Connection } from '@temporalio/client';
import { chooseServer, connectClient } from '../src/runtime/connection.js';
import { registerNamespace } from '../src/runtime/server/index.js';
import { fail, say } from '../src/cli/output.js';
import { stateFolder } from '../src/cli/stateFolder.js';
import { apply } from '../src/cli/schedules.js';

/** Registers namespace, search attributes and schedules. Doing it twice changes nothing the second time. */
async function register(folder: string): Promise<void> {
  const server = await chooseServer({ stateFolder: stateFolder(), report: say, ignoreEnvironment: process.env['PENSTOCK_EMBEDDED'] === '1' });
  try {
    const client = await connectClient(server);
    const changes = await registerNamespace(client.connection as Connection, server.namespace);
    await client.connection.close();
    say(`namespace ${server.namespace} on ${server.address}: ${changes.length === 0 ? 'unchanged' : changes.join('; ')}`);
    await apply(folder, {});
  } finally {
    await server.release();
  }
}

process.exitCode = await register(process.argv[2] ?? 'deploy/schedules').then(() => 0, (error: unknown) => fail(error, false));
process.exit();
