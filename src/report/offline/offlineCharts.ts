import { confusionChart } from '../charts/confusionChart.js';
import { heatMap } from '../charts/heatMap.js';
import { lineChart, type LineSeries } from '../charts/lineChart.js';
import { duration } from '../charts/timeAxis.js';
import type { ClassConfusion, DetectionMap, Evaluation } from '../../evaluation/index.js';
import { evaluationOf, type OfflineReportInput, type ReportedBundle } from './offlineReportInput.js';

/** A chart of the report: the name of its file, the sheet or section it belongs to, and the picture. */
export interface OfflineChart {
  readonly name: string;
  readonly section: 'Sizes' | 'Locations' | 'Thresholds' | 'Confusion' | 'Regimes';
  readonly svg: string;
}

/** Every chart that there is something to draw for. */
export function offlineCharts(input: OfflineReportInput): OfflineChart[] {
  const evaluation = evaluationOf(input.bundles[0]);
  return [
    ...(evaluation.bySize.rows.length > 0 ? [
      { name: 'performance_map', section: 'Sizes', svg: mapChart('Performance map', 'share of leaks found within a time from onset, with Wilson interval', 'leak size', evaluation.bySize, evaluation) } as const,
      { name: 'delay_by_size', section: 'Sizes', svg: delayChart(evaluation) } as const,
      { name: 'least_leak', section: 'Sizes', svg: leastLeakChart(evaluation, input) } as const,
    ] : []),
    ...(evaluation.byPosition.rows.length > 0 ? [
      { name: 'position_map', section: 'Locations', svg: mapChart('Performance map along the line', 'share of leaks found within a time from onset, with Wilson interval', 'place', evaluation.byPosition, evaluation) } as const,
    ] : []),
    ...(evaluation.thresholds.length > 0 ? [{ name: 'thresholds', section: 'Thresholds', svg: thresholdChart(evaluation) } as const] : []),
    ...(evaluation.roc.truePositiveRate.length > 0 ? [
      { name: 'roc', section: 'Thresholds', svg: rocOf(input) } as const,
      { name: 'det', section: 'Thresholds', svg: detOf(input) } as const,
    ] : []),
    ...input.bundles.map((bundle, n) => ({ name: n === 0 ? 'confusion_matrix' : `confusion_matrix_${bundle.name}`, section: 'Confusion', svg: confusionOf(bundle, input.bundles.length > 1) }) as const),
    ...(input.estimateSummaries ?? []).flatMap(({ model, confusion }) => (confusion ? [{ name: `confusion_matrix_${model}`, section: 'Confusion', svg: classesOf(model, confusion) } as const] : [])),
  ];
}

/** The one after the other, with what the picture of a bundle says. */
function confusionOf(bundle: ReportedBundle, named: boolean): string {
  const { confusion } = evaluationOf(bundle).windows;
  return confusionChart({
    title: named ? `Confusion matrix, ${bundle.name}` : 'Confusion matrix', subtitle: 'windows outside warm-up and recovery', labels: ['no leak', 'leak'],
    counts: [[confusion.trueNegative, confusion.falsePositive], [confusion.falseNegative, confusion.truePositive]],
  });
}

/** The classes of size that a model says, beside the true ones. */
function classesOf(model: string, { classes, unit, counts }: ClassConfusion): string {
  return confusionChart({ title: `Size classes, ${model}`, subtitle: `leaks by the class of their size${unit ? ` (${unit})` : ''}`, labels: classes, counts });
}

function mapChart(title: string, subtitle: string, rowTitle: string, map: DetectionMap, { sizeUnit }: Evaluation): string {
  const percent = (share: number): number => Math.round(share * 100);
  const cells = map.rows.map((row) => [...row.within, row.recall]);
  return heatMap({
    title, subtitle, rowTitle: rowTitle === 'leak size' && sizeUnit !== 'kg/s' ? 'leak size, of flow' : rowTitle, columnTitle: 'time from onset',
    rows: map.rows.map(({ label, recall }) => `${label} (${recall.total})`),
    columns: [...map.within.map(duration), 'at all'],
    shares: cells.map((row) => row.map(({ value }) => value)),
    notes: cells.map((row) => row.map(({ lower, upper }) => `${percent(lower)} to ${percent(upper)}`)),
  });
}

/** Share found over time from onset, one step curve per size: the delays themselves, not binned. */
function delayChart({ events, bySize, sizeUnit, delay }: Evaluation): string {
  const counted = events.filter((event) => event.outcome !== 'excluded');
  const last = Math.max(...bySize.within, 10);
  const series = bySize.rows.map(({ label, lower, upper }): LineSeries => {
    const inside = counted.filter(({ size }) => size >= lower && (upper === null || size < upper));
    const delays = inside.flatMap((event) => event.delay ?? []).sort((a, b) => a - b);
    const x = [firstSecond];
    const y = [0];
    delays.forEach((seconds, i) => {
      x.push(Math.max(seconds, firstSecond), Math.max(seconds, firstSecond));
      y.push((100 * i) / inside.length, (100 * (i + 1)) / inside.length);
    });
    x.push(last);
    y.push(y.at(-1)!);
    return { name: `${label}${sizeUnit === 'kg/s' ? '' : ' of flow'} (${inside.length})`, x, y };
  });
  return lineChart({
    title: 'Leaks found over time, by size', subtitle: `delays are known to ${Number(delay.resolution.toPrecision(4))} s`,
    panels: [{ title: 'share of leaks found (%)', series, range: [0, 102] }],
    xTitle: 'time from onset', xLog: true, xRange: [firstSecond, last], xFormat: plainDuration, xTicks: clockTicks,
  });
}

