// Truth comes first in every function, scores or predictions second.
export { thresholdCounts, type ThresholdCounts } from './ranking.js';
export { ksStatistic, rocAuc, rocAucOf, rocCurve, rocCurveOf, type RocCurve } from './roc.js';
export { averagePrecision, averagePrecisionOf, prCurve, type PrecisionRecallCurve } from './precisionRecall.js';
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
export { confusionMatrix, multiclassScores, type ClassScores, type MulticlassScores } from './multiclass.js';
export { explainedVariance, mae, mape, maxError, medianAbsoluteError, mse, r2, rmse } from './regression.js';
export { poissonInterval, poissonUpperBound, wilsonInterval, type Interval } from './intervals.js';
