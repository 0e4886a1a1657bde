import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where prepared programs and libraries are kept: `PENSTOCK_CACHE`, else `penstock` in the user's cache folder. */
export function cacheFolder(): string {
  const { PENSTOCK_CACHE, XDG_CACHE_HOME } = process.env;
  if (PENSTOCK_CACHE) return resolve(PENSTOCK_CACHE);
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'penstock');
}

/** Folder of one version of one tool for this platform; a home may be shared by machines of several kinds. */
export function toolFolder(name: string, version: string): string {
  return join(cacheFolder(), `${name}-${version}-${process.platform}-${process.arch}`);
}

/** Takes one line of progress for a person. */
export type Report = (line: string) => void;
