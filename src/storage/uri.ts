import { PenstockError } from '../errors/index.js';

/** Where relative paths lie: below the project's folder, or below a prefix of a bucket. */
export interface StorageLocation {
  readonly type: 'local' | 's3';
  readonly bucket?: string | undefined;
  readonly prefix?: string | undefined;
}

/**
 * The URI of a path as a person writes it: `s3://bucket/key` and absolute paths stay, relative paths lie at the
 * location. `.`, `..`, repeated and trailing slashes are resolved.
 * Errors: `storage/invalid-uri` for other schemes, an empty path, a path that leaves its bucket, or no bucket.
 */
export function resolveUri(location: StorageLocation, projectRoot: string, path: string): string {
  if (path.trim() === '') throw invalidUri(path, 'it is empty');
  if (path.startsWith('s3://') || path.startsWith('/')) return normalUri(path);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw invalidUri(path, 'its scheme is unknown');
  if (location.type === 'local') return normalUri(`${projectRoot}/${path}`);
  if (!location.bucket) throw invalidUri(path, 'the storage is s3, but no bucket is named');
  // The path is resolved by itself first, so that it cannot climb out of the prefix.
  return normalUri(['s3:/', location.bucket, location.prefix ?? '', ...normalParts(path, path)].join('/'));
}

/** A URI below a folder. Errors: `storage/invalid-uri` where the parts lead out of the folder. */
export function joinUri(folder: string, ...parts: string[]): string {
  return normalUri([folder, ...normalParts(parts.join('/'), [folder, ...parts].join('/'))].join('/'));
}

/** The path of a file below a folder, without a leading slash. Errors: `storage/invalid-uri` where it lies elsewhere. */
export function relativeUri(folder: string, uri: string): string {
  const root = normalUri(folder);
  const file = normalUri(uri);
  const prefix = root.endsWith('/') ? root : `${root}/`;
  if (!file.startsWith(prefix)) throw invalidUri(uri, `it does not lie below ${folder}`);
  return file.slice(prefix.length);
}

/** The last part of a URI: the name of the file or folder. */
export function baseName(uri: string): string {
  return normalUri(uri).split('/').at(-1) as string;
}

export interface S3Place {
  readonly bucket: string;
  /** Without a leading slash; empty for the bucket itself. */
  readonly key: string;
}

/** Bucket and key of an `s3://` URI. */
export function s3Place(uri: string): S3Place {
  const [bucket, ...parts] = normalUri(uri).slice('s3://'.length).split('/');
  return { bucket: bucket as string, key: parts.join('/') };
}

export function isS3(uri: string): boolean {
  return uri.startsWith('s3://');
}

/** A part that `normalParts` takes out. */
const strangePart = /\/\.{0,2}(?:\/|$)/;

/** One URI for each place. Errors: `storage/invalid-uri`. */
export function normalUri(uri: string): string {
  if (uri.includes('\0')) throw invalidUri(uri, 'it holds a NUL character');
  if (uri.startsWith('/') && !strangePart.test(uri)) return uri;
  if (uri.startsWith('/')) return `/${normalParts(uri, uri, true).join('/')}`;
  if (!isS3(uri)) throw invalidUri(uri, 'it is neither an absolute path nor s3://bucket/key');
  const [bucket = '', ...rest] = uri.slice('s3://'.length).split('/');
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw invalidUri(uri, `"${bucket}" is no bucket name (3 to 63 of a-z, 0-9, dots and hyphens)`);
  }
  return ['s3:/', bucket, ...normalParts(rest.join('/'), uri)].join('/');
}

/** Whether a key is what `s3Place` gives for its URI. */
export function isNormal(key: string): boolean {
  return key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** The parts of a path without `.`, `..` and empty ones. Above the root of a disk is the root itself. */
function normalParts(path: string, uri: string, stopAtRoot = false): string[] {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined && !stopAtRoot) throw invalidUri(uri, 'it leads out of its folder');
  }
  return parts;
}

function invalidUri(uri: string, reason: string): PenstockError {
  return new PenstockError('storage/invalid-uri', `"${uri}" is not a place in storage: ${reason}`, { file: uri });
}
