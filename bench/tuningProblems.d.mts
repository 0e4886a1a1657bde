import type { Params, SamplerSettings, SearchSpace, suggest } from '../src/tuning/index.js';

export interface TuningProblem {
  readonly space: SearchSpace;
  readonly trials: number;
  /** The median of the best values that 30 seeds must reach. */
  readonly goal: number;
  readonly loss: (params: Params) => number;
}
export const tuningProblems: Readonly<Record<string, TuningProblem>>;
/** The best value of one study. */
export function runStudy(problem: TuningProblem, sampler: SamplerSettings, seed: number, ask: typeof suggest): number;
