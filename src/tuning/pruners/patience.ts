import type { Direction, Report } from '../trials.js';
import { bestOf } from './reports.js';
import type { PatientSettings } from './settings.js';

/** Whether the best of the last `patience` + 1 reports is worse than the best before them by more than `minDelta`. */
export function hasStalled({ patience, minDelta = 0 }: PatientSettings, reports: readonly Report[], direction: Direction): boolean {
  if (reports.length <= patience + 1) return false;
  const sign = direction === 'minimize' ? 1 : -1;
  const before = bestOf(reports.slice(0, -patience - 1), sign), after = bestOf(reports.slice(-patience - 1), sign);
  return sign * before + minDelta < sign * after;
}
