import type { Workbook, Worksheet } from 'exceljs';
import { PenstockError } from '../../errors/index.js';

const rowPixels = 20;

/** Pictures under one another from row `at` on. They are drawn at twice their size, so that they stay sharp when zoomed. */
export function addPictures(workbook: Workbook, sheet: Worksheet, at: number, pictures: readonly Uint8Array[]): void {
  if (pictures.length > 0) {
    // On paper the sheet is one page, so that no picture is cut in two.
    sheet.pageSetup.orientation = 'portrait';
    sheet.pageSetup.fitToHeight = 1;
  }
  let row = at;
  for (const png of pictures) {
    const { width, height } = pngSize(png);
    const id = workbook.addImage({ buffer: Buffer.from(png) as unknown as ArrayBuffer, extension: 'png' });
    sheet.addImage(id, { tl: { col: 0, row }, ext: { width: width / 2, height: height / 2 }, editAs: 'oneCell' });
    row += Math.ceil(height / 2 / rowPixels) + 1;
  }
}

function pngSize(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.byteLength < 24 || view.getUint32(0) !== 0x89504e47) throw new PenstockError('evaluation/invalid', 'the picture for the workbook is not a PNG', { key: 'charts' });
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
