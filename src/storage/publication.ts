import { createHash } from 'node:crypto';
import { PenstockError } from '../errors/index.js';
import { sha256 } from './hash.js';
import { readJsonLists, type VisitItem } from './jsonLists.js';
import { jsonPieces } from './jsonPieces.js';
import type { Content, Storage } from './storage.js';
import { joinUri, relativeUri } from './uri.js';

/*
 * How a pipeline's results become visible. The metadata JSON is removed first and written last, with the size and
 * SHA-256 of every file; readers start at it and check what they open. So at any moment, whoever dies, a reader finds
 * either nothing, or the whole of one run, or an error that says which file is of another run.
 */

/** A file of a publication. `path` is relative to the publication's folder. */
export interface PublishedFile {
  readonly path: string;
  /** Size in bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly rows?: number;
}

export type Publication<T = Record<string, unknown>> = T & { readonly files: readonly PublishedFile[] };

/** Step 1: removes the metadata JSON, so that nobody takes the files that follow for those of the run before. */
export async function withdraw(storage: Storage, folder: string, metadataPath: string): Promise<void> {
  await storage.remove(joinUri(folder, metadataPath));
}

/** Step 2, for each file: writes it under its name. Large files may come in pieces (see `Content`). */
export async function publishFile(storage: Storage, folder: string, path: string, content: Content, extra: { rows?: number } = {}): Promise<PublishedFile> {
  const uri = joinUri(folder, path);
  const hash = createHash('sha256');
  let size = 0;
  async function* measured(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      size += piece.length;
      yield piece;
    }
  }
  if (typeof content === 'string' || content instanceof Uint8Array) {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    hash.update(bytes);
    size = bytes.length;
    await storage.write(uri, bytes);
  } else {
    await storage.write(uri, measured(content));
  }
  return { path: relativeUri(folder, uri), size, sha256: hash.digest('hex'), ...(extra.rows !== undefined && { rows: extra.rows }) };
}

const manyFiles = 500;

/**
 * Step 3: writes the metadata JSON, by which the files count as published. Its keys keep the order given; the files
 * come last, in order of their paths, so that the same results give the same text. A list of the metadata may come piece by
 * piece, as an AsyncIterable. Gives the files as they are listed.
 * Errors: `internal` where two files have one path.
 */
export async function finishPublication(storage: Storage, folder: string, metadataPath: string, metadata: Publication): Promise<readonly PublishedFile[]> {
  const { files: given, ...facts } = metadata;
  const files = [...given].sort((a, b) => (a.path < b.path ? -1 : 1));
  const twice = files.find((file, index) => file.path === files[index + 1]?.path);
  if (twice) throw new PenstockError('internal', `"${twice.path}" was published twice in ${folder}`, { file: joinUri(folder, metadataPath) });
  const whole = { ...facts, files };
  // Thousands of records as one text, and again as its bytes, would be the largest thing in memory.
  const inPieces = files.length > manyFiles || Object.values(facts).some((fact) => typeof fact === 'object' && fact !== null && Symbol.asyncIterator in fact);
  await storage.write(joinUri(folder, metadataPath), inPieces ? jsonPieces(whole) : `${JSON.stringify(whole, null, 2)}\n`);
  return files;
}

/**
 * The metadata of a finished publication, or undefined where there is none (yet).
 * Errors: `storage/changed` where the file is no publication metadata.
 */
export async function readPublication<T = Record<string, unknown>>(storage: Storage, folder: string, metadataPath: string): Promise<Publication<T> | undefined> {
  const uri = joinUri(folder, metadataPath);
  let text: string;
  try {
    text = new TextDecoder().decode(await storage.read(uri));
  } catch (error) {
    if (error instanceof PenstockError && error.code === 'storage/not-found') return undefined;
    throw error;
  }
  const metadata = parsed(text, uri);
  if (!isPublication(metadata)) throw new PenstockError('storage/changed', `${uri} is no metadata of a publication: it does not list its files`, { file: uri });
  return metadata as Publication<T>;
}

const scannedPiece = 1 << 20;

/**
 * The same for a publication of many files: items of the lists that `visit` names are given to its functions one by one, and
 * these lists are empty in the answer, `files` always.
 * Errors: those of `readPublication`, and `storage/changed` where another version of the metadata appears meanwhile.
 */
