import type { Workbook, Worksheet } from 'exceljs';
import { duration } from '../charts/timeAxis.js';
import type { DetectionMap, DetectionRow, Evaluation, EventEstimate, RegimeResult, SizeBin, ThresholdPoint } from '../../evaluation/index.js';
import type { OfflineReportInput } from '../offline/offlineReportInput.js';
import { formats, safeCell, type CellContent } from './cells.js';
import { addPictures } from './pictures.js';
import { addTableSheet, font, placed, writeHeading, type SheetColumn } from './tableSheet.js';

const low = { formula: 'AND(ISNUMBER(CELL),CELL<0.5)', color: 'bad' } as const;
const high = { formula: 'AND(ISNUMBER(CELL),CELL>=0.95)', color: 'good' } as const;

/** One row per size: how many were found, how soon, and how likely within a time. */
export function addSizesSheet(workbook: Workbook, { delayBySize, bySize, sizeUnit }: Evaluation, pictures: readonly Uint8Array[], input: OfflineReportInput): void {
  const rows = delayBySize.map((bin, n) => ({ bin, map: bySize.rows[n]! }));
  const columns: SheetColumn<{ bin: SizeBin; map: DetectionRow }>[] = [
    { header: sizeUnit === 'kg/s' ? 'Size (kg/s)' : 'Size (% of flow)', width: 20, value: ({ bin }) => bin.label },
    ...recallColumns<{ bin: SizeBin; map: DetectionRow }>(({ bin }) => bin.recall),
    { header: 'Median delay (s)', width: 11, format: formats.seconds, value: ({ bin }) => bin.delay.median },
    { header: 'P90 delay (s)', width: 11, format: formats.seconds, value: ({ bin }) => bin.delay.p90 },
    { header: 'Longest delay (s)', width: 11, format: formats.seconds, value: ({ bin }) => bin.delay.max },
    ...withinColumns<{ bin: SizeBin; map: DetectionRow }>(bySize, ({ map }) => map),
  ];
  const note = 'Leaks by size. Share: Wilson interval. Within: share found so soon after the true onset. Size: highest flow of the leak.';
  const sheet = addTableSheet(workbook, 'Sizes', { note, columns, rows });
  addPictures(workbook, sheet, addEstimates(sheet, rows.length + 4, input, ['flow', 'size class']), pictures);
}

/** One row per fifth of the line. */
export function addLocationsSheet(workbook: Workbook, { byPosition }: Evaluation, pictures: readonly Uint8Array[], input: OfflineReportInput): void {
  const columns: SheetColumn<DetectionRow>[] = [
    { header: 'Place', width: 24, value: (row) => row.label },
    ...recallColumns<DetectionRow>((row) => row.recall),
    ...withinColumns<DetectionRow>(byPosition, (row) => row),
  ];
  const note = byPosition.rows.length > 0
    ? 'Leaks by place along the line. Share: Wilson interval. Within: share found so soon after the true onset.'
    : 'Unavailable: the position of the leaks or the length of the line is not known.';
  const sheet = addTableSheet(workbook, 'Locations', { note, columns, rows: byPosition.rows });
  addPictures(workbook, sheet, addEstimates(sheet, byPosition.rows.length + 4, input, ['position']), pictures);
}

/** One row per operating regime that was seen. */
export function addRegimesSheet(workbook: Workbook, { regimes }: Evaluation, rule: string | undefined): void {
  const columns: SheetColumn<RegimeResult>[] = [
    { header: 'Regime', width: 14, value: (row) => row.regime },
    { header: 'Threshold', width: 11, format: formats.score, value: (row) => row.threshold },
    { header: 'Windows', width: 11, format: formats.count, value: (row) => row.windows },
    ...recallColumns<RegimeResult>((row) => row.recall),
    { header: 'Median delay (s)', width: 11, format: formats.seconds, value: (row) => row.delay.median },
    { header: 'P90 delay (s)', width: 11, format: formats.seconds, value: (row) => row.delay.p90 },
    { header: 'False alarms', width: 10, format: formats.count, value: (row) => row.falseAlarms.count, rules: [{ formula: 'AND(ISNUMBER(CELL),CELL>0)', color: 'bad' }] },
    { header: 'Lower', width: 9, format: formats.hours, value: (row) => row.falseAlarms.countLower },
    { header: 'Upper', width: 9, format: formats.hours, value: (row) => row.falseAlarms.countUpper },
    { header: 'Leak-free hours', width: 11, format: formats.hours, value: (row) => row.falseAlarms.leakFreeHours },
    { header: 'False alarms per month', width: 12, format: formats.hours, value: (row) => row.falseAlarms.monthly?.rate },
  ];
  const note = rule ?? 'Regimes were not told apart.';
  addTableSheet(workbook, 'Regimes', { note, noteLines: 3, columns, rows: regimes });
}

