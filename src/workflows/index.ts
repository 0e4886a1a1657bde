export { tplGenkey } from './tplGenkey.js';
export { windows } from './windows.js';
export { features } from './features.js';
export { featureSelection } from './featureSelection.js';
export { trainingPfmDetection } from './trainingPfmDetection.js';
export { testOffline } from './testOffline.js';
export { parquetCsv } from './parquetCsv.js';
export { leakDetection } from './leakDetection.js';
export { unknownType as default } from './unknownType.js';
