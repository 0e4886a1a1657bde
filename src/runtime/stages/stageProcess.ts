import { toFailure, type FromStage, type StageJob } from './messages.js';
import { runStage } from './runStage.js';

/** Entry of a stage's own process: takes one job, sends progress and one outcome, and ends. */
const parent = process.ppid;
const abort = new AbortController();

process.once('disconnect', () => process.exit(1));
process.on('SIGINT', () => undefined); // A terminal's Ctrl-C reaches the whole group; the parent decides what it means.
process.once('SIGTERM', () => abort.abort());
process.on('message', (message: { kind: 'job'; job: StageJob } | { kind: 'cancel' }) => {
  if (message.kind === 'cancel') abort.abort();
  else void work(message.job);
});

async function work(job: StageJob): Promise<void> {
  const outcome = await runStage(job, abort.signal, (progress) => {
    // A loop that computes without yielding never sees 'disconnect': an orphan would go on for hours.
    if (process.ppid !== parent) process.exit(1);
    send({ kind: 'progress', progress });
  }).then(
    (result): FromStage => ({ kind: 'result', result }),
    (error: unknown): FromStage => ({ kind: 'failure', failure: toFailure(error) }),
  );
  send(outcome, () => process.exit(0));
}

function send(message: FromStage, sent?: () => void): void {
  if (process.connected) process.send!(message, undefined, undefined, () => sent?.());
  else process.exit(1);
}
