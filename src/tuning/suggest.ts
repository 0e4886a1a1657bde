import { PenstockError } from '../errors/index.js';
import { createRandom, type Random } from '../numeric/index.js';
import { isActive, parameterOrder, valueCount, type Params, type ParameterValue, type SearchSpace } from './searchSpace.js';
import { suggestCmaes } from './samplers/cmaes.js';
import { drawValue, valueAtShare } from './samplers/draw.js';
import { allUsed, gridPoints, nextUnused } from './samplers/grid.js';
import { haltonPoint, sobolPoint } from './samplers/lowDiscrepancy.js';
import type { QuasiRandomSettings, SamplerSettings } from './samplers/settings.js';
import { suggestTpe } from './samplers/tpe.js';
import { paramsKey, type Direction, type Trial } from './trials.js';

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
 * settings are not possible, and where no combination is left (`isExhausted`).
 */
export function suggest(sampler: SamplerSettings, space: SearchSpace, trials: readonly Trial[], options: SuggestOptions): Params {
  const { seed, number, direction } = options;
  const random = createRandom(`${seed}/${number}`);
  switch (sampler.type) {
    case 'tpe':
      return suggestTpe(sampler, space, trials, direction, random);
    case 'cmaes':
      return suggestCmaes(sampler, space, trials, direction, random);
    case 'sobol':
    case 'halton':
      return quasiRandom(sampler, space, number);
    case 'grid':
      return unused(gridPoints(space, sampler.values), trials, options);
    case 'random':
      return sampler.distinct ? unused(gridPoints(space), trials, options) : drawAll(space, random);
    default:
      throw new PenstockError('tuning/invalid', `the sampler ${JSON.stringify(sampler)}; tpe, random, grid, sobol, halton and cmaes are allowed`, { key: 'sampler' });
  }
}

/** Whether the sampler has no further values to suggest: a grid, or random draws without repetition, of which every combination has a trial. */
export function isExhausted(sampler: SamplerSettings, space: SearchSpace, trials: readonly Trial[]): boolean {
  if (sampler.type === 'grid') return allUsed(gridPoints(space, sampler.values), trials);
  return sampler.type === 'random' && sampler.distinct === true && allUsed(gridPoints(space), trials);
}

/** How many different combinations there can be; Infinity where a parameter is dense. Conditions are not looked at. */
export function combinations(space: SearchSpace): number {
  return parameterOrder(space).reduce((count, name) => count * valueCount(space[name]!), 1);
}

/**
 * `suggest`, but not what a trial of the table already has: the sampler is asked again, up to `attempts` times, and then random values
 * are tried. Where nothing else is found (a small space, used up), the repetition is returned.
 */
export function suggestDistinct(sampler: SamplerSettings, space: SearchSpace, trials: readonly Trial[], options: SuggestOptions, attempts = 20): Params {
  const used = new Set(trials.map(({ params }) => paramsKey(params)));
  let params = suggest(sampler, space, trials, options);
  for (let attempt = 1; used.has(paramsKey(params)) && attempt <= attempts; attempt++) {
    params = suggest(sampler, space, trials, { ...options, seed: `${options.seed}/again ${attempt}` });
  }
  if (!used.has(paramsKey(params)) || used.size >= combinations(space)) return params;
  const random = createRandom(`${options.seed}/${options.number}/other`);
  for (let attempt = 0; attempt < 1000; attempt++) {
    const other = drawAll(space, random);
    if (!used.has(paramsKey(other))) return other;
  }
  return params;
}

function drawAll(space: SearchSpace, random: Random): Params {
  return activeValues(space, (name) => drawValue(space[name]!, random));
}

function quasiRandom({ type, skip = 0 }: QuasiRandomSettings, space: SearchSpace, number: number): Params {
  const order = parameterOrder(space);
  const point = type === 'sobol' ? sobolPoint(skip + number, order.length) : haltonPoint(skip + number, order.length);
  return activeValues(space, (name) => valueAtShare(space[name]!, point[order.indexOf(name)]!));
}

function activeValues(space: SearchSpace, value: (name: string) => ParameterValue): Params {
  const params: Record<string, ParameterValue> = {};
  for (const name of parameterOrder(space)) if (isActive(space[name]!, params)) params[name] = value(name);
  return params;
}

function unused(points: readonly Params[], trials: readonly Trial[], { seed, number }: SuggestOptions): Params {
  const point = nextUnused(points, trials, seed, number);
  if (!point) throw new PenstockError('tuning/invalid', `all ${points.length} combinations have been used; there is none left for trial ${number}`, { key: 'sampler' });
  return point;
}
