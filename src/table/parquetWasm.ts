import { createRequire } from 'node:module';

let loaded: typeof import('parquet-wasm') | undefined;

/**
 * The Parquet codec, loaded at first use: compiling it takes about 0.1 s, which commands that touch no table need not
 * pay. One instance per thread; its memory never shrinks, so give large files to threads that are replaced.
 */
export function parquetWasm(): typeof import('parquet-wasm') {
  loaded ??= createRequire(import.meta.url)('parquet-wasm') as typeof import('parquet-wasm');
  return loaded;
}
