import { completeTrials, type Direction, type Trial } from '../trials.js';
import type { TpeSettings } from './settings.js';

/** How many of n finished trials count as good ones. */
export function goodCount(n: number, rule: TpeSettings['gamma'] = 'optuna'): number {
  return Math.min(Math.ceil(rule === 'optuna' ? 0.1 * n : 0.25 * Math.sqrt(n)), 25);
}

/** Weights of n observations in chronological order: 1 for the last 25, before them rising evenly from 1/n to 1. */
export function ageWeights(n: number): Float64Array {
  const weights = new Float64Array(n).fill(1);
  const ramp = n - 25;
  for (let i = 0; i < ramp; i++) weights[i] = ramp === 1 ? 1 / n : 1 / n + ((1 - 1 / n) * i) / (ramp - 1);
  return weights;
}

export interface SplitTrials {
  readonly good: Trial[];
  /** With the unfinished trials, where constant liar wants them. */
  readonly bad: Trial[];
}

/**
 * The `count` best of the finished trials and the others, each in order of their numbers. Complete trials come before pruned ones, and
 * those that violate constraints come last.
 */
export function splitTrials(finished: readonly Trial[], unfinished: readonly Trial[], count: number, direction: Direction): SplitTrials {
  const sign = direction === 'minimize' ? 1 : -1;
  const feasible = finished.filter((trial) => !((trial.violation ?? 0) > 0));
  const violating = finished.filter((trial) => (trial.violation ?? 0) > 0);
  const complete = completeTrials(feasible);
  const pruned = feasible.filter((trial) => trial.state === 'pruned');
  const good = new Set<Trial>();
  const take = (trials: readonly Trial[], keys: readonly (readonly number[])[]): void => smallest(trials, keys, count - good.size).forEach((trial) => good.add(trial));
  take(complete, [complete.map((trial) => sign * trial.value!)]);
  if (good.size < count) {
    const last = pruned.map((trial) => lastReport(trial, sign));
    take(pruned, [last.map(([step]) => step), last.map(([, value]) => value)]);
  }
  if (good.size < count) take(violating, [violating.map((trial) => trial.violation!)]);
  return { good: inOrder([...good]), bad: inOrder([...finished.filter((trial) => !good.has(trial)), ...unfinished]) };
}

/** Pruned trials that came further are better: minus the last step, then the value there; those without a report come last. */
function lastReport(trial: Trial, sign: number): readonly [number, number] {
  const report = trial.reports?.at(-1);
  if (!report) return [1, 0];
  const { step, value } = report;
  return [-step, value === null || Number.isNaN(value) ? Infinity : sign * value];
}

/** The `count` trials with the smallest keys, the first key deciding; earlier rows before later ones of equal keys. */
function smallest(trials: readonly Trial[], keys: readonly (readonly number[])[], count: number): Trial[] {
  if (count <= 0) return [];
  if (count >= trials.length) return [...trials];
  if (keys.length === 1) return smallestByOne(trials, keys[0]!, count);
  const order = trials.map((_, i) => i);
  order.sort((a, b) => keys.reduce((found, key) => found || compare(key[a]!, key[b]!), 0) || a - b);
  return order.slice(0, count).map((i) => trials[i]!);
}

/** Without sorting rows: the key of the last one taken comes from sorted numbers alone. */
function smallestByOne(trials: readonly Trial[], keys: readonly number[], count: number): Trial[] {
  const sorted = Float64Array.from(keys).sort();
  const last = sorted[count - 1]!;
  let equals = count;
  for (let i = 0; i < count; i++) if (sorted[i]! < last) equals--;
  return trials.filter((_, i) => keys[i]! < last || (keys[i] === last && equals-- > 0));
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By number; the table usually is in that order already. */
export function inOrder(trials: Trial[]): Trial[] {
  for (let i = 1; i < trials.length; i++) {
    if (trials[i]!.number < trials[i - 1]!.number) return trials.sort((a, b) => a.number - b.number);
  }
  return trials;
}
