import { waitForFiles } from '../../storage/index.js';
import { toFailure, type FromStage, type StageJob } from './messages.js';
import { runStage } from './runStage.js';

/** Entry of a stage's own process: takes a job, sends progress and one outcome, and ends, or waits for another job where it was told so. */
const parent = process.ppid;
let running: AbortController | undefined;

type ToStage = { readonly kind: 'job'; readonly job: StageJob; readonly again: boolean } | { readonly kind: 'cancel' };

waitForFiles();
process.once('disconnect', () => process.exit(1));
process.on('SIGINT', () => undefined); // A terminal's Ctrl-C reaches the whole group; the parent decides what it means.
process.on('SIGTERM', () => (running ? running.abort() : process.exit(0)));
process.on('message', (message: ToStage) => {
  if (message.kind === 'cancel') running?.abort();
  else void work(message.job, message.again);
});

async function work(job: StageJob, again: boolean): Promise<void> {
  const abort = new AbortController();
  running = abort;
  const outcome = await runStage(job, abort.signal, (progress) => {
    // A loop that computes without yielding never sees 'disconnect': an orphan would go on for hours.
    if (process.ppid !== parent) process.exit(1);
    send({ kind: 'progress', progress });
  }).then(
    (result): FromStage => ({ kind: 'result', result }),
    (error: unknown): FromStage => ({ kind: 'failure', failure: toFailure(error) }),
  );
  running = undefined;
  // After a failure nothing is known of the state that libraries are in.
  send(outcome, () => (again && outcome.kind === 'result' ? undefined : process.exit(0)));
}

function send(message: FromStage, sent?: () => void): void {
  if (process.connected) process.send!(message, undefined, undefined, () => sent?.());
  else process.exit(1);
}
