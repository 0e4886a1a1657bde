// `node trials.mjs FOLDER TRIALS PARALLELISM PER_STEP`: a study without work in its trials, on an embedded server and one worker host.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseServer, connectClient } from '../../dist/src/runtime/connection.js';
import { openWorker } from '../../dist/src/worker.js';

const [, , folder, trials, parallelism, perStep] = process.argv;
const section = 'optimize_lgbm_hyperparameters';
mkdirSync(folder, { recursive: true });
const config = join(folder, 'config.yml');
const space = Object.fromEntries(Array.from({ length: 6 }, (_, i) => [`x${i}`, { type: 'float', low: 0, high: 1 }]));
writeFileSync(config, JSON.stringify({ [section]: {
  output_folder: join(folder, 'study'), objective: 'benchmark', benchmark: { function: 'none' }, search_space: space, sampler: 'tpe', pruner: 'none',
  n_trials: Number(trials), parallelism: Number(parallelism), trials_per_step: Number(perStep),
} }));
const server = await chooseServer({ stateFolder: join(folder, 'state'), ignoreEnvironment: true, report: () => undefined });
const host = await openWorker({ ...server, queues: undefined });
const running = host.run();
const client = await connectClient(server);

// The clock runs while trials are made: from the first one's values to the last one's result. Publication (charts) is no part of a trial.
const handle = await client.workflow.start('optimizeLgbm', { taskQueue: 'penstock', workflowId: 'bench', args: [{ config }] });
const started = performance.now();
const result = await handle.result();
const seconds = (performance.now() - started) / 1000;
const { metrics } = result;
const run = JSON.parse(readFileSync(join(folder, 'study', 'run.json'), 'utf8'));
const publication = metrics.trials === Number(trials) ? stageSeconds(await handle.fetchHistory(), 'publishStudy') : 0;
host.stop();
await running;
await client.connection.close();
await server.release();
process.stdout.write(`${JSON.stringify({ seconds: seconds - publication, whole: seconds, publication, trials: run.trials.length, best: metrics.best_value })}\n`, () => process.exit());

/** How long one stage took, by the server's clock. */
function stageSeconds({ events }, name) {
  const time = ({ eventTime }) => Number(eventTime.seconds) + eventTime.nanos / 1e9;
  const scheduled = events.find((event) => event.activityTaskScheduledEventAttributes?.activityType?.name === name);
  const completed = events.find((event) => String(event.activityTaskCompletedEventAttributes?.scheduledEventId) === String(scheduled.eventId));
  return time(completed) - time(scheduled);
}
