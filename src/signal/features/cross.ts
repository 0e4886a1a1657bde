import { meanCoherence } from '../statistics/coherence.js';
import { bestLag } from '../statistics/lag.js';
import { deviation, mean } from '../statistics/moments.js';
import { differenceCorrelation, slope } from '../statistics/shape.js';
import { along, pressureFlowPairs, type Placed } from './alongLine.js';
import type { FeatureDefinition, FeatureGroup, SignalDescription } from './group.js';
import { perRow } from './units.js';

/** A weighted sum of signals, looked at like a signal of its own; e.g. inlet flow minus outlet flow. */
interface Combination {
  readonly name: string;
  readonly formula: string;
  readonly unit: string;
  readonly terms: readonly { readonly signal: number; readonly weight: number }[];
}

const perCombination = 5;

/**
 * What several signals tell together, all by position along the line: the flow imbalance, pressure differences of
 * neighbours and of the ends, the kink of the pressure line at each inner sensor, and how the pressure next to each flow
 * moves with it: together, against it, before or after. Signals without a position take no part; nothing is defined where too
 * few have one.
 */
export const cross: FeatureGroup = {
  name: 'cross',
  needsWavelets: false,
  definitions(signals, { windowSize, stepSeconds }) {
    const half = windowSize >> 1;
    return [
      ...combinations(signals).flatMap(({ name, formula, unit }): FeatureDefinition[] => {
        const define = (suffix: string, text: string, of: string): FeatureDefinition =>
          ({ name: `${name}_${suffix}`, formula: `${text}, d = ${formula}`, unit: of, group: 'cross' });
        return [
          define('mean', 'mean d', unit),
          define('last', `d[${windowSize - 1}]`, unit),
          define('slope', 'least squares of d against the row', perRow(unit)),
          define('change', `mean of the newer half of d - mean d[0..${half - 1}]`, unit),
          define('score', `(d[${windowSize - 1}] - mean d[0..${half - 1}]) / population standard deviation of d[0..${half - 1}]; NaN where that is 0`, '1'),
        ];
      }),
      ...pressureFlowPairs(signals).flatMap(({ pressure, flow }): FeatureDefinition[] => {
        const [p, q] = [signals[pressure]!.name, signals[flow]!.name];
        const define = (suffix: string, text: string, of: string): FeatureDefinition => ({ name: `${p}~${q}_${suffix}`, formula: text, unit: of, group: 'cross' });
        const lags = mostLag(windowSize);
        return [
          define('derivative_correlation', `Pearson correlation of the first differences of ${p} and ${q}; NaN where either is constant`, '1'),
          define('lag', `the k in -${lags}..${lags} at which |sum (p[i] - mean p)(q[i+k] - mean q)| is largest, positive where ${q} follows ${p}; NaN where either is constant`, stepSeconds === undefined ? 'row' : 's'),
          define('lag_correlation', 'that sum at that lag / (n std p std q); NaN where either is constant', '1'),
          define('coherence', 'mean over the frequencies of |sum P* Q|^2 / (sum |P|^2 sum |Q|^2), sums over Hann segments of a quarter window (at least 8 rows) overlapping by half', '1'),
        ];
      }),
    ];
  },
  kernel(signals, { windowSize, stepSeconds }) {
    const half = windowSize >> 1;
    const combined = combinations(signals);
    const pairs = pressureFlowPairs(signals);
    const d = new Float64Array(windowSize);
    const spare = new Float64Array(windowSize);
    const lags = mostLag(windowSize);
    const coherence = meanCoherence(windowSize);
    return ({ columns, start, size }, out, offset) => {
      for (const { terms } of combined) {
        d.fill(0);
        for (const { signal, weight } of terms) {
          const x = columns[signal]!;
          for (let i = 0; i < size; i++) d[i]! += weight * x[start + i]!;
        }
        const older = mean(d, 0, half);
        const spread = deviation(d, 0, half, older);
        out[offset] = mean(d, 0, size);
        out[offset + 1] = d[size - 1]!;
        out[offset + 2] = slope(d, 0, size);
        out[offset + 3] = mean(d, size - half, half) - older;
        out[offset + 4] = spread <= Number.EPSILON * Math.abs(older) * 4 ? NaN : (d[size - 1]! - older) / spread;
        offset += perCombination;
      }
      for (const { pressure, flow } of pairs) {
        const p = columns[pressure]!, q = columns[flow]!;
        out[offset] = differenceCorrelation(p, q, start, size);
        bestLag(p, q, start, size, lags, d, spare, out, offset + 1);
        out[offset + 1]! *= stepSeconds ?? 1;
        out[offset + 3] = coherence(p, q, start);
        offset += 4;
      }
    };
  },
};

/** Rows that two signals are shifted against one another at most. */
function mostLag(windowSize: number): number {
  return Math.min(20, windowSize >> 2);
}

function combinations(signals: readonly SignalDescription[]): Combination[] {
  const found: Combination[] = [];
  const flows = along(signals, 'flow');
  if (flows.length > 1) found.push(difference('flow_imbalance', flows[0]!, flows.at(-1)!));
  const pressures = along(signals, 'pressure');
  for (let i = 1; i < pressures.length; i++) found.push(drop(pressures[i - 1]!, pressures[i]!));
  if (pressures.length > 2) found.push(drop(pressures[0]!, pressures.at(-1)!));
  for (let i = 1; i + 1 < pressures.length; i++) found.push(kink(pressures[i - 1]!, pressures[i]!, pressures[i + 1]!));
  return found;
}

function difference(name: string, a: Placed, b: Placed): Combination {
  return {
    name,
    formula: `${a.signal.name} - ${b.signal.name}`,
    unit: a.signal.unit,
    terms: [{ signal: a.index, weight: 1 }, { signal: b.index, weight: -1 }],
  };
}

function drop(a: Placed, b: Placed): Combination {
  return difference(`${a.signal.name}-${b.signal.name}_drop`, a, b);
}

/** Distance of a pressure from the straight line between its neighbours: an outflow bends the line there. */
function kink(a: Placed, b: Placed, c: Placed): Combination {
  const share = (b.at - a.at) / (c.at - a.at);
  return {
    name: `${b.signal.name}_kink`,
    formula: `${b.signal.name} - ((1 - s) ${a.signal.name} + s ${c.signal.name}), s = ${share}`,
    unit: b.signal.unit,
    terms: [{ signal: b.index, weight: 1 }, { signal: a.index, weight: share - 1 }, { signal: c.index, weight: -share }],
  };
}
