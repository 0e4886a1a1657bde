import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';

const root = fileURLToPath(new URL('../../shared/', import.meta.url));

/** True where the folder of real inputs and golden numbers stands beside the checkout. */
export const hasShared = existsSync(root);

/** Absolute path of a file in the shared folder, e.g. `sharedFile('data/olga/small/olga2022_1.tpl')`. */
export function sharedFile(path: string): string {
  return root + path;
}

/** `describe` for tests on real inputs: runs them where the shared folder is there, reports them as skipped where not, without the files that they would open. */
export function describeShared(name: string, body: () => void): void {
  if (hasShared) describe(name, body);
  else test.skip(`${name}, for which the folder ../shared is missing`, () => undefined);
}

if (!hasShared) console.warn('SKIPPED: tests on real inputs, because the folder ../shared is not beside the checkout');
