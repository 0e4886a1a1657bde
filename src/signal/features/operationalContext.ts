import { mean } from '../statistics/moments.js';
import { transientScore } from '../statistics/transientScore.js';
import { along } from './alongLine.js';
import type { FeatureDefinition, FeatureGroup, FeatureOptions, SignalDescription } from './group.js';

/** Fewest rows whose quarter has a spread. */
const fewestRows = 16;

/** In what state the line is: the level of each signal whose band edges are given, and whether a change looks like a leak. */
export const operationalContext: FeatureGroup = {
  name: 'operational_context',
  needsWavelets: false,
  definitions(signals, options) {
    const found = levels(signals, options).map(({ index, edges: [low, high] }): FeatureDefinition => {
      const { name, unit } = signals[index]!;
      return { name: `${name}_level`, formula: `0 where mean x < ${low} ${unit}, 2 where it is >= ${high}, else 1`, unit: '1', signal: name, group: 'operational_context' };
    });
    const scored = scoredSignals(signals, options);
    if (!scored) return found;
    const [inlet, outlet] = [signals[scored.inlet]!.name, signals[scored.outlet]!.name];
    const quarter = options.windowSize >> 2;
    return [...found, {
      name: 'transient_score', unit: '1', group: 'operational_context',
      formula: `1 / (1 + exp(-min(u, -v) / 4)); u = mean of d from row ${quarter} on - mean d[0..${quarter - 1}] in standard errors, d = ${inlet} - ${outlet}; `
        + `v = mean of p in the newest ${tailOf(options.windowSize)} rows - mean p[0..${quarter - 1}] in standard errors, p = mean of ${scored.pressures.map((index) => signals[index]!.name).join(', ')}; `
        + `both errors from the spread of rows 0..${quarter - 1}. Near 1: more flows in than out and pressure falls, as a leak does it; near 0: as a pump or valve does it`,
    }];
  },
  patterns: ({ name }) => [{ name: `${name}_level`, formula: '0 where mean x is below the lower of the given edges, 2 where it is at least the upper one, else 1', unit: '1', signal: name, group: 'operational_context' }],
  kernel(signals, options) {
    const banded = levels(signals, options);
    const scored = scoredSignals(signals, options);
    const d = new Float64Array(options.windowSize);
    const p = new Float64Array(options.windowSize);
    return ({ columns, start, size }, out, offset) => {
      for (let b = 0; b < banded.length; b++) {
        const { index, edges } = banded[b]!;
        const level = mean(columns[index]!, start, size);
        out[offset + b] = Number.isNaN(level) ? NaN : level < edges[0] ? 0 : level < edges[1] ? 1 : 2;
      }
      if (!scored) return;
      const inlet = columns[scored.inlet]!, outlet = columns[scored.outlet]!;
      for (let i = 0; i < size; i++) d[i] = inlet[start + i]! - outlet[start + i]!;
      p.fill(0);
      for (let k = 0; k < scored.pressures.length; k++) {
        const x = columns[scored.pressures[k]!]!;
        for (let i = 0; i < size; i++) p[i]! += x[start + i]! / scored.pressures.length;
      }
      out[offset + banded.length] = transientScore(d, p, size);
    };
  },
};

function levels(signals: readonly SignalDescription[], { levelEdges = {} }: FeatureOptions): { index: number; edges: readonly [number, number] }[] {
  return signals.flatMap(({ name, quantity }, index) => {
    const edges = levelEdges[name] ?? levelEdges[quantity];
    return edges ? [{ index, edges }] : [];
  });
}

/** The first and the last flow along the line and all its pressures; undefined where one is lacking or the window is too short. */
function scoredSignals(signals: readonly SignalDescription[], { windowSize }: FeatureOptions): { inlet: number; outlet: number; pressures: number[] } | undefined {
  const flows = along(signals, 'flow');
  const pressures = along(signals, 'pressure').map(({ index }) => index);
  if (flows.length < 2 || pressures.length === 0 || windowSize < fewestRows) return undefined;
  return { inlet: flows[0]!.index, outlet: flows.at(-1)!.index, pressures };
}

function tailOf(windowSize: number): number {
  return Math.max(2, windowSize >> 3);
}
