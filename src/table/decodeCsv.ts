import { PenstockError } from '../errors/index.js';
import { roleOfName } from './roleOf.js';
import type { Column, Table } from './table.js';

/**
 * CSV with one line of names as a table: what `encodeCsv` writes, and RFC 4180 with LF or CRLF from elsewhere. A column of numbers and
 * empty cells is float64 (empty: NaN), any other is text. Units are not known; roles follow from the names (`roleOfName`).
 * Errors: `table/corrupt` for a row of another length, an open quote, two columns of one name or no line of names.
 */
export function decodeCsv(text: string): Table {
  const { names, cells } = readCells(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  const columns = names.map((name, at): Column => {
    const values = asNumbers(cells[at]!);
    return values
      ? { name, values, unit: '', role: roleOfName(name, 'number') }
      : { name, values: cells[at]!, unit: '', role: roleOfName(name, 'text') };
  });
  return { rows: cells[0]!.length, columns, metadata: {} };
}

function readCells(text: string): { names: string[]; cells: string[][] } {
  let names: string[] | undefined;
  let cells: string[][] = [];
  let row: string[] = [];
  let line = 1;
  let at = 0;
  const endRow = (): void => {
    if (!names) {
      names = row.map((name) => name.trim().replace(/^'(?=[=+\-@\t])/, ''));
      cells = names.map(() => []);
      const twice = names.find((name, i) => names!.indexOf(name) < i);
      if (twice !== undefined) throw corrupt(`two columns are named "${twice}"`, line);
    } else if (row.length !== names.length) {
      if (!(row.length === 1 && row[0] === '')) throw corrupt(`the row has ${row.length} cells; the line of names has ${names.length}`, line);
    } else row.forEach((cell, i) => cells[i]!.push(cell));
    row = [];
    line++;
  };
  while (at < text.length) {
    if (text[at] === '"') {
      const { cell, next } = quotedCell(text, at, line);
      row.push(cell);
      at = next;
    } else {
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end++;
      row.push(text.slice(at, text[end] === '\n' && text[end - 1] === '\r' ? end - 1 : end));
      at = end;
    }
    if (text[at] === '\r') at++;
    if (at >= text.length || text[at] === '\n') endRow();
    else if (text[at] !== ',') throw corrupt('text follows a closing quote', line);
    else if (at + 1 === text.length) row.push('');
    at++;
  }
  if (row.length > 0) endRow();
  if (!names) throw corrupt('the file is empty', 1);
  return { names, cells };
}

function quotedCell(text: string, from: number, line: number): { cell: string; next: number } {
  let cell = '';
  for (let at = from + 1; ; ) {
    const end = text.indexOf('"', at);
    if (end < 0) throw corrupt('a quote is not closed', line);
    cell += text.slice(at, end);
    if (text[end + 1] !== '"') return { cell, next: end + 1 };
    cell += '"';
    at = end + 2;
  }
}

function asNumbers(cells: readonly string[]): Float64Array | undefined {
  const values = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) {
    const text = cells[row]!.trim();
    const value = text === '' || /^nan$/i.test(text) ? NaN : Number(text);
    if (Number.isNaN(value) && text !== '' && !/^nan$/i.test(text)) return undefined;
    values[row] = value;
  }
  return values;
}

function corrupt(message: string, line: number): PenstockError {
  return new PenstockError('table/corrupt', message, { line });
}
