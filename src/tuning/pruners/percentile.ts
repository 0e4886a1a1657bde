import type { PruneOptions } from '../shouldPrune.js';
import type { Trial } from '../trials.js';
import { bestOf, isFirstInInterval, reportValue } from './reports.js';
import type { PercentileSettings } from './settings.js';

export function percentilePrunes(settings: PercentileSettings, trials: readonly Trial[], { step, reports, direction }: PruneOptions): boolean {
  const { percentile, startupTrials = 5, warmupSteps = 0, intervalSteps = 1, minTrials = 1 } = settings;
  const complete = trials.filter((trial) => trial.state === 'complete');
  if (complete.length === 0 || complete.length < startupTrials || step < warmupSteps) return false;
  if (!isFirstInInterval(step, reports, warmupSteps, intervalSteps)) return false;
  const sign = direction === 'minimize' ? 1 : -1;
  const best = bestOf(reports, sign);
  if (Number.isNaN(best)) return true;
  const others = complete.flatMap((trial) => trial.reports?.filter((report) => report.step === step).map(reportValue) ?? []);
  if (others.length < minTrials) return false;
  const limit = percentileOf(others.filter((value) => !Number.isNaN(value)), direction === 'minimize' ? percentile : 100 - percentile);
  return sign * best > sign * limit;
}

/** By linear interpolation between the ranks; NaN of nothing. */
function percentileOf(values: readonly number[], percentile: number): number {
  const sorted = Float64Array.from(values).sort();
  const place = (percentile / 100) * (sorted.length - 1);
  const below = Math.floor(place), share = place - below;
  const low = sorted[below] ?? NaN;
  return share === 0 ? low : low + share * (sorted[below + 1]! - low);
}
