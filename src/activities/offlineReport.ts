import { minimumLeak, regimeRule, sizeReversals, summarizeEstimates, type EstimateSummary, type Evaluation, type EventEstimate, type SizeClasses } from '../evaluation/index.js';
import type { Metrics, TestOfflineConfig } from '../pipelines/index.js';
import { offlineCharts, offlineHtml, offlineWorkbook, svgToPng, type CaseSeries, type OfflineReportInput, type ReferenceCurve } from '../report/index.js';
import { withoutPlaces } from './batches.js';
import { picture } from './caseChart.js';
import { jsonBytes, type FileToPublish } from './files.js';
import type { BundleResult } from './offlineEvaluation.js';
import { regimeRuleOf } from './offlineScores.js';

interface ReportParts {
  readonly results: readonly BundleResult[];
  readonly config: TestOfflineConfig;
  readonly configHash: string;
  readonly cases: number;
  readonly estimates: readonly EventEstimate[];
  /** By the name of the bundle. */
  readonly classes: ReadonlyMap<string, SizeClasses>;
  /** Metres; null where it is not known or differs. */
  readonly lineLength: number | null;
  /** The series of a case, for the interactive view. */
  readonly series: (caseId: string) => Promise<CaseSeries>;
}

/** Workbook, HTML report, charts, and all numbers as JSON. */
export async function offlineReport({ results, config, configHash, cases, series, estimates, classes, lineLength }: ReportParts): Promise<{ files: FileToPublish[]; metrics: Metrics }> {
  const metrics = metricsOf(results[0]!, cases);
  const estimateSummaries = summarizeEstimates(estimates, lineLength, classes);
  const input: OfflineReportInput = {
    bundles: results, configHash, estimates, estimateSummaries, regimeRule: regimeRule(regimeRuleOf(config)), reference: referenceOf(evaluationOf(results[0]!), config),
    config: {
      ...withoutPlaces(config), bundles: undefined,
      ...Object.fromEntries(results.map(({ name, bundle: { bundle } }) => [`bundle ${name}`, { ...bundle.inference, bundle_sha256: bundle.sha256, data_source: bundle.manifest.source }])),
    },
  };
  const charts = offlineCharts(input).map((chart) => ({ ...chart, png: svgToPng(chart.svg) }));
  const shown: CaseSeries[] = [];
  for (const caseId of worstFirst(evaluationOf(results[0]!)).slice(0, config.html_cases)) shown.push(await series(caseId));
  const files = [
    { path: 'offline_report.xlsx', bytes: await offlineWorkbook(input, charts) },
    { path: 'offline_report.html', bytes: offlineHtml(input, { series: shown, points: config.html_points, charts }) },
    { path: 'metrics.json', bytes: jsonBytes({ ...detailOf(results[0]!, metrics), ...(estimates.length > 0 && { estimate_summaries: estimateSummaries, estimates }), ...(results.length > 1 && { bundles: Object.fromEntries(results.map((one) => [one.name, detailOf(one, metricsOf(one, cases))])) }) }) },
    ...charts.flatMap(({ name, svg, png }) => picture(`plots/${name}`, svg, png)),
  ];
  return { files, metrics: { ...metrics, ...othersOf(results.slice(1)), ...estimateMetrics(estimateSummaries) } };
}

function evaluationOf({ name, comparison }: BundleResult): Evaluation {
  return comparison.evaluations[name]!;
}

/** Missed leaks, then false alarms, then late ones, then the others in their order. */
function worstFirst({ cases }: Evaluation): string[] {
  const badness = (one: Evaluation['cases'][number]): number => (one.events - one.detected) * 1e6 + one.falseAlarms * 1e3 + Math.min(999, one.medianDelay ?? 0);
  return cases.map((one, place) => ({ one, place })).sort((a, b) => badness(b.one) - badness(a.one) || a.place - b.place).map(({ one }) => one.caseId);
}

/** Ten a decade, from 1 s to a day and more. */
const referenceSeconds = Array.from({ length: 51 }, (_, i) => 10 ** (i / 10));

/** The volume balance of API 1149 at the mean flow of the cases; none where no flow is known. */
function referenceOf({ meanFlow, sizeUnit }: Evaluation, { reference: { meter_percent: percent, line_pack_seconds: seconds, z } }: TestOfflineConfig): ReferenceCurve | undefined {
  if (meanFlow === null) return undefined;
  const flow = sizeUnit === 'kg/s' ? meanFlow : 100;
  const meter = (percent / 100) * flow;
  return {
    seconds: referenceSeconds, size: referenceSeconds.map((time) => minimumLeak({ inlet: meter, outlet: meter, linePack: seconds * flow }, time, z)),
    label: `least leak of a volume balance (API 1149; meters ${percent} %, line pack ${seconds} s of flow, z ${z})`,
  };
}

