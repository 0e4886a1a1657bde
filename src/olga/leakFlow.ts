import { locationValue } from './catalogLine.js';
import { inPieces, pieceRows, someValue, type Numbers } from './packedColumn.js';
import type { TplSegment, TplSketch, TplVariable } from './tplFile.js';

/** Flows below it are none: a hole of 0.0001 inch, which stands for "closed", leaks less at any pressure. kg/s. */
export const noFlow = 1e-6;

/** A recorded leak: its mass flow, or undefined where only other things of the leak were recorded. */
export interface RecordedLeak {
  readonly name: string;
  readonly kind: 'LEAK' | 'SOURCE';
  readonly variable?: TplVariable;
  readonly flow?: Numbers;
}

/**
 * The leaks that a trend file records: one for every GTLEAK column, and one for every other LEAK object named. Where there
 * is no LEAK object at all, a SOURCE that only takes out and is not always on is a leak (`GTSOUR`).
 */
export function recordedLeaks(tpl: TplSketch, epsilon = noFlow): RecordedLeak[] {
  const leaks: RecordedLeak[] = [];
  const names = new Set<string>();
  for (const [at, variable] of tpl.variables.entries()) {
    const name = locationValue(variable, 'LEAK');
    if (name === undefined || variable.name.toUpperCase() !== 'GTLEAK') continue;
    leaks.push({ name, kind: 'LEAK', variable, flow: tpl.columns[at]! });
    names.add(name.toUpperCase());
  }
  for (const variable of tpl.variables) {
    const name = locationValue(variable, 'LEAK');
    if (name === undefined || names.has(name.toUpperCase())) continue;
    leaks.push({ name, kind: 'LEAK' });
    names.add(name.toUpperCase());
  }
  return leaks.length > 0 ? leaks : negativeSources(tpl, epsilon);
}

function negativeSources(tpl: TplSketch, epsilon: number): RecordedLeak[] {
  return tpl.variables.flatMap((variable, at) => {
    const name = locationValue(variable, 'SOURCE');
    const flow = tpl.columns[at]!;
    if (name === undefined || variable.name.toUpperCase() !== 'GTSOUR') return [];
    const takesOut = someValue(flow, (value) => value < -epsilon);
    return takesOut && !someValue(flow, (value) => value > epsilon) && someValue(flow, (value) => Math.abs(value) <= epsilon)
      ? [{ name, kind: 'SOURCE' as const, variable, flow }] : [];
  });
}

/** First and last row of one contiguous time of flow, and the start or restart that it belongs to. */
export interface Run {
  readonly first: number;
  readonly last: number;
  readonly segment: TplSegment;
}

/** The contiguous rows with |flow| above `epsilon`; none reaches over a restart. */
export function flowRuns(flow: Numbers, epsilon: number, segments: readonly TplSegment[]): Run[] {
  const runs: Run[] = [];
  for (const segment of segments) {
    let first = -1;
    for (const [values, from] of inPieces(flow, segment.from, segment.to)) {
      for (let row = nextChange(values, 0, first >= 0, epsilon); row < values.length; row = nextChange(values, row, first >= 0, epsilon)) {
        if (first >= 0) runs.push({ first, last: from + row - 1, segment });
        first = first < 0 ? from + row : -1;
      }
    }
    if (first >= 0) runs.push({ first, last: segment.to - 1, segment });
  }
  return runs;
}

/** The next row from `row` on that flows where the one before does not, or the other way round; the number of rows where there is none. */
function nextChange(values: Float64Array, row: number, flows: boolean, epsilon: number): number {
  while (row < values.length && Math.abs(values[row]!) > epsilon === flows) row++;
  return row;
}

/** Share of the rows in which a controller is on exactly when the leak flows. */
export function agreement(controller: Numbers, flow: Numbers, epsilon: number): number {
  let same = 0;
  for (let from = 0; from < flow.length; from += pieceRows) {
    const flows = flow.subarray(from, Math.min(from + pieceRows, flow.length));
    const outputs = controller.subarray(from, from + flows.length);
    for (let row = 0; row < flows.length; row++) if (Math.abs(outputs[row]!) > 1e-9 === Math.abs(flows[row]!) > epsilon) same++;
  }
  return flow.length === 0 ? 0 : same / flow.length;
}
