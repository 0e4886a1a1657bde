import type { Workbook, Worksheet } from 'exceljs';
import { formats, safeCell, type CellContent } from './cells.js';
import type { Comparison, Evaluation } from '../../evaluation/index.js';
import { evaluationOf, outsideStatement, type OfflineReportInput, type ReportedBundle } from '../offline/offlineReportInput.js';
import { addSheet, colors, font, placed, solid, writeHeading, type Heading } from './tableSheet.js';

const lastColumn = 11;

type Line = readonly [name: string, value: CellContent | undefined, format: string, lower?: number | null, upper?: number | null, remark?: string];

/** The page to read first: warnings, then results with their intervals, then what the baselines and controls say of them. */
export function addSummarySheet(workbook: Workbook, { title = 'Offline test', configHash, bundles }: OfflineReportInput): void {
  const sheet = addSheet(workbook, 'Summary', 2);
  sheet.columns = [{ width: 32 }, ...Array.from({ length: lastColumn - 1 }, () => ({ width: 12.5 }))];
  sheet.getCell('A1').value = safeCell(title);
  sheet.getCell('A1').font = font({ bold: true, size: 16 });
  sheet.pageSetup.fitToHeight = 1;
  sheet.getCell('A2').value = safeCell(`configuration ${configHash}`);
  sheet.getCell('A2').font = font({ color: { argb: colors.quiet.text } });
  const page = pageOf(sheet, 4);
  const evaluation = evaluationOf(bundles[0]);
  const { comparison, shifted } = bundles[0]!;
  const warnings = [...new Set(bundles.flatMap((bundle) => bundle.comparison.warnings.map((warning) => (bundles.length > 1 ? `${bundle.name}: ${warning}` : warning))))];
  for (const warning of warnings) page.sentence(warning, 'warning');
  if (warnings.length > 0) page.gap();
  if (bundles.length > 1) page.sentence(`The numbers below, and the other sheets, are about ${bundles[0]!.name}; the table of detectors has all bundles.`, 'quiet');
  page.block('Leak events', eventLines(evaluation));
  page.gap();
  page.block('False alarms', falseAlarmLines(evaluation));
  page.sentence(evaluation.falseAlarms.statement, 'quiet');
  if (evaluation.falseAlarmsWithoutLeaks.leakFreeSeconds > 0) page.sentence(`In cases without any leak: ${evaluation.falseAlarmsWithoutLeaks.statement}`, 'quiet');
  page.gap();
  page.block('Windows', [...windowLines(evaluation), ...outsideLines(bundles)]);
  page.gap();
  page.table('Detectors on the same cases, by the same rules', detectorHeads, bundles.flatMap(detectorRows));
  page.table('Leak events by size', sizeHeads, sizeRows(evaluation));
  page.heading('Controls');
  page.sentence(shifted?.statement ?? 'Shifted labels: not computed.', shifted?.passed === false ? 'warning' : 'quiet');
  page.sentence(clockSentence(comparison), comparison.scheduleShared === false ? 'quiet' : 'warning');
}

function eventLines({ eventRecall, excludedEvents, delay, release, options }: Evaluation): Line[] {
  const percent = `Wilson interval at ${Number((options.confidence * 100).toFixed(2))} %`;
  return [
    ['Events found', eventRecall.count, formats.count, null, null, `of ${eventRecall.total}${excludedEvents > 0 ? `; ${excludedEvents} more excluded (see Events)` : ''}`],
    ['Share found', eventRecall.value, formats.percent, eventRecall.lower, eventRecall.upper, percent],
    ['Median delay (s)', delay.median, formats.seconds, null, null, `of the ${delay.count} found; known to ${Number(delay.resolution.toPrecision(4))} s`],
    ['P90 delay (s)', delay.p90, formats.seconds],
    ['Longest delay (s)', delay.max, formats.seconds],
    ['Released until alarm, median (kg)', release.median, formats.number, null, null, release.total === null ? 'leak flows were not recorded' : `P90 ${Number((release.p90 ?? 0).toPrecision(4))} kg; ${Number(release.total.toPrecision(4))} kg in all, missed leaks to their end`],
  ];
}

function falseAlarmLines({ falseAlarms, recoveryAlarms }: Evaluation): Line[] {
  const { count, countLower, countUpper, leakFreeHours, perHour, perHourLower, perHourUpper, monthly, timeInAlarm } = falseAlarms;
  return [
    ['False alarms', count, formats.count, countLower, countUpper, 'exact Poisson interval of the count'],
    ['Leak-free hours', leakFreeHours, formats.hours],
    ['False alarms per leak-free hour', perHour, formats.score, perHourLower, perHourUpper],
    monthly
      ? ['False alarms per month', monthly.rate, formats.hours, monthly.lower, monthly.upper, `one-sided bound ${monthly.upperOneSided.toFixed(2)}`]
      : ['False alarms per month', null, formats.hours, null, null, 'not given below 30 leak-free days'],
    ['Leak-free time in alarm', timeInAlarm, '0.00%'],
    ['Alarms in recovery', recoveryAlarms, formats.count, null, null, 'reported apart, neither found nor false'],
  ];
}

function windowLines({ windows, withinCaseAuc, options }: Evaluation): Line[] {
  return [
    ['Scored windows', windows.windows, formats.count, null, null, `${windows.positives} of them in a leak${windows.missingScores > 0 ? `; ${windows.missingScores} more without a score` : ''}`],
    ['AUC', windows.auc, formats.score],
    ['AUC within cases', withinCaseAuc, formats.score, null, null, 'does not reward knowing which case leaks'],
    ['Average precision', windows.averagePrecision, formats.score],
    ['Precision', windows.precision, formats.score, null, null, `at the threshold ${Number(options.threshold.toPrecision(6))}`],
    ['Recall', windows.recall, formats.score],
    ['F1', windows.f1, formats.score],
  ];
}

