import type { FeatureGroup } from './group.js';

export const tsfreshMinimal: FeatureGroup = { name: 'tsfresh_minimal', needsWavelets: false, definitions: () => [], kernel: () => () => {} };
export const tsfreshEfficient: FeatureGroup = { name: 'tsfresh_efficient', needsWavelets: false, definitions: () => [], kernel: () => () => {} };
