import type { Random } from '../../numeric/index.js';
import { dimensionOf, positionOf, valueOf, type Dimension } from '../parzen/dimension.js';
import { buildEstimator, logDensity, sampleEstimator, type Estimator } from '../parzen/estimator.js';
import { isActive, parameterOrder, singleValue, type ParameterValue, type SearchSpace } from '../searchSpace.js';
import { isFinished, type Direction, type Trial } from '../trials.js';
import { drawValue } from './draw.js';
import { jointGroups, sharedParameters } from './jointSpace.js';
import type { TpeSettings } from './settings.js';
import { ageWeights, goodCount, inOrder, splitTrials, type SplitTrials } from './tpeRules.js';

/**
 * Values by the tree-structured Parzen estimator (Bergstra et al. 2011; Watanabe 2023), by the rules of Optuna 5: two kernel estimates, of
 * the good trials and of the others; of candidates drawn from the first, the one whose densities have the largest ratio.
 */
export function suggestTpe(settings: TpeSettings, space: SearchSpace, trials: readonly Trial[], direction: Direction, random: Random): Record<string, ParameterValue> {
  const finished = inOrder(trials.filter(isFinished));
  const order = parameterOrder(space);
  const learned = finished.length >= (settings.startupTrials ?? 10);
  const split = learned ? splitForTpe(settings, trials, finished, direction) : undefined;
  const joint = split && (settings.multivariate ?? true) ? sampleJointly(settings, space, finished, split, random) : {};
  const params: Record<string, ParameterValue> = {};
  for (const name of order) {
    const parameter = space[name]!;
    if (!isActive(parameter, params)) continue;
    const single = singleValue(parameter);
    if (single !== undefined) params[name] = single;
    else if (Object.hasOwn(joint, name)) params[name] = joint[name]!;
    else if (split) Object.assign(params, bestCandidate(settings, space, [name], split, random));
    else params[name] = drawValue(parameter, random);
  }
  return params;
}

function splitForTpe(settings: TpeSettings, trials: readonly Trial[], finished: readonly Trial[], direction: Direction): SplitTrials {
  const unfinished = (settings.constantLiar ?? true) ? trials.filter(({ state }) => state === 'running' || state === 'waiting') : [];
  return splitTrials(finished, unfinished, goodCount(finished.length, settings.gamma), direction);
}

function sampleJointly(settings: TpeSettings, space: SearchSpace, finished: readonly Trial[], split: SplitTrials, random: Random): Record<string, ParameterValue> {
  const groups = settings.group ? jointGroups(space, finished) : [sharedParameters(space, finished)];
  const result: Record<string, ParameterValue> = {};
  for (const names of groups) {
    const free = names.filter((name) => singleValue(space[name]!) === undefined);
    if (free.length > 0) Object.assign(result, bestCandidate(settings, space, free, split, random));
  }
  return result;
}

function bestCandidate(settings: TpeSettings, space: SearchSpace, names: readonly string[], split: SplitTrials, random: Random): Record<string, ParameterValue> {
  const { good, bad } = tpeEstimators(settings, space, names, split);
  const points = sampleEstimator(good, settings.candidates ?? 24, random);
  const score = acquisition(good, bad, points);
  let best = 0;
  for (let i = 1; i < score.length; i++) if (score[i]! > score[best]!) best = i;
  return Object.fromEntries(names.map((name, j) => [name, valueOf(good.dimensions[j]!, points[j]![best]!)]));
}

export interface TpeEstimators {
  readonly good: Estimator;
  readonly bad: Estimator;
}

/** The two estimates over the named parameters; trials without all of them do not count. */
export function tpeEstimators(settings: TpeSettings, space: SearchSpace, names: readonly string[], split: SplitTrials): TpeEstimators {
  const dimensions = names.map((name) => dimensionOf(space[name]!));
  const build = (trials: readonly Trial[]): Estimator => {
    const positions = observations(trials, names, dimensions);
    return buildEstimator(dimensions, positions, ageWeights(positions[0]!.length), {
      priorWeight: settings.priorWeight ?? 1,
      magicClip: settings.magicClip ?? true,
      endpoints: settings.endpoints ?? false,
    });
  };
  return { good: build(split.good), bad: build(split.bad) };
}

/** log of the densities' ratio: the larger, the more a point looks like the good trials and unlike the others. */
export function acquisition(good: Estimator, bad: Estimator, points: readonly Float64Array[]): Float64Array {
  const above = logDensity(bad, points);
  return logDensity(good, points).map((value, i) => value - above[i]!);
}

/** Column by column, so that the same name is looked up all along; trials without one of the values are left out. */
function observations(trials: readonly Trial[], names: readonly string[], dimensions: readonly Dimension[]): Float64Array[] {
  const missing = new Uint8Array(trials.length);
  const columns = dimensions.map((dimension, j) => {
    const name = names[j]!;
    const column = new Float64Array(trials.length);
    for (let i = 0; i < trials.length; i++) {
      const position = positionOf(dimension, trials[i]!.params[name]);
      column[i] = position;
      if (Number.isNaN(position)) missing[i] = 1;
    }
    return column;
  });
  return missing.includes(1) ? columns.map((column) => column.filter((_, i) => missing[i] === 0)) : columns;
}
