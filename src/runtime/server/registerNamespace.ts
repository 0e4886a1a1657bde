import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { PenstockError } from '../../errors/index.js';
import { searchAttributeTypes } from '../../workflows/searchAttributes.js';

const { IndexedValueType } = proto.temporal.api.enums.v1;
const typeNumbers = { Keyword: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, Datetime: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME };
const notFound = 5;

/** Closed workflows are kept this long where nothing else is asked. */
export const defaultRetentionDays = 30;

/**
 * Makes a namespace fit for Penstock: creates it, or sets its retention, and adds the search attributes it lacks.
 * Doing it again changes nothing. Answers what was changed, one line each.
 */
export async function registerNamespace(connection: Connection, namespace: string, retentionDays = defaultRetentionDays): Promise<string[]> {
  const changes: string[] = [];
  const seconds = retentionDays * 86_400;
  const retention = proto.google.protobuf.Duration.fromObject({ seconds });
  const found = await connection.workflowService.describeNamespace({ namespace }).catch((error: { code?: number }) => {
    if (error.code === notFound) return undefined;
    throw error;
  });
  if (!found) {
    await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention });
    changes.push(`created namespace ${namespace} with a retention of ${retentionDays} days`);
  } else if (Number(found.config?.workflowExecutionRetentionTtl?.seconds ?? 0) !== seconds) {
    await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: retention } });
    changes.push(`set the retention of namespace ${namespace} to ${retentionDays} days`);
  }
  const missing = await soon(() => missingSearchAttributes(connection, namespace));
  if (missing.length > 0) {
    const searchAttributes = Object.fromEntries(searchAttributeTypes.filter(({ name }) => missing.includes(name)).map(({ name, type }) => [name, typeNumbers[type]]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    changes.push(`added search attributes ${missing.join(', ')}`);
  }
  return changes;
}

/** Servers learn of a new namespace only some seconds after it was created. */
async function soon<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if ((error as { code?: unknown }).code !== notFound || Date.now() > deadline) throw error;
      await sleep(250);
    }
  }
}

/** Names of the search attributes that a namespace lacks. Fails with `server/not-registered` where one has another type. */
export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return searchAttributeTypes.filter(({ name, type }) => {
    const found = customAttributes?.[name];
    if (found === undefined || found === null) return true;
    if (found !== typeNumbers[type]) {
      throw new PenstockError('server/not-registered', `search attribute ${name} of namespace ${namespace} is not of type ${type}`);
    }
    return false;
  }).map(({ name }) => name);
}
