import type { Workbook } from 'exceljs';
import { evaluationOf, type ReportedBundle } from '../offline/offlineReportInput.js';
import { formats, safeCell } from './cells.js';
import { addPictures } from './pictures.js';
import { addSheet, colors, font, placed, writeHeading } from './tableSheet.js';

const heads = [
  { header: 'Bundle', format: '@' },
  { header: 'True', format: '@' },
  { header: 'No leak said', format: formats.count },
  { header: 'Leak said', format: formats.count },
  { header: 'Windows', format: formats.count },
  { header: 'Share said rightly', format: '0.00%' },
];

/** The confusion matrix of every bundle in numbers, the pictures beneath. */
export function addConfusionSheet(workbook: Workbook, bundles: readonly ReportedBundle[], pictures: readonly Uint8Array[]): void {
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
      const row = sheet.getRow(at);
      const total = no + yes;
      row.values = [safeCell(bundle.name), name, no, yes, total, total > 0 ? right / total : null];
      heads.forEach(({ format }, c) => {
        const cell = row.getCell(c + 1);
        cell.font = font({ bold: c === 1 });
        cell.alignment = placed(format);
        cell.numFmt = format;
      });
      // One scale per row: a rare class must not be drowned by a frequent one.
      sheet.addConditionalFormatting({
        ref: `C${at}:D${at}`,
        rules: [{ type: 'colorScale', priority: 1, cfvo: [{ type: 'num', value: 0 }, { type: 'max' }], color: [{ argb: 'FFFFFFFF' }, { argb: 'FF8DB4D8' }] }],
      });
      at++;
    }
  }
  addPictures(workbook, sheet, at + 1, pictures);
}
