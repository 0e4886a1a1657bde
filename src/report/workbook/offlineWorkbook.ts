import { evaluationOf, type OfflineReportInput } from '../offline/offlineReportInput.js';
import { addConfigSheet } from './configSheet.js';
import { addConfusionSheet } from './confusionSheet.js';
import { addAlarmsSheet, addCasesSheet, addEventsSheet } from './detailSheets.js';
import { fixZipTimes } from './fixZipTimes.js';
import { addLocationsSheet, addRegimesSheet, addSizesSheet, addThresholdsSheet } from './resultSheets.js';
import { addSummarySheet } from './summarySheet.js';

/** A picture for the sheet of its section, as PNG at twice its size. */
export interface WorkbookPicture {
  readonly section: string;
  readonly png: Uint8Array;
}

/** A workbook is dated by its content, not by the day it was written: the times of a run are in its run.json. */
const fixedDate = new Date('2000-01-01T00:00:00Z');

/**
 * The report of an offline test as an .xlsx file with the sheets Summary, Cases, Events, Sizes, Locations, Regimes, Thresholds,
 * Confusion, Alarms and Config. The same input gives the same bytes. Throws `evaluation/invalid` where there is no detector.
 */
export async function offlineWorkbook(input: OfflineReportInput, pictures: readonly WorkbookPicture[] = []): Promise<Uint8Array> {
  const evaluation = evaluationOf(input.bundles[0]);
  const of = (section: string): Uint8Array[] => pictures.filter((picture) => picture.section === section).map(({ png }) => png);
  // Loaded here, because every pool thread loads this room and few of them write a workbook.
  const { default: exceljs } = await import('exceljs');
  const workbook = new exceljs.Workbook();
  workbook.creator = 'Penstock';
  workbook.lastModifiedBy = 'Penstock';
  workbook.created = fixedDate;
  workbook.modified = fixedDate;
  addSummarySheet(workbook, input);
  addCasesSheet(workbook, evaluation);
  addEventsSheet(workbook, evaluation);
  addSizesSheet(workbook, evaluation, of('Sizes'), input);
  addLocationsSheet(workbook, evaluation, of('Locations'), input);
  addRegimesSheet(workbook, evaluation, input.regimeRule);
  addThresholdsSheet(workbook, evaluation, of('Thresholds'));
  addConfusionSheet(workbook, input, of('Confusion'));
  addAlarmsSheet(workbook, evaluation);
  addConfigSheet(workbook, input.config, input.configHash);
  return fixZipTimes(new Uint8Array(await workbook.xlsx.writeBuffer()));
}
