import { parseAssignments, type ParsedStatement } from './parseAssignments.js';
import { splitStatements, type StatementSpan } from './splitStatements.js';

/** A statement of an input file: where it stands, and what it says. */
export interface ReadStatement extends Pick<StatementSpan, 'start' | 'end' | 'line' | 'lastLine' | 'openQuote'>, Pick<ParsedStatement, 'keyword' | 'assignments' | 'problems'> {}

/** A stretch of text as if it were the whole file. */
interface Stretch {
  readonly statements: readonly ReadStatement[];
  readonly lines: number;
}

/**
 * The cases of a campaign differ in few lines: the others are read once. Those that were met lately are kept, and those before them
 * that come again; what a line means takes twenty times the memory of its text.
 */
let lately = new Map<string, Stretch>();
let before = new Map<string, Stretch>();
let latelyLength = 0;
const mostKnown = 1 << 17;
const longestKnown = 1 << 13;

/** The statements of `splitStatements` with what `parseAssignments` makes of them. */
export function readStatements(text: string): ReadStatement[] {
  const statements: ReadStatement[] = [];
  let line = 1;
  let at = 0;
  while (at < text.length) {
    const end = stretchEnd(text, at);
    const stretch = readStretch(text.slice(at, end));
    for (const { start, end: stop, line: first, lastLine, openQuote, keyword, assignments, problems } of stretch.statements) {
      statements.push({ start: at + start, end: at + stop, line: line + first - 1, lastLine: line + lastLine - 1, openQuote, keyword, assignments, problems });
    }
    line += stretch.lines;
    at = end;
  }
  return statements;
}

/**
 * Behind the first line end that certainly ends a statement: its line has no backslash, and it is no comment behind one that has,
 * since a continuation passes over comments.
 */
function stretchEnd(text: string, start: number): number {
  let continued = false;
  for (let at = start; ;) {
    const newline = text.indexOf('\n', at);
    if (newline < 0) return text.length;
    const line = text.slice(at, newline);
    at = newline + 1;
    if (line.includes('\\')) continued = true;
    else if (!continued || !/^[ \t]*!/.test(line)) return at;
  }
}

function readStretch(text: string): Stretch {
  const found = lately.get(text) ?? before.get(text);
  if (found) {
    if (!lately.has(text)) keep(` ${text}`.slice(1), found);
    return found;
  }
  const statements = splitStatements(text).map(({ start, end, line, lastLine, openQuote, code }): ReadStatement => {
    const { keyword, assignments, problems } = parseAssignments(code);
    return { start, end, line, lastLine, openQuote, keyword, assignments, problems };
  });
  const stretch = { statements, lines: text.match(/\r\n|\n|\r/g)?.length ?? 0 };
  // A copy: a part of a text would keep the whole of it.
  if (text.length <= longestKnown) keep(` ${text}`.slice(1), stretch);
  return stretch;
}

function keep(text: string, stretch: Stretch): void {
  if (latelyLength + text.length > mostKnown) {
    before = lately;
    lately = new Map();
    latelyLength = 0;
  }
  latelyLength += text.length;
  lately.set(text, stretch);
}
