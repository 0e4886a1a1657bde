import type { Workbook } from 'exceljs';
import { formats } from './cells.js';
import type { CaseAlarm, CaseEvent, CaseResult, Evaluation } from '../../evaluation/index.js';
import { addTableSheet, type SheetColumn } from './tableSheet.js';

const aboveZero = { formula: 'AND(ISNUMBER(CELL),CELL>0)', color: 'bad' } as const;

/** One row per case: events, delays, false alarms. */
export function addCasesSheet(workbook: Workbook, { cases }: Evaluation): void {
  const columns: SheetColumn<CaseResult>[] = [
    { header: 'Case', width: 30, value: (row) => row.caseId },
    { header: 'Group', width: 22, value: (row) => row.group },
    { header: 'Duration (s)', width: 12, format: formats.seconds, value: (row) => row.durationSeconds },
    { header: 'Window step (s)', width: 11, format: formats.number, value: (row) => row.stepSeconds },
    { header: 'Leaks', width: 9, format: formats.count, value: (row) => row.events },
    { header: 'Found', width: 9, format: formats.count, value: (row) => row.detected },
    {
      header: 'Missed',
      width: 9,
      format: formats.count,
      value: (row) => row.events - row.detected,
      rules: [aboveZero],
    },
    { header: 'Median delay (s)', width: 12, format: formats.seconds, value: (row) => row.medianDelay },
    { header: 'False alarms', width: 10, format: formats.count, value: (row) => row.falseAlarms, rules: [aboveZero] },
    { header: 'Leak-free time (s)', width: 12, format: formats.seconds, value: (row) => row.leakFreeSeconds },
    { header: 'Alarms in recovery', width: 11, format: formats.count, value: (row) => row.recoveryAlarms },
    { header: 'Windows', width: 10, format: formats.count, value: (row) => row.windows.windows },
    { header: 'of them in a leak', width: 11, format: formats.count, value: (row) => row.windows.positives },
    { header: 'Without score', width: 9, format: formats.count, value: (row) => row.windows.missingScores, rules: [{ ...aboveZero, color: 'warning' }] },
    { header: 'Outside training range', width: 10, format: formats.count, value: (row) => row.outside, rules: [{ ...aboveZero, color: 'warning' }] },
    { header: 'Precision', width: 10, format: formats.score, value: (row) => row.windows.precision },
    { header: 'Recall', width: 9, format: formats.score, value: (row) => row.windows.recall },
    { header: 'AUC', width: 9, format: formats.score, value: (row) => row.windows.auc },
    { header: 'Healthy score, median', width: 11, format: formats.score, value: (row) => row.scoreHealthy.median },
    { header: 'Healthy score, highest', width: 11, format: formats.score, value: (row) => row.scoreHealthy.max },
    { header: 'Leak score, highest', width: 11, format: formats.score, value: (row) => row.scoreLeak.max },
  ];
  const note = 'One row per case. Delay and AUC are empty where there is nothing to take them from. Outside training range: windows with a signal beyond what the bundle was trained on, which predict would not score. The score of every window is in the Parquet files, one per case.';
  addTableSheet(workbook, 'Cases', { note, columns, rows: cases });
}

/** One row per leak interval. */
export function addEventsSheet(workbook: Workbook, { events, sizeUnit, delay }: Evaluation): void {
  const columns: SheetColumn<CaseEvent>[] = [
    { header: 'Case', width: 30, value: (row) => row.caseId },
    { header: 'Leak', width: 18, value: (row) => row.leak },
    { header: 'Interval', width: 9, format: formats.count, value: (row) => row.interval },
    { header: 'Onset (s)', width: 12, format: formats.seconds, value: (row) => row.onset },
    { header: 'End (s)', width: 12, format: formats.seconds, value: (row) => row.end },
    { header: 'Peak flow (kg/s)', width: 11, format: formats.number, value: (row) => row.peakFlow },
    ...(sizeUnit === 'kg/s' ? [] : [{ header: 'Size (% of flow)', width: 11, format: '0.00', value: (row: CaseEvent) => row.size }]),
    { header: 'Position (m)', width: 12, format: formats.seconds, value: (row) => row.position },
    { header: 'Diameter (m)', width: 11, format: '0.0000', value: (row) => row.diameter },
    {
      header: 'Outcome',
      width: 12,
      value: (row) => row.outcome,
      rules: [
        { formula: 'CELL="detected"', color: 'good' },
        { formula: 'CELL="missed"', color: 'bad' },
        { formula: 'CELL="already-on"', color: 'warning' },
        { formula: 'CELL="excluded"', color: 'quiet' },
      ],
    },
    { header: 'Alarm at (s)', width: 12, format: formats.seconds, value: (row) => row.alarmTime },
    { header: 'Delay (s)', width: 11, format: formats.seconds, value: (row) => row.delay },
    { header: 'Regime', width: 11, value: (row) => row.regime },
    { header: 'Released until alarm (kg)', width: 13, format: formats.number, value: (row) => row.released },
    { header: 'Released in all (kg)', width: 13, format: formats.number, value: (row) => row.releasedInAll },
    { header: 'Remark', width: 26, value: (row) => row.reason || null },
  ];
  const note =
    `One row per leak interval. Delays count from the true onset and are known to ${Number(delay.resolution.toPrecision(4))} s. ` +
    'already-on: the alarm was up before the onset and did not re-arm, so the leak counts as missed. ' +
    'Released: the integral of the leak flow; without an alarm, up to the end of the leak.';
  addTableSheet(workbook, 'Events', { note, columns, rows: events });
}

/** One row per alarm of any kind. */
export function addAlarmsSheet(workbook: Workbook, { alarms, events }: Evaluation): void {
  const columns: SheetColumn<CaseAlarm>[] = [
    { header: 'Case', width: 30, value: (row) => row.caseId },
    { header: 'Raised at (s)', width: 13, format: formats.seconds, value: (row) => row.time },
    { header: 'On until (s)', width: 13, format: formats.seconds, value: (row) => row.end },
    { header: 'Highest score', width: 11, format: formats.score, value: (row) => row.peakScore },
    {
      header: 'Kind',
      width: 12,
      value: (row) => row.kind,
      rules: [
        { formula: 'CELL="detection"', color: 'good' },
        { formula: 'CELL="false"', color: 'bad' },
        { formula: 'OR(CELL="recovery",CELL="carried",CELL="repeat")', color: 'quiet' },
      ],
    },
    { header: 'Regime', width: 11, value: (row) => row.regime },
    { header: 'Detects', width: 24, value: (row) => (row.event === undefined ? null : leakName(events[row.event])) },
  ];
  const note =
    'One row per alarm. false: raised in leak-free time; recovery: raised after a leak while the line settles; ' +
    'repeat: raised again in a leak already found; carried: on since warm-up.';
  addTableSheet(workbook, 'Alarms', { note, columns, rows: alarms });
}

function leakName(event: CaseEvent | undefined): string | null {
  return event ? `${event.leak}, interval ${event.interval}` : null;
}
