import type { ParameterValue } from '../searchSpace.js';

/** Tree-structured Parzen estimator, by the rules and with the defaults of Optuna 5. */
export interface TpeSettings {
  readonly type: 'tpe';
  /** Finished trials before the estimator takes over from random draws. Default 10. */
  readonly startupTrials?: number | undefined;
  /** Candidates per suggestion. Default 24. */
  readonly candidates?: number | undefined;
  /** How many finished trials n count as good: `optuna` min(ceil(0.1 n), 25), `hyperopt` min(ceil(0.25 sqrt n), 25). Default `optuna`. */
  readonly gamma?: 'optuna' | 'hyperopt' | undefined;
  /** One joint estimate of the parameters that all finished trials have. Default true. */
  readonly multivariate?: boolean | undefined;
  /** With `multivariate`: one joint estimate per group of parameters that occur together. Default false. */
  readonly group?: boolean | undefined;
  /** Running trials count as bad ones, so that parallel suggestions differ. Default true. */
  readonly constantLiar?: boolean | undefined;
  /** Weight of the prior kernel. Default 1. */
  readonly priorWeight?: number | undefined;
  /** Keeps kernels from becoming too narrow. Default true. */
  readonly magicClip?: boolean | undefined;
  /** Lets the bounds count as neighbours of the outermost observations. Default false. */
  readonly endpoints?: boolean | undefined;
}

/** Independent draws; with `distinct`, without repetition (every parameter must have finitely many values). */
export interface RandomSettings {
  readonly type: 'random';
  readonly distinct?: boolean | undefined;
}

/** Every combination once, in an order that depends on the seed. */
export interface GridSettings {
  readonly type: 'grid';
  /** Values per parameter; default all values of its distribution, which must then be finite. */
  readonly values?: Readonly<Record<string, readonly ParameterValue[]>> | undefined;
}

/** Low-discrepancy points, not scrambled. */
export interface QuasiRandomSettings {
  readonly type: 'sobol' | 'halton';
  /** Points of the sequence left out at its beginning. Default 0. */
  readonly skip?: number | undefined;
}

/** Covariance matrix adaptation; categorical and conditional parameters are drawn at random. */
export interface CmaesSettings {
  readonly type: 'cmaes';
  /** Complete trials, drawn at random, before the adaptation begins. Default 1. */
  readonly startupTrials?: number | undefined;
  /** Trials per generation. Default 4 + floor(3 ln d) for d parameters. */
  readonly population?: number | undefined;
  /** First step, in shares of each parameter's range. Default 1/6. */
  readonly sigma?: number | undefined;
}

export type SamplerSettings = TpeSettings | RandomSettings | GridSettings | QuasiRandomSettings | CmaesSettings;
