import { alarms, phaseCode, type ScoredCase } from '../../evaluation/index.js';
import { windowStateNames, windowStates, type Trouble } from '../../signal/index.js';
import { numbers, strings, type Column, type Table } from '../../table/index.js';
import { cutWindows } from '../cutWindows.js';
import { lineSignals, scoreSeries, type OpenBundle } from '../scoreSeries.js';
import { fitSignals } from './fitSignals.js';
import type { FilePrediction } from './prediction.js';

export interface AlarmRules {
  /** Windows in a row above the threshold before an alarm is raised. */
  readonly persistence: number;
  /** Alarms closer together than this are one. */
  readonly holdOffSeconds: number;
}

/** What is known of one recording: for people, and per window. */
export interface SeriesPrediction {
  readonly prediction: FilePrediction;
  /** `file`, `end_time`, `score` (NaN where there is none), `state`, `alarm`; undefined where the recording has no windows. */
  readonly windows: Table | undefined;
}

/** Scores a recording and raises its alarms. A window whose signals are not there, or strange, has a state in place of a score. */
export async function predictSeries(open: OpenBundle, recorded: Table, file: string, rules: AlarmRules): Promise<SeriesPrediction> {
  const { table, missing, notes } = fitSignals(recorded, open.bundle.inference.signals);
  const none = (reason: string): SeriesPrediction => ({
    prediction: { file, status: 'unavailable', reason, windows: 0, scored: 0, alarms: [], troubles: [], notes }, windows: undefined,
  });
  if (missing.length > 0) return none(missing.map((name) => `${name} missing`).join(', '));
  // The signals are chosen already; the patterns of the training may name others that no feature uses.
  const preparation = { ...open.preparation, windows: { ...open.preparation.windows, selected_columns: [] } };
  const { series, index } = cutWindows(table, [], preparation.windows);
  if (index.rows === 0) return none(`${series.rows} rows at a step of ${preparation.windows.resample_seconds ?? 'the recording'} s are fewer than a window of ${preparation.windows.window_size}`);
  const { codes, troubles } = windowStates(series, index, lineSignals(preparation));
  const { table: scores, facts } = await scoreSeries({ ...open, preparation }, table, { caseId: file, group: file, leaks: [] });
  const score = Float64Array.from(numbers(scores, 'score'), (value, window) => (codes[window] === 0 ? value : NaN));
  const scored = withScores(index, score, file, facts.step_seconds);
  const raised = alarms(scored, { threshold: open.threshold, ...rules });
  const count = score.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : 1), 0);
  return {
    prediction: {
      file, status: count > 0 ? 'scored' : 'unavailable', reason: count > 0 ? null : reasonOf(troubles), windows: index.rows, scored: count,
      alarms: raised.map(({ time, end, peakScore }) => ({ start: time, end, peak_score: peakScore })), troubles, notes,
    },
    windows: windowTable(file, scored, codes, raised),
  };
}

function withScores(index: Table, score: Float64Array, caseId: string, stepSeconds: number): ScoredCase {
  return {
    caseId, group: caseId, time: Float64Array.from(numbers(index, 'end_time')), score, label: new Int32Array(index.rows), leaks: [], stepSeconds,
    phase: Int32Array.from(strings(index, 'phase'), (name) => phaseCode[name as keyof typeof phaseCode]),
  };
}

function windowTable(file: string, { time, score }: ScoredCase, codes: Uint8Array, raised: readonly { time: number; end: number }[]): Table {
  const column = (name: string, values: Column['values'], unit: string, role: Column['role']): Column => ({ name, values, unit, role });
  const on = Int32Array.from(time, (at) => (raised.some((alarm) => at >= alarm.time && at <= alarm.end) ? 1 : 0));
  return {
    rows: time.length, metadata: {},
    columns: [
      column('file', Array<string>(time.length).fill(file), '', 'id'), column('end_time', time, 's', 'clock'),
      column('score', score, '', 'measured'), column('state', Array.from(codes, (code) => windowStateNames[code]!), '', 'id'), column('alarm', on, '', 'measured'),
    ],
  };
}

function reasonOf(troubles: readonly Trouble[]): string {
  return troubles.slice(0, 3).map(({ signal, reason }) => (signal === null ? reason : `${signal}: ${reason}`)).join('; ');
}
