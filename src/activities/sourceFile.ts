import { createHash, webcrypto } from 'node:crypto';
import { PenstockError } from '../errors/index.js';
import { sha256, type ReadMemory, type Storage } from '../storage/index.js';

/** A file of the source folder as it was planned. */
export interface SourceFile {
  readonly uri: string;
  /** The version that was hashed, as the storage marks it. */
  readonly etag?: string;
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

const headBytes = 4096;
/** Larger files are read and hashed piece by piece. */
const hashedAtOnce = 16 << 20;
const hashedPiece = 4 << 20;
/**
 * Files between these sizes are hashed in another thread, beside the reading of others: for smaller ones the way there takes longer than
 * their hash, and of larger ones the copies, one for each file under way, would take much memory.
 */
const hashedAside = { from: 64 << 10, to: 4 << 20 };

/** Size, SHA-256 and the first bytes of a file; a large one is read piece by piece. Errors: those of the storage, and `storage/changed` where it is another version. */
export async function hashFile(
  storage: Storage, uri: string, size: number, etag: string | undefined, memory: ReadMemory = { bytes: new Uint8Array() },
): Promise<{ size: number; sha256: string; head: Uint8Array }> {
  const version = { memory, ...(etag !== undefined && { etag }) };
  if (size <= hashedAtOnce) {
    const bytes = await storage.read(uri, version);
    return { size: bytes.length, head: bytes.slice(0, headBytes), sha256: await hashOfBytes(bytes) };
  }
  const hash = createHash('sha256');
  let head: Uint8Array | undefined;
  for (let start = 0; start < size; start += hashedPiece) {
    const piece = await storage.read(uri, { start, end: Math.min(start + hashedPiece, size), ...version });
    hash.update(piece);
    head ??= piece.slice(0, headBytes);
  }
  return { size, sha256: hash.digest('hex'), head: head! };
}

async function hashOfBytes(bytes: Uint8Array): Promise<string> {
  if (bytes.length < hashedAside.from || bytes.length > hashedAside.to) return sha256(bytes);
  return Buffer.from(await webcrypto.subtle.digest('SHA-256', bytes)).toString('hex');
}

/** The bytes of a file as it was planned: one that somebody still writes waits for the next run. */
export async function readSource(storage: Storage, file: SourceFile, memory?: ReadMemory): Promise<Uint8Array> {
  const into = memory && { memory };
  if (file.etag !== undefined) {
    // The same version needs no second hash; another version may still have the same bytes.
    const same = await storage.read(file.uri, { etag: file.etag, ...into }).catch((error: unknown) => {
      if (error instanceof PenstockError && error.code === 'storage/changed') return undefined;
      throw error;
    });
    if (same) return same;
  }
  const bytes = await storage.read(file.uri, into);
  if (sha256(bytes) === file.sha256) return bytes;
  throw changed(file);
}

/** The same for a file that is read by ranges; what a read gives is good until the read after the next one. */
export async function openSource(storage: Storage, file: SourceFile): Promise<{ readonly size: number; read(start: number, end: number): Promise<Uint8Array> }> {
  const found = await storage.stat(file.uri);
  const isPlanned = found?.etag !== undefined && found.etag === file.etag;
  if (!found || (!isPlanned && (await hashFile(storage, file.uri, found.size, found.etag)).sha256 !== file.sha256)) throw changed(file);
  const version = found.etag === undefined ? {} : { etag: found.etag };
  const memories: [ReadMemory, ReadMemory] = [{ bytes: new Uint8Array() }, { bytes: new Uint8Array() }];
  return {
    size: found.size,
    read(start, end) {
      memories.reverse();
      return storage.read(file.uri, { start, end, memory: memories[0], ...version });
    },
  };
}

function changed(file: SourceFile): PenstockError {
  return new PenstockError('storage/changed', 'the file was changed while this run worked; run the pipeline again when it is whole', { file: file.name });
}
