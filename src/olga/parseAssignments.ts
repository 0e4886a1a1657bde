import type { GenkeyAssignment, GenkeyScalar } from './genkeyFile.js';
import { isBlank } from './splitStatements.js';

export interface ParsedStatement {
  readonly keyword: string;
  readonly assignments: Map<string, GenkeyAssignment>;
  /** Where in the code the values stand, by the same keys. */
  readonly spans: Map<string, AssignmentSpan>;
  /** What was odd, one sentence each. */
  readonly problems: string[];
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The places of a value: the first word of every item, the unit behind, and whether there are parentheses. */
export interface AssignmentSpan {
  readonly items: readonly Span[];
  /** From the first item to the end of the last one, with its further words. */
  readonly inner: Span;
  readonly unit?: Span;
  readonly list: boolean;
}

type Token = Span & (
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: '=' | ',' | '(' | ')' });

/**
 * Reads `KEYWORD NAME=value, NAME=(a, b) unit, ...`. A comma may be missing before a `NAME=`; a parenthesis may be left
 * open at the end. Both are reported.
 */
export function parseAssignments(code: string): ParsedStatement {
  const tokens = tokenise(code);
  const problems: string[] = [];
  const assignments = new Map<string, GenkeyAssignment>();
  const spans = new Map<string, AssignmentSpan>();
  const first = tokens[0];
  const keyword = first?.kind === 'word' ? first.text.toUpperCase() : '';
  let at = first?.kind === 'word' ? 1 : 0;

  const word = (index: number): { text: string; quoted: boolean } | undefined => {
    const token = tokens[index];
    return token?.kind === 'word' ? token : undefined;
  };
  /** A word that is not the name of the next assignment. */
  const valueWord = (index: number): { text: string; quoted: boolean } | undefined =>
    tokens[index + 1]?.kind === '=' ? undefined : word(index);
  const readScalar = (): GenkeyScalar | undefined => {
    const head = word(at);
    if (head === undefined) return undefined;
    at++;
    const rest: string[] = [];
    for (let next = valueWord(at); next !== undefined; next = valueWord(++at)) rest.push(next.text);
    return scalar(head.text, head.quoted, rest);
  };

  while (at < tokens.length) {
    const name = word(at);
    if (name === undefined || tokens[at + 1]?.kind !== '=') {
      if (tokens[at]!.kind !== ',') problems.push(`${JSON.stringify(name?.text ?? tokens[at]!.kind)} stands alone`);
      at++;
      continue;
    }
    at += 2;
    const items: GenkeyScalar[] = [];
    const places: Span[] = [];
    let unit: string | undefined;
    let unitAt = -1;
    let open = false;
    const begin = at;
    const list = tokens[at]?.kind === '(';
    let inner: Span = { from: tokens[at - 1]!.to, to: tokens[at - 1]!.to };
    const note = (from: number): void => {
      places.push({ from: tokens[from]!.from, to: tokens[from]!.to });
      inner = { from: places[0]!.from, to: tokens[at - 1]!.to };
    };
    if (list) {
      inner = { from: tokens[at]!.to, to: tokens[at]!.to };
      at++;
      while (at < tokens.length && tokens[at]!.kind !== ')') {
        // A name before an equals sign within a list: the closing parenthesis is missing.
        if (tokens[at + 1]?.kind === '=') break;
        const from = at;
        const item = readScalar();
        if (item === undefined) at++;
        else {
          items.push(item);
          note(from);
        }
      }
      if (tokens[at]?.kind === ')') at++;
      else {
        problems.push(`the list of ${name.text} is not closed`);
        open = true;
      }
      const after = valueWord(at);
      if (after !== undefined) {
        unit = after.text;
        unitAt = at++;
      }
    } else {
      const item = tokens[at + 1]?.kind === '=' ? undefined : readScalar();
      if (item === undefined) problems.push(`${name.text} has no value`);
      else {
        items.push(item);
        note(begin);
        if (item.number !== undefined && item.rest.length > 0) {
          unit = item.rest[0];
          unitAt = begin + 1;
        }
      }
    }
    const key = name.text.toUpperCase();
    if (assignments.has(key)) problems.push(`${name.text} is given twice; the last one counts`);
    assignments.set(key, unit === undefined ? { name: key, items } : { name: key, items, unit });
    spans.set(key, { items: places, inner, list, ...(unitAt < 0 ? {} : { unit: { from: tokens[unitAt]!.from, to: tokens[unitAt]!.to } }) });
    const next = tokens[at];
    if (next?.kind === 'word' && !open) problems.push(`a comma is missing before ${JSON.stringify(next.text)}`);
    else if (next?.kind === ',') at++;
  }
  return { keyword, assignments, spans, problems };
}

function scalar(text: string, quoted: boolean, rest: string[]): GenkeyScalar {
  const number = quoted || !/^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(text) ? NaN : Number(text.replace(/[dD]/, 'e'));
  return Number.isNaN(number) ? { text, quoted, rest } : { text, quoted, number, rest };
}

function tokenise(code: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const word = (from: number, to: number, end: number, quoted: boolean): void => {
    tokens.push({ kind: 'word', text: code.slice(from, to), quoted, from: at, to: end });
    at = end;
  };
  while (at < code.length) {
    const char = code[at]!;
    if (char === '=' || char === ',' || char === '(' || char === ')') tokens.push({ kind: char, from: at, to: ++at });
    else if (isBlank(char)) at++;
    else if (char === '"' || char === "'") {
      // A quote that is not closed ends with the statement.
      const close = code.indexOf(char, at + 1);
      if (close < 0) word(at + 1, code.length, code.length, true);
      else word(at + 1, close, close + 1, true);
    } else {
      let end = at + 1;
      while (end < code.length && !endsWord(code[end]!)) end++;
      word(at, end, end, false);
    }
  }
  return tokens;
}

function endsWord(char: string): boolean {
  return char === '=' || char === ',' || char === '(' || char === ')' || char === '"' || isBlank(char);
}
