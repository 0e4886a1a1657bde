// Truth comes first in every function, scores or predictions second.
export { thresholdCounts, type ThresholdCounts } from './ranking.js';
export { gini, ksStatistic, rocAuc, rocAucOf, rocCurve, rocCurveOf, type RocCurve } from './roc.js';
export { averagePrecision, averagePrecisionOf, prAuc, prCurve, type PrecisionRecallCurve } from './precisionRecall.js';
export { brier, calibrationCurve, calibrationError, logLoss, multiclassLogLoss, type CalibrationBin } from './probability.js';
export {
  accuracy,
  balancedAccuracy,
  confusion,
  confusionAt,
  f1,
  jaccard,
  kappa,
  mcc,
  precision,
  recall,
  type Confusion,
} from './confusion.js';
export { classReport, confusionMatrix, multiclassScores, type ClassReportRow, type ClassScores, type MulticlassScores } from './multiclass.js';
export { multiclassRocAuc, type MulticlassRocOptions } from './multiclassRoc.js';
export { explainedVariance, mae, mape, maxError, medianAbsoluteError, mse, r2, rmse } from './regression.js';
export { poissonInterval, poissonUpperBound, wilsonInterval, type Interval } from './intervals.js';
export { alarms, limitsOf } from './events/alarms.js';
export { matchChecked, matchEvents } from './events/matchEvents.js';
export { leakFreeSeconds, phasesOf, type PhaseOptions } from './events/phases.js';
export {
  phaseCode,
  phaseNames,
  regimeNames,
  type Alarm,
  type AlarmKind,
  type AlarmOptions,
  type CaseLeak,
  type ClassifiedAlarm,
  type EventOutcome,
  type LeakEvent,
  type LeakInterval,
  type Matching,
  type MatchOptions,
  type Phase,
  type Regime,
  type ScoredCase,
} from './events/types.js';
export { minimumLeak, type BalanceUncertainty } from './minimumLeak.js';