function detailOf({ name, comparison, shifted }: BundleResult, metrics: Metrics): object {
  const evaluation = comparison.evaluations[name]!;
  const { falseAlarms, falseAlarmsWithoutLeaks, delayBySize, bySize, byPosition, release, regimes, thresholds, events, alarms } = evaluation;
  const baselines = comparison.rows.filter(({ detector }) => detector !== name).map(({ detector }) => {
    const own = comparison.evaluations[detector]!;
    return [detector, { false_alarms: own.falseAlarms, false_alarms_without_leaks: own.falseAlarmsWithoutLeaks, delay_by_size: own.delayBySize }] as const;
  });
  return {
    metrics, detectors: comparison.rows, warnings: comparison.warnings, false_alarms: falseAlarms, false_alarms_without_leaks: falseAlarmsWithoutLeaks,
    delay_by_size: delayBySize, detection_by_size: bySize, size_reversals: sizeReversals(bySize),
    detection_by_position: byPosition, released: release, regimes, thresholds, outside_envelope: outsideOf(evaluation), shifted_labels: shifted, baselines: Object.fromEntries(baselines), events, alarms,
  };
}

/** Windows outside the range of the training, in all and case by case where there are any; null where the bundle does not know that range. */
function outsideOf({ outside, windows: { windows }, cases }: Evaluation): object | null {
  if (outside === null) return null;
  return { windows: outside.count, scored_windows: windows, share: outside.share, cases: Object.fromEntries(cases.flatMap((one) => (one.outside ? [[one.caseId, one.outside]] : []))) };
}

function metricsOf({ name, comparison, shifted, bundle }: BundleResult, cases: number): Metrics {
  const { eventRecall, delay, falseAlarms, windows, recoveryAlarms, release, outside } = comparison.evaluations[name]!;
  const baseline = (detector: string) => comparison.rows.find((row) => row.detector === detector);
  return {
    bundle: bundle.bundle.sha256.slice(0, 12), cases, events: eventRecall.total, events_found: eventRecall.count, event_recall: eventRecall.value,
    median_delay_s: delay.median, p90_delay_s: delay.p90, delay_resolution_s: delay.resolution, median_released_kg: release.median,
    false_alarms: falseAlarms.count, leak_free_hours: falseAlarms.leakFreeHours, false_alarms_lower: falseAlarms.countLower, false_alarms_upper: falseAlarms.countUpper,
    recovery_alarms: recoveryAlarms, roc_auc: windows.auc, average_precision: windows.averagePrecision, outside_envelope_share: outside?.share ?? null, threshold: bundle.threshold,
    clock_only_auc: baseline('clock_only')?.auc ?? null, clock_only_found: baseline('clock_only')?.eventRecall.count ?? null,
    imbalance_auc: baseline('imbalance')?.auc ?? null, imbalance_found: baseline('imbalance')?.eventRecall.count ?? null,
    imbalance_median_delay_s: baseline('imbalance')?.medianDelay ?? null, imbalance_false_alarms: baseline('imbalance')?.falseAlarms ?? null,
    shifted_label_auc: shifted.auc, data_source: bundle.bundle.manifest.source,
    warnings: comparison.warnings.join('; '),
  };
}

function estimateMetrics(summaries: readonly EstimateSummary[]): Metrics {
  return Object.fromEntries(summaries.flatMap(({ model, quantity, medianError, medianPercent, noSkillError, rightShare, r2 }): [string, number | null][] => {
    if (quantity === 'size class') return [[`${model}.right_share`, rightShare]];
    if (quantity === 'flow') return [[`${model}.median_error_kg_s`, medianError], [`${model}.median_error_percent`, medianPercent], [`${model}.r2`, r2]];
    return [[`${model}.median_error_m`, medianError], [`${model}.median_error_percent`, medianPercent], [`${model}.no_skill_error_m`, noSkillError]];
  }));
}

/** Of the other bundles what is needed to compare them at a glance. */
function othersOf(results: readonly BundleResult[]): Metrics {
  return Object.fromEntries(results.flatMap(({ name, comparison }) => {
    const { eventRecall, delay, falseAlarms, windows, outside } = comparison.evaluations[name]!;
    return [[`${name}.events_found`, eventRecall.count], [`${name}.median_delay_s`, delay.median], [`${name}.false_alarms`, falseAlarms.count], [`${name}.roc_auc`, windows.auc], [`${name}.outside_envelope_share`, outside?.share ?? null]];
  }));
}
