import { PenstockError } from '../../errors/index.js';
import { addConfigSheet } from './configSheet.js';
import { addConfusionSheet } from './confusionSheet.js';
import { addAlarmsSheet, addCasesSheet, addEventsSheet, addWindowsSheet } from './detailSheets.js';
import { fixZipTimes } from './fixZipTimes.js';
import type { DetectorComparison, ShiftedLabelControl } from './offlineResult.js';
import { addSummarySheet } from './summarySheet.js';

export interface OfflineWorkbookInput {
  /** Heading of the first sheet; default `Offline test`. */
  readonly title?: string | undefined;
  /** Its first detector is the one that the sheets are about; the others are its baselines. */
  readonly comparison: DetectorComparison;
  readonly shifted?: ShiftedLabelControl | undefined;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configHash: string;
  /** Confusion matrix as PNG, drawn at twice its size. */
  readonly confusionPng?: Uint8Array | undefined;
}

/** A workbook is dated by its content, not by the day it was written: the times of a run are in its run.json. */
const fixedDate = new Date('2000-01-01T00:00:00Z');

/**
 * The report of an offline test as an .xlsx file with the sheets Summary, Cases, Events, Alarms, Windows, Confusion and
 * Config. The same input gives the same bytes. Throws `evaluation/invalid` where the comparison has no detector.
 */
export async function offlineWorkbook(input: OfflineWorkbookInput): Promise<Uint8Array> {
  const { comparison, shifted, config, configHash, confusionPng, title = 'Offline test' } = input;
  const first = comparison.rows[0]?.detector;
  const evaluation = first === undefined ? undefined : comparison.evaluations[first];
  if (!evaluation) throw new PenstockError('evaluation/invalid', 'a report needs at least one detector; the comparison has none', { key: 'comparison' });
  // Loaded here, because every pool thread loads this room and few of them write a workbook.
  const { default: exceljs } = await import('exceljs');
  const workbook = new exceljs.Workbook();
  workbook.creator = 'Penstock';
  workbook.lastModifiedBy = 'Penstock';
  workbook.created = fixedDate;
  workbook.modified = fixedDate;
  addSummarySheet(workbook, { title, configHash, evaluation, comparison, shifted });
  addCasesSheet(workbook, evaluation);
  addEventsSheet(workbook, evaluation);
  addAlarmsSheet(workbook, evaluation);
  addWindowsSheet(workbook, evaluation);
  addConfusionSheet(workbook, evaluation, confusionPng);
  addConfigSheet(workbook, config, configHash);
  return fixZipTimes(new Uint8Array(await workbook.xlsx.writeBuffer()));
}
