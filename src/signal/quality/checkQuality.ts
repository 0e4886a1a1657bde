import type { Table } from '../../table/table.js';
import { numbersOf, timeColumn } from '../columns.js';
import { checkFlatLine, checkRange, checkRate } from './columnChecks.js';
import type { QualityFinding } from './finding.js';
import { massBalance, type MassBalanceOptions } from './massBalance.js';
import { checkGaps, checkTimeOrder } from './timeChecks.js';

/** Limits of one column, in its unit; what is absent is not checked. */
export interface ColumnLimits {
  /** Least and most, both allowed. */
  readonly range?: readonly [number, number];
  /** Seconds for which the value may stay the same. */
  readonly flatLineSeconds?: number;
  /** Largest change per second, up or down. */
  readonly perSecond?: number;
}

export interface QualityOptions {
  /** By column name. */
  readonly columns: ReadonlyMap<string, ColumnLimits>;
  readonly timeOrder: boolean;
  /** Absent: not checked; without seconds five times the median step is a gap. */
  readonly gaps?: { readonly seconds?: number };
  readonly massBalance?: MassBalanceOptions;
}

export interface QualityResult {
  readonly findings: readonly QualityFinding[];
  /** Why the mass balance could not be checked. */
  readonly massBalanceSkipped?: string;
}

/** Runs the checks asked for on a series; findings in the order time, columns, mass balance. */
export function checkQuality(series: Table, options: QualityOptions): QualityResult {
  const clock = timeColumn(series);
  const time = clock.values;
  const findings: QualityFinding[] = [];
  if (options.timeOrder) findings.push(...checkTimeOrder(clock.name, time));
  if (options.gaps) findings.push(...checkGaps(clock.name, time, options.gaps.seconds));
  for (const column of series.columns) {
    const limits = options.columns.get(column.name);
    if (!limits) continue;
    const values = numbersOf(column);
    if (limits.range) findings.push(...checkRange(column.name, values, time, limits.range));
    if (limits.flatLineSeconds !== undefined) findings.push(...checkFlatLine(column.name, values, time, limits.flatLineSeconds));
    if (limits.perSecond !== undefined) findings.push(...checkRate(column.name, values, time, limits.perSecond));
  }
  const balance = options.massBalance && massBalance(series, time, options.massBalance);
  if (balance) findings.push(...balance.findings);
  return { findings, ...(balance?.skipped !== undefined && { massBalanceSkipped: balance.skipped }) };
}
