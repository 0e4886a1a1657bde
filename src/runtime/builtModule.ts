import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PenstockError } from '../errors/index.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Absolute path of a compiled module, given relative to the importing one: `builtModule(import.meta.url, './guard.js')`.
 * Processes and threads are started from compiled files; tests import sources, so `src/` is answered by `dist/src/`.
 */
export function builtModule(importer: string, relative: string): string {
  const path = fileURLToPath(new URL(relative, importer));
  const built = importer.endsWith('.ts') ? `${root}dist/${path.slice(root.length)}` : path;
  if (!existsSync(built)) {
    throw new PenstockError('internal', `the compiled file is missing; run \`npm run build\``, { file: built });
  }
  return built;
}
