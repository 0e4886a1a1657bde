import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, statSync, writeSync, type BigIntStats } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PenstockError } from '../errors/index.js';
import type { Content, ReadMemory, Storage, StoredFile } from './storage.js';
import { isQuick, timed } from './quickCalls.js';
import { normalUri } from './uri.js';

/**
 * Files in folders of this machine. A file is written under a temporary name beside its own and then renamed, so that
 * a process killed at any moment leaves the old file, the new one, and at most a temporary that `list` does not show.
 * Symbolic links are followed to files, not into folders.
 */
export function localStorage(): Storage {
  return { stat: statFile, list: listFiles, read: readFile, write: writeFile, remove: removeFile, sweep: sweepFolder };
}

async function statFile(uri: string): Promise<StoredFile | undefined> {
  const path = normalUri(uri);
  try {
    const facts = isQuick() ? await timed(() => statSync(path, { bigint: true })) : await stat(path, { bigint: true });
    return facts.isFile() ? { uri: path, size: Number(facts.size), etag: etagOf(facts) } : undefined;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw localError(error, path);
  }
}

async function listFiles(folder: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for await (const { inside, names } of foldersBelow(folder)) {
    const paths = names.filter((name) => !temporaryName.test(name)).map((name) => join(inside, name));
    // A file may be gone since its folder was read.
    for (const file of await Promise.all(paths.map(statFile))) if (file !== undefined) files.push(file);
  }
  return files.sort((a, b) => (a.uri < b.uri ? -1 : a.uri > b.uri ? 1 : 0));
}

async function sweepFolder(folder: string): Promise<void> {
  for await (const { inside, names } of foldersBelow(folder)) {
    await Promise.all(names.filter((name) => temporaryName.test(name)).map((name) => removeFile(join(inside, name))));
  }
}

/** The folder and all below it, each with the names of its files. */
async function* foldersBelow(folder: string): AsyncGenerator<{ inside: string; names: string[] }> {
  const folders = [normalUri(folder)];
  for (let inside = folders.pop(); inside !== undefined; inside = folders.pop()) {
    const entries = await entriesOf(inside);
    const below = inside;
    folders.push(...entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(below, name)));
    yield { inside, names: entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name) };
  }
}

async function entriesOf(folder: string): Promise<{ name: string; isDirectory(): boolean }[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isAbsent(error)) return [];
    throw localError(error, folder);
  }
}

interface ReadOptions {
  readonly start?: number;
  readonly end?: number;
  readonly etag?: string;
  readonly memory?: ReadMemory;
}

async function readFile(uri: string, options: ReadOptions = {}): Promise<Uint8Array> {
  const path = normalUri(uri);
  try {
    if (isQuick()) return await timed(() => readAtOnce(path, options));
    const handle = await open(path, 'r');
    try {
      const facts = await handle.stat({ bigint: true });
      checkVersion(path, facts, options.etag);
      return await readRange(handle, options.start ?? 0, Math.min(options.end ?? Number.POSITIVE_INFINITY, Number(facts.size)), options.memory);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw localError(error, path);
  }
}

function checkVersion(path: string, facts: BigIntStats, etag: string | undefined): void {
  if (etag !== undefined && etag !== etagOf(facts)) throw new PenstockError('storage/changed', `${path} is not the file it was`, { file: path });
}

/** The same without a way over other threads. */
function readAtOnce(path: string, { start = 0, end = Number.POSITIVE_INFINITY, etag, memory }: ReadOptions): Uint8Array {
  const handle = openSync(path, 'r');
  try {
    const facts = fstatSync(handle, { bigint: true });
    checkVersion(path, facts, etag);
    const bytes = roomFor(Math.max(0, Math.min(end, Number(facts.size)) - start), memory);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, Math.min(bytes.length - filled, largestCall), start + filled);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(handle);
  }
}

/** It is filled or cut off by whoever asks, so that it need not be cleared. */
function roomFor(length: number, memory: ReadMemory | undefined): Uint8Array {
  if (memory && memory.bytes.length >= length) return memory.bytes.subarray(0, length);
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
  if (memory) memory.bytes = bytes;
  return bytes;
}

/** One open file is one version of it, whatever is renamed to its name meanwhile. */
async function readRange(handle: FileHandle, start: number, end: number, memory: ReadMemory | undefined): Promise<Uint8Array> {
  const bytes = roomFor(Math.max(0, end - start), memory);
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, Math.min(bytes.length - filled, largestCall), start + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}

/** A renamed file has a new number, a file changed in place a new time. */
function etagOf({ ino, size, mtimeNs }: BigIntStats): string {
  return `${ino.toString(36)}-${size.toString(36)}-${mtimeNs.toString(36)}`;
}

/** The system reads and writes at most 2 GiB at a time. */
const largestCall = 1 << 30;

const temporaryName = /^\..*\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/;

async function writeFile(uri: string, content: Content): Promise<void> {
  const path = normalUri(uri);
  // Names may have 255 bytes, so a long one is shortened in its temporary.
  const temporary = join(dirname(path), `.${basename(path).slice(0, 60)}.${randomUUID()}.tmp`);
  try {
    const whole = typeof content === 'string' || content instanceof Uint8Array;
    if (whole && isQuick()) {
      await timed(() => {
        writeAtOnce(temporary, typeof content === 'string' ? new TextEncoder().encode(content) : content);
        renameSync(temporary, path);
      });
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    await writeAll(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw localError(error, path);
  }
}

function writeAtOnce(path: string, bytes: Uint8Array): void {
  const handle = openNew(path);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at, Math.min(bytes.length - at, largestCall));
  } finally {
    closeSync(handle);
  }
}

/** Folders are made where they are missing, which is seen at the first file in them. */
function openNew(path: string): number {
  try {
    return openSync(path, 'wx');
  } catch (error) {
    if (!isAbsent(error)) throw error;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'wx');
  }
}

async function writeAll(path: string, content: Content): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    if (typeof content === 'string' || content instanceof Uint8Array) await handle.writeFile(content);
    else await writePieces(handle, content);
  } finally {
    await handle.close();
  }
}

/** While the system takes a piece, the next one is made. */
async function writePieces(handle: FileHandle, content: AsyncIterable<Uint8Array>): Promise<void> {
  let ahead: Promise<void> = Promise.resolve();
  try {
    for await (const piece of content) {
      await ahead;
      ahead = writePiece(handle, piece);
      // Its failure is seen at the next turn; until then it must not count as unhandled.
      ahead.catch(() => undefined);
    }
  } finally {
    await ahead;
  }
}

async function writePiece(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length;) at += (await handle.write(piece, at, Math.min(piece.length - at, largestCall))).bytesWritten;
}

async function removeFile(uri: string): Promise<void> {
  const path = normalUri(uri);
  try {
    await rm(path, { force: true });
  } catch (error) {
    if (!isAbsent(error)) throw localError(error, path);
  }
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Errors that are not of the file system, such as those of the pieces being written, pass unchanged. */
function localError(error: unknown, path: string): unknown {
  const code = codeOf(error);
  if (error instanceof PenstockError || code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  const fail = (as: 'storage/not-found' | 'storage/denied' | 'storage/unavailable', message: string): PenstockError =>
    new PenstockError(as, `${message} (${code})`, { file: path }, { cause: error });
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return fail('storage/not-found', `there is no file ${path}`);
    case 'EISDIR':
      return fail('storage/not-found', `${path} is a folder, not a file`);
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return fail('storage/denied', `this process may not use ${path}`);
    default:
      return fail('storage/unavailable', `${path} cannot be used: ${(error as Error).message}`);
  }
}
