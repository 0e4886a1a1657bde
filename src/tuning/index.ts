export type {
  CategoricalDistribution,
  Condition,
  Distribution,
  FloatDistribution,
  IntDistribution,
  Parameter,
  Params,
  ParameterValue,
  SearchSpace,
} from './searchSpace.js';
export { contains, isActive, parameterOrder } from './searchSpace.js';
export { bestTrial, isBetter, isFinished, paramsKey, ranks, type Direction, type Report, type Trial, type TrialState } from './trials.js';
export type { CmaesSettings, GridSettings, QuasiRandomSettings, RandomSettings, SamplerSettings, TpeSettings } from './samplers/settings.js';
export type {
  HyperbandSettings,
  MedianSettings,
  PatientSettings,
  PercentileSettings,
  PrunerSettings,
  SuccessiveHalvingSettings,
  ThresholdSettings,
  WilcoxonSettings,
} from './pruners/settings.js';
export { combinations, isExhausted, suggest, suggestDistinct, type SuggestOptions } from './suggest.js';
export { shouldPrune, type PruneOptions } from './shouldPrune.js';
export { hyperbandBracket, hyperbandBudgets } from './pruners/hyperband.js';
export { nextStep, plannedTrials, type NextStep, type StepwiseStep } from './stepwise.js';
export { lightgbmSteps, metricDirection } from './lightgbmSteps.js';
export { fanova, type ForestOptions, type Importance } from './importance/fanova.js';
export { pedAnova } from './importance/pedAnova.js';
export { empiricalDistribution, type EmpiricalDistribution } from './importance/edf.js';
export { benchmarkValue, type BenchmarkName } from './benchmarks.js';
