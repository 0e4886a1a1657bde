import { estimationWindows, medianOf, type EventEstimate, type LeakEvent, type SizeClasses } from '../evaluation/index.js';
import { classOf } from '../learning/index.js';
import { numbers, type Table } from '../table/index.js';
import { cutWindows } from './cutWindows.js';
import type { RecordedCase } from './offlineSources.js';
import type { OpenModel } from './scoreSeries.js';
import type { Prediction } from './training/bundleOf.js';

/** A bundle that says where a leak is or how large, under its name in the report. */
export interface NamedEstimator {
  readonly name: string;
  readonly open: OpenModel;
}

/**
 * What the models of a bundle say of each leak of a case, from the windows of the leak after its alarm. A further model, such as the metres beside
 * the segments, is one of its own in the report: `place/position` beside `place`. Leaks whose truth is not known are left out.
 */
export async function estimateCase({ name, open }: NamedEstimator, recorded: RecordedCase, caseId: string, events: readonly LeakEvent[]): Promise<EventEstimate[]> {
  const cut = { recorded: recorded.table, ...cutWindows(recorded.table, recorded.leaks, open.preparation.windows) };
  const { index } = cut;
  const windows = estimationWindows(events, numbers(index, 'end_time'));
  const wanted = Int32Array.from(new Set(windows.flatMap((of) => [...of]))).sort();
  if (wanted.length === 0) return [];
  const scores = await open.scores(cut, { caseId, group: recorded.group, leaks: recorded.leaks }, wanted);
  const place = new Map(Array.from(wanted, (window, at) => [window, at]));
  return [open.prediction, ...open.further].flatMap((prediction, m) => events.flatMap((event, n): EventEstimate[] => {
    const own = Array.from(windows[n]!, (window) => place.get(window)!);
    const estimate = own.length === 0 ? undefined : estimateOf(scores[m]!, own, prediction.class_names?.length ?? 1);
    const judged = estimate === undefined ? undefined : judge(prediction, estimate, event, index, windows[n]!);
    if (!judged) return [];
    const error = Math.abs(judged.estimate - judged.truth);
    const whole = judged.quantity === 'position' ? recorded.lengthM : judged.quantity === 'flow' ? judged.truth : null;
    return [{
      model: m === 0 ? name : `${name}/${prediction.target}`, caseId, leak: event.leak, interval: event.interval, windows: own.length, ...judged, error,
      errorPercent: whole !== null && whole > 0 ? (100 * error) / whole : null,
    }];
  }));
}

/** The classes of size of each bundle that tells them. */
export function sizeClasses(estimators: readonly NamedEstimator[]): Map<string, SizeClasses> {
  return new Map(estimators.flatMap(({ name, open: { prediction: { target, class_names: names, unit } } }) => (target === 'size' && names ? [[name, { names, unit }] as const] : [])));
}

/** The estimate and the truth in one unit, by what the bundle says that its numbers mean. */
function judge({ target, facts }: Prediction, estimate: number, event: LeakEvent, index: Table, windows: Int32Array): Pick<EventEstimate, 'quantity' | 'truth' | 'estimate'> | undefined {
  const flow = medianOf(Array.from(windows, (window) => Math.abs(numbers(index, 'leak_flow_kg_s')[window]!)));
  if (target === 'leak_flow') return flow === undefined ? undefined : { quantity: 'flow', truth: flow, estimate };
  if (target === 'position' || target === 'segment') {
    const edges = facts['edges_m'] as readonly number[] | undefined;
    const metres = target === 'position' ? estimate : edges && (edges[estimate]! + edges[estimate + 1]!) / 2;
    return event.position === undefined || metres === undefined ? undefined : { quantity: 'position', truth: event.position, estimate: metres };
  }
  if (target !== 'size') return undefined;
  const measure = facts['measure'];
  const size = measure === 'diameter' ? event.diameter : measure === 'peak' ? event.peakFlow : flow;
  const edges = facts['edges'] as readonly (number | null)[];
  if (size === undefined || Number.isNaN(size)) return undefined;
  // JSON has no infinity: an outer edge comes back as null.
  return { quantity: 'size class', truth: classOf(edges.map((edge, n) => edge ?? (n === 0 ? -Infinity : Infinity)), Math.abs(size)), estimate };
}

/** Of classes the one with the highest mean probability over the rows, of values the median. */
function estimateOf(said: Float64Array, rows: readonly number[], classes: number): number | undefined {
  if (classes === 1) return medianOf(rows.map((row) => said[row]!));
  const sums = new Float64Array(classes);
  for (const row of rows) for (let c = 0; c < classes; c++) sums[c]! += said[row * classes + c]!;
  return sums.indexOf(Math.max(...sums));
}