const firstSecond = 1;
const clockTicks = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** Every leak that was found, its size over its delay, beside the bound of a volume balance. */
function leastLeakChart({ events, sizeUnit, meanFlow }: Evaluation, { reference }: OfflineReportInput): string {
  const counted = events.filter((event) => event.outcome !== 'excluded' && event.size > 0);
  const found = counted.filter((event) => event.delay !== undefined);
  const missed = counted.filter((event) => event.delay === undefined);
  const series: LineSeries[] = [{ name: `found (${found.length})`, x: found.map((event) => Math.max(event.delay!, firstSecond)), y: found.map((event) => event.size), draw: 'points', color: 0 }];
  if (missed.length > 0) series.push({ name: `missed, at the end of the leak (${missed.length})`, x: missed.map((event) => Math.max(event.end - event.onset, firstSecond)), y: missed.map((event) => event.size), draw: 'points', color: 1 });
  if (reference) {
    // A leak of more than the whole flow is none: the curve begins where it means something.
    const most = Math.max(...counted.map((event) => event.size), sizeUnit === 'kg/s' ? meanFlow ?? 0 : 100);
    const shown = reference.size.flatMap((size, i) => (size <= most ? [i] : []));
    series.push({ name: reference.label, x: shown.map((i) => reference.seconds[i]!), y: shown.map((i) => reference.size[i]!), color: 7, dash: '6 3' });
  }
  return lineChart({
    title: 'Leak size against time to detect', subtitle: reference ? 'left of or below the dashed line a volume balance alone cannot tell a leak from its own uncertainty' : undefined,
    panels: [{ title: `leak size (${sizeUnit})`, series, log: true, format: plainNumber }],
    xTitle: 'time from onset', xLog: true, xFormat: plainDuration, xTicks: clockTicks,
  });
}

/** What another threshold would have given; the one in use is marked. */
function thresholdChart({ thresholds, options: { threshold } }: Evaluation): string {
  const x = thresholds.map((point) => point.threshold);
  const of = (value: (point: (typeof thresholds)[number]) => number | null): number[] => thresholds.map((point) => value(point) ?? NaN);
  return lineChart({
    title: 'Threshold', subtitle: 'all other rules unchanged; a threshold chosen here would have to be tested on other cases',
    panels: [
      { title: 'leaks found (%)', series: [{ name: 'leaks found', x, y: of(({ recall }) => (recall.value === null ? null : 100 * recall.value)), color: 2 }], range: [0, 103] },
      { title: 'delay (s)', series: [{ name: 'median delay', x, y: of(({ delay }) => delay.median), color: 0 }, { name: 'P90 delay', x, y: of(({ delay }) => delay.p90), color: 4 }] },
      { title: 'false alarms', series: [{ name: 'false alarms', x, y: of((point) => point.falseAlarms), color: 1 }] },
    ],
    xTitle: 'threshold of the score', mark: { x: threshold, name: `in use: ${Number(threshold.toPrecision(4))}` },
  });
}

function rocOf({ bundles }: OfflineReportInput): string {
  return lineChart({
    title: 'ROC', subtitle: 'windows outside warm-up and recovery', width: 620,
    panels: [{ title: 'windows in a leak found (%)', series: [...rates(bundles, (x) => 100 * x, (y) => 100 * y), { name: 'chance', x: [0, 100], y: [0, 100], color: 7, dash: '4 3' }], range: [0, 101], height: 420 }],
    xTitle: 'leak-free windows in alarm (%)', xRange: [0, 100],
  });
}

/** Both kinds of error on logarithmic axes: where good detectors differ, an ROC curve shows a corner. */
function detOf({ bundles }: OfflineReportInput): string {
  return lineChart({
    title: 'Detection error trade-off', subtitle: 'both errors on logarithmic axes', width: 620,
    panels: [{ title: 'windows in a leak missed (%)', series: rates(bundles, (x) => 100 * x, (y) => 100 * (1 - y)), log: true, range: [0.1, 100], height: 420 }],
    xTitle: 'leak-free windows in alarm (%)', xLog: true, xRange: [0.01, 100],
  });
}

function rates(bundles: readonly ReportedBundle[], toX: (rate: number) => number, toY: (rate: number) => number): LineSeries[] {
  return bundles.flatMap(({ name, comparison }, b) => comparison.rows.map(({ detector, auc }, d): LineSeries => {
    const { roc } = comparison.evaluations[detector]!;
    const label = b === 0 || d === 0 ? detector : `${name}: ${detector}`;
    return { name: auc === null ? label : `${label} (AUC ${auc.toFixed(3)})`, x: roc.falsePositiveRate.map(toX), y: roc.truePositiveRate.map(toY) };
  })).map((series, color) => ({ ...series, color }));
}

function plainDuration(seconds: number): string {
  if (seconds >= 60 && seconds < 3600) return `${Number((seconds / 60).toFixed(1))} min`;
  return seconds >= 3600 ? `${Number((seconds / 3600).toFixed(1))} h` : `${Number(seconds.toFixed(1))} s`;
}

function plainNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}
