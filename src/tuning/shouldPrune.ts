import { PenstockError } from '../errors/index.js';
import type { PrunerSettings } from './pruners/settings.js';
import type { Direction, Report, Trial } from './trials.js';

export interface PruneOptions {
  /** Of the trial that is judged; its own row in the table is not looked at. */
  readonly number: number;
  /** The step just reported. */
  readonly step: number;
  /** All reports of the trial so far, in ascending order of steps, the one at `step` included. */
  readonly reports: readonly Report[];
  readonly direction: Direction;
  /** Name of the study: hyperband's brackets follow from it. Default empty. */
  readonly study?: string | undefined;
}

/**
 * Whether the trial should end now. A pure function of the table and the trial's reports. Reports of running trials in the table count
 * for successive halving and hyperband.
 */
export function shouldPrune(pruner: PrunerSettings, trials: readonly Trial[], options: PruneOptions): boolean {
  if (pruner.type === 'none' || options.reports.length === 0) return false;
  throw new PenstockError('tuning/invalid', `the pruner ${pruner.type} is not there yet (${trials.length} trials)`, { key: 'pruner' });
}
