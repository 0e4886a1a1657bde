import { createHash } from 'node:crypto';

/**
 * The one JSON text of a value, for hashing: keys sorted by code units, no whitespace, entries that are undefined left
 * out, what has a `toJSON` (dates) as that gives it. Throws TypeError for what JSON cannot hold, such as NaN, since two
 * different values would get the same text.
 */
export function canonicalJson(value: unknown): string {
  return textOf(value, '$') ?? 'null';
}

function textOf(value: unknown, path: string): string | undefined {
  if (value === undefined) return undefined;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value);
  if (typeof value === 'number') throw new TypeError(`${path} is ${value}, which JSON cannot hold`);
  if (Array.isArray(value)) return `[${value.map((item: unknown, index) => textOf(item, `${path}[${index}]`) ?? 'null').join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`${path} is a ${typeof value}, which JSON cannot hold`);
  if ('toJSON' in value && typeof value.toJSON === 'function') return textOf(value.toJSON(), path);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`${path} is a ${value.constructor.name}, which JSON cannot hold`);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = entries.map(([key, item]) => [key, textOf(item, `${path}.${key}`)] as const).filter(([, text]) => text !== undefined);
  return `{${texts.map(([key, text]) => `${JSON.stringify(key)}:${text}`).join(',')}}`;
}

/** sha256 of the canonical JSON, as 64 hex digits. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}
