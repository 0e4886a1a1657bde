import type { ChildProcess } from 'node:child_process';

/** Stages that load the same code and libraries, which takes longer than many a batch: a process that has done one of them takes the next. */
const families: Readonly<Record<string, string>> = { scoreBatch: 'offline test', publishOfflineTest: 'offline test' };

/** Batches of one run follow one another at once; after it nothing of it stays in memory. */
const idleMs = 3_000;
/** What a native library may have lost by then is given back. */
const mostJobs = 25;

interface Kept {
  readonly child: ChildProcess;
  readonly forget: () => void;
}

const waiting = new Map<string, Kept[]>();
const jobsDone = new WeakMap<ChildProcess, number>();

/** Whether the process of such a stage waits for another job when it has succeeded. */
export function isKept(stage: string, child: ChildProcess): boolean {
  return Object.hasOwn(families, stage) && (jobsDone.get(child) ?? 0) + 1 < mostJobs;
}

/** A process that waits and can do this stage, if there is one. */
export function takeProcess(stage: string): ChildProcess | undefined {
  const kept = waiting.get(families[stage] ?? '')?.at(-1);
  kept?.forget();
  if (!kept?.child.connected) return undefined;
  holdParent(kept.child, true);
  return kept.child;
}

/** Lets a process wait for its next job, for a short while. It does not keep this process alive. */
export function keepProcess(stage: string, child: ChildProcess): void {
  const family = families[stage]!;
  jobsDone.set(child, (jobsDone.get(child) ?? 0) + 1);
  const timer = setTimeout(() => {
    kept.forget();
    if (child.connected) child.disconnect();
  }, idleMs).unref();
  const kept: Kept = {
    child,
    forget() {
      clearTimeout(timer);
      child.off('exit', kept.forget);
      waiting.set(family, (waiting.get(family) ?? []).filter((other) => other !== kept));
    },
  };
  child.once('exit', kept.forget);
  waiting.set(family, [...(waiting.get(family) ?? []), kept]);
  holdParent(child, false);
}

/** Whether this process stays alive for the child and for what it may say. */
function holdParent(child: ChildProcess, held: boolean): void {
  const parts = [child, child.channel, child.stdout, child.stderr] as readonly ({ ref?(): unknown; unref?(): unknown } | null | undefined)[];
  for (const part of parts) if (held) part?.ref?.(); else part?.unref?.();
}
