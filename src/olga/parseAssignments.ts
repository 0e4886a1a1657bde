import type { GenkeyAssignment, GenkeyScalar } from './genkeyFile.js';

export interface ParsedStatement {
  readonly keyword: string;
  readonly assignments: Map<string, GenkeyAssignment>;
  /** What was odd, one sentence each. */
  readonly problems: string[];
}

type Token =
  | { readonly kind: 'word'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: '=' | ',' | '(' | ')' };

/**
 * Reads `KEYWORD NAME=value, NAME=(a, b) unit, ...`. A comma may be missing before a `NAME=`; a parenthesis may be left
 * open at the end. Both are reported.
 */
export function parseAssignments(code: string): ParsedStatement {
  const tokens = tokenise(code);
  const problems: string[] = [];
  const assignments = new Map<string, GenkeyAssignment>();
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
    let unit: string | undefined;
    let open = false;
    if (tokens[at]?.kind === '(') {
      at++;
      while (at < tokens.length && tokens[at]!.kind !== ')') {
        // A name before an equals sign within a list: the closing parenthesis is missing.
        if (tokens[at + 1]?.kind === '=') break;
        const item = readScalar();
        if (item === undefined) at++;
        else items.push(item);
      }
      if (tokens[at]?.kind === ')') at++;
      else {
        problems.push(`the list of ${name.text} is not closed`);
        open = true;
      }
      const after = valueWord(at);
      if (after !== undefined) {
        unit = after.text;
        at++;
      }
    } else {
      const item = tokens[at + 1]?.kind === '=' ? undefined : readScalar();
      if (item === undefined) problems.push(`${name.text} has no value`);
      else {
        items.push(item);
        if (item.number !== undefined) unit = item.rest[0];
      }
    }
    const key = name.text.toUpperCase();
    if (assignments.has(key)) problems.push(`${name.text} is given twice; the last one counts`);
    assignments.set(key, unit === undefined ? { name: key, items } : { name: key, items, unit });
    const next = tokens[at];
    if (next?.kind === 'word' && !open) problems.push(`a comma is missing before ${JSON.stringify(next.text)}`);
    else if (next?.kind === ',') at++;
  }
  return { keyword, assignments, problems };
}

function scalar(text: string, quoted: boolean, rest: string[]): GenkeyScalar {
  const number = quoted || !/^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/.test(text) ? NaN : Number(text.replace(/[dD]/, 'e'));
  return Number.isNaN(number) ? { text, quoted, rest } : { text, quoted, number, rest };
}

function tokenise(code: string): Token[] {
  const tokens: Token[] = [];
  const pattern = /\s+|([=,()])|"([^"]*)"?|'([^']*)'?|([^\s=,()"]+)/y;
  while (pattern.lastIndex < code.length) {
    const match = pattern.exec(code);
    if (match === null) break;
    const [, mark, double, single, bare] = match;
    if (mark !== undefined) tokens.push({ kind: mark as '=' | ',' | '(' | ')' });
    else if (double !== undefined) tokens.push({ kind: 'word', text: double, quoted: true });
    else if (single !== undefined) tokens.push({ kind: 'word', text: single, quoted: true });
    else if (bare !== undefined) tokens.push({ kind: 'word', text: bare, quoted: false });
  }
  return tokens;
}
