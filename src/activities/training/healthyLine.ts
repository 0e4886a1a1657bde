import { PenstockError } from '../../errors/index.js';
import {
  checkedLags, checkHealthy, exportOnnx, groupKFold, lagMatrix, observedColumns, openEnvelope, openScorer, trainBooster, verifyOnnx, withoutSignal,
  type BundleFile, type LeakTruth, type Lightgbm, type LightgbmParams, type Matrix, type ObserverSettings, type Scorer, type TrainedModel,
} from '../../learning/index.js';
import { r2, rmse } from '../../metrics/index.js';
import { createRandom } from '../../numeric/index.js';
import type { ObserverConfig } from '../../pipelines/index.js';
import type { SignalDescription } from '../../signal/index.js';
import { numbers, type Table } from '../../table/index.js';
import type { StageContext } from '../stage.js';
import { observedSignals, readCase, type ObserverSource } from './observerData.js';
import type { WindowRows } from './windowRows.js';

/** How well the other signals explain one, on healthy rows of cases that its regressor has not seen. */
export interface Explained {
  readonly signal: string;
  readonly unit: string;
  readonly rmse: number;
  readonly r2: number;
}

/** The healthy behaviour of a line. `close` frees the scorers. */
export interface HealthyLine {
  readonly settings: ObserverSettings;
  /** The signals explained, as the recorded series has them. */
  readonly signals: readonly SignalDescription[];
  /** The regressors that may score a case: of its own fold where it was learnt from, else those of all training cases. */
  scorersFor(group: string): readonly Scorer[];
  /** Those of all training cases, as the bundle has them: for every case of another campaign, whatever its name. */
  readonly finals: readonly Scorer[];
  readonly files: readonly BundleFile[];
  readonly explained: readonly Explained[];
  readonly rows: number;
  close(): Promise<void>;
}

/** Healthy rows of training cases, gathered: what every regressor is fitted on. */
interface Sample {
  readonly signals: ReturnType<typeof observedSignals>;
  readonly lags: readonly number[];
  /** All signals at all lags, row-major. */
  readonly lagged: Float32Array;
  /** Per explained signal its measured values. */
  readonly measured: readonly Float32Array[];
  readonly groups: readonly string[];
  readonly envelope: ObserverSettings['envelope'];
}

/**
 * Learns every measured signal from the others and their past, on healthy rows of the training groups alone: once on all of
 * them, and once per fold of cases, so that residuals of training cases are those of a model that has not seen them.
 */
export async function learnHealthyLine(
  library: Lightgbm, source: ObserverSource, windows: WindowRows, training: ReadonlySet<string>, config: ObserverConfig, context: StageContext,
): Promise<HealthyLine> {
  const sample = await sampleHealthy(source, windows, training, config, context);
  const names = [...new Set(sample.groups)];
  const folds = names.length < 2 ? [] : groupKFold(sample.groups, Math.min(config.observer.folds, names.length));
  const foldOf = new Map(folds.flatMap(({ test }, fold) => Array.from(test, (row) => [sample.groups[row]!, fold] as const)));
  const all = Int32Array.from(sample.groups.keys());
  const total = sample.signals.explained.length * (1 + folds.length);
  const fitted = { final: [] as { onnx: Uint8Array; text: string }[], folds: folds.map(() => [] as Scorer[]), expected: [] as Float64Array[] };
  const open: Scorer[] = [];
  const scorer = async (onnx: Uint8Array): Promise<Scorer> => {
    const opened = await openScorer(onnx);
    open.push(opened);
    return opened;
  };
  let done = 0;
  const finals: Scorer[] = [];
  for (const [at, { name }] of sample.signals.explained.entries()) {
    const own = sample.signals.signals.findIndex((signal) => signal.name === name);
    const values = withoutSignal(sample.lagged, sample.signals.signals.length, sample.lags.length, own);
    const step = (): void => context.progress({ done: done++, total, unit: 'regressors', detail: `learns ${name} from the other signals` });
    step();
    const model = await fitRegressor(library, matrixAt(values, sample.measured[at]!, all), config, context);
    const onnx = exportOnnx(model.dump);
    await verifyOnnx(onnx, model, { tolerance: 1e-12 * Math.max(1, largest(sample.measured[at]!)) });
    fitted.final.push({ onnx, text: model.modelText });
    model.free();
    finals.push(await scorer(onnx));
    const expected = new Float64Array(all.length);
    for (const [fold, { train, test }] of folds.entries()) {
      step();
      const part = await fitRegressor(library, matrixAt(values, sample.measured[at]!, train), config, context);
      const opened = await scorer(exportOnnx(part.dump));
      part.free();
      fitted.folds[fold]!.push(opened);
      const held = matrixAt(values, sample.measured[at]!, test);
      const scores = await opened.score(held.values, held.rows);
      for (let i = 0; i < test.length; i++) expected[test[i]!] = scores[i]!;
    }
    fitted.expected.push(expected);
  }
  const regressors = sample.signals.explained.map(({ name }, at) => ({ signal: name, file: `observer/regressor_${at}.onnx` }));
  return {
    settings: { signals: sample.signals.signals, lags: sample.lags, envelope: sample.envelope, regressors },
    signals: sample.signals.explained,
    scorersFor: (group) => fitted.folds[foldOf.get(group) ?? -1] ?? finals,
    finals,
    files: fitted.final.flatMap(({ onnx, text }, at) => [
      { path: regressors[at]!.file, bytes: onnx }, { path: regressors[at]!.file.replace(/onnx$/, 'txt'), bytes: new TextEncoder().encode(text) },
    ]),
    explained: sample.signals.explained.map(({ name, unit }, at) => ({
      signal: name, unit, rmse: folds.length > 0 ? rmse(sample.measured[at]!, fitted.expected[at]!) : NaN, r2: folds.length > 0 ? r2(sample.measured[at]!, fitted.expected[at]!) : NaN,
    })),
    rows: all.length,
    async close() {
      for (const one of open.splice(0)) await one.close();
    },
  };
}

