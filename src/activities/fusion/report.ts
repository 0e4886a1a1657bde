import type { Chosen } from './detectors.js';
import type { FusionModel } from '../../fusion/index.js';
import type { Metrics } from '../../pipelines/index.js';
import { intervalChart, type IntervalValue } from '../../report/index.js';
import { encodeCsv, encodeParquet, type Column, type Table } from '../../table/index.js';
import { picture } from '../caseChart.js';
import { jsonBytes, type FileToPublish } from '../files.js';
import type { CalibrationTrial, FilterParams } from './calibrate.js';
import { countsOf, type DetectorResult, type Judged } from './results.js';
import type { Settled } from './settle.js';

export interface FusionReport extends Omit<Judged, 'series'> {
  readonly chosen: Chosen;
  readonly model: FusionModel;
  readonly settled: Settled;
  readonly provenance: Readonly<Record<string, unknown>>;
}

/** The report as JSON and chart, the calibrated settings, and the table of trials. */
export function reportFiles(report: FusionReport): { files: FileToPublish[]; metrics: Metrics } {
  const { singles, fused, claim, chosen, model, settled: { params, byFold, trials } } = report;
  const best = trials.reduce<CalibrationTrial | undefined>((found, trial) => (found && found.value >= trial.value ? found : trial), undefined);
  const detail = {
    claim, fusion: detailOf(fused), detectors: singles.map(detailOf), left_out: chosen.leftOut,
    groups: model.groups.map(({ name, detectors, stacked }) => ({ name, detectors: detectors.map((one, i) => ({ ...one, weight: stacked.weights[i]! })) })),
    settings: params, settings_by_fold: byFold, max_false_alarms_per_month: report.perMonth, ...report.provenance,
    notes: [
      'every case is judged by likelihood ratios, thresholds and settings that were chosen on the other folds; proposals of the search have seen all folds',
      'weights are of standardised inputs and say what a detector adds beside the others of its group',
    ],
  };
  return {
    files: [
      { path: 'fusion_report.json', bytes: jsonBytes(detail) },
      { path: 'best_params.json', bytes: jsonBytes({ params, ...(best && { value: best.value, trial: best.number }) }) },
      ...picture('plots/fusion_report', chartOf(report)),
      ...(trials.length === 0 ? [] : tables(trials)),
    ],
    metrics: metricsOf(report),
  };
}

function metricsOf({ fused, claim, singles }: FusionReport): Metrics {
  const { eventRecall, delay, falseAlarms } = fused.evaluation;
  const single = singles.find(({ detector }) => detector === claim.against)?.evaluation;
  return {
    detectors: singles.length, events: eventRecall.total, events_found: eventRecall.count, median_delay_s: delay.median, p90_delay_s: delay.p90,
    false_alarms: falseAlarms.count, leak_free_hours: falseAlarms.leakFreeHours, claim: claim.holds ? 'holds' : 'does not hold',
    best_single: claim.against,
    ...(single && { 'best_single.events_found': single.eventRecall.count, 'best_single.median_delay_s': single.delay.median, 'best_single.false_alarms': single.falseAlarms.count }),
  };
}

function detailOf({ detector, evaluation: { eventRecall, delay, falseAlarms, recoveryAlarms }, thresholds, auc, asMany }: DetectorResult): object {
  return { detector, events: eventRecall, delay, false_alarms: falseAlarms, recovery_alarms: recoveryAlarms, roc_auc: auc, ...(thresholds.length > 0 && { threshold_by_fold: thresholds }), ...(asMany && { as_many_in_hindsight: { threshold: asMany.threshold, ...countsOf(asMany) } }) };
}

function chartOf({ singles, fused, claim, perMonth }: FusionReport): string {
  const all = [fused, ...singles];
  const of = (value: (one: DetectorResult) => IntervalValue): IntervalValue[] => all.map(value);
  const hours = fused.evaluation.falseAlarms.leakFreeHours;
  return intervalChart({
    title: 'Fusion and its detectors, each judged by folds it was not fitted to',
    subtitle: `at most ${perMonth} false alarms per month aimed at; claim against ${claim.against}: ${claim.holds ? 'holds' : 'does not hold'}`,
    rows: all.map(({ detector }) => detector), highlighted: [0],
    panels: [
      {
        title: `leaks found, of ${fused.evaluation.eventRecall.total} (95 %)`,
        values: of(({ evaluation: { eventRecall: { count, total, lower, upper } } }) => ({ value: count, low: lower * total, high: upper * total })),
      },
      {
        title: `false alarms in ${hours.toPrecision(3)} leak-free hours (95 %)`,
        values: of(({ evaluation: { falseAlarms: { count, countLower, countUpper } } }) => ({ value: count, low: countLower, high: countUpper })),
      },
      {
        title: 'delay in s: median to P90',
        values: of(({ evaluation: { delay: { median, p90 } } }) => ({ value: median, low: median, high: p90, label: median === null ? 'nothing found' : median.toPrecision(3) })),
      },
    ],
  });
}

function tables(trials: readonly CalibrationTrial[]): FileToPublish[] {
  const column = (name: string, values: Column['values'], unit = ''): Column => ({ name, values, unit, role: 'id' });
  const count = (of: (trial: CalibrationTrial) => number): Int32Array => Int32Array.from(trials, of);
  const table: Table = {
    rows: trials.length, metadata: {},
    columns: [
      column('trial', count(({ number }) => number)), column('value', Float64Array.from(trials, ({ value }) => value)),
      ...Object.keys(trials[0]!.params).map((name) => column(`params_${name}`, Float64Array.from(trials, ({ params }) => params[name as keyof FilterParams]))),
      column('events_found', count(({ tallies }) => tallies.reduce((sum, { delays }) => sum + delays.length, 0))),
      column('false_alarms', count(({ tallies }) => tallies.reduce((sum, one) => sum + one.falseAlarms, 0))),
      column('mean_delay', Float64Array.from(trials, ({ tallies }) => mean(tallies.flatMap(({ delays }) => delays))), 's'),
    ],
  };
  return [{ path: 'calibration_trials.parquet', bytes: encodeParquet(table) }, { path: 'calibration_trials.csv', bytes: encodeCsv(table) }];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
