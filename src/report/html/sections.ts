import { duration } from '../charts/timeAxis.js';
import type { CaseAlarm, CaseEvent, CaseResult, DetectionMap, DetectionRow, DetectorRow, Evaluation, EventEstimate, RegimeResult, ThresholdPoint } from '../../evaluation/index.js';
import { evaluationOf, outsideStatement, type OfflineReportInput } from '../offline/offlineReportInput.js';
import { settingsOf } from '../workbook/configSheet.js';
import { html, type Markup } from './markup.js';
import { htmlTable, written, type HtmlColumn } from './table.js';

export interface Section {
  readonly id: string;
  readonly name: string;
  readonly body: Markup;
}

/** Results first: what was found, what the baselines say of it, and under which circumstances. */
export function resultSections(input: OfflineReportInput, figures: (section: string) => Markup[]): Section[] {
  const evaluation = evaluationOf(input.bundles[0]);
  const { bySize, byPosition, delayBySize, regimes, thresholds, falseAlarms, falseAlarmsWithoutLeaks, sizeUnit } = evaluation;
  const sizes = delayBySize.map((bin, n) => ({ ...bySize.rows[n]!, delay: bin.delay }));
  const detectors = input.bundles.flatMap(({ name, comparison }, b) => comparison.rows.map((row, d) => ({ ...row, detector: b === 0 || d === 0 ? row.detector : `${name}: ${row.detector}` })));
  return [
    { id: 'summary', name: 'Summary', body: html`<p>${falseAlarms.statement}</p>${withoutLeaks(falseAlarmsWithoutLeaks)}${htmlTable('Detectors on the same cases, by the same rules', detectorColumns, detectors)}
${input.bundles.map((bundle) => html`<p class="quiet">${bundle.name}: ${outsideStatement(evaluationOf(bundle))}.</p>`)}<p class="quiet">${input.bundles[0]!.shifted?.statement ?? 'Shifted labels: not computed.'}</p>` },
    { id: 'sizes', name: 'Sizes', body: html`${htmlTable('Leaks by size', [
      { header: sizeUnit === 'kg/s' ? 'Size (kg/s)' : 'Size (% of flow)', value: (row) => row.label }, ...recallColumns,
      { header: 'Median delay (s)', format: written.seconds, value: (row: (typeof sizes)[number]) => row.delay.median }, { header: 'P90 delay (s)', format: written.seconds, value: (row) => row.delay.p90 },
      ...withinColumns(bySize),
    ], sizes)}${estimateTables(input, ['flow', 'size class'])}${figures('Sizes')}` },
    { id: 'locations', name: 'Locations', body: byPosition.rows.length > 0
      ? html`${htmlTable('Leaks by place', [{ header: 'Place', value: (row: DetectionRow) => row.label }, ...recallColumns, ...withinColumns(byPosition)], byPosition.rows)}${estimateTables(input, ['position'])}${figures('Locations')}`
      : html`<p class="quiet">Unavailable: the position of the leaks or the length of the line is not known.</p>` },
    { id: 'regimes', name: 'Regimes', body: html`<p class="quiet">${input.regimeRule ?? 'Regimes were not told apart.'}</p>${htmlTable('Operating regimes', regimeColumns, regimes)}${figures('Regimes')}` },
    { id: 'thresholds', name: 'Thresholds', body: html`<p class="quiet">All other rules unchanged. A threshold chosen here would have to be tested on other cases.</p>${htmlTable('Thresholds', thresholdColumns(evaluation), thresholds)}<div class="pair">${figures('Thresholds')}</div>` },
    { id: 'confusion', name: 'Confusion', body: html`<div class="pair">${figures('Confusion')}</div>` },
  ];
}

/** Said only where there are such cases. */
function withoutLeaks({ leakFreeSeconds, statement }: Evaluation['falseAlarmsWithoutLeaks']): Markup | null {
  return leakFreeSeconds > 0 ? html`<p>In cases without any leak: ${statement}</p>` : null;
}

/** Every case, event, alarm and setting. */
export function detailSections(input: OfflineReportInput): Section[] {
  const evaluation = evaluationOf(input.bundles[0]);
  return [
    { id: 'cases', name: 'Cases', body: htmlTable('Cases', caseColumns, evaluation.cases) },
    { id: 'events', name: 'Events', body: html`<p class="quiet">Delays count from the true onset and are known to ${Number(evaluation.delay.resolution.toPrecision(4))} s.</p>${htmlTable('Leak events', eventColumns(evaluation), evaluation.events)}` },
    { id: 'alarms', name: 'Alarms', body: htmlTable('Alarms', alarmColumns, evaluation.alarms) },
    { id: 'config', name: 'Config', body: htmlTable('Settings', [{ header: 'Key', value: (row) => row.key }, { header: 'Value', wide: true, value: (row) => String(row.value ?? '') }], settingsOf(input.config, '')) },
  ];
}