/** Of every bundle, for each was trained on its own ranges. */
function outsideLines(bundles: readonly ReportedBundle[]): Line[] {
  return bundles.map((bundle) => {
    const evaluation = evaluationOf(bundle);
    return [bundles.length > 1 ? `Outside training range, ${bundle.name}` : 'Outside training range', evaluation.outside?.share, '0.00%', null, null, outsideStatement(evaluation)];
  });
}

const recallHeads: Heading[] = [
  { header: 'Found', format: formats.count },
  { header: 'of', format: formats.count },
  { header: 'Share found', format: formats.percent },
  { header: 'Lower', format: formats.percent },
  { header: 'Upper', format: formats.percent },
  { header: 'Median delay (s)', format: formats.seconds },
  { header: 'P90 delay (s)', format: formats.seconds },
];
const detectorHeads: Heading[] = [
  { header: 'Detector' },
  ...recallHeads,
  { header: 'False alarms', format: formats.count },
  { header: 'AUC', format: formats.score },
  { header: 'AUC within cases', format: formats.score },
];
const sizeHeads: Heading[] = [{ header: 'Size' }, ...recallHeads];

function detectorRows({ name, comparison: { rows } }: ReportedBundle, b: number): (CellContent | undefined)[][] {
  return rows.map((row, d) => {
    const { count, total, value, lower, upper } = row.eventRecall;
    return [b === 0 || d === 0 ? row.detector : `${name}: ${row.detector}`, count, total, value, lower, upper, row.medianDelay, row.p90Delay, row.falseAlarms, row.auc, row.withinCaseAuc];
  });
}

function sizeRows({ delayBySize, sizeUnit }: Evaluation): (CellContent | undefined)[][] {
  return delayBySize.map(({ label, recall, delay }) => [
    sizeUnit === 'kg/s' ? label : `${label} of flow`,
    recall.count,
    recall.total,
    recall.value,
    recall.lower,
    recall.upper,
    delay.median,
    delay.p90,
  ]);
}

function clockSentence({ scheduleShared, rows }: Comparison): string {
  const auc = rows.find((row) => row.detector === 'clock_only')?.auc;
  if (scheduleShared === null || auc === undefined || auc === null) return 'Clock-only baseline: not available, so a shared leak schedule is not ruled out.';
  return scheduleShared
    ? `Clock-only baseline: AUC ${auc.toFixed(3)}, above 0.6: schedule shared by train and test: not evidence of skill.`
    : `Clock-only baseline: AUC ${auc.toFixed(3)}, not above 0.6: the clock alone does not find the leaks.`;
}

interface Page {
  heading(text: string): void;
  block(title: string, lines: readonly Line[]): void;
  table(title: string, heads: readonly Heading[], rows: readonly (readonly (CellContent | undefined)[])[]): void;
  sentence(text: string, color: keyof typeof colors): void;
  gap(): void;
}

/** Writes downwards from row `at`. */
function pageOf(sheet: Worksheet, at: number): Page {
  const heading = (text: string): void => {
    const cell = sheet.getCell(at++, 1);
    cell.value = safeCell(text);
    cell.font = font({ bold: true, size: 12 });
  };
  return {
    heading,
    block(title, lines) {
      const numbers = ['Value', 'Lower', 'Upper'].map((header) => ({ header, format: formats.number }));
      const rest = ['Remark', ...Array.from({ length: lastColumn - 5 }, () => '')].map((header) => ({ header }));
      writeHeading(sheet, at++, [{ header: title }, ...numbers, ...rest]);
      for (const [name, value, format, lower, upper, remark] of lines) {
        [name, value, lower, upper, remark].forEach((content, c) => {
          const cell = sheet.getCell(at, c + 1);
          cell.value = safeCell(content);
          const isNumber = c >= 1 && c <= 3;
          // The bounds of a count are no counts.
          if (isNumber) cell.numFmt = c > 1 && format === formats.count ? formats.hours : format;
          cell.font = c === 4 ? font({ color: { argb: colors.quiet.text } }) : font();
          cell.alignment = placed(isNumber ? format : undefined);
        });
        underline(sheet, at++);
      }
    },
    table(title, heads, rows) {
      heading(title);
      writeHeading(sheet, at++, heads);
      if (rows.length === 0) sheet.getCell(at++, 1).value = 'none';
      for (const row of rows) {
        row.forEach((content, c) => {
          const cell = sheet.getCell(at, c + 1);
          cell.value = safeCell(content);
          const { format } = heads[c]!;
          if (format) cell.numFmt = format;
          cell.font = font();
          cell.alignment = placed(format);
        });
        underline(sheet, at++, row.length);
      }
      at++;
    },
    sentence(text, color) {
      sheet.mergeCells(at, 1, at, lastColumn);
      const cell = sheet.getCell(at, 1);
      cell.value = safeCell(text);
      cell.fill = solid(colors[color].fill);
      cell.font = font({ color: { argb: colors[color].text }, bold: color === 'warning' });
      cell.alignment = { wrapText: true, vertical: 'middle', horizontal: 'left', indent: 1 };
      sheet.getRow(at++).height = text.length > 140 ? 34 : 19;
    },
    gap() {
      at++;
    },
  };
}

function underline(sheet: Worksheet, row: number, columns = lastColumn): void {
  for (let c = 1; c <= columns; c++) sheet.getCell(row, c).border = { bottom: { style: 'hair', color: { argb: 'FFD5DAE0' } } };
}
