import { ApplicationFailure, ContinueAsNew, isCancellation, rootCause, TimeoutFailure } from '@temporalio/workflow';

/**
 * Runs a workflow's body and rethrows the root cause as the workflow's own failure, so that the Web UI shows it first
 * instead of "Activity task failed". A plain error (a defect) fails the run, too, instead of keeping it "Running" for ever.
 */
export async function failPlainly<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (error) {
    // Cancelling and continuing as new travel as errors but are none.
    if (isCancellation(error) || error instanceof ContinueAsNew) throw error;
    throw plainFailure(error);
  }
}

function plainFailure(error: unknown): ApplicationFailure {
  const failure = deepest(error);
  if (failure instanceof ApplicationFailure) {
    return ApplicationFailure.create({ message: failure.message, type: failure.type ?? 'internal', nonRetryable: true, details: failure.details ?? [] });
  }
  if (failure instanceof TimeoutFailure) {
    const message = `a step was not finished in time (${failure.timeoutType}): no worker host took it up, or it took too long`;
    return ApplicationFailure.create({ message, type: 'stage/timeout', nonRetryable: true });
  }
  return ApplicationFailure.create({ message: rootCause(error) ?? String(error), type: 'internal', nonRetryable: true });
}

function deepest(error: unknown): unknown {
  let inner = error;
  while (inner instanceof Error && inner.cause instanceof Error && !(inner instanceof ApplicationFailure)) inner = inner.cause;
  return inner;
}
