import { isErrorCode, PenstockError, type ErrorCode, type Place } from '../../errors/index.js';
import type { StorageLocation, StageProgress } from '../../pipelines/contracts.js';

/** What a pool thread or a child process is asked to do. */
export interface StageJob {
  readonly name: string;
  readonly input: unknown;
  readonly attempt: number;
  readonly storage: StorageLocation | undefined;
  readonly host?: string;
}

/** What a pool thread gets: work, with a port for progress and the wish to cancel, or the name of a stage that it will soon be asked for. */
export type ThreadTask<Port> = { readonly job: StageJob; readonly port: Port } | { readonly soon: string };

export type FromStage =
  | { readonly kind: 'progress'; readonly progress: StageProgress }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'failure'; readonly failure: StageFailure };

/** An error as plain data: class instances do not survive the way between threads and processes. */
export interface StageFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly place: Place;
  readonly stack: string | undefined;
}

export function toFailure(error: unknown): StageFailure {
  if (error instanceof PenstockError) return { code: error.code, message: error.message, place: error.place, stack: error.stack };
  if (error instanceof Error) {
    const aborted = error.name === 'AbortError';
    return { code: aborted ? 'stage/cancelled' : 'internal', message: error.message, place: {}, stack: error.stack };
  }
  return { code: 'internal', message: String(error), place: {}, stack: undefined };
}

export function fromFailure(failure: StageFailure): PenstockError {
  const code = isErrorCode(failure.code) ? failure.code : 'internal';
  const error = new PenstockError(code, failure.message, failure.place);
  if (failure.stack) error.stack = failure.stack;
  return error;
}
