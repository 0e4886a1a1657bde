import type { ConditionalFormattingRule, Fill, Font, PaperSize, Row, Style, Workbook, Worksheet } from 'exceljs';
import { safeCell, type CellContent } from './cells.js';

export interface SheetColumn<Item> {
  readonly header: string;
  readonly width: number;
  readonly format?: string | undefined;
  readonly value: (row: Item) => CellContent | undefined;
  /** Breaks long text into lines. */
  readonly wrap?: boolean | undefined;
  /** Colours the cell by rules over the whole column. */
  readonly rules?: readonly ColorRule[] | undefined;
}

/** `formula` is about the first cell of the column, written `CELL`, such as `CELL="missed"`. */
export interface ColorRule {
  readonly formula: string;
  readonly color: keyof typeof colors;
}

export const colors = {
  good: { fill: 'FFDDF1E7', text: 'FF0B5D43' },
  bad: { fill: 'FFFADFD9', text: 'FF8C1D0B' },
  warning: { fill: 'FFFDF0D0', text: 'FF6B4A00' },
  quiet: { fill: 'FFEEF0F3', text: 'FF5F6B7A' },
  heading: { fill: 'FF24405C', text: 'FFFFFFFF' },
} as const;

/** Rows beyond this are left to the data files: a sheet is for reading. */
const mostRows = 100_000;

/** A sheet of equal rows: a note, a heading that stays in sight, and a filter. */
export function addTableSheet<Item>(
  workbook: Workbook,
  name: string,
  of: { readonly note: string; readonly noteLines?: number; readonly columns: readonly SheetColumn<Item>[]; readonly rows: readonly Item[] },
): Worksheet {
  const { columns } = of;
  const rows = of.rows.slice(0, mostRows);
  const sheet = addSheet(workbook, name, 2);
  sheet.columns = columns.map(({ width }) => ({ width }));
  const cut = rows.length < of.rows.length ? ` The first ${mostRows} of ${of.rows.length} rows.` : '';
  const note = sheet.getCell('A1');
  note.value = safeCell(of.note + cut);
  note.font = font({ italic: true, color: { argb: colors.quiet.text } });
  if (of.noteLines !== undefined) {
    sheet.mergeCells(1, 1, 1, columns.length);
    note.alignment = { wrapText: true, vertical: 'top' };
    sheet.getRow(1).height = 16 * of.noteLines;
  }
  writeHeading(sheet, 2, columns);
  for (const row of rows) sheet.addRow(columns.map(({ value }) => safeCell(value(row))));
  columns.forEach((column, c) => formatColumn(sheet, c + 1, column, rows.length));
  sheet.autoFilter = { from: { row: 2, column: 1 }, to: { row: 2 + rows.length, column: columns.length } };
  return sheet;
}

/** Every font is named: a program that misses the name in one cell takes another face there. */
export function font(style: Partial<Font> = {}): Partial<Font> {
  return { name: 'Calibri', family: 2, size: 11, ...style };
}

// The enum is a const enum, whose values isolated modules cannot import.
// oxlint-disable-next-line typescript/no-unsafe-enum-assignment
const a4 = 9 as PaperSize;

/** An empty sheet whose first rows stay in sight, set to print on the width of one page. */
export function addSheet(workbook: Workbook, name: string, frozenRows: number): Worksheet {
  const sheet = workbook.addWorksheet(name, {
    views: [{ state: 'frozen', ySplit: frozenRows, showGridLines: false }],
    pageSetup: { orientation: 'landscape', paperSize: a4, fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  if (frozenRows > 0) sheet.pageSetup.printTitlesRow = `1:${frozenRows}`;
  return sheet;
}

/** Headings stand over their values: those of numbers, which have a format, at the right. */
export function writeHeading(sheet: Worksheet, rowNumber: number, heads: readonly Heading[]): void {
  const row = sheet.getRow(rowNumber);
  let lines = 1;
  heads.forEach(({ header, format }, c) => {
    const cell = row.getCell(c + 1);
    cell.value = safeCell(header);
    cell.font = font({ bold: true, color: { argb: colors.heading.text } });
    cell.fill = solid(colors.heading.fill);
    cell.alignment = { vertical: 'middle', wrapText: true, ...placed(format) };
    lines = Math.max(lines, Math.ceil((header.length * 1.25) / (sheet.getColumn(c + 1).width ?? 10)));
  });
  row.height = 4 + 15 * lines;
}

export interface Heading {
  readonly header: string;
  readonly format?: string | undefined;
}

/** Numbers at the right, text at the left with a little room, so that the two do not touch. */
export function placed(format: string | undefined): { horizontal: 'left' | 'right'; indent?: number } {
  return format && format !== '@' ? { horizontal: 'right' } : { horizontal: 'left', indent: 1 };
}

export function solid(argb: string): Fill {
  return { type: 'pattern', pattern: 'solid', fgColor: { argb } };
}

/** Rows with broken text need their height told: programs do not agree on working it out themselves. */
function roomForLines(row: Row, text: CellContent, width: number): void {
  const lines = Math.ceil((String(text ?? '').length * 1.15) / width);
  if (lines > 1) row.height = Math.min(400, 15 * lines + 2);
}

function formatColumn<Item>(sheet: Worksheet, c: number, { format, wrap, width, rules = [] }: SheetColumn<Item>, count: number): void {
  if (count === 0) return;
  // One object for all cells: thousands of them would be most of a report's memory, and each be compared with all styles.
  const style: Partial<Style> = {
    font: font(), alignment: { vertical: 'top', ...placed(format), ...(wrap && { wrapText: true }) }, border: { bottom: { style: 'hair', color: { argb: 'FFD5DAE0' } } },
    ...(format && { numFmt: format }),
  };
  for (let r = 3; r < 3 + count; r++) {
    const cell = sheet.getCell(r, c);
    cell.style = style;
    if (wrap) roomForLines(sheet.getRow(r), cell.value as CellContent, width);
  }
  if (rules.length === 0) return;
  const letter = sheet.getColumn(c).letter;
  sheet.addConditionalFormatting({
    ref: `${letter}3:${letter}${2 + count}`,
    rules: rules.map((rule, i) => colorRule(rule, `${letter}3`, i + 1)),
  });
}

function colorRule({ formula, color }: ColorRule, cell: string, priority: number): ConditionalFormattingRule {
  const { fill, text } = colors[color];
  return {
    type: 'expression',
    priority,
    formulae: [formula.replaceAll('CELL', cell)],
    style: { fill: { type: 'pattern', pattern: 'solid', bgColor: { argb: fill }, fgColor: { argb: fill } }, font: { color: { argb: text } } },
  };
}
