import { PenstockError } from '../errors/index.js';
import { checkTable } from './columns.js';
import type { Column, Table } from './table.js';
import { numberBytes, writeFloat32, writeFloat64, writeInt32 } from './writeNumber.js';

export interface CsvOptions {
  /**
   * Puts an apostrophe before text that a spreadsheet would take for a formula: what begins with `=`, `+`, `-`, `@`, tab
   * or a line break, in cells as in names. Numbers are never touched. Default: true; false keeps all text as it is.
   */
  readonly formulaSafe?: boolean;
}

/** Writes tables of the same columns one below the other. Each answer belongs to the caller. */
export interface CsvWriter {
  /** The line of names. */
  header(): Uint8Array;
  /** The rows of a table. Errors: `table/invalid` where it does not have the writer's columns in their order. */
  rows(table: Table): Uint8Array;
}

/**
 * CSV as RFC 4180 has it, but with LF as line end: UTF-8 without mark, commas, one line of names, text in quotes only
 * where it must be. Units and roles have no place in it and belong beside it.
 *
 * Numbers are written in the shortest form that reads back as the same float64, float32 or int32 (see `writeNumber`), so
 * nothing is lost: -0 is `-0`, infinities are `Infinity` and `-Infinity`. NaN, which is how tables say that a number is
 * missing, is an empty cell, as is empty text; in a table of one column it is `""`, since readers skip empty lines.
 */
export function csvWriter(columns: readonly Pick<Column, 'name'>[], options: CsvOptions = {}): CsvWriter {
  const formulaSafe = options.formulaSafe ?? true;
  const names = columns.map(({ name }) => name);
  const most = names.length * (numberBytes + 1);
  let bytes = new Uint8Array(1 << 16);

  return { header, rows };

  function header(): Uint8Array {
    return encoder.encode(`${names.map((name) => cellText(name, formulaSafe, names.length === 1)).join(',')}\n`);
  }

  function rows(table: Table): Uint8Array {
    checkColumns(table);
    const cells = table.columns.map((column) => cellsOf(column, formulaSafe, names.length === 1));
    const width = cells.length;
    let at = 0;
    for (let row = 0; row < table.rows; row++) {
      if (at + most > bytes.length) grow(at + most);
      for (let index = 0; index < width; index++) {
        const cell = cells[index]!;
        const start = at;
        if (cell.float64) at = writeFloat64(bytes, at, cell.float64[row]!);
        else if (cell.float32) at = writeFloat32(bytes, at, cell.float32[row]!);
        else if (cell.int32) at = writeInt32(bytes, at, cell.int32[row]!);
        else {
          const text = cell.text!(row);
          const needed = at + text.length + most;
          if (needed > bytes.length) grow(needed);
          // For texts this short a copy by hand is several times as fast as a call.
          for (let place = 0; place < text.length; place++) bytes[at++] = text[place]!;
        }
        if (at === start && width === 1) at = writeEmpty(at);
        bytes[at++] = comma;
      }
      bytes[at - 1] = lineFeed;
    }
    return bytes.slice(0, at);
  }

  function checkColumns(table: Table): void {
    checkTable(table);
    if (table.columns.length === names.length && table.columns.every(({ name }, index) => name === names[index])) return;
    const message = `the table has the columns ${table.columns.map(({ name }) => name).join(', ')}; this file has ${names.join(', ')}`;
    throw new PenstockError('table/invalid', message);
  }

  function writeEmpty(at: number): number {
    bytes[at] = quote;
    bytes[at + 1] = quote;
    return at + 2;
  }

  function grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, bytes.length * 2));
    larger.set(bytes);
    bytes = larger;
  }
}

/** A whole table as CSV. Form, errors: see `csvWriter`. */
export function encodeCsv(table: Table, options: CsvOptions = {}): Uint8Array {
  const writer = csvWriter(table.columns, options);
  const [header, rows] = [writer.header(), writer.rows(table)];
  const all = new Uint8Array(header.length + rows.length);
  all.set(header);
  all.set(rows, header.length);
  return all;
}

const comma = 44;
const lineFeed = 10;
const quote = 34;
const encoder = new TextEncoder();
const formulaStart = /^[=+\-@\t\r\n]/;
const needsQuotes = /[",\r\n]/;

/** The values of a column, in the one member that fits their type. */
interface Cells {
  readonly float64: Float64Array | undefined;
  readonly float32: Float32Array | undefined;
  readonly int32: Int32Array | undefined;
  readonly text: ((row: number) => Uint8Array) | undefined;
}

function cellsOf({ values }: Column, formulaSafe: boolean, alone: boolean): Cells {
  return {
    float64: values instanceof Float64Array ? values : undefined,
    float32: values instanceof Float32Array ? values : undefined,
    int32: values instanceof Int32Array ? values : undefined,
    text: ArrayBuffer.isView(values) ? undefined : textCells(values, formulaSafe, alone),
  };
}

/** Most texts of a column are those of the row before. */
function textCells(values: readonly string[], formulaSafe: boolean, alone: boolean): (row: number) => Uint8Array {
  let last: string | undefined;
  let encoded = new Uint8Array();
  return (row) => {
    const text = values[row]!;
    if (text !== last) {
      last = text;
      encoded = encoder.encode(cellText(text, formulaSafe, alone));
    }
    return encoded;
  };
}

function cellText(text: string, formulaSafe: boolean, alone: boolean): string {
  const safe = formulaSafe && formulaStart.test(text) ? `'${text}` : text;
  if (safe === '') return alone ? '""' : '';
  return needsQuotes.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
