/** A statement as it lies in the text: continuation lines joined, comments taken out. */
export interface StatementSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly lastLine: number;
  /** The statement on one line. */
  readonly code: string;
  /** Where each character of `code` stands in the text. */
  readonly offsets: readonly number[];
  /** A quote that was opened and not closed. */
  readonly openQuote: boolean;
}

/**
 * Cuts an input file into statements. `!` begins a comment outside quotes; a backslash at the end of a line continues
 * the statement on the next one, over comment lines too. A quote ends with its statement at the latest.
 */
export function splitStatements(text: string): StatementSpan[] {
  const spans: StatementSpan[] = [];
  let at = 0;
  let line = 1;
  let start = -1;
  let firstLine = 1;
  let code = '';
  let before = '';
  let offsets: number[] = [];
  let quote = '';
  let end = 0;

  const finish = (): void => {
    if (start >= 0 && code.trim() !== '') {
      spans.push({ start, end, line: firstLine, lastLine: line, code: code.trimEnd(), offsets, openQuote: quote !== '' });
    }
    start = -1;
    code = '';
    before = '';
    offsets = [];
    quote = '';
  };

  while (at < text.length) {
    const char = text[at]!;
    const continuation = char === '\\' ? continuationLength(text, at) : 0;
    if (continuation > 0) {
      if (quote === '' && start >= 0) {
        code += ' ';
        before = ' ';
        offsets.push(at);
      }
      at += continuation;
      line++;
      at = afterIndent(text, at);
      while (quote === '' && text[at] === '!') {
        at = lineEnd(text, at);
        if (at >= text.length) break;
        at = afterIndent(text, afterBreak(text, at));
        line++;
      }
    } else if (char === '\n' || char === '\r') {
      finish();
      at = afterBreak(text, at);
      line++;
    } else if (quote === '' && char === '!') at = lineEnd(text, at);
    else {
      const blank = isBlank(char);
      if (start < 0 && !blank) {
        start = at;
        firstLine = line;
      }
      if (quote !== '') {
        if (char === quote) quote = '';
      } else if (char === '"' || (char === "'" && opensQuote(before))) quote = char;
      if (start >= 0) {
        code += char;
        before = char;
        offsets.push(at);
      }
      at++;
      if (!blank) end = at;
    }
  }
  finish();
  return spans;
}

export function isBlank(char: string): boolean {
  return char === ' ' || char === '\t' || ((char < '!' || char > '~') && /\s/.test(char));
}

/** An apostrophe within a word is none; a quote begins where a value begins. */
function opensQuote(before: string): boolean {
  return before === '' || /[\s=(,]/.test(before);
}

/** Length of backslash, blanks, an optional comment and the line break; 0 where the backslash is just a character. */
function continuationLength(text: string, at: number): number {
  const match = /\\[ \t]*(?:![^\r\n]*)?(?:\r\n|\n|\r)/y;
  match.lastIndex = at;
  return match.exec(text)?.[0].length ?? 0;
}

function lineEnd(text: string, at: number): number {
  while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function afterBreak(text: string, at: number): number {
  return text[at] === '\r' && text[at + 1] === '\n' ? at + 2 : at + 1;
}

function afterIndent(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at;
}
