import { mean } from '../statistics/moments.js';
import type { FeatureDefinition, FeatureGroup, FeatureOptions, SignalDescription } from './group.js';

/** The operating level of each signal whose band edges are given. */
export const operationalContext: FeatureGroup = {
  name: 'operational_context',
  needsWavelets: false,
  definitions: (signals, options) =>
    levels(signals, options).map(({ index, edges: [low, high] }): FeatureDefinition => {
      const { name, unit } = signals[index]!;
      return { name: `${name}_level`, formula: `0 where mean x < ${low} ${unit}, 2 where it is >= ${high}, else 1`, unit: '1', signal: name, group: 'operational_context' };
    }),
  kernel(signals, options) {
    const banded = levels(signals, options);
    return ({ columns, start, size }, out, offset) => {
      for (let b = 0; b < banded.length; b++) {
        const { index, edges } = banded[b]!;
        const level = mean(columns[index]!, start, size);
        out[offset + b] = Number.isNaN(level) ? NaN : level < edges[0] ? 0 : level < edges[1] ? 1 : 2;
      }
    };
  },
};

function levels(signals: readonly SignalDescription[], { levelEdges = {} }: FeatureOptions): { index: number; edges: readonly [number, number] }[] {
  return signals.flatMap(({ name, quantity }, index) => {
    const edges = levelEdges[name] ?? levelEdges[quantity];
    return edges ? [{ index, edges }] : [];
  });
}
