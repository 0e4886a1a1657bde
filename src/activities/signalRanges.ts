import { trainedRange, widestRange, type FeaturePlan, type SignalDescription, type TrainedRange } from '../signal/index.js';
import { numbers, strings, type Table } from '../table/index.js';
import { partUri, tryReadJson } from './checkpoint.js';
import type { StageContext } from './stage.js';

/** Widens the ranges by what the signals of a case did, from the first window after the warm-up to the last. */
export function addRanges(ranges: Map<string, TrainedRange>, series: Table, index: Table, signals: readonly SignalDescription[]): void {
  const first = strings(index, 'phase').findIndex((phase) => phase !== 'warmup');
  if (first < 0) return;
  const start = numbers(index, 'start_row')[first]!;
  const end = numbers(index, 'end_row')[index.rows - 1]!;
  const time = numbers(series, 'time') as Float64Array;
  for (const { name } of signals) {
    const range = widestRange(ranges.get(name), trainedRange(numbers(series, name), time, start, end));
    if (range) ranges.set(name, range);
  }
}

/** The plan with the ranges that all batches found: a bundle carries it, and inference knows strange signals by it. */
export async function withRanges(context: StageContext, plan: FeaturePlan, planUri: string, batches: number): Promise<FeaturePlan> {
  const all = new Map<string, TrainedRange>();
  for (let batch = 0; batch < batches; batch++) {
    const found = await tryReadJson<[string, TrainedRange][]>(context.storage, partUri({ planUri, batch }, 'ranges.json'));
    for (const [name, range] of found ?? []) all.set(name, widestRange(all.get(name), range)!);
  }
  return { ...plan, signals: plan.signals.map((signal) => ({ ...signal, ...(all.has(signal.name) && { trained: all.get(signal.name) }) })) };
}
