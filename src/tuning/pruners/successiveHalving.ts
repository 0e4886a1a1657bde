import type { PruneOptions } from '../shouldPrune.js';
import type { Report, Trial } from '../trials.js';
import { largestStep, reportValue } from './reports.js';
import type { SuccessiveHalvingSettings } from './settings.js';

/**
 * Asynchronous successive halving (Li et al. 2018): a trial that reaches a rung goes on where its value is among the best 1/factor of all
 * values seen there, its own included; while the rung has seen fewer than `factor`, only the best goes on. A trial's value at a rung is
 * its first report at or after the rung's step.
 */
export function successiveHalvingPrunes(settings: SuccessiveHalvingSettings, trials: readonly Trial[], { number, reports, direction }: PruneOptions): boolean {
  const { reductionFactor: factor = 4, minEarlyStoppingRate: rate = 0, bootstrapCount = 0 } = settings;
  const resource = leastResource(settings, trials);
  const last = reports.at(-1);
  if (resource === undefined || last === undefined) return false;
  const sign = direction === 'minimize' ? 1 : -1;
  const stepOfRung = (rung: number): number => resource * factor ** (rate + rung);
  const others = trials.filter((trial) => trial.number !== number && trial.reports !== undefined).map((trial) => rungValues(trial.reports!, stepOfRung));
  const before = rungValues(reports.slice(0, -1), stepOfRung).length;
  const value = reportValue(last);
  for (let rung = before; last.step >= stepOfRung(rung); rung++) {
    if (Number.isNaN(value)) return true;
    const seen = [value, ...others.flatMap((values) => values.slice(rung, rung + 1))];
    if (seen.length <= bootstrapCount || !isPromoted(value, seen, factor, sign)) return true;
  }
  return false;
}

/** The value at each rung that the reports have reached. */
function rungValues(reports: readonly Report[], stepOfRung: (rung: number) => number): number[] {
  const values: number[] = [];
  for (const report of reports) {
    const value = reportValue(report);
    // What is not a number ends a trial at a rung without counting there.
    if (report.step >= stepOfRung(values.length) && Number.isNaN(value)) break;
    while (report.step >= stepOfRung(values.length)) values.push(value);
  }
  return values;
}

function isPromoted(value: number, seen: readonly number[], factor: number, sign: number): boolean {
  const places = Math.max(Math.floor(seen.length / factor), 1);
  const sorted = Float64Array.from(seen, (other) => sign * other).sort();
  return sign * value <= sorted[places - 1]!;
}

function leastResource({ minResource = 'auto' }: SuccessiveHalvingSettings, trials: readonly Trial[]): number | undefined {
  if (minResource !== 'auto') return minResource;
  const largest = largestStep(trials);
  return largest === undefined ? undefined : Math.max(Math.floor(largest / 100), 1);
}
