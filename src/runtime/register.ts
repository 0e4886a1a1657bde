import type { Connection } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import { PenstockError } from '../errors/index.js';
import { missingSearchAttributes } from './server/index.js';

const notFound = 5;

/** Refuses to serve where runs would hang for want of a search attribute: the server rejects their tasks for ever. */
export async function verifyServer(connection: NativeConnection, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(connection as unknown as Connection, namespace).catch((cause: { code?: unknown }) => {
    if (cause.code !== notFound) throw cause;
    throw new PenstockError('server/not-registered', `the server has no namespace "${namespace}"`, {}, { cause });
  });
  if (missing.length > 0) {
    throw new PenstockError('server/not-registered', `namespace "${namespace}" lacks the search attributes ${missing.join(', ')}`);
  }
}
