import { distance } from 'fastest-levenshtein';
import { PenstockError } from '../errors/index.js';
import type { Genkey, GenkeyStatement } from './genkeyFile.js';
import { parseAssignments, type AssignmentSpan, type Span } from './parseAssignments.js';
import { sameLabel, textOf } from './readGenkey.js';
import { splitStatements } from './splitStatements.js';

/** What a value is set to: a number, a text, or a list of both. */
export type GenkeyValue = number | string | readonly (number | string)[];

export interface SetGenkeyOptions {
  /** Which of the statements with this keyword and key, from 1 in file order. */
  readonly occurrence?: number;
  /** The statement whose LABEL (or TAG) it is, in any case. */
  readonly label?: string;
  /** The unit it gets; by default the one that stands there. */
  readonly unit?: string;
}

/** Replacements within a text, in order; everything between them stays as it is. */
export interface TextEdit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The statement that a path such as `LEAK.DIAMETER` means, and the name of its key. */
export function findAssignment(genkey: Genkey, path: string, options: SetGenkeyOptions): { statement: GenkeyStatement; key: string } {
  const dot = path.indexOf('.');
  const keyword = path.slice(0, dot < 0 ? undefined : dot).trim().toUpperCase();
  const key = dot < 0 ? '' : path.slice(dot + 1).trim().toUpperCase();
  if (keyword === '' || key === '') throw unknown(path, `${JSON.stringify(path)} is no path of the form KEYWORD.KEY`);
  const named = genkey.statements.filter((statement) => statement.keyword === keyword);
  if (named.length === 0) {
    throw unknown(path, `there is no ${keyword} statement; ${near(keyword, genkey.statements.map((statement) => statement.keyword))}`);
  }
  const labelled = options.label === undefined ? named : named.filter((statement) => hasLabel(statement, options.label!));
  if (labelled.length === 0) {
    throw unknown(path, `no ${keyword} has the label ${JSON.stringify(options.label)}; ${near(options.label!, named.flatMap((statement) => textOf(statement, 'LABEL') ?? []))}`);
  }
  const having = labelled.filter((statement) => statement.assignments.has(key));
  if (having.length === 0) throw unknown(path, `${keyword} has no ${key}; ${near(key, labelled.flatMap((statement) => [...statement.assignments.keys()]))}`);
  const statement = having[(options.occurrence ?? 1) - 1];
  if (statement === undefined) throw unknown(path, `${path} occurs ${having.length} times, not ${options.occurrence}`);
  if (options.occurrence === undefined && having.length > 1) {
    const places = having.slice(0, 8).map((one, at) => `${at + 1}: line ${one.line}${textOf(one, 'LABEL') === undefined ? '' : `, ${textOf(one, 'LABEL')}`}`);
    throw unknown(path, `${path} occurs ${having.length} times; say which by occurrence or label (${places.join('; ')}${having.length > 8 ? '; ...' : ''})`);
  }
  return { statement, key };
}

function hasLabel(statement: GenkeyStatement, label: string): boolean {
  return sameLabel(textOf(statement, 'LABEL'), label) || sameLabel(textOf(statement, 'TAG'), label) || sameLabel(statement.component?.tag, label);
}

function unknown(path: string, message: string): PenstockError {
  return new PenstockError('olga/unknown-name', message, { key: path });
}

/** The names that are closest to the one asked for, or the first few. */
export function near(name: string, among: readonly string[]): string {
  const names = [...new Set(among)];
  if (names.length === 0) return 'there is none';
  const scored = names.map((candidate) => ({ candidate, score: distance(name.toUpperCase(), candidate.toUpperCase()) }));
  const close = scored.filter(({ score, candidate }) => score <= Math.max(2, candidate.length / 3)).toSorted((a, b) => a.score - b.score);
  const shown = (close.length > 0 ? close : scored).slice(0, 8).map(({ candidate }) => candidate);
  return `${close.length > 0 ? 'near it' : 'there is'}: ${shown.join(', ')}${close.length === 0 && names.length > 8 ? ', ...' : ''}`;
}

/** The replacements that put a value into a statement. */
export function valueEdits(statement: GenkeyStatement, key: string, value: GenkeyValue, unit: string | undefined): TextEdit[] {
  // The spans belong to the statement's own text, cut and read the same way again.
  const own = splitStatements(statement.raw)[0]!;
  const span = parseAssignments(own.code).spans.get(key)!;
  const assignment = statement.assignments.get(key)!;
  const at = (code: number): number => statement.start + (code < own.offsets.length ? own.offsets[code]! : own.offsets.at(-1)! + 1);
  const edit = (place: Span, text: string): TextEdit => ({
    from: at(place.from), to: place.to > place.from ? at(place.to - 1) + 1 : at(place.from), text,
  });
  const values = typeof value === 'number' || typeof value === 'string' ? [value] : value;
  const quoted = assignment.items[0]?.quoted ?? false;
  const texts = values.map((one, index) => scalarText(one, assignment.items[index]?.quoted ?? quoted, key));
  const edits = texts.length === span.items.length && texts.length > 0
    ? texts.map((text, index) => edit(span.items[index]!, text))
    : [wholeEdit(span, texts, edit, key)];
  if (unit === undefined) return edits;
  if (!/^[^\s=,()"'!\\]+$/.test(unit)) throw new PenstockError('olga/syntax', `${JSON.stringify(unit)} cannot be a unit`, { key });
  if (span.unit !== undefined) return [...edits, edit(span.unit, unit)];
  const last = edits.at(-1)!;
  if (!span.list) return [...edits.slice(0, -1), { ...last, text: `${last.text} ${unit}` }];
  // Behind the closing parenthesis.
  const close = own.code.indexOf(')', span.inner.to);
  return close < 0 ? edits : [...edits, { from: at(close) + 1, to: at(close) + 1, text: ` ${unit}` }];
}

/** Another number of items than before: all between the first and the last is written anew. */
function wholeEdit(span: AssignmentSpan, texts: readonly string[], edit: (place: Span, text: string) => TextEdit, key: string): TextEdit {
  if (texts.length === 0) throw new PenstockError('olga/syntax', 'a list without items cannot be written', { key });
  const joined = texts.join(', ');
  if (span.list) return edit(span.inner, joined);
  const text = texts.length === 1 ? joined : `(${joined})`;
  return edit(span.items[0] ?? span.inner, text);
}

function scalarText(value: number | string, quoted: boolean, key: string): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new PenstockError('olga/syntax', `${value} cannot be written into an input file`, { key });
    return String(value);
  }
  if (/[\r\n]/.test(value) || (value.includes('"') && value.includes("'"))) {
    throw new PenstockError('olga/syntax', 'a text with a line end, or with both kinds of quotes, cannot be written into an input file', { key });
  }
  const bare = /^[^\s=,()"'!\\]+$/.test(value);
  if (bare && !quoted) return value;
  return value.includes('"') ? `'${value}'` : `"${value}"`;
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { from, to, text: inserted } of edits) {
    result += text.slice(at, from) + inserted;
    at = to;
  }
  return result + text.slice(at);
}
