import type { PruneOptions } from '../shouldPrune.js';
import { isFirstInInterval, reportValue } from './reports.js';
import type { ThresholdSettings } from './settings.js';

export function thresholdPrunes({ lower = -Infinity, upper = Infinity, warmupSteps = 0, intervalSteps = 1 }: ThresholdSettings, { step, reports }: PruneOptions): boolean {
  if (step < warmupSteps || !isFirstInInterval(step, reports, warmupSteps, intervalSteps)) return false;
  const value = reportValue(reports.at(-1)!);
  return !(value >= lower && value <= upper);
}
