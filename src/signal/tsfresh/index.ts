import type { Calculator } from './calculator.js';
import { changeCalculators } from './changes.js';
import { complexityCalculators, quadraticCalculators } from './complexity.js';
import { frequencyCalculators } from './frequencies.js';
import { levelCalculators } from './levels.js';
import { modelCalculators } from './models.js';
import type { Parameters } from './names.js';
import { seriesOf } from './series.js';

export { parseTsfreshName, tsfreshName, type TsfreshName } from './names.js';
export type { Calculator, ValueUnit } from './calculator.js';

/** Named as tsfresh's settings: the ten of Minimal, all but the quadratic ones, and all but matrix_profile. */
export type TsfreshSet = 'minimal' | 'efficient' | 'comprehensive';

const minimal = ['sum_values', 'median', 'mean', 'length', 'standard_deviation', 'variance', 'root_mean_square', 'maximum', 'absolute_maximum', 'minimum'];

/** tsfresh searches for no pattern by default, and so counts nothing. */
const querySimilarity: Calculator = {
  name: 'query_similarity_count', unit: '1', formula: 'NaN: the default settings search for nothing',
  parameters: [{ query: 'None', threshold: '0.0' }], run: () => [NaN],
};

const efficient: readonly Calculator[] = [...levelCalculators, ...changeCalculators, ...modelCalculators, ...frequencyCalculators, ...complexityCalculators, querySimilarity];

export function tsfreshCalculators(set: TsfreshSet): readonly Calculator[] {
  if (set === 'minimal') return efficient.filter(({ name }) => minimal.includes(name));
  return set === 'efficient' ? efficient : [...efficient, ...quadraticCalculators];
}

/** Calculator and parameters of every value of a set, in the order of `tsfreshValues`. */
export function tsfreshFeatures(set: TsfreshSet): { calculator: Calculator; parameters: Parameters }[] {
  return tsfreshCalculators(set).flatMap((calculator) => calculator.parameters.map((parameters) => ({ calculator, parameters })));
}

/** The values of a set for one series, to `out` from `at` on where it is given; NaN in all of them where a value is missing. */
export function tsfreshValues(x: Float64Array, set: TsfreshSet, stepSeconds?: number, out?: Float64Array, at = 0): Float64Array {
  const values = out ?? new Float64Array(tsfreshFeatures(set).length);
  const series = seriesOf(x, stepSeconds);
  let to = at;
  for (const calculator of tsfreshCalculators(set)) {
    if (Number.isFinite(series.mean)) values.set(calculator.run(series), to);
    else values.fill(NaN, to, to + calculator.parameters.length);
    to += calculator.parameters.length;
  }
  return values;
}
