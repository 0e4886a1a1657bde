import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

let loaded: typeof import('parquet-wasm') | undefined;

/**
 * The Parquet codec, loaded at first use: compiling it takes about 0.1 s, which commands that touch no table need not
 * pay. One instance per thread; its memory never shrinks, so give large files to threads that are replaced.
 */
export function parquetWasm(): typeof import('parquet-wasm') {
  loaded ??= require('parquet-wasm') as typeof import('parquet-wasm');
  return loaded;
}

/** Replaces the codec after a trap, which leaves its memory in an unknown state; ordinary errors leave it whole. */
export function replaceIfTrapped(error: unknown): void {
  if (!(error instanceof Error) || error.name !== 'RuntimeError') return;
  delete require.cache[require.resolve('parquet-wasm')];
  loaded = undefined;
}
