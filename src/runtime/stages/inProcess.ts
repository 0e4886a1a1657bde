import { fork, type ChildProcess } from 'node:child_process';
import { PenstockError } from '../../errors/index.js';
import type { StageProgress } from '../../pipelines/contracts.js';
import { builtModule } from '../builtModule.js';
import { isKept, keepProcess, takeProcess } from './keptProcesses.js';
import { fromFailure, type FromStage, type StageJob } from './messages.js';

const cancelGraceMs = 5_000;
const killGraceMs = 2_000;
const keptErrorOutput = 4_000;

/**
 * Runs one stage in a process of its own. Native libraries end their process when they fail (LightGBM's exceptions inside
 * OpenMP loops terminate it); here that is an error with a message, and the memory is given back when the job is done, or,
 * where batches of one kind follow one another, when none has followed for some seconds.
 */
export function runInProcess(job: StageJob, signal: AbortSignal, progress: (p: StageProgress) => void): Promise<unknown> {
  const child = takeProcess(job.name) ?? startProcess();
  const again = isKept(job.name, child);
  const output = collectOutput(child);
  return new Promise<unknown>((resolve, reject) => {
    let outcome: FromStage | undefined;
    let stopCancelling = (): void => undefined;
    const release = (): void => {
      stopCancelling();
      output.stop();
      child.off('message', onMessage).off('error', reject).off('close', onClose);
    };
    const onMessage = (message: FromStage): void => {
      if (message.kind === 'progress') return progress(message.progress);
      outcome = message;
      if (message.kind !== 'result' || !again || !child.connected) return;
      // It waits now; one that was told to stop, as it ended, would stop its next job.
      if (signal.aborted) return child.disconnect();
      release();
      keepProcess(job.name, child);
      resolve(message.result);
    };
    const onClose = (code: number | null, killedBy: NodeJS.Signals | null): void => {
      release();
      if (outcome?.kind === 'result') resolve(outcome.result);
      else if (outcome?.kind === 'failure') reject(fromFailure(outcome.failure));
      else if (signal.aborted) reject(new PenstockError('stage/cancelled', 'the stage was cancelled'));
      else reject(new PenstockError('stage/crashed', `the process of this step ended by ${killedBy ? reasonOf(killedBy) : `exit code ${code}`}${output.said()}`));
    };
    child.on('message', onMessage).on('error', reject).on('close', onClose);
    child.send({ kind: 'job', job, again }, (error) => error && child.kill('SIGKILL'));
    // After the job: there is nothing to cancel before it.
    stopCancelling = cancelOn(signal, child);
  });
}

/**
 * V8's helpers that look through memory would take the cores that other stages need. The old heap may grow to twice of what is alive before
 * it is looked through: to four times with V8's own limit. Columns and models lie outside of these 2 GB.
 */
const v8Options = ['--single-threaded-gc', '--max-old-space-size=2000'];

function startProcess(): ChildProcess {
  return fork(builtModule(import.meta.url, './stageProcess.js'), {
    // Active spinning of OpenMP threads collapses as soon as another process wants a core; read when the library is loaded.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: v8Options,
  });
}

/** Where V8 itself gets no memory, it ends the process by a trap. */
const endsOfNativeCode: ReadonlySet<NodeJS.Signals> = new Set(['SIGSEGV', 'SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGBUS']);

/** What a signal mostly means where nobody sent it by hand. */
function reasonOf(signal: NodeJS.Signals): string {
  if (signal === 'SIGKILL') return 'SIGKILL, as the system does where memory runs out';
  if (endsOfNativeCode.has(signal)) return `${signal}, as native code does that fails or gets no memory`;
  return signal;
}

/** Keeps the end of what the child prints: LightGBM writes the reason for a crash there. */
function collectOutput(child: ChildProcess): { said(): string; stop(): void } {
  let text = '';
  const streams = [child.stdout, child.stderr];
  const collect = (chunk: string): void => {
    text = (text + chunk).slice(-keptErrorOutput);
  };
  for (const stream of streams) stream?.setEncoding('utf8').on('data', collect);
  return {
    said: () => (text.trim() ? `; it said:\n${text.trim()}` : ''),
    stop: () => streams.forEach((stream) => stream?.off('data', collect)),
  };
}

function cancelOn(signal: AbortSignal, child: ChildProcess): () => void {
  const timers: NodeJS.Timeout[] = [];
  const cancel = (): void => {
    if (child.connected) child.send({ kind: 'cancel' }, () => undefined);
    timers.push(setTimeout(() => child.kill('SIGTERM'), cancelGraceMs), setTimeout(() => child.kill('SIGKILL'), cancelGraceMs + killGraceMs));
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  return () => {
    signal.removeEventListener('abort', cancel);
    timers.forEach(clearTimeout);
  };
}
