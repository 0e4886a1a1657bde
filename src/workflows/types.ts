import type { PipelineName } from '../pipelines/definePipeline.js';

const all: Record<PipelineName, true> = {
  simulationCampaign: true, tplGenkey: true, windows: true, features: true, featureSelection: true, optimizeLgbm: true, trainingPfmDetection: true,
  trainingPfmSize: true, trainingPfmLocation: true, trainingPfmLeakflow: true, trainingObserverDetection: true, trainingObserverSize: true, trainingObserverLocation: true,
  validateModel: true, testOffline: true, ldsBayesian: true, parquetCsv: true, leakDetection: true,
};

/** All workflow types; the compiler holds it complete. */
export const workflowTypes = Object.keys(all) as PipelineName[];
