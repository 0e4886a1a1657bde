import { featureGroups } from './featurePlan.js';
import { featureGroupNames, type FeatureDefinition, type FeatureGroupName, type FeatureOptions, type SignalDescription } from './group.js';

/** A feature, or a pattern of names such as `<signal>_raw_<row>`, as the reference lists it. */
export interface DocumentedFeature extends FeatureDefinition {
  readonly rows: number;
}

/** The settings that the reference is written for. */
export const documentedOptions: FeatureOptions = {
  windowSize: 40, wavelet: 'db2', waveletLevel: 3, stepSize: 2, stepSeconds: 1, groups: {}, levelEdges: { '<signal>': [1, 2] },
};

const signal: SignalDescription = { name: '<signal>', unit: 'unit', quantity: 'other' };

/** A line with three pressures and two flows, for what several signals tell together. */
const line: readonly SignalDescription[] = [
  { name: '<P1>', unit: 'Pa', quantity: 'pressure', position_m: 0 },
  { name: '<P2>', unit: 'Pa', quantity: 'pressure', position_m: 400 },
  { name: '<P3>', unit: 'Pa', quantity: 'pressure', position_m: 1000 },
  { name: '<Q1>', unit: 'kg/s', quantity: 'flow', position_m: 0 },
  { name: '<Q2>', unit: 'kg/s', quantity: 'flow', position_m: 1000 },
];

/** Every feature that can be computed, once, in the order of the groups: for any signal, and for the signals along a line. */
export function featureTable(): DocumentedFeature[] {
  return featureGroupNames.flatMap(featuresOf);
}

function featuresOf(name: FeatureGroupName): DocumentedFeature[] {
  const group = featureGroups[name];
  const own = group.patterns?.(signal, documentedOptions) ?? group.definitions([signal], documentedOptions);
  const shared = group.definitions(line, documentedOptions).filter((feature) => feature.signal === undefined);
  return [...own, ...shared].map((feature) => ({ rows: documentedOptions.windowSize, ...feature }));
}
