export { cacheFolder, toolFolder, type Report } from './cacheFolder.js';
export { findChromium } from './chromium.js';
export { lightgbmVersion, obtainLightgbm, preparedLightgbm } from './lightgbm.js';
export { obtainTemporalCli, temporalCliVersion } from './temporalCli.js';
export { obtainVersitygw, preparedVersitygw, versitygwVersion } from './versitygw.js';
