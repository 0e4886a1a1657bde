import { PenstockError } from '../errors/index.js';
import { applyEdits, findAssignment, valueEdits, type GenkeyValue, type SetGenkeyOptions, type TextEdit } from './genkeyEdit.js';
import type { Genkey, GenkeyAssignment } from './genkeyFile.js';
import { parseAssignments } from './parseAssignments.js';
import { readGenkey } from './readGenkey.js';
import { decodeText, encodeText, textBytes } from './textBytes.js';

/**
 * Changes one value of an input file, such as `LEAK.DIAMETER`, and nothing else: the result is the text with the value's
 * characters replaced. Unit, quotes, parentheses and comments stay; a list that gets another number of items is written
 * on one line. A path that fits several statements needs `occurrence` or `label`.
 *
 * Errors: `olga/unknown-name`, with the names near the one asked for; `olga/syntax` for a value that cannot be written.
 */
export function setGenkeyValue(source: Genkey | string, path: string, value: GenkeyValue, options: SetGenkeyOptions = {}): string {
  const genkey = typeof source === 'string' ? readGenkey(source) : source;
  // A byte order mark is no part of the text that statements count in.
  const mark = typeof source === 'string' && source.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + applyEdits(genkey.text, editsOf(genkey, path, value, options));
}

/** The same for the bytes of a file: every byte outside the value stays, whatever the encoding. */
export function setGenkeyBytes(bytes: Uint8Array, path: string, value: GenkeyValue, options: SetGenkeyOptions & { file?: string } = {}): Uint8Array {
  const { file, ...which } = options;
  const genkey = readGenkey(bytes, file === undefined ? {} : { file });
  const text = textBytes(bytes);
  const encoding = text.encoding ?? decodeText(text.bytes).encoding;
  const mark = text.encoding === undefined ? 0 : text.encoding === 'utf-8' ? 3 : 2;
  const pieces: Uint8Array[] = [];
  let textAt = 0;
  let at = mark;
  for (const edit of editsOf(genkey, path, value, which)) {
    const from = at + encodeText(genkey.text.slice(textAt, edit.from), encoding).length;
    const inserted = encodeText(edit.text, encoding);
    pieces.push(bytes.subarray(pieces.length === 0 ? 0 : at, from), inserted);
    at = from + encodeText(genkey.text.slice(edit.from, edit.to), encoding).length;
    textAt = edit.to;
  }
  pieces.push(bytes.subarray(at));
  const result = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let to = 0;
  for (const piece of pieces) {
    result.set(piece, to);
    to += piece.length;
  }
  return result;
}

const numberWithUnit = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([A-Za-z%]\S*)$/;

/**
 * A value as a person writes it: `20 mm`, `(0, 60, 120) s`, `Closed`, `"a label"`, or, where `replaces` is quoted, any text. In place of a
 * number, `20mm` is a number with its unit, too.
 */
export function parseGenkeyValue(text: string, replaces?: GenkeyAssignment): { value: GenkeyValue; unit?: string } {
  const plain = text.trim();
  if (replaces?.items[0]?.quoted && !plain.startsWith('(')) return { value: plain.replace(/^(["'])(.*)\1$/, '$2') };
  const glued = replaces?.items[0]?.number === undefined ? null : numberWithUnit.exec(plain);
  if (glued) return { value: Number(glued[1]), unit: glued[2]! };
  const { assignments, problems } = parseAssignments(`SET VALUE=${plain}`);
  const assignment = assignments.get('VALUE');
  const own = assignment?.items.some(({ rest, number }) => rest.length > (number === undefined ? 0 : 1));
  if (assignment === undefined || problems.length > 0 || own || assignments.size > 1) return { value: plain };
  const values = assignment.items.map((item) => item.number ?? item.text);
  const value = values.length === 1 ? values[0]! : values;
  return assignment.unit === undefined ? { value } : { value, unit: assignment.unit };
}

function editsOf(genkey: Genkey, path: string, value: GenkeyValue, options: SetGenkeyOptions): TextEdit[] {
  const { statement, key } = findAssignment(genkey, path, options);
  const edits = valueEdits(statement, key, value, options.unit);
  checkEdits(genkey, edits, statement.line, key, value);
  return edits;
}

/** Reads the statement again: where the file is so odd that the value would not be found there, nothing is written. */
function checkEdits(genkey: Genkey, edits: readonly TextEdit[], line: number, key: string, value: GenkeyValue): void {
  const wanted = (typeof value === 'number' || typeof value === 'string' ? [value] : value).map(String);
  const again = readGenkey(applyEdits(genkey.text, edits));
  const at = genkey.statements.findIndex((statement) => statement.line === line);
  const items = again.statements[at]?.assignments.get(key)?.items.map((item) => item.text);
  const same = again.statements.length === genkey.statements.length && items?.length === wanted.length && items.every((item, index) => item === wanted[index]);
  if (!same) throw new PenstockError('olga/syntax', `the statement cannot be changed safely: ${key} would not read back as ${wanted.join(', ').slice(0, 80)}`, { line, key });
}
