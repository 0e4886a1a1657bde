import { availableParallelism } from 'node:os';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import type { Queue } from './pipelines/definePipeline.js';
import { PenstockError } from './errors/index.js';
import { connectWorker, serverFromEnvironment, type ServerPlace } from './runtime/connection.js';
import { installRuntime, logger } from './runtime/logger.js';
import { verifyServer } from './runtime/register.js';
import { allQueues, openWorkerHost, type WorkerHost } from './runtime/worker.js';

export interface ServeOptions extends ServerPlace {
  readonly queues?: readonly Queue[] | undefined;
  /** Port of the health endpoint on all interfaces; none without it. */
  readonly healthPort?: number | undefined;
}

/** Connects a worker host and checks that the server knows what runs will need. */
export async function openWorker(options: ServeOptions): Promise<WorkerHost> {
  installRuntime();
  const connection = await connectWorker(options);
  await verifyServer(connection, options.namespace);
  const host = await openWorkerHost({
    connection,
    namespace: options.namespace,
    queues: options.queues ?? allQueues,
    queueBase: process.env['PENSTOCK_QUEUE'] ?? 'penstock',
    cpuSlots: Number(process.env['PENSTOCK_CPU_SLOTS'] ?? availableParallelism()),
    trainSlots: Number(process.env['PENSTOCK_TRAIN_SLOTS'] ?? 1),
  });
  return host;
}

/** Serves until SIGINT or SIGTERM; steps under way get the grace time to end, then the host leaves them to a retry. */
export async function serve(options: ServeOptions): Promise<void> {
  const host = await openWorker(options);
  const health = options.healthPort === undefined ? undefined : serveHealth(host, options.healthPort);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => host.stop());
  logger.info('worker host is up', { queues: options.queues ?? allQueues, address: options.address });
  try {
    await host.run();
  } finally {
    health?.close();
  }
}

function serveHealth(host: WorkerHost, port: number): ReturnType<typeof createServer> {
  return createServer((_, response) => {
    const state = host.state();
    const healthy = Object.values(state).every((s) => s === 'RUNNING');
    response.writeHead(healthy ? 200 : 503, { 'content-type': 'application/json' }).end(`${JSON.stringify({ healthy, queues: state })}\n`);
  }).listen(port);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const server = serverFromEnvironment();
  if (!server) throw new PenstockError('server/unavailable', 'TEMPORAL_ADDRESS is not set, so this worker host has no server to serve');
  const queues = process.argv.slice(2) as Queue[];
  await serve({ ...server, queues: queues.length > 0 ? queues : undefined, healthPort: Number(process.env['PENSTOCK_HEALTH_PORT'] ?? 8080) });
  process.exit(0);
}
