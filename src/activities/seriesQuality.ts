import { PenstockError } from '../errors/index.js';
import { fitsColumn, misspelt } from '../olga/index.js';
import type { QualityConfig } from '../pipelines/index.js';
import { checkQuality, quantityOf, type ColumnLimits, type QualityCode, type QualityFinding } from '../signal/index.js';
import type { Column, Table } from '../table/index.js';
import { isSignal } from './selectSignals.js';

/** What the checks found in a case that went on all the same. */
export interface SeriesQuality {
  readonly findings: readonly QualityFinding[];
  /** Why the mass balance could not be drawn up. */
  readonly mass_balance_skipped?: string;
}

/**
 * Checks a series as the file gave it: columns among those selected, the mass balance on all of them. Undefined where every
 * check is off.
 * @throws PenstockError `signal/quality` with all findings of checks that quarantine; `table/column-missing` for a pattern
 * that fits no signal.
 */
export function checkSeries(recorded: Table, selected: readonly Column[], config: QualityConfig): SeriesQuality | undefined {
  const actions = actionsOf(config);
  if (Object.values(actions).every((action) => action === 'off')) return undefined;
  refuseMisspelt(recorded.columns, config);
  const { gaps, mass_balance: balance } = config;
  const { findings, massBalanceSkipped } = checkQuality(recorded, {
    columns: new Map(selected.filter(isSignal).map((column) => [column.name, limitsOf(column, config)])),
    timeOrder: config.time_order.action !== 'off',
    ...(gaps.action !== 'off' && { gaps: gaps.seconds === null ? {} : { seconds: gaps.seconds } }),
    ...(balance.action !== 'off' && { massBalance: { tolerancePercent: balance.tolerance_percent, steadySeconds: balance.steady_seconds, steadyPercent: balance.steady_percent } }),
  });
  const grave = findings.filter((finding) => actions[finding.code] === 'quarantine');
  if (grave.length > 0) throw new PenstockError('signal/quality', reasonOf(grave), { key: 'quality_checks' });
  return { findings, ...(massBalanceSkipped !== undefined && { mass_balance_skipped: massBalanceSkipped }) };
}

const mostReasons = 10;

function reasonOf(findings: readonly QualityFinding[]): string {
  const texts = findings.slice(0, mostReasons).map(({ code, column, count, first_s, detail }) => `${code}: ${column} ${count === 1 ? 'once' : `${count} times`}, first at ${first_s} s (${detail})`);
  return [...texts, ...(findings.length > mostReasons ? [`and ${findings.length - mostReasons} more findings`] : [])].join('; ');
}

function actionsOf(config: QualityConfig): Record<QualityCode, 'off' | 'warn' | 'quarantine'> {
  return {
    'range': config.range.action, 'rate-of-change': config.rate_of_change.action, 'flat-line': config.flat_line.action,
    'time-order': config.time_order.action, 'gap': config.gaps.action, 'mass-balance': config.mass_balance.action,
  };
}

function refuseMisspelt(columns: readonly Column[], config: QualityConfig): void {
  const named = { range: Object.keys(config.range.columns), rate_of_change: Object.keys(config.rate_of_change.columns), flat_line: config.flat_line.columns };
  for (const [check, patterns] of Object.entries(named)) {
    const strange = misspelt(columns.filter(isSignal), patterns);
    if (strange !== undefined) throw new PenstockError('table/column-missing', `quality_checks.${check}.columns: no signal fits ${strange}`, { key: `quality_checks.${check}.columns` });
  }
}

function limitsOf(column: Column, { range, rate_of_change: rate, flat_line: flat }: QualityConfig): ColumnLimits {
  const least = range.action === 'off' ? undefined : limitOf(column, range);
  const most = rate.action === 'off' ? undefined : limitOf(column, rate);
  const isFlatChecked = flat.columns.length === 0 ? column.role === 'measured' : flat.columns.some((pattern) => fitsColumn(column, pattern));
  return {
    ...(least && { range: least }), ...(most !== undefined && { perSecond: most }),
    ...(flat.action !== 'off' && isFlatChecked && { flatLineSeconds: flat.seconds }),
  };
}

/** The limit of the last pattern that fits, else that of the quantity, which operational columns do not have. */
function limitOf<Limit>(column: Column, check: { readonly columns: Record<string, Limit> } & { readonly [quantity in ReturnType<typeof quantityOf>]?: Limit | undefined }): Limit | undefined {
  const own = Object.entries(check.columns).findLast(([pattern]) => fitsColumn(column, pattern));
  return own ? own[1] : column.role === 'measured' ? check[quantityOf(column)] : undefined;
}