/** One row per threshold, the one in use marked. */
export function addThresholdsSheet(workbook: Workbook, { thresholds, options: { threshold } }: Evaluation, pictures: readonly Uint8Array[]): void {
  const columns: SheetColumn<ThresholdPoint>[] = [
    { header: 'Threshold', width: 12, format: formats.score, value: (row) => row.threshold },
    { header: 'In use', width: 9, value: (row) => (row.threshold === threshold ? 'yes' : null), rules: [{ formula: 'CELL="yes"', color: 'warning' }] },
    ...recallColumns<ThresholdPoint>((row) => row.recall),
    { header: 'Median delay (s)', width: 11, format: formats.seconds, value: (row) => row.delay.median },
    { header: 'P90 delay (s)', width: 11, format: formats.seconds, value: (row) => row.delay.p90 },
    { header: 'False alarms', width: 10, format: formats.count, value: (row) => row.falseAlarms },
    { header: 'per leak-free hour', width: 11, format: formats.score, value: (row) => row.falseAlarmsPerHour },
    { header: 'Windows in a leak found', width: 13, format: formats.percent, value: (row) => row.truePositiveRate },
    { header: 'Leak-free windows in alarm', width: 14, format: '0.00%', value: (row) => row.falsePositiveRate },
  ];
  const note = 'What another threshold would have given, all other rules unchanged. A threshold chosen from this sheet would have to be tested on other cases.';
  const sheet = addTableSheet(workbook, 'Thresholds', { note, columns, rows: thresholds });
  addPictures(workbook, sheet, thresholds.length + 4, pictures);
}

/** How far models that estimate are off, leak by leak, from row `at` on; answers the row after them. */
function addEstimates(sheet: Worksheet, at: number, { estimates = [], estimateSummaries = [] }: OfflineReportInput, quantities: readonly EventEstimate['quantity'][]): number {
  const own = estimates.filter(({ quantity }) => quantities.includes(quantity));
  let row = at;
  for (const { statement, quantity } of estimateSummaries) {
    if (!quantities.includes(quantity)) continue;
    sheet.getCell(row, 1).value = safeCell(statement);
    sheet.getCell(row++, 1).font = font({ bold: true });
  }
  if (own.length === 0) {
    if (!quantities.includes('position')) return at;
    sheet.getCell(row, 1).value = 'Location error: unavailable, for there is no bundle that estimates positions, and no pressure wave that could be located: that needs two pressures with places, and the wave speed (pressure_wave.speed).';
    sheet.getCell(row, 1).font = font();
    return row + 2;
  }
  const heads = [{ header: 'Model' }, { header: 'Case' }, { header: 'Leak' }, ...['Truth', 'Estimate', 'Error', 'Error (%)', 'Windows'].map((header) => ({ header, format: formats.number }))];
  writeHeading(sheet, ++row, heads);
  for (const one of own.slice(0, mostEstimates)) {
    const values: CellContent[] = [one.model, one.caseId, `${one.leak}, interval ${one.interval}`, one.truth, one.estimate, one.error, one.errorPercent, one.windows];
    row++;
    values.forEach((value, c) => {
      const cell = sheet.getCell(row, c + 1);
      const { format } = heads[c] as { format?: string };
      cell.value = safeCell(value);
      cell.font = font();
      cell.alignment = placed(format);
      if (format) cell.numFmt = format;
    });
  }
  return row + 2;
}

const mostEstimates = 5000;

function recallColumns<Item>(recall: (row: Item) => DetectionRow['recall']): SheetColumn<Item>[] {
  return [
    { header: 'Leaks', width: 9, format: formats.count, value: (row) => recall(row).total },
    { header: 'Found', width: 9, format: formats.count, value: (row) => recall(row).count },
    { header: 'Share found', width: 10, format: formats.percent, value: (row) => recall(row).value, rules: [low, high] },
    { header: 'Lower', width: 9, format: formats.percent, value: (row) => (recall(row).total > 0 ? recall(row).lower : null) },
    { header: 'Upper', width: 9, format: formats.percent, value: (row) => (recall(row).total > 0 ? recall(row).upper : null) },
  ];
}

function withinColumns<Item>(map: DetectionMap, rowOf: (row: Item) => DetectionRow): SheetColumn<Item>[] {
  return map.within.map((seconds, n) => ({
    header: `Within ${duration(seconds)}`, width: 11, format: '0%', value: (row) => rowOf(row).within[n]?.value, rules: [low, high],
  }));
}
