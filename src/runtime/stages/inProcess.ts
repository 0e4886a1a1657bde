import { fork, type ChildProcess } from 'node:child_process';
import { PenstockError } from '../../errors/index.js';
import type { StageProgress } from '../../pipelines/contracts.js';
import { builtModule } from '../builtModule.js';
import { fromFailure, type FromStage, type StageJob } from './messages.js';

const cancelGraceMs = 5_000;
const killGraceMs = 2_000;
const keptErrorOutput = 4_000;

/**
 * Runs one stage in a process of its own. Native libraries end their process when they fail (LightGBM's exceptions inside
 * OpenMP loops terminate it); here that is an error with a message, and the memory is given back when the job is done.
 */
export function runInProcess(job: StageJob, signal: AbortSignal, progress: (p: StageProgress) => void): Promise<unknown> {
  const child = fork(builtModule(import.meta.url, './stageProcess.js'), {
    // Active spinning of OpenMP threads collapses as soon as another process wants a core; read when the library is loaded.
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    execArgv: [],
  });
  const said = collectOutput(child);
  const stop = cancelOn(signal, child);
  return new Promise<unknown>((resolve, reject) => {
    let outcome: FromStage | undefined;
    child.on('message', (message: FromStage) => {
      if (message.kind === 'progress') progress(message.progress);
      else outcome = message;
    });
    child.on('error', reject);
    child.on('close', (code, killedBy) => {
      stop();
      if (outcome?.kind === 'result') resolve(outcome.result);
      else if (outcome?.kind === 'failure') reject(fromFailure(outcome.failure));
      else if (signal.aborted) reject(new PenstockError('stage/cancelled', 'the stage was cancelled'));
      else reject(new PenstockError('stage/crashed', `the process of this step ended by ${killedBy ? reasonOf(killedBy) : `exit code ${code}`}${said()}`));
    });
    child.send({ kind: 'job', job }, (error) => error && child.kill('SIGKILL'));
  });
}

/** What a signal mostly means where nobody sent it by hand. */
function reasonOf(signal: NodeJS.Signals): string {
  if (signal === 'SIGKILL') return 'SIGKILL, as the system does where memory runs out';
  if (signal === 'SIGSEGV' || signal === 'SIGABRT') return `${signal}, as native code does that fails or gets no memory`;
  return signal;
}

/** Keeps the end of what the child prints: LightGBM writes the reason for a crash there. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-keptErrorOutput);
    });
  }
  return () => (text.trim() ? `; it said:\n${text.trim()}` : '');
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
