import type { FeatureGroup } from './group.js';

/** The rows of the window themselves. */
export const raw: FeatureGroup = {
  name: 'raw',
  needsWavelets: false,
  definitions: (signals, { windowSize }) =>
    signals.flatMap(({ name, unit }) =>
      Array.from({ length: windowSize }, (_, row) => ({ name: `${name}_raw_${row}`, formula: `x[${row}]`, unit, signal: name, group: 'raw' as const }))),
  patterns: ({ name, unit }) => [{ name: `${name}_raw_<row>`, formula: 'x[row]', unit, signal: name, group: 'raw' }],
  kernel: () => (view, out, offset) => {
    for (const x of view.columns) {
      for (let i = 0; i < view.size; i++) out[offset++] = x[view.start + i]!;
    }
  },
};
