import type { Run } from './leakFlow.js';
import { inPieces, type Numbers } from './packedColumn.js';
import type { LeakInterval } from './leak.js';
import type { ExpectedOpening } from './leakSchedule.js';

/**
 * Turns the rows in which a leak flows into intervals with their true ends. A row can show a leak up to one step late,
 * so the start is looked for between the last row without flow and the first row with it: the scheduled time if it
 * falls there, else the ramp of the opening (`opening`, the controller's output) or of the flow itself, extended to
 * zero, else the first row. The end likewise. So the rows of a run are those with start < time < end, but for a run
 * that touches an end of the record or stops within one step.
 */
export function intervalsOf(
  runs: readonly Run[], seconds: Numbers, flow: Numbers, opening: Numbers | undefined, scheduled: readonly ExpectedOpening[],
): LeakInterval[] {
  return runs.map(({ first, last, segment }) => {
    const outer = (row: number): number => (row >= segment.from && row < segment.to ? row : -1);
    const planned = scheduled.filter((time) => time.segment === segment);
    let peakFlow = 0;
    for (const [values] of inPieces(flow, first, last + 1)) peakFlow = Math.max(peakFlow, largestSize(values));
    return {
      start: edge(seconds, opening ?? flow, outer(first - 1), first, Math.min(first + 1, last), planned.map((time) => time.start)),
      end: edge(seconds, opening ?? flow, outer(last + 1), last, Math.max(last - 1, first), planned.map((time) => time.end)),
      peakFlow,
    };
  });
}

function largestSize(values: Float64Array): number {
  let largest = 0;
  for (let at = 0; at < values.length; at++) largest = Math.max(largest, Math.abs(values[at]!));
  return largest;
}

/** `off` is the row without flow next to the run's outer row `on`, -1 where there is none; `inner` is the row beyond `on`, within the run. */
function edge(seconds: Numbers, ramp: Numbers, off: number, on: number, inner: number, scheduled: readonly number[]): number {
  const tOn = seconds.at(on)!;
  if (off < 0) return tOn;
  const tOff = seconds.at(off)!;
  const low = Math.min(tOff, tOn);
  const high = Math.max(tOff, tOn);
  // Times in the file are rounded to seven digits.
  const slack = 1e-6 * Math.max(1, Math.abs(high));
  const planned = scheduled.find((time) => time >= low - slack && time <= high + slack);
  if (planned !== undefined) return Math.min(Math.max(planned, low), high);
  const vOn = Math.abs(ramp.at(on)!);
  const vInner = Math.abs(ramp.at(inner)!);
  if (inner === on || !(vInner > vOn)) return tOn;
  return Math.min(Math.max(tOn - (vOn * (seconds.at(inner)! - tOn)) / (vInner - vOn), low), high);
}
