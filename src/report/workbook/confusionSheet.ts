import type { Workbook } from 'exceljs';
import { PenstockError } from '../../errors/index.js';
import { formats } from './cells.js';
import type { DetectorResult } from './offlineResult.js';
import { addSheet, colors, font, placed, writeHeading } from './tableSheet.js';

const heads = [
  { header: 'True', format: '@' },
  { header: 'No leak said', format: formats.count },
  { header: 'Leak said', format: formats.count },
  { header: 'Windows', format: formats.count },
  { header: 'Share said rightly', format: '0.00%' },
];

/** The confusion matrix in numbers and, where a picture is given, as its picture beneath them. */
export function addConfusionSheet(workbook: Workbook, { windows: { confusion }, options }: DetectorResult, png: Uint8Array | undefined): void {
  const sheet = addSheet(workbook, 'Confusion', 2);
  sheet.columns = [{ width: 20 }, { width: 18 }, { width: 18 }, { width: 14 }, { width: 22 }];
  const note = sheet.getCell('A1');
  note.value = `Windows outside warm-up and recovery, at the threshold ${Number(options.threshold.toPrecision(6))}. Rows: what was true; columns: what was said.`;
  note.font = font({ italic: true, color: { argb: colors.quiet.text } });
  writeHeading(sheet, 2, heads);
  const { trueNegative, falsePositive, falseNegative, truePositive } = confusion;
  const rows = [
    ['no leak', trueNegative, falsePositive, trueNegative],
    ['leak', falseNegative, truePositive, truePositive],
  ] as const;
  rows.forEach(([name, no, yes, right], i) => {
    const row = sheet.getRow(3 + i);
    const total = no + yes;
    row.values = [name, no, yes, total, total > 0 ? right / total : null];
    heads.forEach(({ format }, c) => {
      const cell = row.getCell(c + 1);
      cell.font = font({ bold: c === 0 });
      cell.alignment = placed(format);
      cell.numFmt = format;
    });
  });
  // One scale per row: a rare class must not be drowned by a frequent one.
  for (const ref of ['B3:C3', 'B4:C4']) {
    sheet.addConditionalFormatting({
      ref,
      rules: [{ type: 'colorScale', priority: 1, cfvo: [{ type: 'num', value: 0 }, { type: 'max' }], color: [{ argb: 'FFFFFFFF' }, { argb: 'FF8DB4D8' }] }],
    });
  }
  if (!png) return;
  const { width, height } = pngSize(png);
  const id = workbook.addImage({ buffer: Buffer.from(png) as unknown as ArrayBuffer, extension: 'png' });
  // Pictures are drawn at twice their size.
  sheet.addImage(id, { tl: { col: 0, row: 6 }, ext: { width: width / 2, height: height / 2 }, editAs: 'oneCell' });
}

function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.byteLength < 24 || view.getUint32(0) !== 0x89504e47) throw new PenstockError('evaluation/invalid', 'the picture for the workbook is not a PNG', { key: 'confusionPng' });
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
