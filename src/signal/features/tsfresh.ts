import { tsfreshCalculators, tsfreshFeatures, tsfreshName, tsfreshValues, type TsfreshSet, type ValueUnit } from '../tsfresh/index.js';
import type { FeatureGroup, FeatureGroupName } from './group.js';
import { squared } from './units.js';

/** tsfresh's ten plainest values under its own names. */
export const tsfreshMinimal = tsfreshGroup('tsfresh_minimal', 'minimal');

/** tsfresh's values under its own names, but those whose time grows with the square of the rows. Includes the minimal ones. */
export const tsfreshEfficient = tsfreshGroup('tsfresh_efficient', 'efficient');

function tsfreshGroup(group: FeatureGroupName & `tsfresh_${string}`, set: TsfreshSet): FeatureGroup {
  return {
    name: group,
    needsWavelets: false,
    definitions: (signals) =>
      signals.flatMap(({ name, unit }) =>
        tsfreshFeatures(set).map(({ calculator, parameters }) => ({
          name: tsfreshName({ kind: name, calculator: calculator.name, parameters }), formula: calculator.formula, unit: unitOf(calculator.unit, unit), signal: name, group,
        }))),
    patterns: ({ name, unit }) =>
      tsfreshCalculators(set).map((calculator) => ({
        name: tsfreshName({ kind: name, calculator: calculator.name, parameters: Object.fromEntries(Object.keys(calculator.parameters[0]!).map((key) => [key, `<${key}>`])) }),
        formula: calculator.formula, unit: unitOf(calculator.unit, unit), signal: name, group,
      })),
    kernel(_signals, { windowSize, stepSeconds }) {
      const width = tsfreshFeatures(set).length;
      const x = new Float64Array(windowSize);
      return ({ columns, start }, out, offset) => {
        for (let s = 0; s < columns.length; s++, offset += width) {
          for (let i = 0; i < windowSize; i++) x[i] = columns[s]![start + i]!;
          tsfreshValues(x, set, stepSeconds, out, offset);
        }
      };
    },
  };
}

function unitOf(of: ValueUnit, unit: string): string {
  if (of === '1') return '1';
  return of === 'x' ? unit : squared(unit);
}
