import { PenstockError } from '../../errors/index.js';
import { maxLevel } from '../wavelets/wavelet.js';
import { bandStatistics } from './bandStatistics.js';
import { cross } from './cross.js';
import { differences } from './differences.js';
import { defaultGroups, featureGroupNames, type FeatureDefinition, type FeatureGroup, type FeatureGroupName, type FeatureOptions, type SignalDescription } from './group.js';
import { oscillation } from './oscillation.js';
import { operationalContext } from './operationalContext.js';
import { pressureWave } from './pressureWave.js';
import { raw } from './raw.js';
import { spectral } from './spectral.js';
import { temporalContext } from './temporalContext.js';
import { timeStatistics } from './timeStatistics.js';
import { tsfreshEfficient, tsfreshMinimal } from './tsfresh.js';
import { waveletCoefficients } from './waveletCoefficients.js';

export const featureGroups: Readonly<Record<FeatureGroupName, FeatureGroup>> = {
  raw,
  wavelet_coefficients: waveletCoefficients,
  band_statistics: bandStatistics,
  time_statistics: timeStatistics,
  oscillation,
  spectral,
  differences,
  cross,
  pressure_wave: pressureWave,
  temporal_context: temporalContext,
  operational_context: operationalContext,
  tsfresh_minimal: tsfreshMinimal,
  tsfresh_efficient: tsfreshEfficient,
};

/** What is computed, in plain data: it may be stored, compared and sent to another thread. */
export interface FeaturePlan {
  readonly signals: readonly SignalDescription[];
  readonly options: FeatureOptions;
  /** One entry per column of the feature matrix, in its order. */
  readonly features: readonly FeatureDefinition[];
}

/**
 * Lists the features of the signals under these options. The same signals and options give the same list.
 * @throws PenstockError `signal/invalid` for an option out of range (a wavelet level above `maxLevel` among them), an unknown
 * group, no signal, a signal named twice, or nothing to compute.
 */
export function featurePlan(signals: readonly SignalDescription[], options: FeatureOptions): FeaturePlan {
  checkSignals(signals);
  checkOptions(options);
  checkEdges(signals, options);
  const features = activeGroups(options).flatMap((group) => group.definitions(signals, options)).map((feature) => ({ ...feature, rows: feature.rows ?? options.windowSize }));
  if (features.length === 0) throw new PenstockError('signal/invalid', 'no feature is left: every group is off, or has too few signals', { key: 'groups' });
  const names = new Set(features.map(({ name }) => name));
  if (names.size !== features.length) {
    const twice = features.find(({ name }, i) => features.findIndex((other) => other.name === name) !== i)!;
    throw new PenstockError('signal/invalid', `two features are named "${twice.name}"; rename a signal`, { key: 'signals' });
  }
  return { signals, options, features };
}

/** The groups that are on, in the order of their columns. */
export function activeGroups(options: FeatureOptions): FeatureGroup[] {
  return featureGroupNames
    .filter((name) => (name === 'raw' ? options.includeRaw ?? false : options.groups[name] ?? defaultGroups[name]))
    .map((name) => featureGroups[name]);
}

function checkSignals(signals: readonly SignalDescription[]): void {
  if (signals.length === 0) throw new PenstockError('signal/invalid', 'no signal is given; at least one is needed', { key: 'signals' });
  const seen = new Set<string>();
  for (const { name } of signals) {
    if (seen.has(name)) throw new PenstockError('signal/invalid', `signal "${name}" is given twice`, { key: 'signals' });
    seen.add(name);
  }
}

function checkOptions(options: FeatureOptions): void {
  const { windowSize, waveletLevel, stepSize, stepSeconds } = options;
  if (!Number.isInteger(windowSize) || windowSize < 4) throw new PenstockError('signal/invalid', `windowSize is ${windowSize}; whole numbers from 4 on are allowed`, { key: 'windowSize' });
  if (stepSeconds !== undefined && !(stepSeconds > 0 && Number.isFinite(stepSeconds))) throw new PenstockError('signal/invalid', `stepSeconds is ${stepSeconds}; numbers above 0 are allowed`, { key: 'stepSeconds' });
  for (const name of Object.keys(options.groups)) {
    if (!Object.hasOwn(defaultGroups, name)) throw new PenstockError('signal/invalid', `feature group "${name}" is not known; allowed: ${Object.keys(defaultGroups).join(', ')}`, { key: 'groups' });
  }
  const active = activeGroups(options);
  if (active.some((group) => group.needsWavelets)) {
    const most = maxLevel(windowSize, options.wavelet);
    if (!Number.isInteger(waveletLevel) || waveletLevel < 1 || waveletLevel > most) {
      const allowed = most === 0 ? 'none is possible: take a shorter wavelet or a longer window' : `1 to ${most} are allowed`;
      throw new PenstockError('signal/invalid', `waveletLevel is ${waveletLevel}; with ${options.wavelet} and windows of ${windowSize} rows, ${allowed}`, { key: 'waveletLevel' });
    }
  }
  if (active.includes(temporalContext) && !(Number.isInteger(stepSize) && stepSize! >= 1)) {
    throw new PenstockError('signal/invalid', `temporal_context needs stepSize, a whole number from 1 on; found ${stepSize}`, { key: 'stepSize' });
  }
}

const quantities: readonly string[] = ['pressure', 'flow', 'temperature', 'other'] satisfies SignalDescription['quantity'][];

function checkEdges(signals: readonly SignalDescription[], { levelEdges = {} }: FeatureOptions): void {
  for (const [key, [low, high]] of Object.entries(levelEdges)) {
    if (!quantities.includes(key) && !signals.some(({ name }) => key === name)) {
      const known = [...quantities, ...signals.map(({ name }) => name)].join(', ');
      throw new PenstockError('signal/invalid', `levelEdges names "${key}", which is no quantity and no signal; allowed: ${known}`, { key: 'levelEdges' });
    }
    if (!(low < high)) throw new PenstockError('signal/invalid', `levelEdges of "${key}" are ${low} and ${high}; they must rise`, { key: 'levelEdges' });
  }
}

/** Rows before a window's first one that its row of features depends on. */
export function lookbackRows({ features, options }: FeaturePlan): number {
  return features.reduce((most, { rows = options.windowSize }) => Math.max(most, rows - options.windowSize), 0);
}
