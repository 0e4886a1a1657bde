import type { PruneOptions } from '../shouldPrune.js';
import type { Trial } from '../trials.js';
import { crc32 } from './crc32.js';
import { largestStep } from './reports.js';
import type { HyperbandSettings } from './settings.js';
import { successiveHalvingPrunes } from './successiveHalving.js';

/** Shares of the trials that hyperband's brackets get (Li et al. 2018), most for the one that prunes earliest; undefined until the largest step is known. */
export function hyperbandBudgets({ minResource = 1, maxResource = 'auto', reductionFactor = 3 }: HyperbandSettings, trials: readonly Trial[]): number[] | undefined {
  const largest = maxResource === 'auto' ? largestStep(trials) : maxResource - 1;
  if (largest === undefined) return undefined;
  // The tiny share keeps a whole number of factors from falling below itself by rounding.
  const brackets = Math.max(1, Math.floor(Math.log((largest + 1) / minResource) / Math.log(reductionFactor) + 1e-9) + 1);
  return Array.from({ length: brackets }, (_, bracket) => {
    const s = brackets - 1 - bracket;
    return Math.ceil((brackets * reductionFactor ** s) / (s + 1));
  });
}

/** The bracket of a trial: the checksum of `STUDY_NUMBER` walked through the budgets, so that it needs no memory. */
export function hyperbandBracket(budgets: readonly number[], study: string, number: number): number {
  let rest = crc32(`${study}_${number}`) % budgets.reduce((sum, budget) => sum + budget, 0);
  return budgets.findIndex((budget) => (rest -= budget) < 0);
}

export function hyperbandPrunes(settings: HyperbandSettings, trials: readonly Trial[], options: PruneOptions): boolean {
  const budgets = hyperbandBudgets(settings, trials);
  if (!budgets) return false;
  const study = options.study ?? '';
  const bracket = hyperbandBracket(budgets, study, options.number);
  const { minResource = 1, reductionFactor = 3, bootstrapCount } = settings;
  const rivals = trials.filter(({ number }) => hyperbandBracket(budgets, study, number) === bracket);
  return successiveHalvingPrunes({ type: 'successive_halving', minResource, reductionFactor, minEarlyStoppingRate: bracket, bootstrapCount }, rivals, options);
}