/** Draws healthy rows (the last rows of healthy windows) of the training groups, and checks each case for leaks once more. */
async function sampleHealthy(source: ObserverSource, windows: WindowRows, training: ReadonlySet<string>, config: ObserverConfig, context: StageContext): Promise<Sample> {
  const drawn = drawWindows(windows, training, config);
  const lags = checkedLags(config.observer.lags, source.windows.window_size);
  let signals: Sample['signals'] | undefined;
  let envelope: ReturnType<typeof openEnvelope> | undefined;
  const lagged: Float32Array[] = [];
  const measured: Float32Array[][] = [];
  const groups: string[] = [];
  let first = 0;
  for (const one of source.cases) {
    const own = drawn.filter((row) => row >= first && row < first + one.windows).map((row) => row - first);
    first += one.windows;
    if (own.length === 0) continue;
    context.signal.throwIfAborted();
    const { series, index } = await readCase(context, source, one);
    signals ??= observedSignals(series, config);
    envelope ??= openEnvelope(signals.signals.map(({ name }) => name));
    const ends = numbers(index, 'end_row');
    const rows = own.map((window) => ends[window]! - 1);
    checkHealthy(one.id, rows, lags, leakTruth(series));
    const columns = observedColumns(series, signals.signals);
    envelope.add(columns, rows);
    lagged.push(lagMatrix(columns, -1, lags, rows));
    measured.push(observedColumns(series, signals.explained).map((values) => Float32Array.from(rows, (row) => values[row]!)));
    for (let i = 0; i < rows.length; i++) groups.push(one.group);
  }
  if (!signals || !envelope) throw new PenstockError('learning/invalid-data', 'no training case has a healthy window to learn the line from; check warmup_seconds and recovery_seconds');
  return { signals, lags, lagged: joined(lagged), measured: signals.explained.map((_, at) => joined(measured.map((values) => values[at]!))), groups, envelope: envelope.end() };
}

/** Healthy windows of the training groups, `max_rows` of them at most, ascending. The same seed draws the same. */
function drawWindows(windows: WindowRows, training: ReadonlySet<string>, { observer, random_state: seed }: ObserverConfig): Int32Array {
  const healthy = Int32Array.from(windows.usable.keys()).filter((row) => windows.usable[row] === 1 && windows.phases[row] === 'healthy' && training.has(windows.groups[row]!));
  if (healthy.length <= observer.max_rows) return healthy;
  const order = createRandom(seed).derive('healthy rows').permutation(healthy.length);
  return Int32Array.from(order.subarray(0, observer.max_rows), (at) => healthy[at]!).sort();
}

async function fitRegressor(library: Lightgbm, train: Matrix, config: ObserverConfig, context: StageContext): Promise<TrainedModel> {
  const { lgbm_params: params, num_boost_round: rounds } = config.observer;
  return trainBooster(library, {
    params: { objective: 'regression', ...(params as LightgbmParams), seed: config.random_state, num_threads: config.num_threads },
    rounds, train, valid: [], signal: context.signal, yieldEvery: 10,
  });
}

function matrixAt(values: Float32Array, labels: Float32Array, rows: Int32Array): Matrix {
  const columns = values.length / labels.length;
  const picked = new Float32Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) picked.set(values.subarray(rows[i]! * columns, (rows[i]! + 1) * columns), i * columns);
  return { rows: rows.length, columns, values: picked, labels: Float32Array.from(rows, (row) => labels[row]!) };
}

/** Flags and flow as ingest derived them, and the flows that were recorded at leaks: whichever of them tells of a leak is believed. */
function leakTruth(series: Table): LeakTruth {
  const truth = series.columns.flatMap(({ name, role, values }) => (role === 'truth' && ArrayBuffer.isView(values) ? [{ name: name.toUpperCase(), values }] : []));
  return {
    flags: truth.find(({ name }) => name === 'LEAK')?.values,
    flows: truth.filter(({ name }) => name === 'LEAK_FLOW_KG_S' || /^GTLEAK\b/.test(name)).map(({ values }) => values),
  };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function largest(values: Float32Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
