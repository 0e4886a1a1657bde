import { alarms, phaseCode, type ScoredCase } from '../../evaluation/index.js';
import { windowStateNames, windowStates, type Trouble } from '../../signal/index.js';
import { numbers, strings, type Column, type Table } from '../../table/index.js';
import { cutWindows } from '../cutWindows.js';
import { lineSignals, type OpenPredictor } from '../scoreSeries.js';
import type { Prediction } from '../training/bundleOf.js';
import { defaultWave, waveLocator, type WaveLocator } from '../waveLocation.js';
import { fitSignals } from './fitSignals.js';
import type { FilePrediction, PredictedClass, PredictedValues } from './prediction.js';

export interface AlarmRules {
  /** Windows in a row above the threshold before an alarm is raised. */
  readonly persistence: number;
  /** Alarms closer together than this are one. */
  readonly holdOffSeconds: number;
  /** m/s; null takes the speed of sound that the recording has. */
  readonly waveSpeed: number | null;
}

/** What is known of one recording: for people, and per window. */
export interface SeriesPrediction {
  readonly prediction: FilePrediction;
  /**
   * `file`, `end_time`, `state`, and of a detector `score` and `alarm`, of classes `class` and `probability` (and the target of a further model,
   * such as `position`), else `value`: NaN or empty where
   * there is none. Undefined where the recording has no windows.
   */
  readonly windows: Table | undefined;
}

/** What the model says of the windows, in the words of its task. */
type Said = Pick<FilePrediction, 'alarms' | 'classes' | 'values'> & { readonly columns: readonly Column[] };

const nothing = { alarms: [], classes: [], values: null } as const;

/** Runs a bundle over a recording. A window whose signals are not there, or strange, has a state in place of a score. */
export async function predictSeries(open: OpenPredictor, recorded: Table, file: string, rules: AlarmRules): Promise<SeriesPrediction> {
  const { table, missing, notes } = fitSignals(recorded, open.bundle.inference.signals);
  const none = (reason: string): SeriesPrediction => ({ prediction: { file, status: 'unavailable', reason, windows: 0, scored: 0, ...nothing, troubles: [], notes }, windows: undefined });
  if (missing.length > 0) return none(missing.map((name) => `${name} missing`).join(', '));
  // The signals are chosen already; the patterns of the training may name others that no feature uses.
  const settings = { ...open.preparation.windows, selected_columns: [] };
  const { series, index } = cutWindows(table, [], settings);
  if (index.rows === 0) return none(`${series.rows} rows at a step of ${settings.resample_seconds ?? 'the recording'} s are fewer than a window of ${settings.window_size}`);
  const { codes, troubles } = windowStates(series, index, lineSignals(open.preparation));
  const [scores, ...others] = await open.scores({ recorded: table, series, index }, { caseId: file, group: file, leaks: [] });
  const windows = { index, isScored: (window: number) => codes[window] === 0, file, rules, locate: locatorOf(withPlaces(recorded, table, open), rules) };
  const { columns, ...said } = open.further.reduce((all, further, n) => andValues(all, { ...windows, scores: others[n]! }, further), saidOf(open, { ...windows, scores }));
  const scored = codes.reduce((sum, code) => sum + (code === 0 ? 1 : 0), 0);
  return {
    prediction: { file, status: scored > 0 ? 'scored' : 'unavailable', reason: scored > 0 ? null : reasonOf(troubles), windows: index.rows, scored, ...said, troubles, notes },
    windows: {
      rows: index.rows, metadata: {},
      columns: [
        column('file', Array<string>(index.rows).fill(file), '', 'id'), column('end_time', Float64Array.from(numbers(index, 'end_time')), 's', 'clock'),
        ...columns, column('state', Array.from(codes, (code) => windowStateNames[code]!), '', 'id'),
      ],
    },
  };
}

interface Windows {
  readonly index: Table;
  /** As many numbers per window as the model gives. */
  readonly scores: Float64Array;
  readonly isScored: (window: number) => boolean;
  readonly file: string;
  readonly rules: AlarmRules;
  readonly locate: WaveLocator;
}

