import { createRandom } from '../numeric/index.js';
import { PenstockError } from '../errors/index.js';
import { isActive, parameterOrder, type Params, type ParameterValue, type SearchSpace } from './searchSpace.js';
import { suggestTpe } from './samplers/tpe.js';
import { drawValue } from './samplers/draw.js';
import type { SamplerSettings } from './samplers/settings.js';
import type { Direction, Trial } from './trials.js';

export interface SuggestOptions {
  /** Of the study; any number or text. */
  readonly seed: number | string;
  /** Of the trial that is to get the values. */
  readonly number: number;
  readonly direction: Direction;
}

/**
 * The values of the next trial. A pure function: the same table, seed and number give the same values, so that asking again after a
 * crash changes nothing. Trials that are waiting or running belong into the table. Throws `tuning/invalid` where the space or the
 * settings are not possible, and where a grid has no combination left (`isExhausted`).
 */
export function suggest(sampler: SamplerSettings, space: SearchSpace, trials: readonly Trial[], options: SuggestOptions): Params {
  if (sampler.type === 'tpe') return suggestTpe(sampler, space, trials, options.direction, createRandom(`${options.seed}/${options.number}`));
  if (sampler.type !== 'random') throw new PenstockError('tuning/invalid', `the sampler ${sampler.type} is not there yet (${trials.length} trials)`, { key: 'sampler' });
  const random = createRandom(`${options.seed}/${options.number}`);
  const params: Record<string, ParameterValue> = {};
  for (const name of parameterOrder(space)) {
    if (isActive(space[name]!, params)) params[name] = drawValue(space[name]!, random);
  }
  return params;
}

/** Whether the sampler has no further values to suggest: a grid, or random draws without repetition, that have all been used. */
export function isExhausted(sampler: SamplerSettings, space: SearchSpace, trials: readonly Trial[]): boolean {
  return sampler.type === 'grid' && parameterOrder(space).length === 0 && trials.length > 0;
}
