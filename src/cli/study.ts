import { WorkflowNotFoundError, WorkflowUpdateFailedError, type WorkflowHandle } from '@temporalio/client';
import { PenstockError } from '../errors/index.js';
import { printJson } from './output.js';
import { openSession } from './session.js';

export interface StudyOptions {
  readonly json?: boolean;
}

/** A trial as the queries of a study show it. */
interface ShownTrial {
  readonly number: number;
  readonly state: string;
  readonly value: number | null;
  readonly params: Readonly<Record<string, unknown>>;
  readonly last_step: number | null;
  readonly reason: string | null;
}

const pageRows = 500;

/** What can be asked of a study and wished of it: the word, the name in the workflow, and how the value given is understood. */
const wishes: Readonly<Record<string, { readonly update: string; readonly value?: (text: string) => unknown }>> = {
  pause: { update: 'pause' },
  resume: { update: 'resume' },
  stop: { update: 'stop' },
  add: { update: 'addTrials', value: wholeNumber },
  parallelism: { update: 'setParallelism', value: wholeNumber },
  enqueue: { update: 'enqueueTrial', value: jsonObject },
  ask: { update: 'ask', value: (text) => ({ count: wholeNumber(text) }) },
  tell: { update: 'tell', value: jsonObject },
};

export const studyActions = ['best', 'trials', ...Object.keys(wishes)];

/** Asks a study that is under way something, or wishes something of it. */
export async function study(action: string, workflowId: string, value: string | undefined, { json = false }: StudyOptions): Promise<void> {
  if (!studyActions.includes(action)) throw new PenstockError('cli/usage', `unknown action "${action}"; allowed: ${studyActions.join(', ')}`);
  const session = await openSession({ worker: false });
  try {
    const handle = session.client.workflow.getHandle(workflowId);
    const answer = await answerOf(handle, action, value).catch((error: unknown) => { throw explained(error, workflowId); });
    if (json) printJson(answer);
    else print(answer);
  } finally {
    await session.close();
  }
}

async function answerOf(handle: WorkflowHandle, action: string, value: string | undefined): Promise<unknown> {
  if (action === 'best') return handle.query('best');
  if (action === 'trials') return allTrials(handle);
  const { update, value: read } = wishes[action]!;
  // One `ask` without a number asks for one trial.
  if (read && value === undefined && action !== 'ask') throw new PenstockError('cli/usage', `penstock study ${action} needs a value`);
  if (!read && value !== undefined) throw new PenstockError('cli/usage', `penstock study ${action} takes no value; found "${value}"`);
  return read && value !== undefined ? handle.executeUpdate<unknown, [unknown]>(update, { args: [read(value)] }) : handle.executeUpdate(update);
}

async function allTrials(handle: WorkflowHandle): Promise<ShownTrial[]> {
  const trials: ShownTrial[] = [];
  for (;;) {
    const page = await handle.query<{ total: number; trials: ShownTrial[] }, [object]>('trials', { offset: trials.length, limit: pageRows });
    trials.push(...page.trials);
    if (page.trials.length === 0 || trials.length >= page.total) return trials;
  }
}

function print(answer: unknown): void {
  const lines = typeof answer === 'string' ? [answer] : answer === null ? ['no trial is complete yet'] : (Array.isArray(answer) ? answer : [answer]).map(trialLine);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function trialLine({ number, state, value, params, last_step: step, reason }: Partial<ShownTrial>): string {
  const values = Object.entries(params ?? {}).map(([name, given]) => `${name}=${typeof given === 'number' ? Number(given.toPrecision(5)) : String(given)}`);
  const told = [state, value === null || value === undefined ? undefined : Number(value.toPrecision(6)), step ? `step ${step}` : undefined, reason];
  return [`trial ${number}`, ...told.filter((word) => word !== undefined && word !== null), ...values].join('  ');
}

function explained(error: unknown, workflowId: string): unknown {
  if (error instanceof WorkflowNotFoundError) return new PenstockError('cli/usage', `no study "${workflowId}" is under way on this server`, {}, { cause: error });
  if (error instanceof WorkflowUpdateFailedError) return new PenstockError('tuning/invalid', error.cause?.message ?? error.message, {}, { cause: error });
  return error;
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new PenstockError('cli/usage', `expected a whole number, 1 or more; found "${text}"`);
  return number;
}

function jsonObject(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PenstockError('cli/usage', `expected JSON such as {"num_leaves": 31}; found ${text}`, {}, { cause });
  }
}
