import { parameterOrder, type SearchSpace } from '../searchSpace.js';
import type { Trial } from '../trials.js';

/** The parameters that every one of the trials has, in order. */
export function sharedParameters(space: SearchSpace, trials: readonly Trial[]): string[] {
  if (trials.length === 0) return [];
  return parameterOrder(space).filter((name) => trials.every(({ params }) => params[name] !== undefined));
}

/**
 * The parameters in the largest groups of which every trial has either all or none: parameters of one branch of a conditional space form
 * a group of their own.
 */
export function jointGroups(space: SearchSpace, trials: readonly Trial[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of parameterOrder(space)) {
    const present = trials.map(({ params }) => (params[name] === undefined ? '0' : '1')).join('');
    if (!present.includes('1')) continue;
    const group = groups.get(present);
    if (group) group.push(name);
    else groups.set(present, [name]);
  }
  return [...groups.values()];
}
