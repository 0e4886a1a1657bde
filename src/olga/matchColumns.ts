import { distance } from 'fastest-levenshtein';
import type { Column } from '../table/table.js';

/** What a pattern is held against. */
type Named = Pick<Column, 'name' | 'attributes'>;

/** Whether a name fits one of the patterns, in which `*` stands for any text and `?` for any character. No pattern at all lets every name pass. */
export function matchesAny(name: string, patterns: readonly string[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => asExpression(pattern).test(name));
}

/**
 * Whether a column is meant by a pattern: by its whole name, or, as `NAME@location`, by the name of its variable and any
 * one part of its place, such as `PT@POS-19M` or `*@INLET*`. Upper and lower case are the same; `*` stands for any text, `?` for any character.
 */
export function fitsColumn(column: Named, pattern: string): boolean {
  if (asExpression(pattern).test(column.name)) return true;
  const at = pattern.indexOf('@');
  if (at < 0) return false;
  const place = asExpression(pattern.slice(at + 1));
  return asExpression(pattern.slice(0, at)).test(variableOf(column)) && placesOf(column).some((text) => place.test(text));
}

/** Whether a word is the bare name of a column's variable: `GTLEAK` of `GTLEAK|LEAK=LEAK`. */
export function isVariable(column: Named, word: string): boolean {
  return variableOf(column).toLowerCase() === word.toLowerCase();
}

/** `"PTT"; nearest: "PT@INLET", "PT@OUTLET"` for every pattern that fits no column, or undefined where all fit. */
export function misspelt(columns: readonly Named[], patterns: readonly string[]): string | undefined {
  const strange = patterns.filter((pattern) => !columns.some((column) => fitsColumn(column, pattern)));
  if (strange.length === 0) return undefined;
  const names = columns.flatMap((column) => [column.name, ...placesOf(column).slice(0, 1).map((place) => `${variableOf(column)}@${place}`)]);
  return strange.map((pattern) => `"${pattern}"; nearest of ${columns.length}: ${nearest(pattern, names).map((name) => `"${name}"`).join(', ') || 'none'}`).join('; ');
}

/** `PT` of the column `PT|POSITION=INLET`. */
export function variableOf(column: Named): string {
  return column.attributes?.['name'] ?? column.name.split('|')[0]!;
}

/** The parts of a column's place, without their keys: `LINE`, `Pipe-1` and `2` of `PT|BRANCH=LINE|PIPE=Pipe-1|NR=2`. */
export function placesOf(column: Named): string[] {
  // A column with a canonical name still knows its name in the file.
  const parts = (column.attributes?.['file_name'] ?? column.name).split('|').slice(1);
  return parts.map((part) => part.slice(part.indexOf('=') + 1));
}

function nearest(pattern: string, names: readonly string[]): string[] {
  const word = pattern.toLowerCase();
  const far = new Map(names.map((name) => [name, distance(word, name.toLowerCase())]));
  return [...far.keys()].sort((a, b) => far.get(a)! - far.get(b)!).slice(0, 3);
}

function asExpression(pattern: string): RegExp {
  const parts = pattern.split(/\*+/).map((part) => part.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('?', '.'));
  return new RegExp(`^${parts.join('.*')}$`, 'iu');
}