function estimateTables({ estimates = [], estimateSummaries = [] }: OfflineReportInput, quantities: readonly EventEstimate['quantity'][]): Markup | null {
  const own = estimates.filter(({ quantity }) => quantities.includes(quantity));
  if (own.length === 0) return quantities.includes('position') ? html`<p class="quiet">Location error: unavailable, for there is no bundle that estimates positions, and no pressure wave that could be located: that needs two pressures with places, and the wave speed (pressure_wave.speed).</p>` : null;
  const said = estimateSummaries.filter(({ quantity }) => quantities.includes(quantity));
  return html`${said.map(({ statement }) => html`<p>${statement}</p>`)}${htmlTable('Estimates', estimateColumns, own)}`;
}

const estimateColumns: HtmlColumn<EventEstimate>[] = [
  { header: 'Model', value: (row) => row.model },
  { header: 'Case', value: (row) => row.caseId },
  { header: 'Leak', value: (row) => `${row.leak}, interval ${row.interval}` },
  { header: 'Truth', format: written.short, value: (row) => row.truth },
  { header: 'Estimate', format: written.short, value: (row) => row.estimate },
  { header: 'Error', format: written.short, value: (row) => row.error },
  { header: 'Error (%)', format: written.two, value: (row) => row.errorPercent },
  { header: 'Windows', format: written.count, value: (row) => row.windows },
];

const detectorColumns: HtmlColumn<DetectorRow>[] = [
  { header: 'Detector', value: (row) => row.detector },
  { header: 'Found', format: written.count, value: (row) => row.eventRecall.count },
  { header: 'of', format: written.count, value: (row) => row.eventRecall.total },
  { header: 'Share found', format: written.percent, value: (row) => row.eventRecall.value },
  { header: 'Lower', format: written.percent, value: (row) => row.eventRecall.lower },
  { header: 'Upper', format: written.percent, value: (row) => row.eventRecall.upper },
  { header: 'Median delay (s)', format: written.seconds, value: (row) => row.medianDelay },
  { header: 'P90 delay (s)', format: written.seconds, value: (row) => row.p90Delay },
  { header: 'False alarms', format: written.count, value: (row) => row.falseAlarms },
  { header: 'AUC', format: written.score, value: (row) => row.auc },
  { header: 'AUC within cases', format: written.score, value: (row) => row.withinCaseAuc },
  { header: 'Threshold', format: written.short, value: (row) => row.threshold },
];

type WithRecall = Pick<DetectionRow, 'recall'>;
const shareTone = (share: number | null | undefined): 'good' | 'bad' | undefined => (typeof share !== 'number' ? undefined : share >= 0.95 ? 'good' : share < 0.5 ? 'bad' : undefined);
const recallColumns: HtmlColumn<WithRecall>[] = [
  { header: 'Leaks', format: written.count, value: (row) => row.recall.total },
  { header: 'Found', format: written.count, value: (row) => row.recall.count },
  { header: 'Share', format: written.percent, value: (row) => row.recall.value, tone: (row) => shareTone(row.recall.value) },
  { header: 'Lower', format: written.percent, value: (row) => (row.recall.total > 0 ? row.recall.lower : null) },
  { header: 'Upper', format: written.percent, value: (row) => (row.recall.total > 0 ? row.recall.upper : null) },
];

function withinColumns(map: DetectionMap): HtmlColumn<DetectionRow>[] {
  return map.within.map((seconds, n) => ({ header: `within ${duration(seconds)}`, format: written.percent, value: (row) => row.within[n]?.value, tone: (row) => shareTone(row.within[n]?.value) }));
}

const someTone = (count: number): 'bad' | undefined => (count > 0 ? 'bad' : undefined);
const regimeColumns: HtmlColumn<RegimeResult>[] = [
  { header: 'Regime', value: (row) => row.regime },
  { header: 'Threshold', format: written.score, value: (row) => row.threshold },
  { header: 'Windows', format: written.count, value: (row) => row.windows },
  ...recallColumns,
  { header: 'Median delay (s)', format: written.seconds, value: (row) => row.delay.median },
  { header: 'False alarms', format: written.count, value: (row) => row.falseAlarms.count, tone: (row) => someTone(row.falseAlarms.count) },
  { header: 'Lower', format: written.two, value: (row) => row.falseAlarms.countLower },
  { header: 'Upper', format: written.two, value: (row) => row.falseAlarms.countUpper },
  { header: 'Leak-free hours', format: written.two, value: (row) => row.falseAlarms.leakFreeHours },
];

