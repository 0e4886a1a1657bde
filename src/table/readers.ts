import type { DecodeOptions } from './decodeParquet.js';
import type { ParquetDescription } from './describeParquet.js';
import type { ByteSource } from './parquetFooter.js';
import type { FloatReader } from './readFloats.js';
import type { Table } from './table.js';

/*
 * Readers are loaded at first use: their libraries take a tenth of a second, which threads that only write need not spend.
 */

/** See `decodeParquet.ts`. */
export async function decodeParquet(bytes: Uint8Array, options?: DecodeOptions): Promise<Table> {
  return (await import('./decodeParquet.js')).decodeParquet(bytes, options);
}

/** See `decodeParquet.ts`. */
export async function decodeParquetFrom(source: ByteSource, options?: DecodeOptions): Promise<Table> {
  return (await import('./decodeParquet.js')).decodeParquetFrom(source, options);
}

/** See `describeParquet.ts`. */
export async function describeParquet(source: ByteSource): Promise<ParquetDescription> {
  return (await import('./describeParquet.js')).describeParquet(source);
}

/** See `readFloats.ts`. */
export async function openFloats(source: ByteSource, columns: readonly string[]): Promise<FloatReader> {
  return (await import('./readFloats.js')).openFloats(source, columns);
}
