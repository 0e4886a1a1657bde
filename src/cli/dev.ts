import { say } from './output.js';
import { openSession } from './session.js';

/** Server, Web UI and a worker in one, until Ctrl-C: for looking at runs and starting them by hand. */
export async function dev({ uiPort }: { uiPort: number }): Promise<void> {
  const session = await openSession({ worker: true, uiPort, ignoreEnvironment: true });
  say(`Web UI     ${session.server.uiUrl}`);
  say(`Server     ${session.server.address}`);
  say('Start a run there with Start Workflow: task queue penstock, type leakDetection, input from examples/. Ctrl-C ends.');
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
    session.workerEnded.catch((error: unknown) => {
      say(`the worker ended: ${error instanceof Error ? error.message : String(error)}`);
      resolve();
    });
  });
  say('stopping: steps under way get their time to end');
  await session.close();
}
