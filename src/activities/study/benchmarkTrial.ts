import { setTimeout as sleep } from 'node:timers/promises';
import type { OptimizeLgbmConfig, StudyParams, TrialInput } from '../../pipelines/index.js';
import { benchmarkValue } from '../../tuning/index.js';
import { pruned, type Objective } from './trial.js';

/** A trial that is a test function: takes its time, reports on its way, and comes to the function's value. */
export function benchmarkObjective({ params, direction }: TrialInput): Objective {
  return async ({ config: { benchmark } }, hooks) => {
    const value = valueOf(benchmark, params);
    for (let step = 1; step <= benchmark.steps; step++) {
      hooks.signal.throwIfAborted();
      if (benchmark.seconds > 0) await sleep((1000 * benchmark.seconds) / benchmark.steps, undefined, { signal: hooks.signal });
      // On its way it is worse than in the end by 1 / step, and not at all after the last step.
      const off = step < benchmark.steps ? 1 / step : 0;
      if (benchmark.steps > 1 && !hooks.report(step, direction === 'minimize' ? value + off : value - off)) throw pruned;
    }
    return value;
  };
}

export function valueOf({ function: name }: OptimizeLgbmConfig['benchmark'], params: StudyParams): number {
  return benchmarkValue(name, params);
}
