import type { Workbook, Worksheet } from 'exceljs';
import type { ClassConfusion } from '../../evaluation/index.js';
import { evaluationOf, type OfflineReportInput } from '../offline/offlineReportInput.js';
import { formats, safeCell, type CellContent } from './cells.js';
import { addPictures } from './pictures.js';
import { addSheet, colors, font, placed, writeHeading } from './tableSheet.js';

interface Head {
  readonly header: string;
  readonly format: string;
}

const heads: readonly Head[] = [
  { header: 'Bundle', format: '@' },
  { header: 'True', format: '@' },
  { header: 'No leak said', format: formats.count },
  { header: 'Leak said', format: formats.count },
  { header: 'Windows', format: formats.count },
  { header: 'Share said rightly', format: '0.00%' },
];

/** The confusion matrix of every bundle in numbers, then those of classes of size, the pictures beneath. */
export function addConfusionSheet(workbook: Workbook, { bundles, estimateSummaries = [] }: OfflineReportInput, pictures: readonly Uint8Array[]): void {
  const sheet = addSheet(workbook, 'Confusion', 2);
  sheet.columns = [{ width: 20 }, { width: 20 }, { width: 18 }, { width: 18 }, { width: 14 }, { width: 22 }];
  const note = sheet.getCell('A1');
  note.value = 'Windows outside warm-up and recovery, at the threshold in use. Rows: what was true; columns: what was said.';
  note.font = font({ italic: true, color: { argb: colors.quiet.text } });
  writeHeading(sheet, 2, heads);
  let at = 3;
  for (const bundle of bundles) {
    const { trueNegative, falsePositive, falseNegative, truePositive } = evaluationOf(bundle).windows.confusion;
    const rows = [
      ['no leak', trueNegative, falsePositive, trueNegative],
      ['leak', falseNegative, truePositive, truePositive],
    ] as const;
    for (const [name, no, yes, right] of rows) {
      const total = no + yes;
      addRow(sheet, at++, heads, [bundle.name, name, no, yes, total, total > 0 ? right / total : null], 2);
    }
  }
  for (const { model, confusion } of estimateSummaries) if (confusion) at = addClasses(sheet, at + 1, model, confusion);
  addPictures(workbook, sheet, at + 1, pictures);
}

/** Leaks by true class and class said: their number, then the share of each true class. Answers the row after them. */
function addClasses(sheet: Worksheet, at: number, model: string, { classes, unit, counts, shares }: ClassConfusion): number {
  const own: Head[] = [
    { header: 'Bundle', format: '@' }, { header: `True class${unit ? ` (${unit})` : ''}`, format: '@' },
    ...classes.map((name) => ({ header: `${name} said`, format: formats.count })), { header: 'Leaks', format: formats.count },
    ...classes.map((name) => ({ header: `${name}, share`, format: formats.percent })),
  ];
  own.forEach((_, c) => (sheet.getColumn(c + 1).width ??= 18));
  writeHeading(sheet, at, own);
  for (const [n, name] of classes.entries()) addRow(sheet, ++at, own, [model, name, ...counts[n]!, counts[n]!.reduce((sum, count) => sum + count, 0), ...shares[n]!], classes.length);
  return at + 1;
}

/** A row whose `counted` cells from the third on are counts of one truth. */
function addRow(sheet: Worksheet, at: number, columns: readonly Head[], values: readonly CellContent[], counted: number): void {
  columns.forEach(({ format }, c) => {
    const cell = sheet.getCell(at, c + 1);
    cell.value = safeCell(values[c]);
    cell.font = font({ bold: c === 1 });
    cell.alignment = placed(format);
    cell.numFmt = format;
  });
  // One scale per row: a rare class must not be drowned by a frequent one.
  sheet.addConditionalFormatting({
    ref: `C${at}:${sheet.getColumn(2 + counted).letter}${at}`,
    rules: [{ type: 'colorScale', priority: 1, cfvo: [{ type: 'num', value: 0 }, { type: 'max' }], color: [{ argb: 'FFFFFFFF' }, { argb: 'FF8DB4D8' }] }],
  });
}
