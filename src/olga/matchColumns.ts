import { distance } from 'fastest-levenshtein';
import { PenstockError } from '../errors/index.js';

/**
 * The columns that patterns mean, in the order of the columns, each once. A pattern is a name as it stands
 * (`PT|POSITION=LINE@5M`), a variable (`PT`), a variable at a place (`PT@LINE@5M`, `PT@Pipe-1`, where any part of the place
 * counts), or either with `*` and `?` for any text and any character. Upper and lower case are the same.
 * Errors: `table/column-missing` where a pattern fits nothing, with the names nearest to it.
 */
export function matchColumns(columns: readonly string[], patterns: readonly string[]): string[] {
  const parts = columns.map(partsOf);
  const chosen = new Set<number>();
  for (const pattern of patterns) {
    const fitting = parts.flatMap((part, at) => (fits(part, pattern) ? [at] : []));
    if (fitting.length === 0) throw missing(pattern, columns, parts);
    for (const at of fitting) chosen.add(at);
  }
  return columns.filter((_, at) => chosen.has(at));
}

interface Parts {
  readonly key: string;
  readonly variable: string;
  readonly places: readonly string[];
}

/** `GT|BOUNDARY|BRANCH=LINE|PIPE=Pipe-1|NR=2` is GT at BOUNDARY, LINE, Pipe-1, 2. */
function partsOf(key: string): Parts {
  const [variable, ...places] = key.split('|');
  return { key, variable: variable!, places: places.map((place) => place.slice(place.indexOf('=') + 1)) };
}

function fits({ key, variable, places }: Parts, pattern: string): boolean {
  const whole = expression(pattern);
  if (whole.test(key) || whole.test(variable)) return true;
  const at = pattern.indexOf('@');
  if (at <= 0) return false;
  const place = expression(pattern.slice(at + 1));
  return expression(pattern.slice(0, at)).test(variable) && places.some((text) => place.test(text));
}

function expression(pattern: string): RegExp {
  // Runs of stars are one: two of them in a row would only take time.
  const body = pattern.replace(/\*+/g, '*').replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^${body}$`, 'iu');
}

function missing(pattern: string, columns: readonly string[], parts: readonly Parts[]): PenstockError {
  const names = [...new Set(parts.flatMap(({ key, variable, places }) => [key, variable, ...places.slice(-1).map((place) => `${variable}@${place}`)]))];
  const word = pattern.toLowerCase();
  const nearest = names.map((name) => ({ name, far: distance(word, name.toLowerCase()) })).toSorted((a, b) => a.far - b.far).slice(0, 3);
  const hint = nearest.length === 0 ? '' : `; nearest of ${columns.length} columns: ${nearest.map(({ name }) => JSON.stringify(name)).join(', ')}`;
  return new PenstockError('table/column-missing', `no column fits ${JSON.stringify(pattern)}${hint}`, { key: pattern });
}
