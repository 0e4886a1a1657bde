export { augment, featureSpread, type AugmentOptions } from './augment.js';