export async function scanPublication<T = Record<string, unknown>>(
  storage: Storage, folder: string, metadataPath: string, visit: Readonly<Record<string, (item: never) => void | Promise<void>>>,
): Promise<Publication<T> | undefined> {
  const uri = joinUri(folder, metadataPath);
  const stored = await storage.stat(uri);
  if (!stored) return undefined;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const version = stored!.etag === undefined ? {} : { etag: stored!.etag };
    for (let start = 0; start < stored!.size; start += scannedPiece) yield await storage.read(uri, { start, end: Math.min(start + scannedPiece, stored!.size), ...version });
  }
  const noFiles = (): PenstockError => new PenstockError('storage/changed', `${uri} is no metadata of a publication: it does not list its files`, { file: uri });
  const files: VisitItem = (file) => {
    if (!isPublishedFile(file)) throw noFiles();
    return visit['files']?.(file as never);
  };
  try {
    const metadata = await readJsonLists(pieces(), { ...visit as Record<string, VisitItem>, files });
    if (!isPublication(metadata)) throw noFiles();
    return metadata as Publication<T>;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PenstockError('storage/changed', `${uri} is no JSON: ${error.message}`, { file: uri }, { cause: error });
  }
}

/** The bytes of a published file, checked. Errors: `storage/changed` where they are not those that were published. */
export async function readPublished(storage: Storage, folder: string, file: PublishedFile): Promise<Uint8Array> {
  const uri = joinUri(folder, file.path);
  const bytes = await storage.read(uri).catch((error: unknown) => {
    throw error instanceof PenstockError && error.code === 'storage/not-found' ? changed(uri, file, undefined) : error;
  });
  const hash = bytes.length === file.size ? sha256(bytes) : undefined;
  if (hash !== file.sha256) throw changed(uri, file, bytes.length);
  return bytes;
}

/** A published file that is read by ranges [start, end). */
export interface PublishedSource {
  readonly size: number;
  read(start: number, end: number): Promise<Uint8Array>;
}

/**
 * A published file for reading by ranges, for files larger than memory: checked once as a whole, in pieces, and then
 * held to that version. Errors: `storage/changed`, also from later reads.
 */
export async function openPublished(storage: Storage, folder: string, file: PublishedFile): Promise<PublishedSource> {
  const uri = joinUri(folder, file.path);
  const etag = await checkStored(storage, uri, file);
  return { size: file.size, read: (start, end) => storage.read(uri, { start, end, ...(etag !== undefined && { etag }) }) };
}

/**
 * Checks every file of a publication and gives its metadata.
 * Errors: `storage/not-found` where there is no metadata, `storage/changed` naming every file that is not as published.
 */
export async function verifyPublication<T = Record<string, unknown>>(storage: Storage, folder: string, metadataPath: string): Promise<Publication<T>> {
  const uri = joinUri(folder, metadataPath);
  const publication = await readPublication<T>(storage, folder, metadataPath);
  if (!publication) throw new PenstockError('storage/not-found', `nothing is published in ${folder}: there is no ${metadataPath}`, { file: uri });
  const problems: string[] = [];
  for (const file of publication.files) {
    try {
      await checkStored(storage, joinUri(folder, file.path), file);
    } catch (error) {
      if (!(error instanceof PenstockError) || error.code !== 'storage/changed') throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new PenstockError('storage/changed', `${problems.length} of ${publication.files.length} files differ: ${problems.join('; ')}`, { file: uri });
  return publication;
}

const pieceBytes = 16 << 20;

/** Checks size and hash with little memory; gives the version that was checked. */
async function checkStored(storage: Storage, uri: string, file: PublishedFile): Promise<string | undefined> {
  const stored = await storage.stat(uri);
  if (stored?.size !== file.size) throw changed(uri, file, stored?.size);
  const hash = createHash('sha256');
  const version = stored.etag === undefined ? {} : { etag: stored.etag };
  for (let start = 0; start < file.size; start += pieceBytes) {
    hash.update(await storage.read(uri, { start, end: Math.min(start + pieceBytes, file.size), ...version }));
  }
  if (hash.digest('hex') !== file.sha256) throw changed(uri, file, file.size);
  return stored.etag;
}

function changed(uri: string, file: PublishedFile, size: number | undefined): PenstockError {
  const found = size === undefined ? 'it is not there' : size === file.size ? 'its content is another' : `it has ${size} bytes instead of ${file.size}`;
  return new PenstockError('storage/changed', `${uri} is not as published: ${found}`, { file: uri });
}

function parsed(text: string, uri: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PenstockError('storage/changed', `${uri} is no JSON: ${(error as Error).message}`, { file: uri }, { cause: error });
  }
}

function isPublication(value: unknown): value is Publication {
  if (typeof value !== 'object' || value === null || !('files' in value) || !Array.isArray(value.files)) return false;
  return value.files.every(isPublishedFile);
}

function isPublishedFile(value: unknown): value is PublishedFile {
  const file = value as Partial<PublishedFile> | null;
  return typeof file?.path === 'string' && typeof file.size === 'number' && typeof file.sha256 === 'string';
}
