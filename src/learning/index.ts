export { lightgbmVersion } from './lightgbm/version.js';
export { openLightgbm, type Lightgbm } from './lightgbm/library.js';
export type { LabelKind, Matrix, MatrixStream } from './lightgbm/matrix.js';
export {
  resolveParameters,
  separateRounds,
  type LightgbmParams,
  type ParameterValue,
  type ResolvedParams,
} from './lightgbm/parameters.js';
export { parameterNames, parameterTable, type ParameterName } from './lightgbm/parameterTable.js';
export { estimateTrainingBytes } from './lightgbm/memory.js';
export { isHigherBetter, type EarlyStopping } from './lightgbm/earlyStopping.js';
export { trainBooster, type Evaluation, type History, type TrainedModel, type TrainJob } from './lightgbm/train.js';
export { loadModel, type Model } from './lightgbm/model.js';
export type { Importance, PredictionKind } from './lightgbm/booster.js';
export type { ModelDump } from './lightgbm/modelDump.js';
export { exportOnnx, onnxInput, onnxOutput, type ExportOptions } from './onnx/exportOnnx.js';
export { openScorer, type Scorer, type ScorerOptions } from './onnx/scorer.js';
export { verifyOnnx, type Verification, type VerifyOptions } from './onnx/verify.js';
export { meanAbsolute, type Contributions, type Rows } from './explanation/contributions.js';
export { featureContributions } from './explanation/featureContributions.js';
export { importanceTable, sampleRows, type FeatureImportance, type SampleOptions } from './explanation/importanceTable.js';
export { treeContributions } from './explanation/treeShap.js';
export { rankFeatures, topShare } from './selection/ranking.js';
export {
  permutationImportance, scorings, type PermutationImportance, type PermutationOptions, type Scoring,
} from './selection/permutationImportance.js';
export { pruneCorrelated, type Pruned, type PruneOptions } from './selection/pruneCorrelated.js';
export { relevance, type Relevance, type RelevanceOptions, type RelevanceTarget } from './selection/relevance.js';
export {
  selectFeatures, type RankedFeature, type Selection, type SelectionData, type SelectionMethod, type SelectionOptions, type SelectionReason,
} from './selection/selectFeatures.js';
export { splitByGroup, type GroupSplitOptions } from './splits/splitByGroup.js';
export { groupShuffleSplit, trainTestSplit, type TrainTestOptions } from './splits/splitByRow.js';
export { groupKFold, kFold, stratifiedKFold, timeSeriesSplit } from './splits/folds.js';
export type { Split } from './splits/split.js';
export { chooseThreshold, type ChosenThreshold, type ThresholdOptions, type ThresholdStrategy } from './thresholds/chooseThreshold.js';
export { chooseByFalseAlarms, type FalseAlarmTarget, type ThresholdByFalseAlarms } from './thresholds/chooseByFalseAlarms.js';
export { applyCalibration, fitIsotonic, fitPlatt, type Calibration } from './calibration/index.js';
export { applyScaler, fitScaler, type FeatureValues, type Scaler, type ScalerKind } from './scaling/index.js';
export { classOf, fitClasses, kMeans, type Classes, type ClassOptions, type ClassStrategy, type KMeans, type KMeansOptions } from './classes/index.js';
export { augment, featureSpread, type AugmentOptions } from './robustness/index.js';
export {
  checkedLags, checkHealthy, lagMatrix, observedColumns, openEnvelope, outsideEnvelope, residualName, residualSeries, withoutSignal,
  type EnvelopeRange, type LeakTruth, type ObservedSignal, type ObserverSettings,
} from './observer/index.js';
export { checkModelInput, type InputColumn } from './modelInput.js';
export { inferenceBytes, withManifest, writeBundle } from './bundle/writeBundle.js';
export { checkFiles, readBundle, readInference } from './bundle/readBundle.js';
export {
  bundleFormat,
  inferenceFile,
  type Bundle,
  type BundleFeature,
  type BundleFile,
  type BundleManifest,
  type BundleParts,
  type BundleSignal,
  type BundleSource,
  type InferenceConfig,
} from './bundle/bundle.js';
