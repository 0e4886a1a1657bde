import { PenstockError } from '../errors/index.js';
import { allUsed, gridPoints } from './samplers/grid.js';
import type { SamplerSettings } from './samplers/settings.js';
import { contains, type Params, type ParameterValue, type SearchSpace } from './searchSpace.js';
import { suggest, type SuggestOptions } from './suggest.js';
import { bestTrial, type Direction, type Trial } from './trials.js';

/** One step: some parameters are varied, the others keep the values of the best trial so far. */
export interface StepwiseStep {
  /** Different from those of the other steps; trials carry it. */
  readonly name: string;
  readonly space: SearchSpace;
  readonly sampler: SamplerSettings;
  /** Trials of the step; a grid without it takes every combination. */
  readonly trials?: number | undefined;
  /** A grid around the best value so far instead of the whole range: `points` evenly spaced values up to `reach` away, those inside the range. */
  readonly around?: { readonly parameter: string; readonly reach: number; readonly points: number } | undefined;
}

export type NextStep =
  | { readonly kind: 'trial'; readonly step: string; readonly params: Params }
  /** All trials of the step have been given out; the next step begins when they are finished. */
  | { readonly kind: 'wait'; readonly step: string }
  | { readonly kind: 'done' };

/**
 * What to try next in a stepwise search; a pure function of the table, so that a resumed search repeats nothing. A step sees only its own
 * trials and starts from the best trial of all steps. Failed trials count, or a step that always fails would never end. `defaults`
 * are the values that parameters have before any trial. Throws `tuning/invalid` where a step is not possible.
 */
export function nextStep(steps: readonly StepwiseStep[], trials: readonly Trial[], options: SuggestOptions, defaults: Params = {}): NextStep {
  for (const step of steps) {
    const own = trials.filter((trial) => trial.step === step.name);
    // What a step starts from must not change while it runs.
    const before = { ...defaults, ...bestTrial(trials.filter((trial) => isBefore(steps, trial, step)), options.direction)?.params };
    const sampler = samplerOf(step, before);
    const seen = own.map((trial) => ({ ...trial, params: onlyOf(step.space, trial.params) }));
    if (own.length < (step.trials ?? Infinity) && !(sampler.type === 'grid' && allUsed(gridPoints(step.space, sampler.values), seen))) {
      const params = suggest(sampler, step.space, seen, { ...options, seed: `${options.seed}/${step.name}`, number: own.length });
      return { kind: 'trial', step: step.name, params: { ...before, ...params } };
    }
    if (own.some(({ state }) => state === 'waiting' || state === 'running')) return { kind: 'wait', step: step.name };
  }
  return { kind: 'done' };
}

/**
 * How many trials the search has in all. A step around a best value that is not known yet is counted with all its points, so the number
 * can still fall.
 */
export function plannedTrials(steps: readonly StepwiseStep[], trials: readonly Trial[], direction: Direction, defaults: Params = {}): number {
  return steps.reduce((count, step, i) => {
    const earlier = steps.slice(0, i).every((other) => trials.some((trial) => trial.step === other.name)) ? trials.filter((trial) => isBefore(steps, trial, step)) : [];
    const best = bestTrial(earlier, direction);
    if (step.around && !best) return count + step.around.points;
    const sampler = samplerOf(step, { ...defaults, ...best?.params });
    return count + Math.min(step.trials ?? Infinity, sampler.type === 'grid' ? gridPoints(step.space, sampler.values).length : Infinity);
  }, 0);
}

function isBefore(steps: readonly StepwiseStep[], trial: Trial, step: StepwiseStep): boolean {
  const at = steps.findIndex(({ name }) => name === trial.step);
  return at >= 0 && at < steps.indexOf(step);
}

function samplerOf(step: StepwiseStep, best: Params): SamplerSettings {
  if (step.trials === undefined && step.sampler.type !== 'grid') throw invalid(step, `the step has no number of trials, and the sampler ${step.sampler.type} does not end by itself`);
  if (!step.around) return step.sampler;
  const { parameter, reach, points } = step.around;
  const distribution = step.space[parameter];
  const centre = best[parameter];
  if (!distribution || distribution.type === 'categorical') throw invalid(step, `values around ${parameter}, which is no number of the step`);
  if (typeof centre !== 'number') throw invalid(step, `values around ${parameter}, which no earlier step and no default gives`);
  if (step.sampler.type !== 'grid') throw invalid(step, `values around ${parameter} by the sampler ${step.sampler.type}; only a grid takes them`);
  const values = Array.from({ length: points }, (_, i) => Number((centre - reach + (2 * reach * i) / (points - 1)).toPrecision(12)));
  return { type: 'grid', values: { ...step.sampler.values, [parameter]: values.filter((value) => contains(distribution, value)) } };
}

function onlyOf(space: SearchSpace, params: Params): Params {
  const kept: Record<string, ParameterValue> = {};
  for (const [name, value] of Object.entries(params)) if (Object.hasOwn(space, name)) kept[name] = value;
  return kept;
}

function invalid(step: StepwiseStep, found: string): PenstockError {
  return new PenstockError('tuning/invalid', `step ${step.name}: ${found}`, { key: step.name });
}
