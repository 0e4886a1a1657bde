export { medianStep, resampleTable } from './resample.js';
export { windowIndex, type LabelRule, type WindowOptions } from './windowIndex.js';
export { leakIntervals, type Leak, type LeakInterval, type Phase } from './leakState.js';
export { sampleAge } from './columns.js';
export { maxLevel, wavelet, waveletNames, type WaveletFilter } from './wavelets/wavelet.js';
export { bandLayout, decomposition, dwt, wavedec, type BandLayout, type Decomposition } from './wavelets/decompose.js';
export { deviation, mean, moment, momentCount, moments } from './statistics/moments.js';
export { quantilesOf, type Quantiles } from './statistics/quantiles.js';
export { autocorrelation1, differenceCorrelation, meanAbsoluteDifference, slope, zeroCrossings1, zeroCrossings2 } from './statistics/shape.js';
export { energy, energyEntropy, spectralEntropy } from './statistics/entropy.js';
export { meanCoherence } from './statistics/coherence.js';
export { bestLag } from './statistics/lag.js';
export { fallArrival, waveLocation } from './statistics/pressureWave.js';
export { leastWaveStrength, locateWave, type PressureSensor, type WaveOrigin, type WaveSearch } from './wave/locateWave.js';
export { createSpectrum, type Spectrum } from './statistics/spectrum.js';
export { transientScore } from './statistics/transientScore.js';
export { parseTsfreshName, tsfreshFeatures, tsfreshName, tsfreshValues, type TsfreshName, type TsfreshSet } from './tsfresh/index.js';
export { activeGroups, featurePlan, lookbackRows, type FeaturePlan } from './features/featurePlan.js';
export { documentedOptions, featureTable, type DocumentedFeature } from './features/featureTable.js';
export { computeFeatures } from './features/computeFeatures.js';
export {
  defaultGroups, featureGroupNames,
  type FeatureDefinition, type FeatureGroup, type FeatureGroupName, type FeatureOptions, type SelectableGroup, type SignalDescription, type SwitchableGroup,
} from './features/group.js';
export { quantityOf, type Quantity } from './quantity.js';
export { applyNoise } from './noise/applyNoise.js';
export type { Sensor } from './noise/sensor.js';
export { checkQuality, type ColumnLimits, type QualityOptions, type QualityResult } from './quality/checkQuality.js';
export { massBalance, type MassBalance, type MassBalanceOptions } from './quality/massBalance.js';
export { qualityCodes, type QualityCode, type QualityFinding } from './quality/finding.js';
export { trainedRange, widestRange, type TrainedRange } from './health/trainedRange.js';
export { envelopeMargin, windowStateNames, windowStates, type Trouble, type WatchedSignal, type WindowState, type WindowStates } from './health/windowStates.js';
