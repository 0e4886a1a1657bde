import type { Params, ParameterValue } from './searchSpace.js';

/** `waiting`: its values are fixed, nobody works on it yet; `running`: somebody does. The other three are final. */
export type TrialState = 'waiting' | 'running' | 'complete' | 'pruned' | 'failed';

export type Direction = 'minimize' | 'maximize';

/** A value reported on the way, such as a validation score after `step` rounds. */
export interface Report {
  readonly step: number;
  /** null where it was not a number, which JSON cannot hold. */
  readonly value: number | null;
}

/** One row of a study's table. The table is all that samplers and pruners know. */
export interface Trial {
  /** 0, 1, 2 ... in the order in which the values were suggested. */
  readonly number: number;
  readonly state: TrialState;
  readonly params: Params;
  /** The objective; complete trials have one. */
  readonly value?: number | undefined;
  /** In ascending order of steps. */
  readonly reports?: readonly Report[] | undefined;
  /** How far constraints are violated: the sum of the violations, 0 where all hold. */
  readonly violation?: number | undefined;
  /** Step of a stepwise search that it belongs to. */
  readonly step?: string | undefined;
  /** Why it failed or was pruned. */
  readonly reason?: string | undefined;
}

/** Complete and pruned trials: those that samplers learn from. */
export function isFinished(trial: Trial): boolean {
  return trial.state === 'complete' || trial.state === 'pruned';
}

/** Complete trials with a usable value. */
export function completeTrials(trials: readonly Trial[]): Trial[] {
  return trials.filter((trial) => trial.state === 'complete' && trial.value !== undefined && !Number.isNaN(trial.value));
}

/** The best complete trial that violates no constraint; the earlier one of equals. */
export function bestTrial(trials: readonly Trial[], direction: Direction): Trial | undefined {
  let best: Trial | undefined;
  for (const trial of completeTrials(trials)) {
    if ((trial.violation ?? 0) > 0) continue;
    if (best === undefined || isBetter(trial.value!, best.value!, direction) || (trial.value === best.value && trial.number < best.number)) best = trial;
  }
  return best;
}

export function isBetter(value: number, than: number, direction: Direction): boolean {
  return direction === 'minimize' ? value < than : value > than;
}

/** Ranks of values, 1 for the best; equals share the smaller rank, values that are not numbers come last. As scikit-learn's searches rank. */
export function ranks(values: ArrayLike<number>, direction: Direction): Int32Array {
  const sign = direction === 'minimize' ? 1 : -1;
  const key = Float64Array.from(values, (value) => (Number.isNaN(value) ? Infinity : sign * value));
  const sorted = key.slice().sort();
  const first = new Map<number, number>();
  sorted.forEach((value, i) => {
    if (!first.has(value)) first.set(value, i + 1);
  });
  return Int32Array.from(key, (value) => first.get(value)!);
}

/** A text that is equal for equal values, whatever the order of the names. */
export function paramsKey(params: Params): string {
  const entries: [string, ParameterValue][] = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(entries);
}
