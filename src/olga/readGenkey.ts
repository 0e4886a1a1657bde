import { PenstockError } from '../errors/index.js';
import { decodeText, textBytes } from './textBytes.js';
import { readStatements } from './readStatements.js';
import type { Genkey, GenkeyComponent, GenkeyStatement } from './genkeyFile.js';
import type { Warning } from './tplFile.js';

/**
 * Reads an OLGA input file (.genkey, .key) as a list of statements. Unknown keywords are kept; nothing is evaluated.
 * Oddities (an open quote, a missing comma) are warnings. Fails with `olga/not-olga` where not one statement has a
 * `NAME=value`.
 */
export function readGenkey(source: Uint8Array | string, options: { file?: string } = {}): Genkey {
  const text = typeof source === 'string' ? source.replace(/^\uFEFF/, '') : decodeText(textBytes(source).bytes).text;
  const warnings: Warning[] = [];
  const statements: GenkeyStatement[] = [];
  let component: GenkeyComponent | undefined;
  for (const { keyword, assignments, problems, openQuote, line, lastLine, start, end } of readStatements(text)) {
    for (const problem of openQuote ? ['a quote is not closed', ...problems] : problems) {
      const lines = lastLine > line ? ` (lines ${line} to ${lastLine})` : '';
      warnings.push({ code: 'genkey-syntax', message: `${keyword}: ${problem}${lines}`, line });
    }
    if (keyword === 'NETWORKCOMPONENT') {
      component = { type: textOf({ assignments }, 'TYPE')?.toUpperCase() ?? '', tag: textOf({ assignments }, 'TAG') ?? '' };
    }
    const raw = text.slice(start, end);
    statements.push(component === undefined ? { keyword, assignments, line, lastLine, start, end, raw } : { keyword, assignments, line, lastLine, start, end, raw, component });
    if (keyword === 'ENDNETWORKCOMPONENT') component = undefined;
  }
  if (!statements.some((statement) => statement.assignments.size > 0)) {
    throw new PenstockError('olga/not-olga', 'not an OLGA input file: no statement of the form KEYWORD NAME=value was found', { file: options.file });
  }
  const version = /^!\s*Generated with OLGA(?:\s+version)?\s+(\S+)/im.exec(text)?.[1] ?? '';
  return { version, statements, text, warnings };
}

/** The first item of an assignment as text. */
export function textOf(statement: Pick<GenkeyStatement, 'assignments'>, name: string): string | undefined {
  return statement.assignments.get(name)?.items[0]?.text;
}

/** Two labels are the same whatever their case: trend files write most of them in capitals. */
export function sameLabel(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a.trim().toUpperCase() === b.trim().toUpperCase();
}
