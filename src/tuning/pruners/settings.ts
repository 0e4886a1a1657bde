/** Prunes a trial whose best report so far is worse than this percentile of the complete trials' reports at the same step. */
export interface PercentileSettings {
  readonly type: 'percentile';
  /** 0 .. 100: the share of trials to keep. */
  readonly percentile: number;
  /** Complete trials before anything is pruned. Default 5. */
  readonly startupTrials?: number | undefined;
  /** Steps up to this one are never pruned. Default 0. */
  readonly warmupSteps?: number | undefined;
  /** Steps between two judgements. Default 1. */
  readonly intervalSteps?: number | undefined;
  /** Complete trials that must have reported at the step. Default 1. */
  readonly minTrials?: number | undefined;
}

/** `percentile` with 50. */
export type MedianSettings = Omit<PercentileSettings, 'type' | 'percentile'> & { readonly type: 'median' };

/** Asynchronous successive halving: at the steps `minResource * factor^(k + minEarlyStoppingRate)` the best 1/factor go on. */
export interface SuccessiveHalvingSettings {
  readonly type: 'successive_halving';
  /** Default `auto`: a hundredth of the last step of complete trials, at least 1. */
  readonly minResource?: number | 'auto' | undefined;
  /** Default 4. */
  readonly reductionFactor?: number | undefined;
  /** Default 0. */
  readonly minEarlyStoppingRate?: number | undefined;
  /** Trials that a rung must have seen before one is promoted; needs `minResource` to be a number. Default 0. */
  readonly bootstrapCount?: number | undefined;
}

/** Several brackets of successive halving; the bracket of a trial follows from the study's name and the trial's number. */
export interface HyperbandSettings {
  readonly type: 'hyperband';
  /** Default 1. */
  readonly minResource?: number | undefined;
  /** Default `auto`: the last step of complete trials. */
  readonly maxResource?: number | 'auto' | undefined;
  /** Default 3. */
  readonly reductionFactor?: number | undefined;
  /** Default 0. */
  readonly bootstrapCount?: number | undefined;
}

/** Prunes where `wrapped` does (default: always), but only after `patience` steps without an improvement of more than `minDelta`. */
export interface PatientSettings {
  readonly type: 'patient';
  readonly wrapped?: PrunerSettings | undefined;
  readonly patience: number;
  /** Default 0. */
  readonly minDelta?: number | undefined;
}

/** Prunes a report below `lower`, above `upper`, or not a number. */
export interface ThresholdSettings {
  readonly type: 'threshold';
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
  /** Default 0. */
  readonly warmupSteps?: number | undefined;
  /** Default 1. */
  readonly intervalSteps?: number | undefined;
}

/** Steps are folds or cases: prunes by a signed-rank test against the best trial on the steps that both have. */
export interface WilcoxonSettings {
  readonly type: 'wilcoxon';
  /** Default 0.1. */
  readonly pThreshold?: number | undefined;
  /** Steps before anything is pruned. Default 2. */
  readonly startupSteps?: number | undefined;
}

export type PrunerSettings =
  | { readonly type: 'none' }
  | MedianSettings
  | PercentileSettings
  | SuccessiveHalvingSettings
  | HyperbandSettings
  | PatientSettings
  | ThresholdSettings
  | WilcoxonSettings;
