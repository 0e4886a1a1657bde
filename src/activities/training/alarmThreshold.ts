import {
  applyCalibration, chooseByFalseAlarms, chooseThreshold, fitIsotonic, fitPlatt,
  type Calibration, type TrainedModel,
} from '../../learning/index.js';
import { phaseCode, type ScoredCase } from '../../metrics/index.js';
import type { DetectionConfig } from '../../pipelines/index.js';
import type { FeatureRows } from './featureRows.js';
import { rowsAt, scoresOf } from './fit.js';
import type { Target } from './target.js';
import { eventOf, type WindowRows } from './windowRows.js';

/** Rows that the threshold is chosen on: places in the target's rows of one campaign. */
export interface ThresholdRows {
  readonly features: FeatureRows;
  readonly windows: WindowRows;
  readonly target: Target;
  readonly places: Int32Array;
}

export interface AlarmThreshold {
  readonly threshold: number;
  readonly strategy: string;
  readonly warning?: string | undefined;
  /** What the choice says of itself, for metrics.json. */
  readonly facts: Readonly<Record<string, number>>;
}

/** Makes scores probabilities, by rows that the model has not learnt from. */
export function calibrationOf(kind: DetectionConfig['calibration'], labels: ArrayLike<number>, scores: Float64Array): Calibration | null {
  if (kind === 'none') return null;
  return kind === 'isotonic' ? fitIsotonic(scores, labels) : fitPlatt(scores, labels);
}

export function calibrated(calibration: Calibration | null, scores: Float64Array): Float64Array {
  return calibration ? applyCalibration(calibration, scores) : scores;
}

/** The score from which a window counts as leaking, as the section asks for it. */
export async function alarmThreshold(model: Pick<TrainedModel, 'predict'>, calibration: Calibration | null, on: ThresholdRows, config: DetectionConfig): Promise<AlarmThreshold> {
  const { detection_threshold: fixed, threshold_strategy: strategy, min_recall: minRecall } = config;
  if (fixed === 'auto' && strategy === 'target_false_alarms') {
    const score = async (rows: Int32Array) => calibrated(calibration, await scoresOf(model, on.features, rows));
    const chosen = chooseByFalseAlarms(await scoredCases(on, score), {
      perMonth: config.target_false_alarms, persistence: config.alarm_rules.persistence, holdOffSeconds: config.alarm_rules.hold_off_seconds, graceSeconds: 0,
    });
    const { threshold, warning, falseAlarms, allowed, leakFreeHours, detected, events } = chosen;
    return { threshold, strategy, warning, facts: { false_alarms: falseAlarms, allowed_false_alarms: allowed, leak_free_hours: leakFreeHours, events_found: detected, events } };
  }
  const labels = on.target.label(on.places).values;
  const scores = calibrated(calibration, await scoresOf(model, on.features, rowsAt(on, on.places)));
  const own = Float32Array.from(on.places, (at) => labels[at]!);
  const options = { ...(minRecall !== undefined && { minRecall }), costs: { miss: config.cost_miss, falseAlarm: config.cost_false_alarm } };
  const chosen = chooseThreshold(own, scores, fixed === 'auto' && strategy !== 'target_false_alarms' ? { ...options, strategy } : { ...options, strategy: 'fixed', value: Number(fixed) });
  const { threshold, precision, recall, f1, cost, warning } = chosen;
  return { threshold, strategy: chosen.strategy, warning, facts: { precision, recall, f1, ...(cost !== undefined && { cost }) } };
}

/**
 * Whole cases with warm-up and recovery, as alarms are counted. A leak lasts from its onset to its last leaking window. All rows are scored in one
 * go: case by case, every case would decode the whole row group of the dataset that it lies in.
 */
async function scoredCases({ windows, target, places }: ThresholdRows, score: (rows: Int32Array) => Promise<Float64Array>): Promise<ScoredCase[]> {
  const wanted = new Set(Array.from(places, (at) => windows.cases[target.rows[at]!]!));
  const byCase = new Map<string, number[]>();
  for (let row = 0; row < windows.rows; row++) {
    const name = windows.cases[row]!;
    if (!wanted.has(name)) continue;
    const list = byCase.get(name);
    if (list) list.push(row);
    else byCase.set(name, [row]);
  }
  const every = Int32Array.from([...byCase.values()].flat()).sort();
  const scores = await score(every);
  const place = new Map(Array.from(every, (row, at) => [row, at]));
  const cases: ScoredCase[] = [];
  for (const [caseId, list] of byCase) {
    const rows = Int32Array.from(list);
    const time = Float64Array.from(rows, (row) => windows.endTime[row]!);
    cases.push({
      caseId, group: windows.groups[rows[0]!]!, time, score: Float64Array.from(rows, (row) => scores[place.get(row)!]!), label: Int32Array.from(rows, (row) => windows.leaks[row]!),
      phase: Int32Array.from(rows, (row) => phaseCode[windows.phases[row] as keyof typeof phaseCode]),
      stepSeconds: rows.length > 1 ? (time.at(-1)! - time[0]!) / (rows.length - 1) : 1,
      leaks: [{ name: 'leak', intervals: intervalsOf(windows, rows) }],
    });
  }
  return cases;
}

function intervalsOf(windows: WindowRows, rows: Int32Array): { start: number; end: number; peakFlow: number }[] {
  const found = new Map<string, { start: number; end: number; peakFlow: number }>();
  for (const row of rows) {
    if (Number.isNaN(windows.sinceOnset[row]!)) continue;
    const event = eventOf(windows, row);
    const end = windows.endTime[row]!;
    const known = found.get(event) ?? { start: end - windows.sinceOnset[row]!, end, peakFlow: 0 };
    found.set(event, { ...known, end, peakFlow: Math.max(known.peakFlow, windows.leakFlow[row] || 0) });
  }
  return [...found.values()];
}
