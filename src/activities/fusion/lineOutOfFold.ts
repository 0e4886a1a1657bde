import { fitLineDetectors, foldsByGroup, type LineDetectorName, type LineDetectorOptions, type LineDetectors } from '../../fusion/index.js';
import type { LdsBayesianConfig } from '../../pipelines/index.js';
import { lineScores, type LineSensors } from './lineSensors.js';
import type { ReadCase } from './readCases.js';

export interface LineResult {
  /** Scores of each case by detectors that were fitted to the other folds. */
  readonly scores: readonly Readonly<Record<string, Float64Array>>[];
  /** Fitted to the healthy rows of all cases: what goes into the bundle. */
  readonly fitted: LineDetectors;
}

const monthSeconds = 30 * 24 * 3600;

/** The detectors of the line, for each case as learnt from the healthy rows of other cases: in-sample noise is too small. */
export function lineOutOfFold(cases: readonly ReadCase[], names: readonly LineDetectorName[], sensors: LineSensors, config: LdsBayesianConfig): LineResult | undefined {
  if (names.length === 0) return undefined;
  const options = optionsOf(config.line, cases[0]!.line.interval);
  const hasFlows = sensors.inflow !== null && names.some((name) => name === 'mass_balance' || name === 'sprt' || name === 'cusum');
  const fit = (of: readonly ReadCase[]): LineDetectors => fitLineDetectors(of.map(({ line, healthy }) => ({ signals: line, healthy })), options, hasFlows);
  const folds = foldsByGroup(cases.map(({ scored }) => scored), config.folds);
  const scores = new Array<Record<string, Float64Array>>(cases.length);
  for (const fold of new Set(folds)) {
    const fitted = fit(cases.filter((_, i) => folds[i] !== fold));
    cases.forEach(({ line, endRows }, i) => {
      if (folds[i] === fold) scores[i] = lineScores(line, names, fitted, endRows);
    });
  }
  return { scores, fitted: fit(cases) };
}

function optionsOf(line: LdsBayesianConfig['line'], interval: number): LineDetectorOptions {
  const rows = (seconds: number): number => Math.max(1, Math.round(seconds / interval));
  return {
    balanceRows: rows(line.balance_seconds), shift: line.shift, alarmsPerSample: (line.false_alarms_per_month * interval) / monthSeconds,
    shortRows: rows(line.short_seconds), longRows: Math.max(2, rows(line.long_seconds)), waveRows: rows(line.wave_seconds),
  };
}