/** The recording as it is, for its step is finer than that of windows; where it knows no units and places, as CSV does, those of the bundle. */
function withPlaces(recorded: Table, fitted: Table, { preparation }: OpenPredictor): Table {
  const places = new Map(lineSignals(preparation).map(({ name, position_m: place }) => [name, place]));
  return {
    ...recorded,
    columns: recorded.columns.map((own) => {
      const column = fitted.columns.find(({ name }) => name === own.name) ?? own;
      const place = places.get(column.name);
      return place === undefined || own.attributes?.['position_m'] !== undefined ? column : { ...column, attributes: { ...column.attributes, position_m: String(place) } };
    }),
  };
}

function locatorOf(recorded: Table, { waveSpeed }: AlarmRules): WaveLocator {
  const locate = waveLocator(recorded, { ...defaultWave, waveSpeed });
  return typeof locate === 'function' ? locate : () => undefined;
}

function saidOf({ bundle: { inference }, prediction, alarmRules }: OpenPredictor, windows: Windows): Said {
  if (inference.task === 'multiclass') return classesOf(windows, inference.class_names ?? []);
  if (inference.task === 'regression') return valuesOf(windows, prediction.unit);
  return alarmsOf({ ...windows, rules: { ...windows.rules, ...alarmRules } }, inference.threshold!);
}

function alarmsOf({ index, scores, isScored, file, rules, locate }: Windows, threshold: number): Said {
  const score = scores.map((value, window) => (isScored(window) ? value : NaN));
  const time = Float64Array.from(numbers(index, 'end_time'));
  const scored: ScoredCase = {
    caseId: file, group: file, time, score, label: new Int32Array(index.rows), leaks: [], stepSeconds: time.length > 1 ? (time.at(-1)! - time[0]!) / (time.length - 1) : 1,
    phase: Int32Array.from(strings(index, 'phase'), (name) => phaseCode[name as keyof typeof phaseCode]),
  };
  const raised = alarms(scored, { threshold, ...rules });
  const on = Int32Array.from(time, (at) => (raised.some((alarm) => at >= alarm.time && at <= alarm.end) ? 1 : 0));
  return {
    ...nothing, alarms: raised.map(({ time: start, end, peakScore }) => ({ start, end, peak_score: peakScore, position_m: locate(start)?.position ?? null })),
    columns: [column('score', score, '', 'measured'), column('alarm', on, '', 'measured')],
  };
}

function classesOf({ index, scores, isScored }: Windows, names: readonly string[]): Said {
  const time = numbers(index, 'end_time');
  const probability = new Float64Array(index.rows).fill(NaN);
  const likeliest = Array<string>(index.rows).fill('');
  const runs: { -readonly [Key in keyof PredictedClass]: PredictedClass[Key] }[] = [];
  for (let window = 0; window < index.rows; window++) {
    if (!isScored(window)) continue;
    const own = scores.subarray(window * names.length, (window + 1) * names.length);
    const best = own.indexOf(Math.max(...own));
    probability[window] = own[best]!;
    likeliest[window] = names[best]!;
    const run = runs.at(-1);
    if (run && window > 0 && likeliest[window - 1] === run.class && run.class === names[best]) {
      run.probability += (own[best]! - run.probability) / ++run.windows;
      run.end = time[window]!;
    } else runs.push({ class: names[best]!, start: time[window]!, end: time[window]!, windows: 1, probability: own[best]! });
  }
  return { ...nothing, classes: runs, columns: [column('class', likeliest, '', 'id'), column('probability', probability, '', 'measured')] };
}

/** A further model says values beside the classes of the first: metres beside segments. */
function andValues(said: Said, windows: Windows, { kind, unit, target }: Prediction): Said {
  if (kind !== 'regression' || said.values !== null) return said;
  const { values, columns } = valuesOf(windows, unit, target);
  return { ...said, values, columns: [...said.columns, ...columns] };
}

function valuesOf({ index, scores, isScored }: Windows, unit: string, name = 'value'): Said {
  const value = scores.map((score, window) => (isScored(window) ? score : NaN));
  const sorted = value.filter((one) => !Number.isNaN(one)).sort();
  const values: PredictedValues | null = sorted.length === 0 || index.rows === 0 ? null
    : { unit, median: (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2, lowest: sorted[0]!, highest: sorted.at(-1)! };
  return { ...nothing, values, columns: [column(name, value, unit, 'measured')] };
}

function column(name: string, values: Column['values'], unit: string, role: Column['role']): Column {
  return { name, values, unit, role };
}

function reasonOf(troubles: readonly Trouble[]): string {
  return troubles.slice(0, 3).map(({ signal, reason }) => (signal === null ? reason : `${signal}: ${reason}`)).join('; ');
}
