import { isAscii } from 'node:buffer';
import { PenstockError } from '../errors/index.js';
import type { TextEncoding } from './tplFile.js';

/** Text as bytes in which every ASCII character is one byte: ready for a byte parser. */
export interface TextBytes {
  readonly bytes: Uint8Array;
  /** Set where a byte order mark says it; otherwise the text decides. */
  readonly encoding?: TextEncoding;
}

/** Takes off a byte order mark, turns UTF-16 into UTF-8, and drops NULs and Ctrl-Z at the end. */
export function textBytes(bytes: Uint8Array): TextBytes {
  const decoding = textDecoding();
  const text = decoding.decode(bytes, true);
  const encoding = decoding.encoding();
  return encoding === undefined ? { bytes: text } : { bytes: text, encoding };
}

/** The same for a file that comes in pieces. */
export interface TextDecoding {
  /** Set where a byte order mark said it. */
  encoding(): TextEncoding | undefined;
  decode(piece: Uint8Array, final: boolean): Uint8Array;
}

export function textDecoding(): TextDecoding {
  let start: Uint8Array | undefined = new Uint8Array();
  let encoding: TextEncoding | undefined;
  let utf16: InstanceType<typeof TextDecoder> | undefined;
  const encoder = new TextEncoder();
  return {
    encoding: () => encoding,
    decode(piece, final) {
      let bytes = piece;
      if (start !== undefined) {
        if (start.length > 0) {
          bytes = new Uint8Array(start.length + piece.length);
          bytes.set(start);
          bytes.set(piece, start.length);
        }
        if (bytes.length < 3 && !final) {
          start = bytes.slice();
          return bytes.subarray(0, 0);
        }
        start = undefined;
        encoding = encodingByMark(bytes);
        if (encoding === 'utf-8') bytes = bytes.subarray(3);
        else if (encoding !== undefined) utf16 = new TextDecoder(encoding);
      }
      if (utf16 !== undefined) bytes = encoder.encode(utf16.decode(bytes, { stream: !final }));
      return final ? withoutFill(bytes) : bytes;
    },
  };
}

function encodingByMark(bytes: Uint8Array): TextEncoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** Without the NULs and Ctrl-Zs at the end, with which some systems fill up files. */
export function withoutFill(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0 || bytes[end - 1] === 0x1a)) end--;
  return bytes.subarray(0, end);
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
// What Windows-1252 has from 0x80 to 0x9f. TextDecoder('windows-1252') of Node 20 reads these bytes as Latin-1.
const windows1252 = '\u20ac\x81\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\x8d\u017d\x8f'
  + '\x90\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\x9d\u017e\u0178';

/** The bytes of a text, without a byte order mark. Fails with `olga/syntax` for a character that the encoding lacks. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'ascii' || encoding === 'utf-8') return new TextEncoder().encode(text);
  if (encoding === 'windows-1252') return Uint8Array.from(text, toWindows1252);
  const bytes = new Uint8Array(2 * text.length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(2 * at, text.charCodeAt(at), encoding === 'utf-16le');
  return bytes;
}

function toWindows1252(char: string): number {
  const special = windows1252.indexOf(char);
  const code = special < 0 ? char.codePointAt(0)! : 0x80 + special;
  if (code > 0xff) throw new PenstockError('olga/syntax', `the file is in Windows-1252, which has no ${JSON.stringify(char)}`);
  return code;
}

/** Decodes as UTF-8, or, where that is impossible, as Windows-1252, which takes any byte. */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  try {
    return { text: strictUtf8.decode(bytes), encoding: isAscii(bytes) ? 'ascii' : 'utf-8' };
  } catch {
    let text = '';
    for (const byte of bytes) text += byte >= 0x80 && byte < 0xa0 ? windows1252[byte - 0x80]! : String.fromCharCode(byte);
    return { text, encoding: 'windows-1252' };
  }
}
