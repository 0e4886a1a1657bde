import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'vitest';
import { connectClient } from '../../src/runtime/connection.js';
import { isServing } from '../../src/runtime/server/isServing.js';
import { attachServer, missingSearchAttributes, registerNamespace, type AttachedServer } from '../../src/runtime/server/index.js';
import type { Connection } from '@temporalio/client';

const clientProgram = fileURLToPath(new URL('attachedClient.mjs', import.meta.url));

interface Client { readonly child: ChildProcess; readonly address: string; readonly guardPid: number; readonly serverPid: number }

/** A state folder of its own for each test, and what can be done with it; afterwards nothing may be left running. */
function house() {
  const stateFolder = realpathSync(mkdtempSync(join(tmpdir(), 'penstock-server-')));
  const children: ChildProcess[] = [];
  const attached: AttachedServer[] = [];

  /** Process ids of everything that names the state folder, but the clients: guard, leash and server. */
  function processes(part = ''): number[] {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number).filter((pid) => {
      if (children.some((child) => child.pid === pid)) return false;
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        return line.includes(stateFolder) && line.includes(part);
      } catch {
        return false;
      }
    });
  }

  return {
    processes,
    async attach(lines: string[] = []): Promise<AttachedServer> {
      const server = await attachServer({ stateFolder, report: (line) => lines.push(line) });
      attached.push(server);
      return server;
    },
    async clientProcess(): Promise<Client> {
      const child = spawn(process.execPath, [clientProgram, stateFolder], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
      children.push(child);
      const line = await new Promise<string>((resolve, reject) => {
        child.stdout.once('data', (data: Buffer) => resolve(data.toString()));
        child.once('exit', (code) => reject(new Error(`the client ended with ${code}`)));
      });
      return { child, ...(JSON.parse(line) as Omit<Client, 'child'>) };
    },
    nothingLeft: () => until(() => processes().length === 0, 'guard and server are gone'),
    async close(): Promise<void> {
      for (const child of children) child.kill('SIGKILL');
      for (const server of attached) await server.release();
      await this.nothingLeft();
      rmSync(stateFolder, { recursive: true, force: true });
    },
  };
}

const it = test.extend<{ house: ReturnType<typeof house> }>({
  // eslint-disable-next-line no-empty-pattern
  house: async ({}, use) => {
    const own = house();
    await use(own);
    await own.close();
  },
});

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 25_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within 25 s: ${what}`);
    await sleep(30);
  }
}

describe.skipIf(process.platform !== 'linux').concurrent('the embedded server', { timeout: 60_000 }, () => {
  it('is shared by all who attach, and stops with the last', async ({ house, expect }) => {
    const first = await house.attach();
    const second = await house.clientProcess();
    expect(second.address).toBe(first.address);
    expect(second.serverPid).toBe(first.serverPid);
    expect(await isServing(first.address)).toBe(true);
    expect((await fetch(first.uiUrl)).status).toBe(200);

    await first.release();
    expect(await isServing(first.address)).toBe(true);
    second.child.kill('SIGKILL');
    await house.nothingLeft();
    expect(await isServing(first.address)).toBe(false);
  });

  it('has stopped when the release of the last user settles, and keeps its ports for the next', async ({ house, expect }) => {
    const first = await house.attach();
    await first.release();
    expect(house.processes().filter((pid) => pid === first.serverPid)).toEqual([]);
    const next = await house.attach();
    expect(next.address).toBe(first.address);
    expect(next.uiUrl).toBe(first.uiUrl);
  });

  it('is started once by starters who come at the same time', async ({ house, expect }) => {
    const clients = await Promise.all([house.clientProcess(), house.clientProcess(), house.attach(), house.attach()]);
    expect(new Set(clients.map((client) => client.guardPid)).size).toBe(1);
    expect(new Set(clients.map((client) => client.serverPid)).size).toBe(1);
    await until(() => house.processes('guard.js').length === 1, 'one guard');
  });

  it('does not hear the Ctrl-C of a terminal', async ({ house, expect }) => {
    const client = await house.clientProcess();
    const other = await house.attach();
    process.kill(-client.child.pid!, 'SIGINT');
    await until(() => client.child.signalCode === 'SIGINT', 'the client has ended');
    await sleep(200);
    expect(await isServing(other.address)).toBe(true);
    expect(other.serverPid).toBe(client.serverPid);
  });

  it('comes back at the same address with its workflows when its process is killed', async ({ house, expect }) => {
    const lines: string[] = [];
    const server = await house.attach(lines);
    const client = await connectClient({ address: server.address, namespace: 'default' });
    await client.workflow.start('anything', { workflowId: 'kept', taskQueue: 'nobody' });
    const before = server.serverPid;
    process.kill(before, 'SIGKILL');
    await until(() => server.serverPid !== before, 'another server process');
    await until(async () => (await client.workflow.getHandle('kept').describe().catch(() => undefined))?.status.name === 'RUNNING', 'the workflow is there');
    expect(lines).toEqual(['the Temporal server ended; its guard starts it again', 'the Temporal server is back']);
    await client.connection.close();
  });

  it('dies with its guard where nobody uses it', async ({ house }) => {
    const client = await house.clientProcess();
    client.child.kill('SIGKILL');
    process.kill(client.guardPid, 'SIGKILL');
    await house.nothingLeft();
  });

  it('comes back at the same address when its guard is killed under its users', async ({ house, expect }) => {
    const server = await house.attach();
    const { guardPid, serverPid, address } = server;
    process.kill(guardPid, 'SIGKILL');
    await until(() => server.guardPid !== guardPid, 'another guard');
    await until(() => !house.processes().includes(serverPid), 'the first server is gone');
    expect(server.serverPid).not.toBe(serverPid);
    expect(await isServing(address)).toBe(true);
  });

  it('does not outlive guard and leash killed together for longer than until the next start', async ({ house, expect }) => {
    const client = await house.clientProcess();
    const others = house.processes().filter((pid) => pid !== client.serverPid);
    client.child.kill('SIGKILL');
    for (const pid of others) process.kill(pid, 'SIGKILL');
    await sleep(100);
    expect(house.processes()).toEqual([client.serverPid]);
    const server = await house.attach();
    expect(house.processes()).not.toContain(client.serverPid);
    expect(await isServing(server.address)).toBe(true);
  });
});

describe.skipIf(process.platform !== 'linux').concurrent('registerNamespace', { timeout: 60_000 }, () => {
  it('sets retention and search attributes, and changes nothing the second time', async ({ house, expect }) => {
    const server = await house.attach();
    const client = await connectClient({ address: server.address, namespace: 'default' });
    const connection = client.connection as Connection;
    expect(await missingSearchAttributes(connection, 'default')).toEqual([]);
    expect(await registerNamespace(connection, 'default')).toEqual(['set the retention of namespace default to 30 days']);
    expect(await registerNamespace(connection, 'default')).toEqual([]);
    expect(await registerNamespace(connection, 'plant', 7)).toContain('created namespace plant with a retention of 7 days');
    await connection.close();
  });
});
