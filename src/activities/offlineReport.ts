import { matchEvents, phaseCode, type Comparison, type Confusion, type ShiftedLabels } from '../evaluation/index.js';
import type { Metrics, TestOfflineConfig } from '../pipelines/index.js';
import { confusionChart, leakSeriesChart, offlineWorkbook, svgToPng, type SignalPanel } from '../report/index.js';
import { numbers, type Table } from '../table/index.js';
import { withoutPlaces } from './batches.js';
import { jsonBytes, type FileToPublish } from './files.js';
import { scoredCase, type CaseFacts, type OpenBundle } from './scoreSeries.js';

/** One case as a picture: signals, score and threshold, true intervals, alarms. */
export function caseChart(of: {
  caseId: string; table: Table; series: Table; facts: CaseFacts; bundle: OpenBundle; config: TestOfflineConfig;
}): FileToPublish[] {
  const scored = scoredCase(of.caseId, of.table, of.facts, 'score');
  const rules = { threshold: of.bundle.threshold, persistence: of.config.persistence, holdOffSeconds: of.config.hold_off_seconds, graceSeconds: of.config.grace_seconds };
  const { events, alarms } = matchEvents(scored, rules);
  const detected = events.filter((event) => event.outcome === 'detected').length;
  const svg = leakSeriesChart({
    title: of.caseId,
    subtitle: events.length === 0 ? 'leak-free' : `${detected} of ${events.length} leaks found`,
    time: numbers(of.series, 'time'),
    panels: panels(of.series, of.bundle),
    score: { time: scored.time, values: scored.score, threshold: of.bundle.threshold },
    leaks: of.facts.leaks.flatMap((leak) => leak.intervals.map(({ start, end }) => ({ start, end, label: leak.name }))),
    alarms: alarms.map(({ time, kind, event }) => ({ time, kind, delay: event === undefined ? undefined : events[event]?.delay })),
    ...spans(scored.time, scored.phase),
  });
  return picture(`plots/series/${of.caseId}`, svg);
}

export function confusionPicture({ evaluations }: Comparison): FileToPublish[] {
  return picture('plots/confusion_matrix', confusionSvg(evaluations['model']!.windows.confusion));
}

/** The workbook, and the numbers of its first sheet as JSON. */
export async function offlineReport(of: {
  comparison: Comparison; shifted: ShiftedLabels; config: TestOfflineConfig; configHash: string; bundle: OpenBundle; cases: number;
}): Promise<{ files: FileToPublish[]; metrics: Metrics }> {
  const evaluation = of.comparison.evaluations['model']!;
  const metrics = metricsOf(of);
  const workbook = await offlineWorkbook({
    comparison: of.comparison, shifted: of.shifted, configHash: of.configHash,
    config: { ...withoutPlaces(of.config), ...of.bundle.bundle.inference, bundle_sha256: of.bundle.bundle.sha256, data_source: of.bundle.bundle.manifest.source },
    confusionPng: svgToPng(confusionSvg(evaluation.windows.confusion)),
  });
  const detail = { metrics, detectors: of.comparison.rows, warnings: of.comparison.warnings, false_alarms: evaluation.falseAlarms, delay_by_size: evaluation.delayBySize, shifted_labels: of.shifted, events: evaluation.events, alarms: evaluation.alarms };
  return { files: [{ path: 'offline_report.xlsx', bytes: workbook }, { path: 'metrics.json', bytes: jsonBytes(detail) }], metrics };
}

function metricsOf({ comparison, shifted, cases, bundle }: { comparison: Comparison; shifted: ShiftedLabels; cases: number; bundle: OpenBundle }): Metrics {
  const { eventRecall, delay, falseAlarms, windows, recoveryAlarms } = comparison.evaluations['model']!;
  const baseline = (name: string) => comparison.rows.find((row) => row.detector === name);
  return {
    bundle: bundle.bundle.sha256.slice(0, 12), cases, events: eventRecall.total, events_found: eventRecall.count, event_recall: eventRecall.value,
    median_delay_s: delay.median, p90_delay_s: delay.p90, delay_resolution_s: delay.resolution,
    false_alarms: falseAlarms.count, leak_free_hours: falseAlarms.leakFreeHours, false_alarms_lower: falseAlarms.countLower, false_alarms_upper: falseAlarms.countUpper,
    recovery_alarms: recoveryAlarms, roc_auc: windows.auc, average_precision: windows.averagePrecision, threshold: bundle.threshold,
    clock_only_auc: baseline('clock_only')?.auc ?? null, clock_only_found: baseline('clock_only')?.eventRecall.count ?? null,
    imbalance_auc: baseline('imbalance')?.auc ?? null, imbalance_found: baseline('imbalance')?.eventRecall.count ?? null,
    imbalance_median_delay_s: baseline('imbalance')?.medianDelay ?? null, imbalance_false_alarms: baseline('imbalance')?.falseAlarms ?? null,
    shifted_label_auc: shifted.auc, data_source: bundle.bundle.manifest.source,
    warnings: comparison.warnings.join('; '),
  };
}

/** Signals of one quantity share a panel, so that they share an axis. */
function panels(series: Table, { preparation: { plan } }: OpenBundle): SignalPanel[] {
  const titles = { pressure: 'Pressure', flow: 'Flow', temperature: 'Temperature', other: 'Other signals' } as const;
  return (['pressure', 'flow'] as const).flatMap((quantity) => {
    const signals = plan.signals.filter((signal) => signal.quantity === quantity);
    if (signals.length === 0) return [];
    return [{ title: titles[quantity], unit: signals[0]!.unit, series: signals.map(({ name }) => ({ name, values: numbers(series, name) })) }];
  });
}

/** Warm-up and recovery as time spans, from the phases of the windows. */
function spans(time: Float64Array, phase: ArrayLike<number>): { warmup?: { start: number; end: number }; recovery: { start: number; end: number }[] } {
  const found = { warmup: [] as { start: number; end: number }[], recovery: [] as { start: number; end: number }[] };
  for (const name of ['warmup', 'recovery'] as const) {
    for (let i = 0; i < time.length; i++) {
      if (phase[i] !== phaseCode[name]) continue;
      if (i > 0 && phase[i - 1] === phaseCode[name]) found[name].at(-1)!.end = time[i]!;
      else found[name].push({ start: time[i]!, end: time[i]! });
    }
  }
  const [warmup] = found.warmup;
  return { ...(warmup && { warmup: { start: 0, end: warmup.end } }), recovery: found.recovery };
}

function confusionSvg(confusion: Confusion): string {
  return confusionChart({
    title: 'Confusion matrix', subtitle: 'windows outside warm-up and recovery', labels: ['no leak', 'leak'],
    counts: [[confusion.trueNegative, confusion.falsePositive], [confusion.falseNegative, confusion.truePositive]],
  });
}

function picture(path: string, svg: string): FileToPublish[] {
  return [{ path: `${path}.svg`, bytes: new TextEncoder().encode(svg) }, { path: `${path}.png`, bytes: svgToPng(svg) }];
}
