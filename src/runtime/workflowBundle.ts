import { existsSync, readdirSync, statSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { logger } from './logger.js';

const workflowsFolder = fileURLToPath(new URL('../workflows/', import.meta.url));
const prebuilt = fileURLToPath(new URL('../workflows.bundle.js', import.meta.url));

/** The workflows as one file for the sandbox: as made by the build where that is not older than the code, else bundled now. */
export async function workflowBundle(): Promise<WorkflowBundleWithSourceMap | { codePath: string }> {
  return isCurrent() ? { codePath: prebuilt } : makeWorkflowBundle(join(workflowsFolder, 'index.js'));
}

/** Bundling takes seconds, the bundle loads in no time: the build makes it once. */
export async function prebuildWorkflowBundle(): Promise<void> {
  if (isCurrent()) return;
  const { code } = await makeWorkflowBundle(join(workflowsFolder, 'index.js'));
  await writeFile(`${prebuilt}.part`, code);
  await rename(`${prebuilt}.part`, prebuilt);
}

export function makeWorkflowBundle(workflowsPath: string): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({ workflowsPath, logger });
}

function isCurrent(): boolean {
  if (!existsSync(prebuilt)) return false;
  const made = statSync(prebuilt).mtimeMs;
  return readdirSync(workflowsFolder).every((name) => statSync(join(workflowsFolder, name)).mtimeMs <= made);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await prebuildWorkflowBundle();
