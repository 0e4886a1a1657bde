export { applyScaler, fitScaler, type FeatureValues, type Scaler, type ScalerKind } from './scaler.js';
