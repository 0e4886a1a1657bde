import { existsSync } from 'node:fs';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { logger } from './logger.js';

const prebuilt = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));

/** The workflows as one file for the sandbox: as made by the build, else bundled now. */
export async function workflowBundle(): Promise<WorkflowBundleWithSourceMap | { codePath: string }> {
  if (existsSync(prebuilt)) return { codePath: prebuilt };
  return makeWorkflowBundle(fileURLToPath(new URL('../workflows/index.js', import.meta.url)));
}

export function makeWorkflowBundle(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, logger });
}
