import { PenstockError } from '../errors/index.js';
import { hyperbandPrunes } from './pruners/hyperband.js';
import { hasStalled } from './pruners/patience.js';
import { percentilePrunes } from './pruners/percentile.js';
import type { PrunerSettings } from './pruners/settings.js';
import { successiveHalvingPrunes } from './pruners/successiveHalving.js';
import { thresholdPrunes } from './pruners/threshold.js';
import { wilcoxonPrunes } from './pruners/wilcoxon.js';
import type { Direction, Report, Trial } from './trials.js';

export interface PruneOptions {
  /** Of the trial that is judged; its own row in the table is not looked at. */
  readonly number: number;
  /** The step just reported. */
  readonly step: number;
  /** All reports of the trial so far, in ascending order of steps, the one at `step` last. */
  readonly reports: readonly Report[];
  readonly direction: Direction;
  /** Name of the study: hyperband's brackets follow from it. Default empty. */
  readonly study?: string | undefined;
}

/**
 * Whether the trial should end now, by the rules of Optuna 5. A pure function of the table and the trial's reports. Reports of pruned
 * and running trials in the table count for successive halving and hyperband. Throws `tuning/invalid` where a setting is not possible.
 */
export function shouldPrune(pruner: PrunerSettings, trials: readonly Trial[], options: PruneOptions): boolean {
  checkPruner(pruner);
  if (options.reports.length === 0) return false;
  const others = trials.filter(({ number }) => number !== options.number);
  switch (pruner.type) {
    case 'none':
      return false;
    case 'median':
      return percentilePrunes({ ...pruner, type: 'percentile', percentile: 50 }, others, options);
    case 'percentile':
      return percentilePrunes(pruner, others, options);
    case 'successive_halving':
      return successiveHalvingPrunes(pruner, others, options);
    case 'hyperband':
      return hyperbandPrunes(pruner, others, options);
    case 'patient':
      return hasStalled(pruner, options.reports, options.direction) && (pruner.wrapped === undefined || shouldPrune(pruner.wrapped, trials, options));
    case 'threshold':
      return thresholdPrunes(pruner, options);
    case 'wilcoxon':
      return wilcoxonPrunes(pruner, others, options);
    default:
      throw new PenstockError('tuning/invalid', `the pruner ${JSON.stringify(pruner)} is not known`, { key: 'pruner' });
  }
}

type Limits = Readonly<Record<string, readonly [low: number, high: number]>>;

const limits: Limits = {
  percentile: [0, 100], startupTrials: [0, Infinity], warmupSteps: [0, Infinity], intervalSteps: [1, Infinity], minTrials: [1, Infinity],
  minResource: [1, Infinity], maxResource: [1, Infinity], reductionFactor: [2, Infinity], minEarlyStoppingRate: [0, Infinity],
  bootstrapCount: [0, Infinity], patience: [0, Infinity], minDelta: [0, Infinity], pThreshold: [0, 1], startupSteps: [0, Infinity],
};

function checkPruner(pruner: PrunerSettings): void {
  for (const [key, value] of Object.entries(pruner)) {
    const range = limits[key];
    if (range && typeof value === 'number' && !(value >= range[0] && value <= range[1])) {
      throw new PenstockError('tuning/invalid', `the pruner's ${key} is ${value}; ${range[0]} .. ${range[1]} is allowed`, { key });
    }
  }
  if (pruner.type === 'threshold' && pruner.lower === undefined && pruner.upper === undefined) {
    throw new PenstockError('tuning/invalid', 'the threshold pruner has neither lower nor upper', { key: 'lower' });
  }
}
