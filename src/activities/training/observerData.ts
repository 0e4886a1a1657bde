import { PenstockError } from '../../errors/index.js';
import type { ObservedSignal } from '../../learning/index.js';
import type { ObserverConfig } from '../../pipelines/index.js';
import type { SignalDescription } from '../../signal/index.js';
import { readPublished, type PublishedFile } from '../../storage/index.js';
import { decodeParquet, type Column, type Table } from '../../table/index.js';
import { hashOf } from '../../config/index.js';
import { readUpstream, type BatchedMetadata } from '../batches.js';
import type { WindowSettings } from '../cutWindows.js';
import { schemaAt, type DatasetSource } from '../datasetSource.js';
import { describeSignals, imbalanceColumn } from '../featureTable.js';
import type { StageContext } from '../stage.js';
import { targetOf as windowsTarget, type WindowsRecord, type WindowsShared } from '../windows.js';
import { collectWindowRows, type WindowRows } from './windowRows.js';

/** One case of a windows folder. */
export interface ObservedCase {
  readonly id: string;
  readonly group: string;
  readonly series: PublishedFile;
  readonly index: PublishedFile;
  readonly windows: number;
}

/** What OBSERVER learns from: series at a common step, and the index of their windows. Opened case by case. */
export interface ObserverSource {
  readonly folder: string;
  readonly cases: readonly ObservedCase[];
  readonly windows: WindowSettings & WindowsShared;
  /** The list of the features of residuals to use; by default all. */
  readonly schema?: DatasetSource['schema'];
}

type WindowsMetadata = BatchedMetadata<WindowsRecord> & { readonly shared: WindowsShared; readonly config: WindowSettings };

export async function observerSource(context: StageContext, folder: string, schemaFile?: string): Promise<ObserverSource> {
  const upstream = await readUpstream<WindowsMetadata>(context, windowsTarget({ output_folder: folder }), 'windows_pipeline');
  if (upstream.cases.length === 0) throw new PenstockError('signal/invalid', 'no case has windows, so there is nothing to learn from', { file: folder });
  const cases = upstream.cases.map(({ case_id: id, case_group: group, series, index, windows }) => ({ id, group, series, index, windows }));
  return { folder, cases, windows: { ...upstream.config, ...upstream.shared }, ...(schemaFile !== undefined && { schema: await schemaAt(context, schemaFile) }) };
}

export function observerFingerprint({ cases, windows, schema }: ObserverSource): string {
  return hashOf([cases.map(({ id, group, series, index }) => [id, group, series.sha256, index.sha256]), windows, ...(schema ? [schema.sha256] : [])]);
}

/** Reads a case: one series in memory at a time. */
export async function readCase(context: StageContext, { folder }: ObserverSource, { series, index }: ObservedCase): Promise<{ series: Table; index: Table }> {
  const read = async (file: PublishedFile) => decodeParquet(await readPublished(context.storage, folder, file));
  return { series: await read(series), index: await read(index) };
}

/** What is known of all windows, from the indexes alone. */
export async function indexRows(context: StageContext, source: ObserverSource): Promise<WindowRows> {
  const collected = collectWindowRows(source.cases.reduce((sum, { windows }) => sum + windows, 0));
  for (const { id, group, index } of source.cases) {
    context.signal.throwIfAborted();
    const table = await decodeParquet(await readPublished(context.storage, source.folder, index));
    const text = (name: string, value: string): Column => ({ name, values: Array<string>(table.rows).fill(value), unit: '', role: 'id' });
    const imbalance: Column = { name: imbalanceColumn, values: new Float32Array(table.rows).fill(NaN), unit: 'kg/s', role: 'measured' };
    collected.add({ ...table, columns: [...table.columns, text('case_id', id), text('case_group', group), imbalance] }, 'label');
  }
  return collected.end();
}

/** The signals that the regressors see, and those among them that are explained: the measured ones. */
export function observedSignals(series: Table, config: ObserverConfig): { signals: ObservedSignal[]; explained: SignalDescription[] } {
  const described = describeSignals(series, config);
  const signals = described.map(({ name, unit }): ObservedSignal => ({ name, unit, role: roleOf(series, name) }));
  const explained = described.filter(({ name }) => roleOf(series, name) === 'measured');
  if (signals.length < 2 || explained.length === 0) {
    throw new PenstockError('learning/invalid-data', `OBSERVER explains each measured signal by the others; there is ${signals.map(({ name }) => name).join(', ') || 'no signal'}, and at least two are needed`, { key: 'feature_columns' });
  }
  return { signals, explained };
}

function roleOf(series: Table, name: string): 'measured' | 'operational' {
  return series.columns.find((column) => column.name === name)?.role === 'operational' ? 'operational' : 'measured';
}

