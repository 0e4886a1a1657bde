import { ApplicationFailure, workflowInfo } from '@temporalio/workflow';
import { workflowTypes } from './types.js';

/** Answers a misspelt workflow type: without it the run would stay "Running" for ever. */
export async function unknownType(): Promise<never> {
  throw ApplicationFailure.nonRetryable(
    `unknown workflow type "${workflowInfo().workflowType}"; known types: ${workflowTypes.join(', ')}`, 'workflow/unknown-type');
}
