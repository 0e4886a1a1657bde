import type { TplLocation, TplVariable } from './tplFile.js';

/** Splits `'a' 'b'  'c'` at the gaps between quotes, so that an apostrophe within a text is kept. */
export function splitQuoted(text: string): string[] {
  const trimmed = text.trim();
  if (!trimmed.startsWith("'")) return trimmed === '' ? [] : [trimmed];
  const closed = trimmed.length > 1 && trimmed.endsWith("'");
  return trimmed.slice(1, closed ? -1 : undefined).split(/'\s+'/);
}

/** One pair of outer parentheses off: `(1/Pa)` is `1/Pa`, ` (S)  ` is `S`. */
export function unwrapUnit(text: string): string {
  const trimmed = text.trim();
  return (trimmed.startsWith('(') && trimmed.endsWith(')') ? trimmed.slice(1, -1) : trimmed).trim();
}

/**
 * A catalog line: `NAME 'KEY:' 'value' ... '(unit)' 'description'`. Undefined where the line has no unit in parentheses
 * before the description. `taken` holds the keys in use, in upper case, and receives the new one.
 */
export function parseCatalogLine(line: string, index: number, taken: Set<string>): TplVariable | undefined {
  const gap = line.search(/[\s']/);
  if (gap <= 0) return undefined;
  const name = line.slice(0, gap);
  const fields = splitQuoted(line.slice(gap));
  const description = fields.at(-1);
  const unit = fields.at(-2);
  if (description === undefined || unit === undefined || !/^\s*\(.*\)\s*$/.test(unit)) return undefined;
  const location = locationOf(fields.slice(0, -2));
  return { index, name, key: uniqueKey(name, location, taken), unit: unwrapUnit(unit), description, location };
}

/** A catalog line that could not be read keeps its column: a variable without unit. */
export function unreadableVariable(line: string, index: number, taken: Set<string>): TplVariable {
  const name = /^[^\s']+/.exec(line)?.[0] ?? `COLUMN_${index + 1}`;
  const location: TplLocation = { keys: [], global: false };
  return { index, name, key: uniqueKey(name, location, taken), unit: '', description: line, location };
}

function locationOf(fields: readonly string[]): TplLocation {
  const keys: [string, string][] = [];
  let flag: 'SECTION' | 'BOUNDARY' | undefined;
  let global = false;
  for (let at = 0; at < fields.length; at++) {
    const field = fields[at]!.trim();
    const next = fields[at + 1];
    if (!field.endsWith(':')) {
      if (field.toUpperCase() === 'GLOBAL') global = true;
      else keys.push([field, '']);
      continue;
    }
    const key = field.slice(0, -1);
    // SECTION: and BOUNDARY: stand before another key where they are flags, and before a value where they are keys.
    if ((key === 'SECTION' || key === 'BOUNDARY') && (next === undefined || /^[A-Z]+:$/.test(next.trim()))) flag = key;
    else {
      keys.push([key, next ?? '']);
      at++;
    }
  }
  return flag === undefined ? { keys, global } : { flag, keys, global };
}

function uniqueKey(name: string, location: TplLocation, taken: Set<string>): string {
  const parts = [name];
  if (location.global) parts.push('GLOBAL');
  if (location.flag !== undefined) parts.push(location.flag);
  for (const [key, value] of location.keys) parts.push(value === '' ? key : `${key}=${value}`);
  const base = parts.join('|');
  let key = base;
  for (let copy = 2; taken.has(key.toUpperCase()); copy++) key = `${base}#${copy}`;
  taken.add(key.toUpperCase());
  return key;
}

/** The value that a variable's location has under a key such as `LEAK` or `POSITION`. */
export function locationValue(variable: TplVariable, key: string): string | undefined {
  return variable.location.keys.find(([name]) => name.toUpperCase() === key)?.[1];
}
