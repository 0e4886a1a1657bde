import { decodeText } from './textBytes.js';
import type { LineEnding, TextEncoding } from './tplFile.js';

/** Walks over the lines of a byte array: LF, CRLF, CR, or a mixture. */
export interface LineCursor {
  readonly bytes: Uint8Array;
  /** Offset of the next line. */
  at: number;
  /** Number of the line last returned, from 1. */
  line: number;
  /** True where more bytes may follow these. */
  readonly open: boolean;
  /** Endings and encodings met so far. */
  readonly endings: Set<Exclude<LineEnding, 'mixed'>>;
  readonly encodings: Set<TextEncoding>;
}

export function lineCursor(bytes: Uint8Array, open = false): LineCursor {
  return { bytes, at: 0, line: 0, open, endings: new Set(), encodings: new Set() };
}

/** The next line, trimmed, or undefined at the end. */
export function nextLine(cursor: LineCursor): string | undefined {
  const { bytes } = cursor;
  const start = cursor.at;
  if (start >= bytes.length) return undefined;
  let end = start;
  while (end < bytes.length && bytes[end] !== 10 && bytes[end] !== 13) end++;
  skipLineEnd(cursor, end);
  const { text, encoding } = decodeText(bytes.subarray(start, end));
  cursor.encodings.add(encoding);
  return text.trim();
}

/** The next line that is not blank. */
export function nextFullLine(cursor: LineCursor): string | undefined {
  let line = nextLine(cursor);
  while (line === '') line = nextLine(cursor);
  return line;
}

/** Moves behind the line end that stands at `end`, and counts the line. */
export function skipLineEnd(cursor: LineCursor, end: number): void {
  const { bytes } = cursor;
  cursor.line++;
  if (bytes[end] === 13 && bytes[end + 1] === 10) {
    cursor.endings.add('crlf');
    cursor.at = end + 2;
  } else {
    if (bytes[end] === 10) cursor.endings.add('lf');
    else if (bytes[end] === 13) cursor.endings.add('cr');
    cursor.at = Math.min(end + 1, bytes.length);
  }
}

export function encodingOf(cursor: LineCursor): TextEncoding {
  if (cursor.encodings.has('windows-1252')) return 'windows-1252';
  return cursor.encodings.has('utf-8') ? 'utf-8' : 'ascii';
}