function thresholdColumns({ options: { threshold } }: Evaluation): HtmlColumn<ThresholdPoint>[] {
  return [
    { header: 'Threshold', format: written.score, value: (row) => row.threshold },
    { header: 'In use', value: (row) => (row.threshold === threshold ? 'yes' : ''), tone: (row) => (row.threshold === threshold ? 'warn' : undefined) },
    ...recallColumns,
    { header: 'Median delay (s)', format: written.seconds, value: (row) => row.delay.median },
    { header: 'P90 delay (s)', format: written.seconds, value: (row) => row.delay.p90 },
    { header: 'False alarms', format: written.count, value: (row) => row.falseAlarms },
    { header: 'per leak-free hour', format: written.score, value: (row) => row.falseAlarmsPerHour },
  ];
}

const caseColumns: HtmlColumn<CaseResult>[] = [
  { header: 'Case', value: (row) => row.caseId },
  { header: 'Group', value: (row) => row.group },
  { header: 'Duration (s)', format: written.seconds, value: (row) => row.durationSeconds },
  { header: 'Leaks', format: written.count, value: (row) => row.events },
  { header: 'Found', format: written.count, value: (row) => row.detected },
  { header: 'Missed', format: written.count, value: (row) => row.events - row.detected, tone: (row) => someTone(row.events - row.detected) },
  { header: 'Median delay (s)', format: written.seconds, value: (row) => row.medianDelay },
  { header: 'False alarms', format: written.count, value: (row) => row.falseAlarms, tone: (row) => someTone(row.falseAlarms) },
  { header: 'Leak-free time (s)', format: written.seconds, value: (row) => row.leakFreeSeconds },
  { header: 'Outside training range (windows)', format: written.count, value: (row) => row.outside, tone: (row) => (row.outside ? 'warn' : undefined) },
  { header: 'AUC', format: written.score, value: (row) => row.windows.auc },
  { header: 'Healthy score, highest', format: written.score, value: (row) => row.scoreHealthy.max },
  { header: 'Leak score, highest', format: written.score, value: (row) => row.scoreLeak.max },
];

const outcomeTone = { detected: 'good', missed: 'bad', 'already-on': 'warn', excluded: undefined } as const;

function eventColumns({ sizeUnit }: Evaluation): HtmlColumn<CaseEvent>[] {
  return [
    { header: 'Case', value: (row) => row.caseId },
    { header: 'Leak', value: (row) => row.leak },
    { header: 'Interval', format: written.count, value: (row) => row.interval },
    { header: 'Onset (s)', format: written.seconds, value: (row) => row.onset },
    { header: 'End (s)', format: written.seconds, value: (row) => row.end },
    { header: 'Peak flow (kg/s)', format: written.short, value: (row) => row.peakFlow },
    ...(sizeUnit === 'kg/s' ? [] : [{ header: 'Size (% of flow)', format: written.two, value: (row: CaseEvent) => row.size }]),
    { header: 'Position (m)', format: written.seconds, value: (row) => row.position },
    { header: 'Regime', value: (row) => row.regime },
    { header: 'Outcome', value: (row) => row.outcome, tone: (row) => outcomeTone[row.outcome] },
    { header: 'Delay (s)', format: written.seconds, value: (row) => row.delay },
    { header: 'Released until alarm (kg)', format: written.short, value: (row) => row.released },
    { header: 'Released in all (kg)', format: written.short, value: (row) => row.releasedInAll },
    { header: 'Remark', value: (row) => row.reason },
  ];
}

const kindTone = { detection: 'good', false: 'bad', repeat: undefined, recovery: undefined, carried: undefined } as const;
const alarmColumns: HtmlColumn<CaseAlarm>[] = [
  { header: 'Case', value: (row) => row.caseId },
  { header: 'Raised at (s)', format: written.seconds, value: (row) => row.time },
  { header: 'On until (s)', format: written.seconds, value: (row) => row.end },
  { header: 'Highest score', format: written.score, value: (row) => row.peakScore },
  { header: 'Regime', value: (row) => row.regime },
  { header: 'Kind', value: (row) => row.kind, tone: (row) => kindTone[row.kind] },
];
