import { unknownWord } from '../config/index.js';
import { PenstockError } from '../errors/index.js';
import type { Queue } from '../pipelines/definePipeline.js';
import { serverFromEnvironment } from '../runtime/connection.js';
import { allQueues } from '../runtime/worker.js';
import { serve } from '../worker.js';

/** Serves queues of somebody's server until it is told to stop. */
export async function worker(queues: readonly Queue[], { healthPort }: { healthPort?: number }): Promise<void> {
  const strange = queues.find((queue) => !allQueues.includes(queue));
  if (strange) throw new PenstockError('cli/usage', unknownWord('queue', strange, allQueues));
  const server = serverFromEnvironment();
  if (!server) throw new PenstockError('server/unavailable', 'TEMPORAL_ADDRESS is not set; `penstock dev` starts a server and a worker together');
  await serve({ ...server, queues: queues.length > 0 ? queues : undefined, healthPort });
}
