import type { Pipeline, PipelineName } from './definePipeline.js';
import { features } from './features.js';
import { featureSelection } from './featureSelection.js';
import { ldsBayesian } from './ldsBayesian.js';
import { leakDetection } from './leakDetection.js';
import { optimizeLgbm } from './optimizeLgbm.js';
import { parquetCsv } from './parquetCsv.js';
import { simulationCampaign } from './simulationCampaign.js';
import { testOffline } from './testOffline.js';
import { tplGenkey } from './tplGenkey.js';
import { trainingObserverDetection } from './trainingObserverDetection.js';
import { trainingObserverLocation } from './trainingObserverLocation.js';
import { trainingObserverSize } from './trainingObserverSize.js';
import { trainingPfmDetection } from './trainingPfmDetection.js';
import { trainingPfmLeakflow } from './trainingPfmLeakflow.js';
import { trainingPfmLocation } from './trainingPfmLocation.js';
import { trainingPfmSize } from './trainingPfmSize.js';
import { validateModel } from './validateModel.js';
import { windows } from './windows.js';

/** All pipelines, in the order in which data passes through them. */
export const pipelines: readonly Pipeline[] = [
  simulationCampaign, tplGenkey, windows,
  features, featureSelection, optimizeLgbm,
  trainingPfmDetection, trainingPfmSize, trainingPfmLocation, trainingPfmLeakflow, trainingObserverDetection, trainingObserverSize, trainingObserverLocation,
  validateModel, testOffline, ldsBayesian, parquetCsv,
  leakDetection,
];

/** The pipeline that a section configures: by its `pipeline:` key or by the section's own name; `_pipeline` may be left out. */
export function pipelineOf(word: string): Pipeline | undefined {
  return pipelines.find((p) => p.section === word || p.section === `${word}_pipeline` || p.name === word);
}

export function pipelineNamed(name: PipelineName): Pipeline {
  return pipelines.find((p) => p.name === name)!;
}

export { pathKeysOf, type Pipeline, type PipelineName, type Queue } from './definePipeline.js';
export * from './contracts.js';
export * from './studyContracts.js';
export type { OptimizeLgbmConfig } from './optimizeLgbm.js';
export type { FeaturesConfig } from './features.js';
export type { FeatureSelectionConfig } from './featureSelection.js';
export type { LdsBayesianConfig } from './ldsBayesian.js';
export type { LeakDetectionConfig } from './leakDetection.js';
export type { NoiseConfig, SensorConfig } from './noiseKeys.js';
export type { QualityConfig } from './qualityKeys.js';
export type { ParquetCsvConfig } from './parquetCsv.js';
export type { SimulationCampaignConfig } from './simulationCampaign.js';
export type { TestOfflineConfig } from './testOffline.js';
export type { TplGenkeyConfig } from './tplGenkey.js';
export type { TrainingObserverDetectionConfig } from './trainingObserverDetection.js';
export type { TrainingObserverLocationConfig } from './trainingObserverLocation.js';
export type { TrainingObserverSizeConfig } from './trainingObserverSize.js';
export type { TrainingPfmDetectionConfig } from './trainingPfmDetection.js';
export type { TrainingPfmLeakflowConfig } from './trainingPfmLeakflow.js';
export type { TrainingPfmLocationConfig } from './trainingPfmLocation.js';
export type { TrainingPfmSizeConfig } from './trainingPfmSize.js';
export type { DetectionConfig, LeakflowConfig, LocationConfig, ObserverConfig, PfmConfig, SizeConfig, TrainingConfig } from './trainingKeys.js';
export type { ValidateModelConfig } from './validateModel.js';
export type { WindowsConfig } from './windows.js';
