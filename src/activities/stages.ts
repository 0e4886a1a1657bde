export { resolveSection } from './resolveSection.js';
export { predictFiles } from './predictFiles.js';
export { planIngest, ingestBatch, publishIngest } from './tplGenkey.js';
export { planWindows, windowBatch, publishWindows } from './windows.js';
export { planFeatures, featureBatch, publishFeatures } from './features.js';
export { planSelection, selectDatasetFeatures, publishSelection } from './featureSelection.js';
export { planTraining, trainDetection, publishTraining } from './trainingPfmDetection.js';
export { planCsv, csvBatch, publishCsv } from './parquetCsv.js';
export { planOfflineTest, scoreBatch, publishOfflineTest } from './testOffline.js';
