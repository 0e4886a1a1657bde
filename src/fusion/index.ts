export { walkEnd, type Walk, type WalkEnd } from './runLength.js';
export { sprt, sprtBoundsForRate, waldBounds, waldSamples, type SprtBounds } from './sprt.js';
export { cusum, cusumRunLength, cusumThreshold } from './cusum.js';
export { fitAutoregression, whiten, type Autoregression } from './whiten.js';
export { balanceResidual, fitBalance, type BalanceModel, type LineSignals } from './balance.js';
export { deviation } from './deviation.js';
export { combineBeliefs, independentPosterior, type Belief, type DetectorRates } from './combine.js';
export { fitStackedScore, logRatios, type StackedScore } from './stackedScore.js';
export { hazardFilter, type HazardOptions } from './hazardFilter.js';
export { decide, type DecisionOptions } from './decide.js';
export { pairedBootstrap, type PairedDifference } from './pairedBootstrap.js';
export { fitLineDetectors, lineDetectorNames, runLineDetectors, type HealthyRows, type BalanceDetectors, type LineDetectorName, type LineDetectorOptions, type LineDetectors } from './lineDetectors.js';
export {
  caseLogRatio, fitGroups, foldsByGroup, fuse, fuseLogRatios, groupLogRatios, outOfFoldGroupRatios, outOfFoldLogRatios, sumLogRatios,
  type DetectorGroup, type Fused, type FusedDetector, type FusionCase, type FusionModel, type FusionSettings,
} from './fuse.js';
export { alignScores } from './alignScores.js';
export { groupBySensors } from './groupBySensors.js';
export { allowedFalseAlarms, calibrationValue, operatingPointFor, tallyCase, type CalibrationGoal, type CaseTally, type OperatingPoint } from './operatingPoint.js';
