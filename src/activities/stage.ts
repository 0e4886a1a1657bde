import type { Storage } from '../storage/storage.js';
import type { StageProgress } from '../pipelines/contracts.js';

/** All that a stage may use of the world around it, so that it runs in a test as it runs on a worker. */
export interface StageContext {
  readonly storage: Storage;
  /** Aborted on cancellation and shutdown; check it between cases and iterations. */
  readonly signal: AbortSignal;
  /** 1 at first; higher where an earlier attempt failed or its host died. */
  readonly attempt: number;
  /** The worker host, for what is told of a run but is no result. */
  readonly host?: string | undefined;
  /** Says how far the stage is. Cheap: call it after every case or iteration. */
  progress(progress: StageProgress): void;
  /** The path of an external library or program that this host provides. */
  tool(name: 'lightgbm'): Promise<string>;
}

/**
 * Where a stage's body runs: `inline` on the worker's event loop (light I/O only), in a pool `thread` (TypeScript that
 * computes), or in a `process` of its own (native code: a crash, running out of memory or a kill is an outcome there).
 */
export type Isolation = 'inline' | 'thread' | 'process';

/** One retryable step. Inputs and outputs are plain JSON. */
export interface Stage<Input = never, Output = unknown> {
  readonly isolation: Isolation;
  run(input: Input, context: StageContext): Promise<Output>;
}

export function defineStage<Input, Output>(isolation: Isolation, run: Stage<Input, Output>['run']): Stage<Input, Output> {
  return { isolation, run };
}

/** The activities that a set of stages becomes, as workflows see them. */
export type ActivitiesOf<Stages> = {
  [Name in keyof Stages]: Stages[Name] extends Stage<infer Input, infer Output> ? (input: Input) => Promise<Output> : never;
};
