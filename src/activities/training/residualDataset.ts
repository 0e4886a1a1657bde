import { residualSeries } from '../../learning/index.js';
import type { ObserverConfig } from '../../pipelines/index.js';
import { featurePlan, type FeaturePlan, type SignalDescription, type TrainedRange } from '../../signal/index.js';
import { publishFile, type PublishedFile } from '../../storage/index.js';
import { concatTables, encodeParquet, numbers, parquetStitcher, type Column, type Table } from '../../table/index.js';
import { describeSignals, featureTable, windowFeatures } from '../featureTable.js';
import { addRanges } from '../signalRanges.js';
import type { StageContext } from '../stage.js';
import type { HealthyLine } from './healthyLine.js';
import { readCase, type ObserverSource } from './observerData.js';

/** Windows per row group: what training holds in memory of the dataset at a time. */
const groupRows = 16_384;

/** Name of the column that marks windows beyond what healthy behaviour was learnt from. */
export const outsideColumn = 'outside_envelope';

/** Features of a window of residuals, with what is known of the window. */
export async function residualRows(
  series: Table, index: Table, line: Pick<HealthyLine, 'settings' | 'signals' | 'scorersFor'>, of: { caseId: string; group: string }, plan: FeaturePlan | ((residuals: Table) => FeaturePlan),
): Promise<{ rows: Table; plan: FeaturePlan; outside: Int32Array }> {
  const residuals = await residualSeries(series, line.settings, line.scorersFor(of.group));
  const own = typeof plan === 'function' ? plan(residuals.series) : plan;
  const outside = windowsOutside(residuals.outside, index);
  const rows = featureTable([windowFeatures(residuals.series, index, own, of, { series, signals: line.signals })], own);
  const mark: Column = { name: outsideColumn, values: outside, unit: '', role: 'clock' };
  return { rows: { ...rows, columns: [...rows.columns, mark] }, plan: own, outside };
}

/** Writes the features of all windows of all cases, case by case, so that a campaign of any size takes little memory. */
export async function writeResidualDataset(
  context: StageContext, folder: string, path: string, source: ObserverSource, line: HealthyLine, config: ObserverConfig, fixed?: FeaturePlan,
): Promise<{ file: PublishedFile; plan: FeaturePlan; signals: SignalDescription[]; outsideShare: number }> {
  const ranges = new Map<string, TrainedRange>();
  let plan = fixed;
  let outside = 0;
  let windows = 0;
  async function* pieces(): AsyncIterable<Uint8Array> {
    const stitcher = parquetStitcher();
    let waiting: Table[] = [];
    let rows = 0;
    for (const [done, one] of source.cases.entries()) {
      context.signal.throwIfAborted();
      context.progress({ done, total: source.cases.length, unit: 'cases', detail: `residuals of ${one.id}` });
      const { series, index } = await readCase(context, source, one);
      const made = await residualRows(series, index, line, { caseId: one.id, group: one.group }, plan ?? ((residuals) => residualPlan(residuals, source, config)));
      plan = made.plan;
      addRanges(ranges, series, index, line.signals);
      windows += made.outside.length;
      outside += made.outside.reduce((sum, flag) => sum + flag, 0);
      waiting.push(made.rows);
      rows += made.rows.rows;
      if (rows < groupRows && done + 1 < source.cases.length) continue;
      yield* await stitcher.add(encodeParquet(concatTables(waiting), { rowGroupRows: groupRows }));
      [waiting, rows] = [[], 0];
    }
    yield stitcher.end();
  }
  const file = await publishFile(context.storage, folder, path, pieces(), { rows: source.cases.reduce((sum, one) => sum + one.windows, 0) });
  const signals = line.signals.map((signal) => ({ ...signal, ...(ranges.has(signal.name) && { trained: ranges.get(signal.name) }) }));
  return { file, plan: plan!, signals, outsideShare: windows > 0 ? outside / windows : 0 };
}

function residualPlan(residuals: Table, { windows }: ObserverSource, config: ObserverConfig): FeaturePlan {
  return featurePlan(describeSignals(residuals, { feature_columns: [], operational_columns: false }), {
    windowSize: windows.window_size, stepSize: windows.step_size, wavelet: config.wavelet, waveletLevel: config.wavelet_level, groups: config.groups,
    values: Object.fromEntries(Object.entries(config.values).filter(([, names]) => names.length > 0)),
    ...(windows.resample_seconds !== null && { stepSeconds: windows.resample_seconds }),
  });
}

/** 1 for windows with a row outside. */
function windowsOutside(outside: Uint8Array, index: Table): Int32Array {
  const [starts, ends] = [numbers(index, 'start_row'), numbers(index, 'end_row')];
  const before = new Int32Array(outside.length + 1);
  for (let row = 0; row < outside.length; row++) before[row + 1] = before[row]! + outside[row]!;
  return Int32Array.from({ length: index.rows }, (_, w) => (before[ends[w]!]! > before[starts[w]!]! ? 1 : 0));
}
