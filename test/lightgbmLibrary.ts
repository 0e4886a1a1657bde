import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';

/** Path of LightGBM's library: PENSTOCK_LIGHTGBM, else the one that `npm run prepare-all` put into the cache. */
export const lightgbmLibrary = process.env['PENSTOCK_LIGHTGBM'] ?? cachedLibrary();

function cachedLibrary(): string | undefined {
  const cache = process.env['PENSTOCK_CACHE'] ?? join(homedir(), '.cache', 'penstock');
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((name) => name.startsWith('lightgbm-4.7.0'))
    .map((name) => join(cache, name, 'lib_lightgbm.so'))
    .find(existsSync);
}

/** `describe` for tests that train: runs them where the library is, reports them as skipped where not. */
export const describeLightgbm = lightgbmLibrary ? describe : describe.skip;

/** The path inside such tests. */
export function libraryPath(): string {
  if (!lightgbmLibrary) throw new Error('no LightGBM library; use describeLightgbm');
  return lightgbmLibrary;
}

if (!lightgbmLibrary) console.warn('SKIPPED: tests that train, because there is no LightGBM library; run `npm run prepare-all` or set PENSTOCK_LIGHTGBM');
