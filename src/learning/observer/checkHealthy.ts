import { PenstockError } from '../../errors/index.js';

/** What is known of leaks in a series, one value per row; the more is known the better. */
export interface LeakTruth {
  /** Above 0 while a leak is on. */
  readonly flags?: ArrayLike<number> | undefined;
  /** Mass flows of leaks, whatever their sign. */
  readonly flows?: readonly ArrayLike<number>[] | undefined;
}

/**
 * Refuses rows of a leak where healthy behaviour is to be learnt: a line that was learnt leaking explains its leaks away, and
 * nothing afterwards would tell. The rows that lags reach back to count too.
 *
 * Errors: `learning/invalid-data` naming the case and the row.
 */
export function checkHealthy(caseId: string, rows: Int32Array, lags: readonly number[], { flags, flows = [] }: LeakTruth): void {
  const lookback = Math.max(0, ...lags);
  const series = Math.max(flags?.length ?? 0, ...flows.map((flow) => flow.length));
  const latest = new Int32Array(series);
  for (let row = 0; row < series; row++) {
    const leaks = (flags?.[row] ?? 0) > 0 || flows.some((flow) => Math.abs(flow[row]!) > 0);
    latest[row] = leaks ? row : row > 0 ? latest[row - 1]! : -1;
  }
  const leaking = rows.find((row) => series > 0 && latest[row]! >= Math.max(0, row - lookback));
  if (leaking === undefined) return;
  throw new PenstockError('learning/invalid-data',
    `case "${caseId}" leaks at row ${latest[leaking]}, which healthy behaviour was to be learnt from (row ${leaking} and ${lookback} rows before it); `
    + 'OBSERVER learns from leak-free rows alone: check the labels and recovery_seconds of the windows', { file: caseId });
}
