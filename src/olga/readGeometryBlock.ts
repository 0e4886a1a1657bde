import { PenstockError } from '../errors/index.js';
import { splitQuoted } from './catalogLine.js';
import { nextFullLine, skipLineEnd, type LineCursor } from './lineCursor.js';
import { parseDecimal, parsed } from './parseDecimal.js';
import type { TplBranch, Warning } from './tplFile.js';

/**
 * The block behind a BRANCH, ANNULUS, SOLIDBUNDLE or other line: a name, the number of sections, and by count, not by
 * lines, that number plus one of lengths and as many elevations. A block of another shape is passed over with a warning.
 */
export function readGeometryBlock(
  cursor: LineCursor, kind: string, file: string | undefined, warnings: Warning[],
): TplBranch | undefined {
  const start = cursor.line;
  const name = lineOfBlock(cursor);
  const count = name === null ? null : lineOfBlock(cursor);
  if (name === null || count === null) {
    warnings.push({ code: 'geometry-block', message: `${kind} ends before its section count; the block is left out`, line: start });
    return undefined;
  }
  if (name === undefined || count === undefined) throw cutShort(kind, cursor, file);
  const sections = Number(count);
  if (!/^\d+$/.test(count)) {
    warnings.push({ code: 'geometry-block', message: `${kind} has the section count ${JSON.stringify(count.slice(0, 40))}; the block is left out`, line: start });
    readNumbers(cursor, Infinity);
    return undefined;
  }
  const expected = 2 * (sections + 1);
  const values = readNumbers(cursor, expected);
  if (values.length < expected) {
    if (cursor.at >= cursor.bytes.length) throw cutShort(kind, cursor, file);
    warnings.push({ code: 'geometry-block', message: `${kind} has ${values.length} numbers, ${expected} belong to ${sections} sections; the block is left out`, line: start });
    return undefined;
  }
  const x = values.slice(0, sections + 1);
  const y = values.slice(sections + 1);
  return { kind: kind.toUpperCase(), name: splitQuoted(name)[0] ?? '', x, y };
}

/** The next full line of a block; null, and not read, where it is the heading of what follows: a damaged block must not take the catalog with it. */
function lineOfBlock(cursor: LineCursor): string | undefined | null {
  const { at, line } = cursor;
  const text = nextFullLine(cursor);
  if (text === undefined || !/^(?:CATALOG$|TIME SERIES\b)/i.test(text)) return text;
  Object.assign(cursor, { at, line });
  return null;
}

function cutShort(kind: string, cursor: LineCursor, file: string | undefined): PenstockError {
  return new PenstockError('olga/truncated', `the file ends at line ${cursor.line}, within the ${kind} block of GEOMETRY, before CATALOG`, {
    file, line: cursor.line,
  });
}

/** Reads up to `most` numbers; stops early at the end or at anything else. The count is not believed before they are there. */
function readNumbers(cursor: LineCursor, most: number): Float64Array {
  const { bytes } = cursor;
  let values = new Float64Array(Math.min(most, 1024));
  let read = 0;
  while (cursor.at < bytes.length && read < most) {
    const byte = bytes[cursor.at]!;
    if (byte === 10 || byte === 13) skipLineEnd(cursor, cursor.at);
    else if (byte <= 32) cursor.at++;
    else {
      const value = parseDecimal(bytes, cursor.at, bytes.length, 46);
      if (!parsed.ok) break;
      if (read === values.length) {
        const larger = new Float64Array(Math.min(most, 2 * read));
        larger.set(values);
        values = larger;
      }
      values[read++] = value;
      cursor.at = parsed.end;
    }
  }
  return values.subarray(0, read);
}
